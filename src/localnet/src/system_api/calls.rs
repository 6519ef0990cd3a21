//! Calls to other canisters: opened, filled, and performed.
//!
//! ```text
//! call_new ─> (call_on_cleanup | call_data_append | call_cycles_add | call_with_best_effort_response)* ─> call_perform
//! ```
//!
//! A second `call_new`, or the end of the message, drops a call that was not performed.

use super::costs;
use super::invocation::{Arguments, Invocation, cycles};
use super::message::PendingCall;
use crate::execution::{Closure, Trap};
use crate::rejection::ErrorCode;

type Outcome = Result<u64, Trap>;

/// Largest argument of an inter-canister call, its method name included: 2 MiB.
const MAX_REQUEST_BYTES: u64 = 2 << 20;

/// Longest wait for a best-effort response, in seconds.
const MAX_TIMEOUT_SECONDS: u32 = 300;

/// Calls that one message may make to one canister: the Internet Computer's queue between two canisters.
const MAX_CALLS_TO_ONE: usize = 500;

/// `call_perform` when the call was not sent: the class `SysTransient`.
const NOT_SENT: u64 = 2;

pub(super) fn new(call: &mut Invocation, arguments: &Arguments) -> Outcome {
    let &[
        callee,
        callee_size,
        name,
        name_size,
        reply,
        reply_env,
        reject,
        reject_env,
    ] = arguments;
    call.message.drop_pending_call();
    let callee = call.read_principal(callee, callee_size)?;
    if name_size > MAX_REQUEST_BYTES {
        return Err(call.violation(format!("a method name of {name_size} bytes is too long")));
    }
    let method = String::from_utf8_lossy(call.read_free(name, name_size)?).into_owned();
    call.message.pending_call = Some(PendingCall::new(
        callee,
        method,
        closure(reply, reply_env),
        closure(reject, reject_env),
    ));
    Ok(0)
}

fn closure(function: u64, environment: u64) -> Closure {
    Closure {
        function,
        environment,
    }
}

pub(super) fn on_cleanup(call: &mut Invocation, &[fun, env, ..]: &Arguments) -> Outcome {
    if pending(call)?.call.on_cleanup.is_some() {
        return Err(call.violation("the cleanup callback was set before"));
    }
    pending(call)?.call.on_cleanup = Some(closure(fun, env));
    Ok(0)
}

pub(super) fn data_append(call: &mut Invocation, &[from, size, ..]: &Arguments) -> Outcome {
    let open = &pending(call)?.call;
    let total = (open.payload.len() as u64 + open.method.len() as u64).saturating_add(size);
    if total > MAX_REQUEST_BYTES {
        let (callee, method) = (open.callee, open.method.clone());
        return Err(call.violation(format!(
            "request to {callee}:{method} has a size of {total} bytes, which exceeds the limit of \
             {MAX_REQUEST_BYTES} bytes"
        )));
    }
    let data = call.read(from, size)?.to_vec();
    pending(call)?.call.payload.extend_from_slice(&data);
    Ok(0)
}

pub(super) fn with_best_effort_response(
    call: &mut Invocation,
    &[seconds, ..]: &Arguments,
) -> Outcome {
    if pending(call)?.call.timeout_seconds.is_some() {
        return Err(call.violation("a timeout was set before"));
    }
    let seconds = (seconds as u32).min(MAX_TIMEOUT_SECONDS);
    pending(call)?.call.timeout_seconds = Some(seconds);
    Ok(0)
}

pub(super) fn cycles_add(call: &mut Invocation, &[amount, ..]: &Arguments) -> Outcome {
    add_cycles(call, u128::from(amount))
}

pub(super) fn cycles_add128(call: &mut Invocation, &[high, low, ..]: &Arguments) -> Outcome {
    add_cycles(call, cycles(high, low))
}

fn add_cycles(call: &mut Invocation, amount: u128) -> Outcome {
    pending(call)?;
    let liquid = call.message.liquid_balance();
    if amount > liquid {
        return Err(Trap {
            error: ErrorCode::CanisterOutOfCycles,
            message: format!(
                "Canister is out of cycles: ic0.{} asked for {amount} cycles, but only {liquid} may be spent",
                call.name
            ),
        });
    }
    call.message.effects.balance -= amount;
    pending(call)?.call.cycles += amount;
    Ok(0)
}

/// Sends the call: 0, or [`NOT_SENT`] when its fee is not covered or too many calls go to the same canister.
pub(super) fn perform(call: &mut Invocation, _: &Arguments) -> Outcome {
    let open = &pending(call)?.call;
    let callee = open.callee;
    let sizes = (open.method.len() as u64, open.payload.len() as u64);
    let fee = costs::call_fee(call.environment(), sizes.0, sizes.1);
    let liquid = call.message.liquid_balance();
    let sent = call.message.calls_by_callee.entry(callee).or_default();
    if *sent >= MAX_CALLS_TO_ONE || fee > liquid {
        call.message.drop_pending_call();
        return Ok(NOT_SENT);
    }
    *sent += 1;
    call.message.call_fees += fee;
    if let Some(pending) = call.message.pending_call.take() {
        call.message.effects.calls.push(pending.call);
    }
    Ok(0)
}

fn pending<'a>(call: &'a mut Invocation) -> Result<&'a mut PendingCall, Trap> {
    if call.message.pending_call.is_none() {
        return Err(call.violation("called without a prior ic0.call_new"));
    }
    // The borrow checker wants the error made before the value is lent out.
    call.message
        .pending_call
        .as_mut()
        .ok_or_else(|| super::contract_violation("no call under construction"))
}
