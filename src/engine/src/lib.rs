//! The domain of the orbiter: entries, their rules, storage and queries.
//!
//! Knows no `ic_cdk`, Candid, JSON, HTTP, clock or randomness: time (nanoseconds since 1970, UTC) and
//! the caller come in as arguments, and every structure is generic over `ic_stable_structures::Memory`.
//!
//! - [`Orbiter`] is what a canister holds: open it on its [`Memories`], then set, read and aggregate.
//! - [`kinds`] describes each kind of entry once: fields, limits, bytes. Everything else is written once
//!   over the trait [`Kind`].
//! - [`aggregates`] has one file per question.
//! - `store` hides where rows live. Nobody outside of it sees a map.

pub mod access_keys;
pub mod aggregates;
pub mod bots;
mod budget;
mod calendar;
pub mod columns;
mod entry;
pub mod kinds;
pub mod limits;
mod memories;
mod orbiter;
mod overview;
mod records;
mod refusal;
pub mod satellites;
mod store;
mod superblock;
mod tuning;
mod url_parts;
mod user_agent;
mod version;

pub use access_keys::{AccessKey, AccessKeyKind, AccessKeyRefusal, AccessKeyScope, SetAccessKey};
pub use bots::is_bot;
pub use budget::{Budget, QueryRefusal};
pub use calendar::CalendarDate;
pub use entry::{AnalyticKey, Entry, EntryRange, SetEntry};
pub use kinds::{Kind, KindName, PageView, PerformanceMetric, TrackEvent};
pub use limits::Limit;
pub use memories::{MEMORY_USES, Memories, MemoryUse};
pub use orbiter::{BatchTooLarge, MAX_BATCH_ENTRIES, OpenError, Orbiter};
pub use overview::{Overview, SatelliteOverview, SegmentSummary};
pub use records::RecordError;
pub use refusal::Refusal;
pub use satellites::{ConfigRefusal, Features, SatelliteConfig, SetSatelliteConfig};
pub use store::{
    CompactionError, LogError, ManifestError, Overlap, RowError, StoreError, Table, WriteError,
};
pub use superblock::{LAYOUT_VERSION, Superblock, SuperblockError};
pub use tuning::Tuning;
pub use version::{INITIAL_VERSION, VersionRefusal};
