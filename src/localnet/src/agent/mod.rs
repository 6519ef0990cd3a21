//! The HTTP interface of a replica, as agents speak it: `/api/v2` to `/api/v4`, CBOR envelopes in, certificates out.
//!
//! A request goes through these hands, each a file:
//!
//! ```text
//! body ─> envelope ─> authentication ─> effective ─> call | query | read_state ─> reply
//!          (CBOR)      (signature,       (which       (what the network says)      (CBOR)
//!                       delegations)      subnet)
//! ```
//!
//! Whatever goes wrong before the network is asked is a [`Refusal`]: a status and a sentence. What the network
//! itself says no to is a rejection and travels as the interface specification has it.
//!
//! Endpoints: `call` of version 2 answers 202 at once; versions 3 and 4 wait and answer with a certificate. `query`
//! and `read_state` are the same in every version that has them, and so is everything below `/subnet`.
//!
//! Source: the interface specification, section "HTTPS interface".

mod authentication;
mod call;
mod cors;
mod effective;
mod envelope;
mod faults;
mod paths;
mod query;
mod read_state;
mod refusal;
mod reply;
mod signature;
mod state;
mod status;

#[cfg(test)]
pub(crate) mod tests;

pub use faults::{Faults, UnknownFault};
pub use refusal::{MAX_REQUEST_BYTES, Refusal};

use crate::host::Instance;
use authentication::{Request, authenticate};
use axum::Router;
use axum::body::Bytes;
use axum::extract::DefaultBodyLimit;
use axum::extract::rejection::BytesRejection;
use axum::http::StatusCode;
use axum::middleware::from_fn;
use axum::routing::{get, post};

/// How an agent interface departs from that of a replica. By default not at all.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Options {
    /// What to get wrong, for tests of those who check.
    pub faults: Faults,
    /// Takes every request's sender at its word: neither signature nor expiry is looked at.
    pub trusting: bool,
}

/// What handlers share.
#[derive(Clone)]
struct Service {
    instance: Instance,
    options: Options,
}

/// The routes of the agent interface with their full paths (`/api/v2/status`, `/api/v3/canister/ID/query`, …). Any
/// page may use them: answers carry permissive CORS headers.
pub fn router(instance: Instance) -> Router {
    router_with(instance, Options::default())
}

/// As [`router`], with departures.
pub fn router_with(instance: Instance, options: Options) -> Router {
    let mut router = Router::new().route("/api/v2/status", get(status::status));
    for version in ["v2", "v3"] {
        router = router
            .route(
                &format!("/api/{version}/canister/{{id}}/query"),
                post(query::canister),
            )
            .route(
                &format!("/api/{version}/canister/{{id}}/read_state"),
                post(read_state::canister),
            )
            .route(
                &format!("/api/{version}/subnet/{{id}}/read_state"),
                post(read_state::subnet),
            );
    }
    router
        .route("/api/v3/subnet/{id}/query", post(query::subnet))
        .route(
            "/api/v2/canister/{id}/call",
            post(call::canister_asynchronous),
        )
        .route("/api/v3/canister/{id}/call", post(call::canister))
        .route("/api/v4/canister/{id}/call", post(call::canister))
        .route("/api/v4/subnet/{id}/call", post(call::subnet))
        .method_not_allowed_fallback(wrong_method)
        .layer(DefaultBodyLimit::max(MAX_REQUEST_BYTES))
        .layer(from_fn(cors::permissive))
        .with_state(Service { instance, options })
}

async fn wrong_method() -> (StatusCode, &'static str) {
    let words = "This endpoint takes POST requests with a CBOR body (GET for /api/v2/status).";
    (StatusCode::METHOD_NOT_ALLOWED, words)
}

/// A request body as axum hands it over.
type Body = Result<Bytes, BytesRejection>;

impl Service {
    /// Reads a body and proves its sender. Runs on the connection's thread, not on the network's.
    fn open(&self, body: Body) -> Result<Request, Refusal> {
        let body = body.map_err(unreadable)?;
        let envelope = envelope::decode(&body)?;
        match self.options.trusting {
            true => Request::trusted(envelope, body.len()),
            false => authenticate(envelope, body.len()),
        }
    }
}

fn unreadable(rejection: BytesRejection) -> Refusal {
    match rejection.status() {
        StatusCode::PAYLOAD_TOO_LARGE => Refusal::TooLarge {
            limit: MAX_REQUEST_BYTES,
        },
        _ => Refusal::Unreadable {
            reason: rejection.body_text(),
        },
    }
}
