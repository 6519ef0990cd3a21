//! One request or answer runs in its canister: on success everything it did lasts, on a trap nothing does.

use super::answers::{as_seen_by_canisters, both_failed};
use super::call_context::{CallContext, ContextId};
use super::environment::Ended;
use super::queues::{Answer, Message};
use super::{Canister, Charge, Network, Origin, Request};
use crate::execution::{Closure, Context, Effects, Entry, Input, OutgoingCall, Response};
use crate::management;
use crate::rejection::{ErrorCode, Reject};
use candid::Principal;

impl Network {
    /// Runs a message and gives the instructions that took.
    pub(super) fn deliver(&mut self, message: Message) -> u64 {
        match message {
            Message::Request(request) if self.given_up(&request) => {
                self.refund(request.caller, request.cycles);
                0
            }
            Message::Request(request) if request.callee == Principal::management_canister() => {
                self.deliver_to_management(request)
            }
            Message::Request(request) => self.deliver_request(request),
            Message::Answer(answer) => self.deliver_answer(answer),
        }
    }

    /// Whether the caller of a best-effort call does not wait any more.
    fn given_up(&self, request: &Request) -> bool {
        if request
            .deadline
            .is_some_and(|deadline| deadline <= self.time)
        {
            return true;
        }
        match request.origin {
            Origin::Canister { callback, .. } => !self.contexts.awaits(callback),
            Origin::Ingress(_) | Origin::System => false,
        }
    }

    fn deliver_to_management(&mut self, mut request: Request) -> u64 {
        self.ingress.begin(&request.origin);
        let origin = request.origin.clone();
        let outcome = management::call(self, &mut request);
        if let Some(result) = outcome.result {
            self.respond(origin, result, request.cycles);
        }
        outcome.instructions
    }

    /// Runs a method: opens a call context, executes, answers.
    fn deliver_request(&mut self, request: Request) -> u64 {
        self.ingress.begin(&request.origin);
        let (context, entry) = match self.entry_for(&request) {
            Ok(found) => found,
            Err(reject) => {
                self.respond(request.origin, Err(reject), request.cycles);
                return 0;
            }
        };
        let callee = request.callee;
        let opened = self.contexts.open(CallContext {
            canister: callee,
            origin: request.origin,
            caller: request.caller,
            sender_info: request.sender_info,
            cycles_available: request.cycles,
            deadline: request.deadline,
            responded: false,
            outstanding: 0,
            instructions: 0,
            deleted: false,
        });
        self.run_in_context(opened, context, entry, |input| {
            input.payload = request.payload
        })
    }

    /// Opens a context that owes nobody an answer and runs a hook in it.
    pub(super) fn run_hook(&mut self, canister: Principal, hook: &'static str) -> u64 {
        let opened = self.contexts.open(CallContext {
            canister,
            origin: Origin::System,
            caller: Principal::management_canister(),
            sender_info: None,
            cycles_available: 0,
            deadline: None,
            responded: true,
            outstanding: 0,
            instructions: 0,
            deleted: false,
        });
        self.run_in_context(opened, Context::SystemTask, Entry::Hook(hook), |_| ())
    }

    /// Runs the first message of a context and closes it if nothing is left to do.
    fn run_in_context(
        &mut self,
        id: ContextId,
        context: Context,
        entry: Entry,
        fill: impl FnOnce(&mut Input),
    ) -> u64 {
        let Some(mut input) = self.input_in_context(id, context, entry) else {
            return 0;
        };
        fill(&mut input);
        let (outcome, instructions) = self.run(id, input);
        self.finish(id, outcome);
        instructions
    }

    /// Where a request enters its canister, or why it can't.
    pub(super) fn entry_for(&self, request: &Request) -> Result<(Context, Entry), Reject> {
        let canister = self.canister_ref(request.callee)?;
        canister.require_running()?;
        replicated_entry(canister, &request.method)
    }

    /// A message of a context, as far as the context knows it.
    fn input_in_context(&self, id: ContextId, context: Context, entry: Entry) -> Option<Input> {
        let open = self.contexts.get(id)?;
        let canister = self.canisters.get(&open.canister)?;
        Some(Input {
            deadline: open.deadline,
            cycles_available: open.cycles_available,
            responded: open.responded,
            sender_info: open.sender_info.clone(),
            context_instructions: open.instructions,
            ..self.input(canister, context, entry, open.caller)
        })
    }

    /// Runs a message of a context, all or nothing; gives its response and the instructions used.
    fn run(&mut self, id: ContextId, input: Input) -> (Result<Option<Response>, Reject>, u64) {
        let Some(canister) = self.contexts.get(id).map(|context| context.canister) else {
            return (Ok(None), 0);
        };
        let context = input.context;
        let Ended {
            outcome,
            instructions,
        } = self.execute(canister, input);
        if let Some(open) = self.contexts.get_mut(id) {
            open.instructions += instructions;
        }
        let outcome = match outcome {
            Ok(effects) => Ok(self.commit(id, canister, context, effects)),
            Err(reject) => {
                self.roll_back(canister);
                Err(reject)
            }
        };
        self.charge(canister, Charge::Execution { instructions });
        (outcome, instructions)
    }

