//! The Candid of the HTTP gateway protocol, read and written by hand.
//!
//! Every page view passes here twice, and a general decoder spends more on it than all the rest of the request costs:
//! it builds the types of the message, compares them with its own and then reads each value by its type. But gateways
//! always send the same types. So these are recognised byte by byte (`request.rs`); whatever else comes, the crate
//! `candid` reads, and it alone says what is wrong with a message. Answers have one type, so its bytes are a constant
//! (`response.rs`).
//!
//! The format is that of the Candid specification, section "Binary Format":
//! <https://github.com/dfinity/candid/blob/master/spec/Candid.md#binary-format>.

mod request;
mod response;
#[cfg(test)]
mod tests;

use super::Request;
use candid::{DecoderConfig, utils};
use wire::{HttpRequest, HttpResponse};

/// How much of values that nobody asked for the crate reads before it gives up; as `ic_cdk`'s macros set it.
const SKIPPING_QUOTA: usize = 10_000;

/// What an empty argument means: no values. As `ic_cdk`'s macros take it.
const NO_VALUES: &[u8] = b"DIDL\x00\x00";

/// The answer to a Candid-encoded [`HttpRequest`], as a Candid-encoded [`HttpResponse`].
///
/// # Errors
/// The crate's, when `argument` is no such request. `answer` isn't called then.
pub fn answer(
    argument: &[u8],
    answer: impl FnOnce(&Request<'_>) -> HttpResponse,
) -> Result<Vec<u8>, candid::Error> {
    let response = match request::read(argument) {
        Some(request) => answer(&request),
        None => answer(&Request::from(&decode(argument)?)),
    };
    Ok(response::write(&response))
}

/// Reads any message whose types can become a request.
fn decode(argument: &[u8]) -> Result<HttpRequest, candid::Error> {
    let argument = if argument.is_empty() {
        NO_VALUES
    } else {
        argument
    };
    let mut config = DecoderConfig::new();
    config.set_skipping_quota(SKIPPING_QUOTA);
    let (request,) = utils::decode_args_with_config(argument, &config)?;
    Ok(request)
}
