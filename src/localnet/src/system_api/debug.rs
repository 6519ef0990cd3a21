//! Printing, and giving up.

use super::invocation::{Arguments, Invocation};
use crate::execution::Trap;
use crate::rejection::ErrorCode;

/// Goes to the canister's log and to standard error, where developers look.
pub(super) fn print(call: &mut Invocation, &[from, size, ..]: &Arguments) -> Result<u64, Trap> {
    let text = read_text(call, from, size)?;
    eprintln!("[Canister {}] {text}", call.environment().canister);
    call.message.log(text);
    Ok(0)
}

pub(super) fn trap(call: &mut Invocation, &[from, size, ..]: &Arguments) -> Result<u64, Trap> {
    let text = read_text(call, from, size)?;
    Err(Trap {
        error: ErrorCode::CanisterCalledTrap,
        message: format!("Canister called `ic0.trap` with message: '{text}'"),
    })
}

fn read_text(call: &mut Invocation, from: u64, size: u64) -> Result<String, Trap> {
    Ok(String::from_utf8_lossy(call.read(from, size)?).into_owned())
}
