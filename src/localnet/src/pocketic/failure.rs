//! Why a request is refused, as clients read it: a status and `{"message": …}`.

use crate::rejection::Reject;
use axum::Json;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use candid::Principal;
use serde_json::json;
use thiserror::Error;

/// Why a request is refused.
#[derive(Debug, Error)]
pub enum Failure {
    /// The body or a part of the path does not parse.
    #[error("the request does not parse: {0}")]
    Malformed(String),
    /// Something that PocketIC does and localnet does not.
    #[error("localnet: {0} is not supported")]
    Unsupported(String),
    /// No such route.
    #[error("localnet: no endpoint {method} {path}")]
    NoEndpoint {
        /// The HTTP method.
        method: String,
        /// The path.
        path: String,
    },
    /// No such instance, or one that was deleted.
    #[error("instance {0} does not exist (or was deleted)")]
    NoInstance(String),
    /// No such gateway, or one that was stopped.
    #[error("HTTP gateway {0} does not exist (or was stopped)")]
    NoGateway(usize),
    /// No such blob.
    #[error("no blob {0} was uploaded")]
    NoBlob(String),
    /// No such subnet.
    #[error("subnet {0} does not exist")]
    NoSubnet(Principal),
    /// No such canister. Clients look for the name `CanisterNotFound`.
    #[error("CanisterNotFound: canister {0} does not exist")]
    NoCanister(Principal),
    /// More stable memory than an answer carries.
    #[error(
        "localnet: the canister has {bytes} bytes of stable memory, more than the {limit} bytes that one answer \
         carries: ask the canister for a part, or take a snapshot"
    )]
    StableMemoryTooLarge {
        /// How many it has.
        bytes: u64,
        /// How many are answered.
        limit: u64,
    },
    /// A message that nobody submitted here.
    #[error("no message {0} was submitted to this instance")]
    NoMessage(String),
    /// A message that was not answered in time.
    #[error("message {id} was not answered after {after}")]
    NoAnswer {
        /// The message.
        id: String,
        /// How long it was waited for.
        after: String,
    },
    /// Somebody asks for a message of somebody else.
    #[error("{caller} did not submit message {id}: only its sender may ask for its status")]
    NotSender {
        /// Who asks.
        caller: Principal,
        /// The message.
        id: String,
    },
    /// Time would go back.
    #[error("time cannot go back: it is {now} and was to be set to {asked} (ns since 1970)")]
    TimeGoesBack {
        /// The time of the network.
        now: u64,
        /// The time asked for.
        asked: u64,
    },
    /// Live mode is on already.
    #[error("auto progress is already on")]
    AlreadyLive,
    /// No outcall waits for such an answer.
    #[error("no pending HTTP outcall has the request id {0}")]
    NoOutcall(u64),
    /// The network rejects it.
    #[error("{0}")]
    Rejected(#[from] Reject),
    /// A port or a directory could not be had.
    #[error("{what}: {error}")]
    System {
        /// What was tried.
        what: String,
        /// The operating system's words.
        error: std::io::Error,
    },
    /// A defect in localnet; it printed more.
    #[error("localnet failed on a defect of its own; see its standard error")]
    Defect,
}

impl Failure {
    /// The status that goes with it.
    pub fn status(&self) -> StatusCode {
        match self {
            Failure::NoEndpoint { .. }
            | Failure::NoInstance(_)
            | Failure::NoGateway(_)
            | Failure::NoBlob(_)
            | Failure::NoSubnet(_) => StatusCode::NOT_FOUND,
            Failure::NotSender { .. } => StatusCode::FORBIDDEN,
            Failure::System { .. } | Failure::Defect => StatusCode::INTERNAL_SERVER_ERROR,
            _ => StatusCode::BAD_REQUEST,
        }
    }
}

impl IntoResponse for Failure {
    fn into_response(self) -> Response {
        let body = Json(json!({ "message": self.to_string() }));
        (self.status(), body).into_response()
    }
}
