//! Time, the global timer, and the counter of instructions.

use super::invocation::{Arguments, Invocation};
use crate::execution::Trap;

/// Nanoseconds since 1970; the same throughout a message.
pub(super) fn now(call: &mut Invocation, _: &Arguments) -> Result<u64, Trap> {
    Ok(call.environment().time)
}

/// Sets the timer (0 turns it off) and gives what it was.
pub(super) fn global_timer_set(
    call: &mut Invocation,
    &[nanos, ..]: &Arguments,
) -> Result<u64, Trap> {
    let before = call.message.effects.global_timer.replace(nanos);
    Ok(before.unwrap_or(call.environment().global_timer))
}

/// 0 counts this message; 1 counts its call context, callbacks before this one included.
pub(super) fn performance_counter(
    call: &mut Invocation,
    &[kind, ..]: &Arguments,
) -> Result<u64, Trap> {
    match kind {
        0 => Ok(call.instructions_used()),
        1 => Ok(call.message.input.context_instructions + call.instructions_used()),
        other => Err(call.violation(format!("there is no performance counter {other}"))),
    }
}
