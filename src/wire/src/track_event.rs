//! Custom events: what a client sets and what it reads back.

use candid::{CandidType, Principal};
use serde::Deserialize;

/// A custom event as a client sets it.
#[derive(CandidType, Deserialize, Clone, Debug, PartialEq, Eq)]
pub struct SetTrackEvent {
    /// Name of the event, at most 256 bytes.
    pub name: String,
    /// At most 10 pairs of name and value, each at most 256 bytes.
    pub metadata: Option<Vec<(String, String)>>,
    /// Sent by older clients; not stored.
    pub user_agent: Option<String>,
    /// The satellite whose visitor this is.
    pub satellite_id: Principal,
    /// Session of the visitor, at most 36 bytes.
    pub session_id: String,
    /// Sent by older clients; not used.
    pub updated_at: Option<u64>,
    /// The current version, when an existing entry is to be overwritten.
    pub version: Option<u64>,
}

/// A stored custom event. Fields as in [`SetTrackEvent`].
#[derive(CandidType, Deserialize, Clone, Debug, PartialEq, Eq)]
pub struct TrackEvent {
    /// Name of the event.
    pub name: String,
    /// Pairs of name and value.
    pub metadata: Option<Vec<(String, String)>>,
    /// The satellite whose visitor this is.
    pub satellite_id: Principal,
    /// Session of the visitor.
    pub session_id: String,
    /// When the entry was first stored, ns.
    pub created_at: u64,
    /// When the entry was last stored, ns.
    pub updated_at: u64,
    /// 1 for a new entry, one more with each overwrite.
    pub version: Option<u64>,
}
