//! The records of `candid/satellite.did`.

use candid::{CandidType, Principal};
use serde::{Deserialize, Serialize};

/// The orbiter that a satellite's pages report to.
#[derive(Debug, Clone, PartialEq, Eq, CandidType, Serialize, Deserialize)]
pub struct Orbiter {
    /// The orbiter canister.
    pub id: Principal,
    /// The origin of the HTTP gateway that shows the orbiter, e.g. `https://icp0.io`; none: the gateway
    /// that shows the satellite.
    pub container: Option<String>,
}

/// The argument of a satellite's installation, itself optional.
#[derive(Debug, Clone, PartialEq, Eq, CandidType, Serialize, Deserialize)]
pub struct InitSatelliteArgs {
    /// None: the pages report to nobody until `set_orbiter` is called.
    pub orbiter: Option<Orbiter>,
}
