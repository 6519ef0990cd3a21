//! `deposit_cycles`, `provisional_top_up_canister`.

use super::payload::{canister_id, cycles, decode, done};
use super::{Answer, Call};
use crate::rejection::Reject;
use crate::state_machine::Network;
use ic_management_canister_types::ProvisionalTopUpCanisterArgs;

/// Gives all cycles of the call to a canister.
pub(super) fn deposit(network: &mut Network, call: &mut Call) -> Result<Answer, Reject> {
    let id = canister_id(&call.request.payload)?;
    let canister = network.canister_mut(id)?;
    canister.deposit(std::mem::take(&mut call.request.cycles));
    done()
}

/// Makes cycles.
pub(super) fn provisional_top_up(network: &mut Network, call: &mut Call) -> Result<Answer, Reject> {
    let arguments: ProvisionalTopUpCanisterArgs = decode(&call.request.payload)?;
    network.add_cycles(arguments.canister_id, cycles(arguments.amount)?)?;
    done()
}
