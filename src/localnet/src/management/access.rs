//! Who can and may call a method.

use super::Target;
use crate::rejection::{ErrorCode, Reject};
use crate::state_machine::Network;
use candid::Principal;

/// Ways to the management canister.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Via {
    /// Ingress messages and calls of canisters.
    All,
    /// Calls of canisters only.
    Canisters,
}

/// Who may call a method.
pub(super) enum Access {
    Anyone,
    /// Controllers of the canister that the argument is about.
    Controllers(Target),
    /// These, or that canister itself.
    ControllersAndSelf(Target),
}

impl Access {
    /// Refuses callers who may not. Reads the argument, so it fails as well for one that does not decode and for a
    /// canister that does not exist.
    pub(super) fn check(
        &self,
        network: &Network,
        caller: Principal,
        method: &str,
        payload: &[u8],
    ) -> Result<(), Reject> {
        let (target, itself) = match self {
            Access::Anyone => return Ok(()),
            Access::Controllers(target) => (target, false),
            Access::ControllersAndSelf(target) => (target, true),
        };
        let id = target(payload)?;
        if network.canister_ref(id)?.is_controlled_by(caller) || (itself && caller == id) {
            return Ok(());
        }
        Err(Reject::new(
            ErrorCode::CanisterInvalidController,
            format!("Only controllers of canister {id} can call ic00 method {method}"),
        ))
    }
}
