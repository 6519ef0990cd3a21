//! The satellite's methods this program calls, typed. The interface is `candid/satellite.did`.

use candid::Principal;
use wire::satellite::{InitSatelliteArgs, Orbiter};

use crate::connection::Connection;
use crate::error::{Error, Result};

/// The method that tells the orbiter.
const ORBITER: &str = "get_orbiter";

/// The orbiter that a satellite's pages report to, if it was told one; for anyone.
pub async fn orbiter(connection: &Connection, satellite: Principal) -> Result<Option<Principal>> {
    let (orbiter,): (Option<Orbiter>,) = connection.query(satellite, ORBITER, ()).await?;
    Ok(orbiter.map(|orbiter| orbiter.id))
}

/// The same as all replicas agree on it; for controllers.
pub async fn certified_orbiter(
    connection: &Connection,
    satellite: Principal,
) -> Result<Option<Principal>> {
    let (orbiter,): (Option<Orbiter>,) = connection.update(satellite, ORBITER, ()).await?;
    Ok(orbiter.map(|orbiter| orbiter.id))
}

/// Tells a satellite which orbiter its pages report to; for controllers.
pub async fn set_orbiter(
    connection: &Connection,
    satellite: Principal,
    orbiter: Principal,
) -> Result<()> {
    let method = "set_orbiter";
    let arguments = (Some(same_gateway(orbiter)),);
    let (answer,): (std::result::Result<(), String>,) =
        connection.update(satellite, method, arguments).await?;
    answer.map_err(|message| Error::Rejected {
        canister: satellite,
        method: method.to_owned(),
        message,
    })
}

/// What a new satellite is told.
pub fn init(orbiter: Principal) -> InitSatelliteArgs {
    InitSatelliteArgs {
        orbiter: Some(same_gateway(orbiter)),
    }
}

/// An orbiter on the satellite's own network: the gateway that shows the one shows the other.
fn same_gateway(id: Principal) -> Orbiter {
    Orbiter {
        id,
        container: None,
    }
}
