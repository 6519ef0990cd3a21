//! Replies of methods that have no error arm: the answer, or a reject with a sentence.

use candid::CandidType;
use std::fmt;
use std::marker::PhantomData;

/// The most bytes that the network takes as the reply to a query: 3 MiB.
const QUERY_REPLY_BYTES: usize = 3 << 20;

/// The most bytes of a reply to an update, or to a query that is sent as one: 2 MiB.
const REPLICATED_REPLY_BYTES: usize = 2 << 20;

/// Replies with `result`, or rejects the call with what its error says.
///
/// The returned marker only carries the Candid type of the answer for the exported interface; the method
/// it is returned from must be declared with `manual_reply`.
pub fn reply<T: CandidType, E: fmt::Display>(result: Result<T, E>) -> PhantomData<T> {
    match result {
        Ok(answer) => match candid::encode_one(answer) {
            Ok(bytes) => reply_bytes(bytes),
            Err(error) => {
                ic_cdk::api::msg_reject(format!("The answer can't be encoded: {error}"));
            }
        },
        Err(error) => ic_cdk::api::msg_reject(error.to_string()),
    }
    PhantomData
}

/// Replies with an encoded answer. One that the network wouldn't take is refused with a sentence; to try
/// would end in a trap.
fn reply_bytes(bytes: Vec<u8>) {
    let limit = if ic_cdk::api::in_replicated_execution() {
        REPLICATED_REPLY_BYTES
    } else {
        QUERY_REPLY_BYTES
    };
    if bytes.len() > limit {
        let refusal = ReplyTooLarge {
            bytes: bytes.len(),
            limit,
        };
        ic_cdk::api::msg_reject(refusal.to_string());
    } else {
        ic_cdk::api::msg_reply(bytes);
    }
}

/// An answer has more bytes than a reply may have.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct ReplyTooLarge {
    bytes: usize,
    limit: usize,
}

impl fmt::Display for ReplyTooLarge {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "The answer has {} bytes and a reply takes {} at most: ask for less.",
            self.bytes, self.limit
        )
    }
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
