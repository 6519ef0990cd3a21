//! What all kinds of entry share: their key, the range that queries ask for, the answers to writes.

use candid::{CandidType, Principal};
use serde::Deserialize;

/// The key of an entry. Entries are ordered by `collected_at`, then by `key`.
#[derive(CandidType, Deserialize, Clone, Debug, PartialEq, Eq)]
pub struct AnalyticKey {
    /// When the client saw the entry happen, ns.
    pub collected_at: u64,
    /// Chosen by the client, at most 36 bytes.
    pub key: String,
}

/// The entries a query is about.
#[derive(CandidType, Deserialize, Clone, Debug, PartialEq, Eq)]
pub struct GetAnalytics {
    /// Only the entries of this satellite; none: of all satellites.
    pub satellite_id: Option<Principal>,
    /// First instant of the range, inclusive, ns; none: from the beginning.
    pub from: Option<u64>,
    /// End of the range, exclusive, ns; none: without end.
    pub to: Option<u64>,
}

/// The entries of a batch that were refused, each with the reason. All others are stored.
pub type Rejected = Vec<(AnalyticKey, String)>;

/// Answer to a write of one entry: the stored entry, or the reason why it is not stored.
pub type SetOneResult<Entry> = Result<Entry, String>;

/// Answer to a write of a batch: nothing, or the entries that were refused.
pub type SetManyResult = Result<(), Rejected>;
