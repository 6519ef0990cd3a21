//! Environment variables from the canister's settings, by index or by name.

use super::invocation::{Arguments, Invocation};
use crate::execution::Trap;

type Outcome = Result<u64, Trap>;

/// Longest name of a variable, in bytes.
const MAX_NAME_BYTES: u64 = 128;

pub(super) fn count(call: &mut Invocation, _: &Arguments) -> Outcome {
    Ok(call.environment().variables.len() as u64)
}

pub(super) fn name_size(call: &mut Invocation, &[index, ..]: &Arguments) -> Outcome {
    Ok(name_at(call, index)?.len() as u64)
}

pub(super) fn name_copy(
    call: &mut Invocation,
    &[index, to, from, size, ..]: &Arguments,
) -> Outcome {
    let name = name_at(call, index)?.to_owned();
    call.copy_bytes_to_heap([to, from, size], name.as_bytes())
}

pub(super) fn name_exists(call: &mut Invocation, &[name, size, ..]: &Arguments) -> Outcome {
    let name = read_name(call, name, size)?;
    Ok(u64::from(call.environment().variables.contains_key(&name)))
}

pub(super) fn value_size(call: &mut Invocation, &[name, size, ..]: &Arguments) -> Outcome {
    Ok(value_of(call, name, size)?.len() as u64)
}

pub(super) fn value_copy(
    call: &mut Invocation,
    &[name, name_size, to, from, size, ..]: &Arguments,
) -> Outcome {
    let value = value_of(call, name, name_size)?;
    call.copy_bytes_to_heap([to, from, size], value.as_bytes())
}

fn name_at<'a>(call: &'a Invocation, index: u64) -> Result<&'a str, Trap> {
    let variables = &call.environment().variables;
    let name = usize::try_from(index)
        .ok()
        .and_then(|index| variables.keys().nth(index));
    name.map(String::as_str).ok_or_else(|| {
        call.violation(format!(
            "index {index} is out of bounds, there are {} environment variables",
            variables.len()
        ))
    })
}

fn value_of(call: &mut Invocation, name: u64, size: u64) -> Result<String, Trap> {
    let name = read_name(call, name, size)?;
    let value = call.environment().variables.get(&name).cloned();
    value.ok_or_else(|| call.violation(format!("there is no environment variable {name:?}")))
}

fn read_name(call: &mut Invocation, name: u64, size: u64) -> Result<String, Trap> {
    if size > MAX_NAME_BYTES {
        return Err(call.violation(format!(
            "a name of {size} bytes is longer than the {MAX_NAME_BYTES} allowed"
        )));
    }
    let bytes = call.read(name, size)?.to_vec();
    String::from_utf8(bytes)
        .map_err(|error| call.violation(format!("the name is not UTF-8: {error}")))
}
