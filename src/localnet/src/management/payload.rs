//! Candid arguments and replies.

use super::Answer;
use crate::rejection::{ErrorCode, Reject};
use candid::utils::ArgumentEncoder;
use candid::{CandidType, Nat, Principal};
use ic_management_canister_types::CanisterIdRecord;
use serde::Deserialize;
use serde::de::DeserializeOwned;

/// Decodes the one argument of a method.
pub(super) fn decode<T: CandidType + DeserializeOwned>(payload: &[u8]) -> Result<T, Reject> {
    candid::decode_one(payload)
        .map_err(|error| invalid(format!("Error decoding candid: {error:#}")))
}

/// An argument that makes no sense.
pub(super) fn invalid(message: impl Into<String>) -> Reject {
    Reject::new(ErrorCode::InvalidManagementPayload, message)
}

/// Encodes a reply.
fn encode(reply: impl ArgumentEncoder) -> Result<Vec<u8>, Reject> {
    candid::encode_args(reply).map_err(|error| {
        let message = format!("the reply does not encode: {error}");
        Reject::new(ErrorCode::CanisterWasmEngineError, message)
    })
}

/// A reply with one value, encoded.
pub(super) fn encode_one(value: impl CandidType) -> Result<Vec<u8>, Reject> {
    encode((value,))
}

/// A reply with one value.
pub(super) fn reply(value: impl CandidType) -> Result<Answer, Reject> {
    encode_one(value).map(Answer::Now)
}

/// The reply of a method that gives nothing.
pub(super) fn done() -> Result<Answer, Reject> {
    Ok(Answer::Now(empty_reply()))
}

/// An empty sequence of values: the magic and two counts of zero.
pub(crate) fn empty_reply() -> Vec<u8> {
    b"DIDL\0\0".to_vec()
}

/// The canister in field `canister_id`, whatever else the argument holds.
pub(super) fn canister_id(payload: &[u8]) -> Result<Principal, Reject> {
    decode::<CanisterIdRecord>(payload).map(|record| record.canister_id)
}

/// The canister in field `target_canister`.
pub(super) fn target_canister(payload: &[u8]) -> Result<Principal, Reject> {
    #[derive(CandidType, Deserialize)]
    struct Target {
        target_canister: Principal,
    }
    decode::<Target>(payload).map(|record| record.target_canister)
}

/// A number of cycles.
pub(super) fn cycles(amount: Nat) -> Result<u128, Reject> {
    u128::try_from(amount.0.clone())
        .map_err(|_| invalid(format!("{amount} cycles are more than 2^128 - 1")))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_empty_reply_decodes_as_nothing() {
        assert!(candid::decode_args::<()>(&empty_reply()).is_ok());
        assert_eq!(empty_reply(), candid::encode_args(()).unwrap());
    }

    #[test]
    fn an_amount_beyond_128_bits_is_refused_with_the_amount() {
        assert_eq!(cycles(u128::MAX.into()), Ok(u128::MAX));
        let reject = cycles(Nat::from(u128::MAX) + 1u8).unwrap_err();
        assert_eq!(reject.error, ErrorCode::InvalidManagementPayload);
        assert!(
            reject
                .message
                .contains("340_282_366_920_938_463_463_374_607_431_768_211_456")
        );
    }
}
