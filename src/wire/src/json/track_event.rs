//! Custom events in JSON.

use super::{BigInt, Metadata};
use serde::{Deserialize, Serialize};

/// A custom event in a request. Fields as in [`crate::SetTrackEvent`]; the satellite is named once, in
/// the request.
#[derive(Deserialize, Clone, Debug, PartialEq, Eq)]
pub struct SetTrackEvent {
    /// Name of the event.
    pub name: String,
    /// Pairs of name and value.
    pub metadata: Option<Metadata>,
    /// Sent by older clients; not stored.
    pub user_agent: Option<String>,
    /// Session of the visitor.
    pub session_id: String,
    /// Sent by older clients; not used.
    pub updated_at: Option<BigInt>,
    /// The current version, when an existing entry is to be overwritten.
    pub version: Option<BigInt>,
}

/// A stored custom event in an answer. Fields as in [`crate::TrackEvent`].
#[derive(Serialize, Clone, Debug, PartialEq, Eq)]
pub struct TrackEvent {
    /// Name of the event.
    pub name: String,
    /// Pairs of name and value, as an object.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub metadata: Option<Metadata>,
    /// Text of the satellite's principal.
    pub satellite_id: String,
    /// Session of the visitor.
    pub session_id: String,
    /// When the entry was first stored, ns.
    pub created_at: BigInt,
    /// When the entry was last stored, ns.
    pub updated_at: BigInt,
    /// 1 for a new entry, one more with each overwrite.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub version: Option<BigInt>,
}
