//! `start_canister`, `stop_canister`, `delete_canister`.

use super::payload::{canister_id, done};
use super::{Answer, Call};
use crate::rejection::{ErrorCode, Reject};
use crate::state_machine::{Network, Status};

/// Lets a canister take messages.
pub(super) fn start(network: &mut Network, call: &mut Call) -> Result<Answer, Reject> {
    network.start(canister_id(&call.request.payload)?)?;
    done()
}

/// Answered when no call of the canister is open any more.
pub(super) fn stop(network: &mut Network, call: &mut Call) -> Result<Answer, Reject> {
    let id = canister_id(&call.request.payload)?;
    let cycles = std::mem::take(&mut call.request.cycles);
    network.stop(id, call.request.origin.clone(), cycles)?;
    Ok(Answer::Later)
}

/// Forgets a stopped canister.
pub(super) fn delete(network: &mut Network, call: &mut Call) -> Result<Answer, Reject> {
    let id = canister_id(&call.request.payload)?;
    if call.caller() == id {
        let message = format!("Canister {id} cannot delete itself.");
        return Err(Reject::new(ErrorCode::CanisterInvalidController, message));
    }
    match network.canister_ref(id)?.status {
        Status::Stopped => {
            network.delete_canister(id);
            done()
        }
        Status::Running | Status::Stopping(_) => Err(Reject::new(
            ErrorCode::CanisterNotStopped,
            format!("Canister {id} must be stopped before it is deleted."),
        )),
    }
}
