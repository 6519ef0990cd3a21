//! Answers in CBOR, with the words of the interface specification.

use crate::rejection::{ErrorCode, Reject, RejectCode};
use axum::http::header::CONTENT_TYPE;
use axum::response::{IntoResponse, Response};
use serde::Serialize;
use serde_bytes::ByteBuf;

/// A body with the self-describing tag 55799.
pub(super) struct Cbor(pub(super) Vec<u8>);

impl Cbor {
    pub(super) fn new<T: Serialize>(value: &T) -> Cbor {
        let mut serializer = serde_cbor::Serializer::new(Vec::new());
        serializer
            .self_describe()
            .and_then(|()| value.serialize(&mut serializer))
            .expect("answers hold nothing that CBOR cannot say");
        Cbor(serializer.into_inner())
    }
}

impl IntoResponse for Cbor {
    fn into_response(self) -> Response {
        ([(CONTENT_TYPE, "application/cbor")], self.0).into_response()
    }
}

/// The answer to a call that waited: `{status: "replied", certificate}`. The word says that there is a certificate;
/// what became of the call stands in it.
#[derive(Serialize)]
pub(super) struct CertifiedReply {
    status: &'static str,
    certificate: ByteBuf,
}

impl CertifiedReply {
    pub(super) fn new(certificate: Vec<u8>) -> CertifiedReply {
        CertifiedReply {
            status: "replied",
            certificate: ByteBuf::from(certificate),
        }
    }
}

/// The answer to a call that was turned away before it ran, so that no certificate says so.
#[derive(Serialize)]
pub(super) struct NonReplicatedRejection {
    status: &'static str,
    reject_code: u8,
    reject_message: String,
    error_code: String,
}

impl NonReplicatedRejection {
    pub(super) fn new(reject: Reject) -> NonReplicatedRejection {
        NonReplicatedRejection {
            status: "non_replicated_rejection",
            reject_code: reject_code(&reject),
            reject_message: reject.message,
            error_code: error_code(reject.error),
        }
    }
}

/// The answer of `read_state`.
#[derive(Serialize)]
pub(super) struct CertificateReply {
    certificate: ByteBuf,
}

impl CertificateReply {
    pub(super) fn new(certificate: Vec<u8>) -> CertificateReply {
        CertificateReply {
            certificate: ByteBuf::from(certificate),
        }
    }
}

/// A reject code as agents read it. They know 1 to 5: an unknown outcome counts as transient, because it may be
/// tried again.
pub(super) fn reject_code(reject: &Reject) -> u8 {
    match reject.code {
        RejectCode::SysUnknown => RejectCode::SysTransient as u8,
        code => code as u8,
    }
}

/// An error code as replicas spell it: `IC0503`.
pub(super) fn error_code(error: ErrorCode) -> String {
    format!("IC{:04}", error as u16)
}