    /// Makes everything last that a message did.
    fn commit(
        &mut self,
        id: ContextId,
        canister_id: Principal,
        context: Context,
        mut effects: Effects,
    ) -> Option<Response> {
        if let Ok(canister) = self.canister_mut(canister_id) {
            match context {
                // A query that runs as an update answers, and may accept cycles, but changes no memory.
                Context::ReplicatedQuery => canister.sandbox.roll_back(),
                _ => canister.sandbox.commit(),
            }
            canister.registers.apply(&mut effects);
            canister.version += 1;
            canister.watch_memory();
        }
        if let Some(open) = self.contexts.get_mut(id) {
            open.cycles_available = open
                .cycles_available
                .saturating_sub(effects.cycles_accepted);
        }
        for call in effects.calls {
            self.send(id, canister_id, call);
        }
        effects.response
    }

    /// Undoes everything a message did. Its effects are dropped by not being applied.
    fn roll_back(&mut self, canister: Principal) {
        if let Ok(canister) = self.canister_mut(canister) {
            canister.sandbox.roll_back();
        }
    }

    /// Puts a call on its way.
    fn send(&mut self, context: ContextId, caller: Principal, call: OutgoingCall) {
        let wait = call
            .timeout_seconds
            .map(|seconds| u64::from(seconds) * 1_000_000_000);
        let deadline = wait.map(|wait| self.time.saturating_add(wait));
        let callback = self.contexts.expect_answer(context, &call, deadline);
        self.charge(
            caller,
            Charge::Call {
                bytes: call.method.len() + call.payload.len(),
            },
        );
        self.queues.push(Message::Request(Request {
            origin: Origin::Canister { caller, callback },
            caller,
            callee: call.callee,
            method: call.method,
            payload: call.payload,
            cycles: call.cycles,
            deadline,
            sender_info: None,
            effective: None,
        }));
    }

    /// Runs the callback that an answer is for. The refund stays even if the callback traps.
    fn deliver_answer(&mut self, answer: Answer) -> u64 {
        self.refund(answer.caller, answer.refund);
        let Some(callback) = self.contexts.take_callback(answer.callback) else {
            return 0;
        };
        let id = callback.context;
        if self.contexts.get(id).is_none_or(|context| context.deleted) {
            self.finish(id, Ok(None));
            return 0;
        }
        let closure = match answer.result {
            Ok(_) => (Context::Reply, callback.on_reply),
            Err(_) => (Context::Reject, callback.on_reject),
        };
        let Some(mut input) = self.input_in_context(id, closure.0, Entry::Callback(closure.1))
        else {
            return 0;
        };
        input.cycles_refunded = answer.refund;
        match answer.result {
            Ok(reply) => input.payload = reply,
            Err(reject) => input.reject = Some(as_seen_by_canisters(reject)),
        }
        let (mut outcome, mut instructions) = self.run(id, input);
        if let (Err(trap), Some(cleanup)) = (&outcome, callback.on_cleanup) {
            let (after, used) = self.clean_up(id, cleanup, trap.clone());
            (outcome, instructions) = (Err(after), instructions + used);
        }
        self.finish(id, outcome);
        instructions
    }

    /// Runs the cleanup after a callback trapped; what it does lasts unless it traps as well. Gives the rejection
    /// that is due if the call stays unanswered.
    fn clean_up(&mut self, id: ContextId, cleanup: Closure, trap: Reject) -> (Reject, u64) {
        let Some(input) = self.input_in_context(id, Context::Cleanup, Entry::Callback(cleanup))
        else {
            return (trap, 0);
        };
        match self.run(id, input) {
            (Ok(_), instructions) => (trap, instructions),
            (Err(second), instructions) => (both_failed(trap, second), instructions),
        }
    }
}

/// Where a method is entered by an update call.
pub(super) fn replicated_entry(
    canister: &Canister,
    method: &str,
) -> Result<(Context, Entry), Reject> {
    let methods = &canister.require_module()?.methods;
    if methods.updates.contains(method) {
        Ok((Context::Update, Entry::Update(method.into())))
    } else if methods.queries.contains(method) {
        Ok((Context::ReplicatedQuery, Entry::Query(method.into())))
    } else if methods.composite_queries.contains(method) {
        Err(canister.error(
            ErrorCode::CompositeQueryCalledInReplicatedMode,
            "Composite query cannot be called in replicated mode",
        ))
    } else {
        Err(canister.error(
            ErrorCode::CanisterMethodNotFound,
            format_args!("Canister has no update method '{method}'"),
        ))
    }
}
