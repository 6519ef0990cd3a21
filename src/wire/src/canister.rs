//! The canister itself: installation, memory, cycles.

use candid::{CandidType, Principal};
use serde::Deserialize;

/// Argument of the installation.
#[derive(CandidType, Deserialize, Clone, Debug, PartialEq, Eq)]
pub struct InitOrbiterArgs {
    /// The principals that receive an access key of scope `Admin`.
    pub controllers: Vec<Principal>,
}

/// The memory in use, in bytes.
#[derive(CandidType, Deserialize, Clone, Copy, Debug, PartialEq, Eq)]
pub struct MemorySize {
    /// Stable memory: the database.
    pub stable: u64,
    /// The Wasm heap: caches.
    pub heap: u64,
}

/// Arguments of `deposit_cycles`.
#[derive(CandidType, Deserialize, Clone, Debug, PartialEq, Eq)]
pub struct DepositCyclesArgs {
    /// How many cycles leave the orbiter.
    pub cycles: u128,
    /// The canister that receives them.
    pub destination_id: Principal,
}
