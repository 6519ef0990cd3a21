//! What every entry has in common, whatever its kind.

use ic_principal::Principal;

/// Names an entry. Unique per kind of entry, across all satellites.
///
/// The order is that of the instant, then of the text's bytes: the derived order of the two fields.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct AnalyticKey {
    /// When the client saw it happen, in nanoseconds since 1970, UTC. The client's clock: any value.
    pub collected_at: u64,
    /// The client's own text, at most [`crate::limits::KEY`] bytes.
    pub key: String,
}

/// An entry as a client sends it: `B` is what its kind adds, for example [`crate::PageView`].
#[derive(Clone, Debug, PartialEq)]
pub struct SetEntry<B> {
    /// The satellite (site or dapp) it belongs to.
    pub satellite_id: Principal,
    /// The visit it belongs to, at most 36 bytes.
    pub session_id: String,
    /// The version it overwrites; not needed for a new entry, where it is ignored.
    pub version: Option<u64>,
    /// The fields of its kind.
    pub body: B,
}

/// An entry as it is stored.
#[derive(Clone, Debug, PartialEq)]
pub struct Entry<B> {
    /// The satellite (site or dapp) it belongs to.
    pub satellite_id: Principal,
    /// The visit it belongs to.
    pub session_id: String,
    /// When it was first stored, in nanoseconds since 1970, UTC.
    pub created_at: u64,
    /// When it was last stored, in nanoseconds since 1970, UTC.
    pub updated_at: u64,
    /// 1 at first, one more with each overwrite.
    pub version: u64,
    /// The fields of its kind.
    pub body: B,
}

/// Which entries a query is about.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct EntryRange {
    /// Of this satellite alone; none: of all satellites.
    pub satellite_id: Option<Principal>,
    /// Collected at this instant or later (nanoseconds since 1970, UTC); none: unbounded.
    pub from: Option<u64>,
    /// Collected before this instant; none: unbounded.
    pub to: Option<u64>,
}

impl EntryRange {
    /// Whether no instant lies in the range, whatever is stored.
    pub(crate) fn is_empty(&self) -> bool {
        self.to.is_some_and(|to| to <= self.from.unwrap_or(0))
    }
}
