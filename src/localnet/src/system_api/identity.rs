//! Who and where the canister is, and how it is doing.

use super::invocation::{Arguments, Invocation};
use super::message::Message;
use crate::execution::Trap;

type Outcome = Result<u64, Trap>;

fn canister(message: &Message) -> &[u8] {
    message.input.environment.canister.as_slice()
}

fn subnet(message: &Message) -> &[u8] {
    message.input.environment.subnet.as_slice()
}

fn root_key(message: &Message) -> &[u8] {
    &message.input.environment.root_key
}

/// The first controller; from the time when canisters had one.
fn controller(message: &Message) -> &[u8] {
    let controllers = &message.input.environment.controllers;
    controllers.first().map_or(&[], |first| first.as_slice())
}

pub(super) fn self_size(call: &mut Invocation, _: &Arguments) -> Outcome {
    Ok(canister(call.message).len() as u64)
}

pub(super) fn self_copy(call: &mut Invocation, &[to, from, size, ..]: &Arguments) -> Outcome {
    call.copy_to_heap([to, from, size], canister)
}

pub(super) fn subnet_size(call: &mut Invocation, _: &Arguments) -> Outcome {
    Ok(subnet(call.message).len() as u64)
}

pub(super) fn subnet_copy(call: &mut Invocation, &[to, from, size, ..]: &Arguments) -> Outcome {
    call.copy_to_heap([to, from, size], subnet)
}

pub(super) fn root_key_size(call: &mut Invocation, _: &Arguments) -> Outcome {
    Ok(root_key(call.message).len() as u64)
}

pub(super) fn root_key_copy(call: &mut Invocation, &[to, from, size, ..]: &Arguments) -> Outcome {
    call.copy_to_heap([to, from, size], root_key)
}

pub(super) fn controller_size(call: &mut Invocation, _: &Arguments) -> Outcome {
    Ok(controller(call.message).len() as u64)
}

pub(super) fn controller_copy(call: &mut Invocation, &[to, from, size, ..]: &Arguments) -> Outcome {
    call.copy_to_heap([to, from, size], controller)
}

/// 1 running, 2 stopping, 3 stopped.
pub(super) fn status(call: &mut Invocation, _: &Arguments) -> Outcome {
    Ok(u64::from(call.environment().status))
}

pub(super) fn version(call: &mut Invocation, _: &Arguments) -> Outcome {
    Ok(call.environment().version)
}

pub(super) fn is_controller(call: &mut Invocation, &[from, size, ..]: &Arguments) -> Outcome {
    let principal = call.read_principal(from, size)?;
    Ok(u64::from(
        call.environment().controllers.contains(&principal),
    ))
}

pub(super) fn in_replicated_execution(call: &mut Invocation, _: &Arguments) -> Outcome {
    Ok(u64::from(call.environment().replicated))
}
