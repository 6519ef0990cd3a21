//! Call contexts: what is still owed to whoever caused messages.
//!
//! Every call that enters a canister opens a context. It lives as long as the call is unanswered or calls made on its
//! behalf are open; each of these is a callback that waits for its answer.

use super::MessageId;
use crate::execution::{Closure, OutgoingCall, SenderInfo};
use candid::Principal;
use std::collections::{BTreeMap, BTreeSet};

/// Names a call context.
pub(crate) type ContextId = u64;
/// Names a callback: a call that was made and not answered yet.
pub(crate) type CallbackId = u64;

/// Who is owed an answer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Origin {
    /// A user, by an ingress message.
    Ingress(MessageId),
    /// A canister, by a callback.
    Canister {
        caller: Principal,
        callback: CallbackId,
    },
    /// Nobody: a timer, a heartbeat or a hook.
    System,
}

/// A call in progress.
#[derive(Clone, Debug)]
pub(crate) struct CallContext {
    /// The canister that was called.
    pub(crate) canister: Principal,
    pub(crate) origin: Origin,
    /// Who called; callbacks keep it.
    pub(crate) caller: Principal,
    pub(crate) sender_info: Option<SenderInfo>,
    /// Cycles of the call that were not accepted yet.
    pub(crate) cycles_available: u128,
    /// When a best-effort call must be answered (ns since 1970).
    pub(crate) deadline: Option<u64>,
    /// Whether it was answered.
    pub(crate) responded: bool,
    /// Calls made on its behalf that were not answered yet.
    pub(crate) outstanding: usize,
    /// Instructions its messages used so far.
    pub(crate) instructions: u64,
    /// The canister was uninstalled: answers to its calls are dropped.
    pub(crate) deleted: bool,
}

/// A call that was made and not answered yet.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Callback {
    pub(crate) context: ContextId,
    pub(crate) on_reply: Closure,
    pub(crate) on_reject: Closure,
    pub(crate) on_cleanup: Option<Closure>,
    /// When a best-effort call is given up (ns since 1970).
    pub(crate) deadline: Option<u64>,
}

/// All contexts and callbacks of a network.
#[derive(Default)]
pub(crate) struct CallContexts {
    contexts: BTreeMap<ContextId, CallContext>,
    callbacks: BTreeMap<CallbackId, Callback>,
    /// Callbacks of best-effort calls by deadline.
    deadlines: BTreeSet<(u64, CallbackId)>,
    next: u64,
}

impl CallContexts {
    fn fresh(&mut self) -> u64 {
        self.next += 1;
        self.next
    }

    /// Opens a context.
    pub(crate) fn open(&mut self, context: CallContext) -> ContextId {
        let id = self.fresh();
        self.contexts.insert(id, context);
        id
    }

    pub(crate) fn get(&self, id: ContextId) -> Option<&CallContext> {
        self.contexts.get(&id)
    }

    pub(crate) fn get_mut(&mut self, id: ContextId) -> Option<&mut CallContext> {
        self.contexts.get_mut(&id)
    }

    pub(crate) fn close(&mut self, id: ContextId) {
        self.contexts.remove(&id);
    }

    /// Notes a call made on behalf of a context.
    pub(crate) fn expect_answer(
        &mut self,
        context: ContextId,
        call: &OutgoingCall,
        deadline: Option<u64>,
    ) -> CallbackId {
        let id = self.fresh();
        if let Some(context) = self.contexts.get_mut(&context) {
            context.outstanding += 1;
        }
        if let Some(deadline) = deadline {
            self.deadlines.insert((deadline, id));
        }
        let callback = Callback {
            context,
            on_reply: call.on_reply,
            on_reject: call.on_reject,
            on_cleanup: call.on_cleanup,
            deadline,
        };
        self.callbacks.insert(id, callback);
        id
    }

    /// Whether a call still waits for its answer.
    pub(crate) fn awaits(&self, id: CallbackId) -> bool {
        self.callbacks.contains_key(&id)
    }

    /// A call that waits for its answer.
    pub(crate) fn callback(&self, id: CallbackId) -> Option<&Callback> {
        self.callbacks.get(&id)
    }

    /// Ends the wait for an answer. The context has one open call less from now on.
    pub(crate) fn take_callback(&mut self, id: CallbackId) -> Option<Callback> {
        let callback = self.callbacks.remove(&id)?;
        if let Some(deadline) = callback.deadline {
            self.deadlines.remove(&(deadline, id));
        }
        if let Some(context) = self.contexts.get_mut(&callback.context) {
            context.outstanding -= 1;
        }
        Some(callback)
    }

    /// Callbacks whose deadline has come; they no longer have one.
    pub(crate) fn take_overdue(&mut self, now: u64) -> Vec<CallbackId> {
        let later = self.deadlines.split_off(&(now + 1, 0));
        let overdue = std::mem::replace(&mut self.deadlines, later);
        overdue.into_iter().map(|(_, id)| id).collect()
    }

    /// The earliest deadline of a best-effort call.
    pub(crate) fn next_deadline(&self) -> Option<u64> {
        self.deadlines.first().map(|(deadline, _)| *deadline)
    }

    /// Whether a canister has no open context.
    pub(crate) fn drained(&self, canister: Principal) -> bool {
        !self.contexts.values().any(|c| c.canister == canister)
    }

    /// Contexts of a canister.
    pub(crate) fn of(&self, canister: Principal) -> Vec<ContextId> {
        let belongs = |(id, c): (&ContextId, &CallContext)| (c.canister == canister).then_some(*id);
        self.contexts.iter().filter_map(belongs).collect()
    }
}
