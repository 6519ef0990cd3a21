//! What a question is about.

use super::RowError;
use super::accumulator::NoSuchText;
use super::cube::{BadCode, Wanted};
use super::manifest::KindInfo;
use super::segment::EntryError;
use crate::budget::QueryRefusal;
use crate::columns::{COLLECTED_AT, ColumnId, Domain, Sort};
use crate::entry::EntryRange;
use crate::kinds::KindName;
use columnar::Error;
use ic_principal::Principal;

/// Which entries a question is about: instants `from..=last`.
#[derive(Clone, Copy, Debug)]
pub(super) struct Question {
    pub kind: KindName,
    pub satellite_id: Option<Principal>,
    pub from: u64,
    pub last: u64,
}

impl Question {
    pub(super) fn new(kind: KindName, range: &EntryRange) -> Option<Self> {
        if range.is_empty() {
            return None;
        }
        Some(Self {
            kind,
            satellite_id: range.satellite_id,
            from: range.from.unwrap_or(0),
            last: range.to.map_or(u64::MAX, |to| to - 1),
        })
    }

    pub(super) fn contains(&self, instant: u64) -> bool {
        self.from <= instant && instant <= self.last
    }

    pub(super) fn overlaps(&self, info: &KindInfo) -> bool {
        info.rows > 0 && info.latest >= self.from && info.earliest <= self.last
    }

    pub(super) fn covers(&self, info: &KindInfo) -> bool {
        self.contains(info.earliest) && self.contains(info.latest)
    }
}

impl From<Error> for QueryRefusal {
    fn from(error: Error) -> Self {
        Self::Damaged { error }
    }
}

impl From<BadCode> for QueryRefusal {
    fn from(_: BadCode) -> Self {
        Self::damaged(RowError::NumberTooLarge)
    }
}

impl From<NoSuchText> for QueryRefusal {
    fn from(missing: NoSuchText) -> Self {
        Self::damaged(RowError::NoSuchText { code: missing.code })
    }
}

impl From<EntryError> for QueryRefusal {
    fn from(error: EntryError) -> Self {
        match error {
            EntryError::Segment(error) => error.into(),
            EntryError::Row(error) => Self::damaged(error),
            EntryError::Refused(refusal) => refusal,
        }
    }
}

/// The domains whose texts the wanted figures need.
pub(super) fn domains(kind: KindName, wanted: &Wanted) -> impl Iterator<Item = Domain> {
    let columns = wanted.counts.iter().filter_map(move |column| {
        match kind.columns().get(usize::from(column.0))?.sort {
            Sort::Text(domain) => Some(domain),
            Sort::Number | Sort::Float => None,
        }
    });
    columns.chain(wanted.sums.then_some(Domain::Path))
}

/// The columns that the wanted figures need.
pub(super) fn needed(kind: KindName, wanted: &Wanted, instants: bool) -> Vec<ColumnId> {
    let mut columns = wanted.counts.to_vec();
    if instants || wanted.slots {
        columns.push(COLLECTED_AT);
    }
    if wanted.sessions {
        columns.extend(kind.page_column());
    }
    if wanted.sums {
        columns.extend(kind.summed_columns().into_iter().flatten());
    }
    columns
}
