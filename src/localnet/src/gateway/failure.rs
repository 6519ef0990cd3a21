//! Why a page is not shown: a status and a sentence, as plain text.

use crate::rejection::{ErrorCode, Reject};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use candid::Principal;

/// What went wrong between the browser and the canister.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[allow(missing_docs, reason = "the messages say what each variant means")]
pub enum Failure {
    #[error("The request body is larger than {limit} bytes, the most that a canister can be sent.")]
    TooLarge { limit: usize },
    #[error("The request body could not be read: {reason}.")]
    Unreadable { reason: String },
    #[error(
        "This request names no canister. Ask for http://<canister id>.localhost:<port>/, or add \
         ?canisterId=<canister id> to the address."
    )]
    NoCanister,
    #[error("`{text}` is not the id of a canister: {reason}.")]
    NotACanister { text: String, reason: String },
    #[error("Canister {canister} did not answer {method}: {reject}")]
    Rejected {
        canister: Principal,
        method: String,
        reject: Reject,
    },
    #[error("Canister {canister} has no method {method}: it serves no pages.")]
    NoPages { canister: Principal, method: String },
    #[error("The answer of {method} is not what the HTTP gateway protocol defines: {reason}.")]
    Undecodable { method: String, reason: String },
    #[error("The canister's answer is not one that HTTP can carry: {reason}.")]
    InvalidAnswer { reason: String },
    #[error("The canister streams more than {limit} {unit}.")]
    EndlessStream { limit: usize, unit: &'static str },
    #[error("The canister did not answer http_request_update within {seconds} seconds.")]
    TimedOut { seconds: u64 },
    #[error(
        "Response verification failed: {reason}. What the canister's node answered does not carry a valid certificate \
         for this page."
    )]
    Unverified { reason: String },
}

impl Failure {
    /// A rejection, with the kindest words for it.
    pub(super) fn rejected(canister: Principal, method: &str, reject: Reject) -> Failure {
        let method = method.to_owned();
        match reject.error {
            ErrorCode::CanisterMethodNotFound => Failure::NoPages { canister, method },
            _ => Failure::Rejected {
                canister,
                method,
                reject,
            },
        }
    }

    /// The HTTP status that goes with it: 400 and 413 for the browser's part, 404 for what is not there, 503 for
    /// what cannot be trusted or is not available now, 504 for what takes too long, 502 for a canister's mistakes.
    pub fn status(&self) -> StatusCode {
        match self {
            Failure::TooLarge { .. } => StatusCode::PAYLOAD_TOO_LARGE,
            Failure::Unreadable { .. } | Failure::NoCanister | Failure::NotACanister { .. } => {
                StatusCode::BAD_REQUEST
            }
            Failure::NoPages { .. } => StatusCode::NOT_FOUND,
            Failure::Rejected { reject, .. } => rejection_status(reject.error),
            Failure::Undecodable { .. }
            | Failure::InvalidAnswer { .. }
            | Failure::EndlessStream { .. } => StatusCode::BAD_GATEWAY,
            Failure::TimedOut { .. } => StatusCode::GATEWAY_TIMEOUT,
            Failure::Unverified { .. } => StatusCode::SERVICE_UNAVAILABLE,
        }
    }
}

fn rejection_status(error: ErrorCode) -> StatusCode {
    match error {
        ErrorCode::CanisterNotFound | ErrorCode::CanisterWasmModuleNotFound => {
            StatusCode::NOT_FOUND
        }
        ErrorCode::CanisterStopped
        | ErrorCode::CanisterStopping
        | ErrorCode::CanisterOutOfCycles => StatusCode::SERVICE_UNAVAILABLE,
        _ => StatusCode::BAD_GATEWAY,
    }
}

impl IntoResponse for Failure {
    fn into_response(self) -> Response {
        (self.status(), self.to_string()).into_response()
    }
}
