//! Answers: who gets one, when, with which cycles, and the words of those that the system gives itself.

use super::call_context::{Callback, CallbackId, ContextId};
use super::queues::{Answer, Message};
use super::{Charge, Network, Origin};
use crate::execution::Response;
use crate::rejection::{ErrorCode, Reject};
use candid::Principal;

impl Network {
    /// After a message of a context: delivers its response, rejects for it if it will never come, closes the context
    /// when nothing is open any more.
    pub(super) fn finish(&mut self, id: ContextId, outcome: Result<Option<Response>, Reject>) {
        let Some(context) = self.contexts.get(id) else {
            return;
        };
        let (canister, done) = (context.canister, context.outstanding == 0);
        match outcome {
            Ok(Some(Response::Reply(reply))) => self.answer(id, Ok(reply)),
            Ok(Some(Response::Reject(message))) => {
                let error = ErrorCode::CanisterRejectedMessage;
                self.answer(id, Err(Reject::new(error, message)));
            }
            Ok(None) if done => self.answer(id, Err(did_not_reply(canister))),
            Err(trap) if done => self.answer(id, Err(trap)),
            Ok(None) | Err(_) => (),
        }
        if done {
            self.contexts.close(id);
            self.stop_if_drained(canister);
        }
    }

    /// Answers a context that was not answered before and gives back the cycles it did not accept.
    pub(super) fn answer(&mut self, id: ContextId, result: Result<Vec<u8>, Reject>) {
        let Some(context) = self.contexts.get_mut(id) else {
            return;
        };
        if std::mem::replace(&mut context.responded, true) {
            return;
        }
        let refund = std::mem::take(&mut context.cycles_available);
        let (origin, canister) = (context.origin.clone(), context.canister);
        let bytes = result.as_ref().map_or(0, Vec::len);
        self.charge(canister, Charge::Call { bytes });
        self.respond(origin, result, refund);
    }

    /// Sends an answer to whoever waits for it; cycles of a caller that gave up go back to it all the same.
    pub(crate) fn respond(
        &mut self,
        origin: Origin,
        result: Result<Vec<u8>, Reject>,
        refund: u128,
    ) {
        match origin {
            Origin::Ingress(id) => self.ingress.answer(id, result),
            Origin::Canister { caller, callback } if self.contexts.awaits(callback) => {
                self.queues.push(Message::Answer(Answer {
                    caller,
                    callback,
                    result,
                    refund,
                }));
            }
            Origin::Canister { caller, .. } => self.refund(caller, refund),
            Origin::System => (),
        }
    }

    /// Gives cycles back; they are lost when the canister is gone.
    pub(super) fn refund(&mut self, caller: Principal, cycles: u128) {
        if let Some(canister) = self.canisters.get_mut(&caller) {
            canister.deposit(cycles);
        }
    }

    /// Rejects a best-effort call whose time is over; its callback runs with the next messages.
    pub(super) fn give_up(&mut self, id: CallbackId) {
        let Some(Callback { context, .. }) = self.contexts.callback(id) else {
            return;
        };
        let Some(caller) = self.contexts.get(*context).map(|context| context.canister) else {
            return;
        };
        let message = "the best-effort call was not answered before its deadline";
        self.queues.push(Message::Answer(Answer {
            caller,
            callback: id,
            result: Err(Reject::new(ErrorCode::DeadlineExpired, message)),
            refund: 0,
        }));
    }
}

/// Code and message of a rejection as a reject callback gets them: what a canister said comes verbatim, errors of the
/// system begin with their number.
pub(super) fn as_seen_by_canisters(reject: Reject) -> (u32, String) {
    let message = match reject.error {
        ErrorCode::CanisterRejectedMessage => reject.message,
        error => format!("IC{:04}: {}", error as u32, reject.message),
    };
    (reject.code as u32, message)
}

/// A call will never be answered: it ended without an answer and waits for nothing.
pub(super) fn did_not_reply(canister: Principal) -> Reject {
    Reject::new(
        ErrorCode::CanisterDidNotReply,
        format!("Canister {canister} did not reply to the call"),
    )
}

/// A callback trapped and so did its cleanup.
pub(super) fn both_failed(callback: Reject, cleanup: Reject) -> Reject {
    let Reject { error, message, .. } = callback;
    Reject::new(
        error,
        format!(
            "{message}\ncall_on_cleanup also failed:\n\n{}",
            cleanup.message
        ),
    )
}
