//! An entry on its way to the canister.

use engine::{AnalyticKey, KindName, PageView, PerformanceMetric, SetEntry, TrackEvent};
use ic_principal::Principal;

/// An entry of any kind.
#[derive(Clone, Debug, PartialEq)]
#[expect(missing_docs, reason = "the names of the kinds say it")]
#[expect(
    clippy::large_enum_variant,
    reason = "most entries are of the largest kind"
)]
pub enum AnyEntry {
    PageView(SetEntry<PageView>),
    TrackEvent(SetEntry<TrackEvent>),
    PerformanceMetric(SetEntry<PerformanceMetric>),
}

impl AnyEntry {
    /// Which kind it is.
    pub fn kind(&self) -> KindName {
        match self {
            Self::PageView(_) => KindName::PageView,
            Self::TrackEvent(_) => KindName::TrackEvent,
            Self::PerformanceMetric(_) => KindName::PerformanceMetric,
        }
    }

    /// The satellite it belongs to.
    pub fn satellite_id(&self) -> Principal {
        match self {
            Self::PageView(entry) => entry.satellite_id,
            Self::TrackEvent(entry) => entry.satellite_id,
            Self::PerformanceMetric(entry) => entry.satellite_id,
        }
    }

    /// The version it overwrites, to be changed.
    pub fn version_mut(&mut self) -> &mut Option<u64> {
        match self {
            Self::PageView(entry) => &mut entry.version,
            Self::TrackEvent(entry) => &mut entry.version,
            Self::PerformanceMetric(entry) => &mut entry.version,
        }
    }

    /// The session it belongs to, to be changed.
    pub fn session_id_mut(&mut self) -> &mut String {
        match self {
            Self::PageView(entry) => &mut entry.session_id,
            Self::TrackEvent(entry) => &mut entry.session_id,
            Self::PerformanceMetric(entry) => &mut entry.session_id,
        }
    }
}

/// An entry, its key, and when it arrives.
#[derive(Clone, Debug, PartialEq)]
pub struct Sent {
    /// When the canister receives it, in nanoseconds since 1970, UTC.
    pub now: u64,
    /// Its key.
    pub key: AnalyticKey,
    /// The entry.
    pub entry: AnyEntry,
}
