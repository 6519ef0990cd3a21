//! What things would cost, for canisters that ask before they act. All zero while nothing is priced.

use super::invocation::{Arguments, Invocation};
use crate::execution::{Environment, Trap};
use candid::CandidType;
use serde::Deserialize;

type Outcome = Result<u64, Trap>;

/// Largest answer of an inter-canister call, for which its sender pays in advance: 2 MiB.
const MAX_RESPONSE_BYTES: u64 = 2 << 20;

/// Instructions of the callback, paid for in advance: the limit of one message.
const CALLBACK_INSTRUCTIONS: u64 = 40_000_000_000;

/// What `cost_sign_…` and `cost_vetkd_…` return for a curve that does not exist.
const UNKNOWN_CURVE: u64 = 1;

/// What they return when there is no such key. This network holds none.
const UNKNOWN_KEY: u64 = 2;

/// What is set aside to perform a call: transmission of the request, of the largest response, and the execution of
/// the callback (interface specification, `ic0.cost_call`).
pub(super) fn call_fee(environment: &Environment, method_bytes: u64, payload_bytes: u64) -> u128 {
    let prices = &environment.prices;
    let bytes =
        u128::from(method_bytes) + u128::from(payload_bytes) + u128::from(MAX_RESPONSE_BYTES);
    let transmission = prices
        .call
        .saturating_add(prices.call_byte.saturating_mul(bytes));
    let callback = prices
        .instruction
        .saturating_mul(u128::from(CALLBACK_INSTRUCTIONS));
    transmission
        .saturating_add(prices.execution)
        .saturating_add(callback)
}

pub(super) fn call(call: &mut Invocation, &[method, payload, to, ..]: &Arguments) -> Outcome {
    let fee = call_fee(call.environment(), method, payload);
    call.write_cycles(to, fee)?;
    Ok(0)
}

pub(super) fn create_canister(call: &mut Invocation, &[to, ..]: &Arguments) -> Outcome {
    call.write_cycles(to, call.environment().prices.creation)?;
    Ok(0)
}

/// HTTP outcalls have no price of their own: they cost what a call costs that carries request and response.
pub(super) fn http_request(
    call: &mut Invocation,
    &[request, response, to, ..]: &Arguments,
) -> Outcome {
    let fee = http_fee(call.environment(), request, response, 0);
    call.write_cycles(to, fee)?;
    Ok(0)
}

/// The argument of `cost_http_request_v2`, in Candid.
#[derive(CandidType, Deserialize)]
struct HttpCostParameters {
    request_bytes: u64,
    http_roundtrip_time_ms: u64,
    raw_response_bytes: u64,
    transformed_response_bytes: u64,
    transform_instructions: u64,
}

pub(super) fn http_request_v2(call: &mut Invocation, &[from, size, to, ..]: &Arguments) -> Outcome {
    let bytes = call.read(from, size)?;
    let parameters = candid::decode_one::<HttpCostParameters>(bytes)
        .map_err(|error| call.violation(format!("the argument does not decode: {error}")))?;
    let fee = http_fee(
        call.environment(),
        parameters.request_bytes,
        parameters.raw_response_bytes,
        parameters.transform_instructions,
    );
    call.write_cycles(to, fee)?;
    Ok(0)
}

fn http_fee(environment: &Environment, request: u64, response: u64, instructions: u64) -> u128 {
    let prices = &environment.prices;
    let bytes = u128::from(request) + u128::from(response);
    prices
        .call
        .saturating_add(prices.call_byte.saturating_mul(bytes))
        .saturating_add(prices.instruction.saturating_mul(u128::from(instructions)))
}

/// Curve 0 is secp256k1.
pub(super) fn sign_with_ecdsa(call: &mut Invocation, arguments: &Arguments) -> Outcome {
    no_key(call, arguments, 1)
}

/// Algorithm 0 is BIP-340 on secp256k1, 1 is Ed25519.
pub(super) fn sign_with_schnorr(call: &mut Invocation, arguments: &Arguments) -> Outcome {
    no_key(call, arguments, 2)
}

/// Curve 0 is BLS12-381 G2.
pub(super) fn vetkd_derive_key(call: &mut Invocation, arguments: &Arguments) -> Outcome {
    no_key(call, arguments, 1)
}

fn no_key(call: &mut Invocation, &[name, size, curve, ..]: &Arguments, curves: u64) -> Outcome {
    call.read(name, size)?;
    Ok(if curve < curves {
        UNKNOWN_KEY
    } else {
        UNKNOWN_CURVE
    })
}
