//! What a segment holds, in terms of `columnar`'s dictionaries and tables.
//!
//! ```text
//! one segment, as `columnar` writes it
//! ├─ dictionary d                  the texts of Domain d, where there are any
//! ├─ table SATELLITES              one row per satellite: its bytes (TEXT); where its sessions end (SESSIONS_END)
//! │                                and, per kind, its zones (ZONES_END + kind): one satellite's are a run
//! ├─ table SESSIONS                one row per session: its id (TEXT). Ordered by satellite, start, id
//! ├─ per kind k that has entries
//! │  ├─ table GROUPS + k           one row per session that has entries of the kind: its place in SESSIONS
//! │  ├─ table ROWS + k             the entries, grouped by session, within it ordered by instant and key:
//! │  │                             the kind's columns; the key (KEY) and, where there is one, the unique text
//! │  └─ table ZONES + k            one row per zone, some hundred entries of whole sessions of one satellite:
//! │                                where its entries and groups end, its earliest and latest instant
//! └─ cubes, drawn in `cube.rs`
//! ```
//!
//! A segment is followed by its marks, which do change (`segment.rs`).

use crate::kinds::KindName;

/// Tables.
pub(super) const SATELLITES: u16 = 1;
pub(super) const SESSIONS: u16 = 2;

/// Columns of [`SATELLITES`] and [`SESSIONS`].
pub(super) const TEXT: u16 = 0;
pub(super) const SESSIONS_END: u16 = 1;
const ZONES_END: u16 = 8;

/// Columns of zones.
pub(super) const ROWS_END: u16 = 0;
pub(super) const GROUPS_END: u16 = 1;
pub(super) const EARLIEST: u16 = 2;
pub(super) const LATEST: u16 = 3;

/// The column of groups.
pub(super) const SESSION: u16 = 0;

/// Columns of rows beside the kind's own, which have the ids below.
pub(super) const KEY: u16 = 1_000;
pub(super) const UNIQUE: u16 = 1_001;

/// A zone ends with the session that brings it to this many entries.
pub(super) const ZONE_ROWS: u32 = 256;

/// The column of satellites that says where the zones of a kind end.
pub(super) const fn zones_end(kind: KindName) -> u16 {
    ZONES_END + kind as u16
}

/// The table of a kind's groups.
pub(super) const fn groups(kind: KindName) -> u16 {
    32 + kind as u16
}

/// The table of a kind's entries.
pub(super) const fn rows(kind: KindName) -> u16 {
    64 + kind as u16
}

/// The table of a kind's zones.
pub(super) const fn zones(kind: KindName) -> u16 {
    96 + kind as u16
}
