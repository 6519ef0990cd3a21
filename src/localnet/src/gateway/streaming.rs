//! Bodies that do not fit into one message.

use super::candid_interface::{Answer, Part};
use super::exchange::Exchange;
use super::failure::Failure;

/// The largest body in bytes, and the most parts it may come in. A canister that never ends its body would fill the
/// memory of the gateway otherwise.
const MAX_BYTES: usize = 256 << 20;
const MAX_PARTS: usize = 1000;

/// Asks for the rest of a body until its canister names no next part.
pub(super) async fn collect(exchange: &Exchange, mut answer: Answer) -> Result<Answer, Failure> {
    let Some(callback) = answer.streaming.take() else {
        return Ok(answer);
    };
    let method = callback.method.as_str();
    let mut next = Some(callback.token);
    let mut parts = 0;
    while let Some(token) = next {
        check_limits(parts, answer.body.len())?;
        let argument = token.argument().map_err(|error| Failure::InvalidAnswer {
            reason: format!("its streaming token cannot be sent back ({error})"),
        })?;
        let bytes = exchange
            .call_back(callback.canister, method, argument)
            .await?;
        let Some(part) = Part::decode(method, &bytes)? else {
            break;
        };
        answer.body.extend(part.body);
        next = part.token;
        parts += 1;
    }
    Ok(answer)
}

fn check_limits(parts: usize, bytes: usize) -> Result<(), Failure> {
    let too_much = |limit, unit| Err(Failure::EndlessStream { limit, unit });
    match (parts, bytes) {
        (MAX_PARTS.., _) => too_much(MAX_PARTS, "parts"),
        (_, MAX_BYTES..) => too_much(MAX_BYTES, "bytes"),
        _ => Ok(()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_stream_without_end_is_cut_off() {
        assert_eq!(check_limits(999, MAX_BYTES - 1), Ok(()));
        let failure = check_limits(1000, 0).unwrap_err();
        assert_eq!(
            failure.to_string(),
            "The canister streams more than 1000 parts."
        );
        assert_eq!(failure.status(), 502);
        assert!(check_limits(0, MAX_BYTES).is_err());
    }
}
