//! Cycles: the balance, what came with the call, what is accepted, what is burned.

use super::invocation::{Arguments, Invocation, cycles};
use crate::execution::Trap;

type Outcome = Result<u64, Trap>;

pub(super) fn balance(call: &mut Invocation, _: &Arguments) -> Outcome {
    call.narrow(call.message.effects.balance)
}

pub(super) fn balance128(call: &mut Invocation, &[to, ..]: &Arguments) -> Outcome {
    call.write_cycles(to, call.message.effects.balance)?;
    Ok(0)
}

pub(super) fn liquid_balance128(call: &mut Invocation, &[to, ..]: &Arguments) -> Outcome {
    call.write_cycles(to, call.message.liquid_balance())?;
    Ok(0)
}

pub(super) fn available(call: &mut Invocation, _: &Arguments) -> Outcome {
    call.narrow(call.message.cycles_available)
}

pub(super) fn available128(call: &mut Invocation, &[to, ..]: &Arguments) -> Outcome {
    call.write_cycles(to, call.message.cycles_available)?;
    Ok(0)
}

pub(super) fn refunded(call: &mut Invocation, _: &Arguments) -> Outcome {
    call.narrow(call.message.input.cycles_refunded)
}

pub(super) fn refunded128(call: &mut Invocation, &[to, ..]: &Arguments) -> Outcome {
    call.write_cycles(to, call.message.input.cycles_refunded)?;
    Ok(0)
}

pub(super) fn accept(call: &mut Invocation, &[max, ..]: &Arguments) -> Outcome {
    let accepted = take_available(call, u128::from(max));
    call.narrow(accepted)
}

pub(super) fn accept128(call: &mut Invocation, &[high, low, to, ..]: &Arguments) -> Outcome {
    let accepted = take_available(call, cycles(high, low));
    call.write_cycles(to, accepted)?;
    Ok(0)
}

/// Moves what is available, at most `max`, to the balance.
fn take_available(call: &mut Invocation, max: u128) -> u128 {
    let message = &mut *call.message;
    let room = u128::MAX - message.effects.balance;
    let accepted = max.min(message.cycles_available).min(room);
    message.cycles_available -= accepted;
    message.effects.cycles_accepted += accepted;
    message.effects.balance += accepted;
    accepted
}

/// Burns at most what is liquid and writes how much that was.
pub(super) fn burn128(call: &mut Invocation, &[high, low, to, ..]: &Arguments) -> Outcome {
    let burned = cycles(high, low).min(call.message.liquid_balance());
    call.message.effects.balance -= burned;
    call.write_cycles(to, burned)?;
    Ok(0)
}

/// Only the cycles minting canister of the main network may.
pub(super) fn mint(call: &mut Invocation, _: &Arguments) -> Outcome {
    Err(call.violation("cannot be executed on non Cycles Minting Canister"))
}
