//! Queries: run now, on the committed state, and everything they do is dropped.
//!
//! A composite query may call other canisters' queries. The calls form a tree that shares one instruction limit and
//! is at most [`MAX_DEPTH`] canisters deep; each canister runs on its committed state and is in the tree at most once
//! at a time.

use super::answers::{as_seen_by_canisters, both_failed, did_not_reply};
use super::environment::Ended;
use super::{Network, Query};
use crate::execution::{
    Closure, Context, Effects, Entry, Input, OutgoingCall, Response, SenderInfo,
};
use crate::management;
use crate::rejection::{ErrorCode, Reject};
use candid::Principal;
use std::collections::VecDeque;

/// Canisters that wait for each other at most.
const MAX_DEPTH: usize = 6;
/// Instructions that each call of a composite query costs besides what it runs.
const CALL_OVERHEAD: u64 = 50_000_000;

/// A query on its way to a canister.
struct QueryCall {
    canister: Principal,
    caller: Principal,
    method: String,
    payload: Vec<u8>,
    sender_info: Option<SenderInfo>,
}

/// The tree of calls as far as it is being run.
#[derive(Default)]
struct CallTree {
    /// Canisters that wait for an answer, the outermost first, and the one that runs.
    running: Vec<Principal>,
    /// Instructions used so far.
    instructions: u64,
}

/// One canister's part of the tree.
struct Node {
    canister: Principal,
    caller: Principal,
    sender_info: Option<SenderInfo>,
    response: Option<Response>,
    calls: VecDeque<OutgoingCall>,
    /// The last trap of a callback, which is the answer if no other comes.
    trap: Option<Reject>,
}

impl Network {
    /// Runs a query; its effects are dropped.
    pub fn query(&mut self, query: Query) -> Result<Vec<u8>, Reject> {
        if query.canister == Principal::management_canister() {
            return management::query(self, query.sender, &query.method, &query.payload);
        }
        let canister = query.canister;
        let request_bytes = query.payload.len() as u64;
        let mut tree = CallTree::default();
        let call = QueryCall {
            canister,
            caller: query.sender,
            method: query.method,
            payload: query.payload,
            sender_info: query.sender_info,
        };
        let result = self.evaluate(&mut tree, call);
        if let Ok(canister) = self.canister_mut(canister) {
            let totals = &mut canister.queries;
            totals.calls += 1;
            totals.instructions += tree.instructions;
            totals.request_bytes += request_bytes;
            totals.response_bytes += result.as_ref().map_or(0, Vec::len) as u64;
        }
        result
    }

    /// Runs one query of the tree with all that it calls, and restores its canister.
    fn evaluate(&mut self, tree: &mut CallTree, call: QueryCall) -> Result<Vec<u8>, Reject> {
        let id = call.canister;
        let (context, entry) = self.query_entry(id, &call.method)?;
        tree.running.push(id);
        let mut node = Node {
            canister: id,
            caller: call.caller,
            sender_info: call.sender_info,
            response: None,
            calls: VecDeque::new(),
            trap: None,
        };
        let result = self
            .query_step(tree, &mut node, context, entry, |input| {
                input.payload = call.payload
            })
            .and_then(|()| self.answer_calls(tree, &mut node));
        tree.running.pop();
        if let Ok(canister) = self.canister_mut(id) {
            canister.sandbox.roll_back();
        }
        result?;
        match (node.response, node.trap) {
            (Some(Response::Reply(reply)), _) => Ok(reply),
            (Some(Response::Reject(message)), _) => {
                Err(Reject::new(ErrorCode::CanisterRejectedMessage, message))
            }
            (None, Some(trap)) => Err(trap),
            (None, None) => Err(did_not_reply(id)),
        }
    }

    /// Where a query method is entered.
    fn query_entry(&self, id: Principal, method: &str) -> Result<(Context, Entry), Reject> {
        let canister = self.canister_ref(id)?;
        canister.require_running()?;
        let methods = &canister.require_module()?.methods;
        if methods.queries.contains(method) {
            Ok((Context::Query, Entry::Query(method.into())))
        } else if methods.composite_queries.contains(method) {
            Ok((
                Context::CompositeQuery,
                Entry::CompositeQuery(method.into()),
            ))
        } else {
            Err(canister.error(
                ErrorCode::CanisterMethodNotFound,
                format_args!("Canister has no query method '{method}'"),
            ))
        }
    }

