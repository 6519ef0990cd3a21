//! What came with the message: argument, caller, rejection, deadline.

use super::invocation::{Arguments, Invocation};
use super::message::Message;
use crate::execution::{SenderInfo, Trap};

type Outcome = Result<u64, Trap>;

pub(super) fn argument_size(call: &mut Invocation, _: &Arguments) -> Outcome {
    Ok(call.message.input.payload.len() as u64)
}

pub(super) fn argument_copy(call: &mut Invocation, &[to, from, size, ..]: &Arguments) -> Outcome {
    call.copy_to_heap([to, from, size], |message| &message.input.payload)
}

pub(super) fn caller_size(call: &mut Invocation, _: &Arguments) -> Outcome {
    Ok(call.message.input.caller.as_slice().len() as u64)
}

pub(super) fn caller_copy(call: &mut Invocation, &[to, from, size, ..]: &Arguments) -> Outcome {
    call.copy_to_heap([to, from, size], |message| message.input.caller.as_slice())
}

fn info(message: &Message) -> &[u8] {
    let sender = message.input.sender_info.as_ref();
    sender.map_or(&[], |sender: &SenderInfo| &sender.info)
}

fn signer(message: &Message) -> &[u8] {
    let sender = message.input.sender_info.as_ref();
    sender.map_or(&[], |sender: &SenderInfo| sender.signer.as_slice())
}

pub(super) fn info_data_size(call: &mut Invocation, _: &Arguments) -> Outcome {
    Ok(info(call.message).len() as u64)
}

pub(super) fn info_data_copy(call: &mut Invocation, &[to, from, size, ..]: &Arguments) -> Outcome {
    call.copy_to_heap([to, from, size], info)
}

pub(super) fn info_signer_size(call: &mut Invocation, _: &Arguments) -> Outcome {
    Ok(signer(call.message).len() as u64)
}

pub(super) fn info_signer_copy(
    call: &mut Invocation,
    &[to, from, size, ..]: &Arguments,
) -> Outcome {
    call.copy_to_heap([to, from, size], signer)
}

/// 0 in a reply callback.
pub(super) fn reject_code(call: &mut Invocation, _: &Arguments) -> Outcome {
    let reject = call.message.input.reject.as_ref();
    Ok(reject.map_or(0, |(code, _)| u64::from(*code)))
}

fn reject_message(message: &Message) -> &[u8] {
    let reject = message.input.reject.as_ref();
    reject.map_or(&[], |(_, text)| text.as_bytes())
}

pub(super) fn reject_message_size(call: &mut Invocation, _: &Arguments) -> Outcome {
    Ok(reject_message(call.message).len() as u64)
}

pub(super) fn reject_message_copy(
    call: &mut Invocation,
    &[to, from, size, ..]: &Arguments,
) -> Outcome {
    call.copy_to_heap([to, from, size], reject_message)
}

/// 0 for calls with a guaranteed response.
pub(super) fn deadline(call: &mut Invocation, _: &Arguments) -> Outcome {
    Ok(call.message.input.deadline.unwrap_or(0))
}

pub(super) fn method_name_size(call: &mut Invocation, _: &Arguments) -> Outcome {
    Ok(call.message.input.method_name.len() as u64)
}

pub(super) fn method_name_copy(
    call: &mut Invocation,
    &[to, from, size, ..]: &Arguments,
) -> Outcome {
    call.copy_to_heap([to, from, size], |message| {
        message.input.method_name.as_bytes()
    })
}

pub(super) fn accept_message(call: &mut Invocation, _: &Arguments) -> Outcome {
    if call.message.effects.message_accepted {
        return Err(call.violation("the message was accepted before"));
    }
    call.message.effects.message_accepted = true;
    Ok(0)
}
