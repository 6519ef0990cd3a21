//! A message while it runs: what came in, and what it wants done so far.

use crate::execution::{Closure, Effects, Input, OutgoingCall, Response};
use candid::Principal;
use std::collections::{BTreeMap, VecDeque};

/// Bytes of printed text kept of one message; the oldest lines go first. The canister log's own maximum is 2 MiB.
const LOG_BYTES: usize = 2 << 20;

/// The state of one message.
pub struct Message {
    /// What came in.
    pub input: Input,
    /// Data appended to the reply so far.
    pub reply: Vec<u8>,
    /// A call that was opened and not performed yet.
    pub pending_call: Option<PendingCall>,
    /// Cycles of the incoming call that can still be accepted.
    pub cycles_available: u128,
    /// Fees of the calls performed so far, which the state machine charges after the message.
    pub call_fees: u128,
    /// Calls performed so far, by callee.
    pub calls_by_callee: BTreeMap<Principal, usize>,
    /// The data certificate, once asked for.
    pub certificate: Option<Vec<u8>>,
    /// What will be done if the message ends well.
    pub effects: Effects,
    log: Log,
}

/// A call between `call_new` and `call_perform`. Its cycles are taken from the balance as they are added, and go back
/// when the call is dropped.
pub struct PendingCall {
    /// What is known so far.
    pub call: OutgoingCall,
}

#[derive(Default)]
struct Log {
    lines: VecDeque<String>,
    bytes: usize,
}

impl Message {
    /// A message at its beginning.
    pub fn new(input: Input) -> Self {
        Self {
            reply: Vec::new(),
            pending_call: None,
            cycles_available: input.cycles_available,
            call_fees: 0,
            calls_by_callee: BTreeMap::new(),
            certificate: None,
            effects: Effects {
                balance: input.environment.balance,
                ..Effects::default()
            },
            log: Log::default(),
            input,
        }
    }

    /// Cycles that may be spent: the balance without the freezing reserve and the fees of calls already made.
    pub fn liquid_balance(&self) -> u128 {
        let reserved = self.input.environment.frozen.saturating_add(self.call_fees);
        self.effects.balance.saturating_sub(reserved)
    }

    /// Whether the call context was answered, by this message or one before.
    pub fn is_answered(&self) -> bool {
        self.input.responded || self.effects.response.is_some()
    }

    /// Answers the call context.
    pub fn answer(&mut self, response: Response) {
        self.effects.response = Some(response);
    }

    /// Drops the call that was opened, if any; its cycles go back to the balance.
    pub fn drop_pending_call(&mut self) {
        if let Some(pending) = self.pending_call.take() {
            self.effects.balance += pending.call.cycles;
        }
    }

    /// Keeps a line for the canister's log.
    pub fn log(&mut self, line: String) {
        self.log.bytes += line.len();
        self.log.lines.push_back(line);
        while self.log.bytes > LOG_BYTES && self.log.lines.len() > 1 {
            let dropped = self.log.lines.pop_front();
            self.log.bytes -= dropped.map_or(0, |line| line.len());
        }
    }

    /// Ends the message: what it wants done, and its log. Its memory is freed.
    pub fn finish(&mut self) -> (Effects, Vec<String>) {
        self.drop_pending_call();
        self.input.payload = Vec::new();
        self.reply = Vec::new();
        let log = std::mem::take(&mut self.log);
        (std::mem::take(&mut self.effects), log.lines.into())
    }
}

impl PendingCall {
    /// A call without argument, cycles and deadline.
    pub fn new(callee: Principal, method: String, on_reply: Closure, on_reject: Closure) -> Self {
        Self {
            call: OutgoingCall {
                callee,
                method,
                payload: Vec::new(),
                cycles: 0,
                on_reply,
                on_reject,
                on_cleanup: None,
                timeout_seconds: None,
            },
        }
    }
}
