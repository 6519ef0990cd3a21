//! Requests as they arrive: a CBOR envelope around the content that was signed.

use super::refusal::Refusal;
use ic_transport_types::{Envelope, EnvelopeContent, RequestId, to_request_id};

/// Reads an envelope. Tag 55799 in front is taken, as agents write it, and its absence too.
pub(super) fn decode(body: &[u8]) -> Result<Envelope<'static>, Refusal> {
    serde_cbor::from_slice(body).map_err(|error| Refusal::Malformed {
        reason: error.to_string(),
    })
}

/// The request id: the representation-independent hash of the content, which is what gets signed.
pub(super) fn request_id(content: &EnvelopeContent) -> Result<RequestId, Refusal> {
    to_request_id(content).map_err(|error| Refusal::Malformed {
        reason: error.to_string(),
    })
}

/// The `request_type` of a content.
pub(super) fn request_type(content: &EnvelopeContent) -> &'static str {
    match content {
        EnvelopeContent::Call { .. } => "call",
        EnvelopeContent::Query { .. } => "query",
        EnvelopeContent::ReadState { .. } => "read_state",
    }
}
