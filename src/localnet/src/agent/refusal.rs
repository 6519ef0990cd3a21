//! Why a request is not served at all: a status and a sentence, as plain text.
//!
//! What a canister or the network answers to a request that *was* served (a rejection) travels in CBOR instead.

use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use candid::Principal;

/// The largest request body in bytes; replicas take as much.
pub const MAX_REQUEST_BYTES: usize = 5 << 20;

/// Why a request is refused before anything runs.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[allow(missing_docs, reason = "the messages say what each variant means")]
pub enum Refusal {
    #[error("The request body is larger than {limit} bytes, the most that is taken.")]
    TooLarge { limit: usize },
    #[error("The request body could not be read: {reason}.")]
    Unreadable { reason: String },
    #[error(
        "The request body is not a CBOR envelope as the interface specification defines it: {reason}."
    )]
    Malformed { reason: String },
    #[error(
        "This endpoint takes requests of type `{expected}`, but this is one of type `{found}`."
    )]
    WrongType {
        expected: &'static str,
        found: &'static str,
    },
    #[error("`{text}` in the path is not the text of a principal: {reason}.")]
    NotAPrincipal { text: String, reason: String },
    #[error("No subnet is responsible for canister {canister}.")]
    UnknownCanister { canister: Principal },
    #[error("There is no subnet {subnet}.")]
    UnknownSubnet { subnet: Principal },
    #[error(
        "The effective canister id {effective} in the path does not match canister {canister} in the request."
    )]
    WrongEffectiveCanister {
        effective: Principal,
        canister: Principal,
    },
    #[error(
        "The endpoints of a subnet take messages to the management canister aaaaa-aa only, not to {canister}."
    )]
    NotManagement { canister: Principal },

    #[error(
        "Invalid request expiry: Specified ingress_expiry not within expected range: Minimum allowed expiry: \
         {earliest} ns, Maximum allowed expiry: {latest} ns, Provided expiry: {provided} ns."
    )]
    Expiry {
        provided: u64,
        earliest: u64,
        latest: u64,
    },

    #[error("The anonymous sender must not sign: remove `{field}`.")]
    SignedAnonymously { field: &'static str },
    #[error(
        "The request is not signed: `{field}` is missing and the sender {sender} is not anonymous."
    )]
    Unsigned {
        field: &'static str,
        sender: Principal,
    },
    #[error("The public key belongs to {owner}, but the request names {sender} as its sender.")]
    WrongSender { owner: Principal, sender: Principal },
    #[error("The signature of {what} does not verify with its {scheme} key.")]
    Signature { what: String, scheme: &'static str },
    #[error("The public key is not a DER-encoded key: {reason}.")]
    PublicKey { reason: String },
    #[error(
        "localnet does not verify {scheme}; it takes Ed25519, ECDSA on secp256k1 and ECDSA on P-256."
    )]
    Scheme { scheme: String },
    #[error("The chain has {count} delegations; at most {limit} are taken.")]
    DelegationChain { count: usize, limit: usize },
    #[error("Delegation {index} names {count} targets; at most {limit} are taken.")]
    DelegationTargets {
        index: usize,
        count: usize,
        limit: usize,
    },
    #[error("A delegation ran out at {expiration} ns; it is now {now} ns.")]
    DelegationExpired { expiration: u64, now: u64 },
    #[error("Delegation {index} does not cover canister {canister}.")]
    DelegationTarget { index: usize, canister: Principal },
    #[error("Delegation {index} permits queries only.")]
    DelegationPermissions { index: usize },
    #[error(
        "localnet does not verify the canister signature in `sender_info`: leave the field out."
    )]
    SenderInfo,

    #[error("The request asks for {count} paths; at most {limit} are taken.")]
    TooManyPaths { count: usize, limit: usize },
    #[error("A path has {count} labels; at most {limit} are taken.")]
    PathTooLong { count: usize, limit: usize },
    #[error("Invalid path requested: `{path}` is none of the paths that read_state knows.")]
    UnknownPath { path: String },
    #[error("A request may ask for the status of one request only.")]
    SeveralRequests,
    #[error("Request {id} was sent by somebody else.")]
    ForeignRequest { id: String },
    #[error(
        "The metadata `{name}` of canister {canister} is private: only its controllers may read it."
    )]
    PrivateMetadata { name: String, canister: Principal },
}

impl Refusal {
    /// The HTTP status that goes with it: 403 for what the sender may not do, 404 for what does not exist, 413 for
    /// what is too large, 400 for everything else.
    pub fn status(&self) -> StatusCode {
        use Refusal::*;
        match self {
            TooLarge { .. } => StatusCode::PAYLOAD_TOO_LARGE,
            UnknownPath { .. } | UnknownSubnet { .. } => StatusCode::NOT_FOUND,
            SignedAnonymously { .. }
            | Unsigned { .. }
            | WrongSender { .. }
            | Signature { .. }
            | DelegationExpired { .. }
            | DelegationTarget { .. }
            | DelegationPermissions { .. }
            | ForeignRequest { .. }
            | PrivateMetadata { .. } => StatusCode::FORBIDDEN,
            _ => StatusCode::BAD_REQUEST,
        }
    }
}

impl IntoResponse for Refusal {
    fn into_response(self) -> Response {
        (self.status(), self.to_string()).into_response()
    }
}
