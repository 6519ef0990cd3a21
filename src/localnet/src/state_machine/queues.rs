//! Messages on their way: ingress first, then calls and answers in the order in which they were sent.

use super::Origin;
use super::call_context::CallbackId;
use crate::execution::SenderInfo;
use crate::rejection::Reject;
use candid::Principal;
use std::collections::VecDeque;

/// A call on its way to a canister or the management canister.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Request {
    pub(crate) origin: Origin,
    pub(crate) caller: Principal,
    pub(crate) callee: Principal,
    pub(crate) method: String,
    pub(crate) payload: Vec<u8>,
    /// Cycles that travel with it.
    pub(crate) cycles: u128,
    /// When a best-effort call must be answered (ns since 1970).
    pub(crate) deadline: Option<u64>,
    pub(crate) sender_info: Option<SenderInfo>,
    /// Where a management call that names no canister is routed.
    pub(crate) effective: Option<Principal>,
}

/// An answer on its way to the canister that called.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Answer {
    pub(crate) caller: Principal,
    pub(crate) callback: CallbackId,
    pub(crate) result: Result<Vec<u8>, Reject>,
    /// Cycles that come back.
    pub(crate) refund: u128,
}

/// What the calls queue holds.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Message {
    Request(Request),
    Answer(Answer),
}

/// All messages of a network that did not run yet.
#[derive(Default)]
pub(crate) struct Queues {
    ingress: VecDeque<Request>,
    calls: VecDeque<Message>,
}

impl Queues {
    pub(crate) fn push_ingress(&mut self, request: Request) {
        self.ingress.push_back(request);
    }

    pub(crate) fn push(&mut self, message: Message) {
        self.calls.push_back(message);
    }

    /// The next message to run.
    pub(crate) fn pop(&mut self) -> Option<Message> {
        match self.ingress.pop_front() {
            Some(request) => Some(Message::Request(request)),
            None => self.calls.pop_front(),
        }
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.ingress.is_empty() && self.calls.is_empty()
    }
}
