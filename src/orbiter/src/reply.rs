//! Replies of methods that have no error arm: the answer, or a reject with a sentence.

use candid::CandidType;
use std::fmt;
use std::marker::PhantomData;

/// Replies with `result`, or rejects the call with what its error says.
///
/// The returned marker only carries the Candid type of the answer for the exported interface; the method
/// it is returned from must be declared with `manual_reply`.
pub fn reply<T: CandidType, E: fmt::Display>(result: Result<T, E>) -> PhantomData<T> {
    match result {
        Ok(answer) => match candid::encode_one(answer) {
            Ok(bytes) => ic_cdk::api::msg_reply(bytes),
            Err(error) => {
                ic_cdk::api::msg_reject(format!("The answer can't be encoded: {error}"));
            }
        },
        Err(error) => ic_cdk::api::msg_reject(error.to_string()),
    }
    PhantomData
}

/// Replies without a value, or rejects the call with what the error says. For methods declared with
/// `manual_reply` whose Candid result is `()`.
pub fn reply_nothing<E: fmt::Display>(result: Result<(), E>) {
    match result {
        Ok(()) => ic_cdk::api::msg_reply(NOTHING),
        Err(error) => ic_cdk::api::msg_reject(error.to_string()),
    }
}

/// The Candid message of no values: magic, no types, no values.
const NOTHING: &[u8] = b"DIDL\0\0";
