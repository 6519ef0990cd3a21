//! Answering the call: a reply in pieces, or a rejection.

use super::invocation::{Arguments, Invocation};
use crate::execution::{Response, Trap};

pub(super) fn data_append(
    call: &mut Invocation,
    &[from, size, ..]: &Arguments,
) -> Result<u64, Trap> {
    refuse_second_answer(call)?;
    let limit = call.message.input.limits.reply_bytes;
    let total = (call.message.reply.len() as u64).saturating_add(size);
    if total > limit as u64 {
        return Err(too_large(call, total, limit));
    }
    let data = call.read(from, size)?.to_vec();
    call.message.reply.extend_from_slice(&data);
    Ok(0)
}

pub(super) fn reply(call: &mut Invocation, _: &Arguments) -> Result<u64, Trap> {
    refuse_second_answer(call)?;
    let data = std::mem::take(&mut call.message.reply);
    call.message.answer(Response::Reply(data));
    Ok(0)
}

pub(super) fn reject(call: &mut Invocation, &[from, size, ..]: &Arguments) -> Result<u64, Trap> {
    refuse_second_answer(call)?;
    let limit = call.message.input.limits.reply_bytes;
    if size > limit as u64 {
        return Err(too_large(call, size, limit));
    }
    let text = String::from_utf8(call.read(from, size)?.to_vec())
        .map_err(|error| call.violation(format!("the message is not UTF-8: {error}")))?;
    call.message.answer(Response::Reject(text));
    Ok(0)
}

fn refuse_second_answer(call: &Invocation) -> Result<(), Trap> {
    if call.message.is_answered() {
        return Err(call.violation("the call is already replied"));
    }
    Ok(())
}

fn too_large(call: &Invocation, size: u64, limit: usize) -> Trap {
    call.violation(format!(
        "application payload size ({size}) cannot be larger than {limit}"
    ))
}