    /// Runs one message of a node on what its messages before left.
    fn query_step(
        &mut self,
        tree: &mut CallTree,
        node: &mut Node,
        context: Context,
        entry: Entry,
        fill: impl FnOnce(&mut Input),
    ) -> Result<(), Reject> {
        let canister = self.canister_ref(node.canister)?;
        let mut input = Input {
            responded: node.response.is_some(),
            sender_info: node.sender_info.clone(),
            context_instructions: tree.instructions,
            ..self.input(canister, context, entry, node.caller)
        };
        let limit = &mut input.limits.instructions;
        *limit = limit.saturating_sub(tree.instructions);
        fill(&mut input);
        let Ended {
            outcome,
            instructions,
        } = self.execute(node.canister, input);
        tree.instructions = tree.instructions.saturating_add(instructions);
        let Effects {
            response, calls, ..
        } = outcome?;
        node.response = node.response.take().or(response);
        node.calls.extend(calls);
        Ok(())
    }

    /// Runs the calls of a node one after the other with their callbacks, until it has answered.
    fn answer_calls(&mut self, tree: &mut CallTree, node: &mut Node) -> Result<(), Reject> {
        while node.response.is_none()
            && let Some(call) = node.calls.pop_front()
        {
            let (on_reply, on_reject, on_cleanup) =
                (call.on_reply, call.on_reject, call.on_cleanup);
            let stepped = match self.call_query(tree, node.canister, call) {
                Ok(reply) => {
                    let entry = Entry::Callback(on_reply);
                    let fill = |input: &mut Input| input.payload = reply;
                    self.query_step(tree, node, Context::CompositeReply, entry, fill)
                }
                Err(reject) => {
                    let entry = Entry::Callback(on_reject);
                    let reject = Some(as_seen_by_canisters(reject));
                    let fill = |input: &mut Input| input.reject = reject;
                    self.query_step(tree, node, Context::CompositeReject, entry, fill)
                }
            };
            if let Err(trap) = stepped {
                node.trap = Some(self.clean_up_query(tree, node, on_cleanup, trap));
            }
        }
        Ok(())
    }

    /// After a callback trapped: runs its cleanup and gives what is to be told.
    fn clean_up_query(
        &mut self,
        tree: &mut CallTree,
        node: &mut Node,
        cleanup: Option<Closure>,
        trap: Reject,
    ) -> Reject {
        let Some(cleanup) = cleanup else {
            return trap;
        };
        let entry = Entry::Callback(cleanup);
        match self.query_step(tree, node, Context::CompositeCleanup, entry, |_| ()) {
            Ok(()) => trap,
            Err(second) => both_failed(trap, second),
        }
    }

    /// Answers one call that a composite query made.
    fn call_query(
        &mut self,
        tree: &mut CallTree,
        caller: Principal,
        call: OutgoingCall,
    ) -> Result<Vec<u8>, Reject> {
        tree.instructions = tree.instructions.saturating_add(CALL_OVERHEAD);
        if call.callee == Principal::management_canister() {
            return management::query(self, caller, &call.method, &call.payload);
        }
        if tree.running.contains(&call.callee) {
            return Err(Reject::new(
                ErrorCode::QueryCallGraphLoopDetected,
                format!(
                    "Canister {} already waits in this composite query",
                    call.callee
                ),
            ));
        }
        if tree.running.len() >= MAX_DEPTH {
            return Err(Reject::new(
                ErrorCode::QueryCallGraphTooDeep,
                format!("Composite queries are nested more than {MAX_DEPTH} canisters deep"),
            ));
        }
        self.evaluate(
            tree,
            QueryCall {
                canister: call.callee,
                caller,
                method: call.method,
                payload: call.payload,
                sender_info: None,
            },
        )
    }
}
