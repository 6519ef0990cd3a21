//! The kinds of entry. A kind is data: one file says its fields, the limits of its texts, its bytes in the
//! log and its columns in segments, and by which columns cubes count it; validation, storage, compaction,
//! range reads and batches are written once over the trait [`Kind`] and the columns it lists.

pub mod page_view;
pub mod performance_metric;
pub mod track_event;

pub use page_view::{Campaign, Client, Device, PageView};
pub use performance_metric::{MetricName, NavigationType, PerformanceMetric, WebVital};
pub use track_event::TrackEvent;

use crate::columns::{Column, ColumnId, Fields, Fill};
use crate::refusal::Refusal;
use crate::store::{RowError, RowReader, RowWriter};
use std::fmt;

/// Which kind of entry. The numbers are stored in keys: never reuse one.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[repr(u8)]
pub enum KindName {
    /// [`PageView`]
    PageView = 1,
    /// [`TrackEvent`]
    TrackEvent = 2,
    /// [`PerformanceMetric`]
    PerformanceMetric = 3,
}

impl KindName {
    /// Every kind.
    pub const ALL: [Self; 3] = [Self::PageView, Self::TrackEvent, Self::PerformanceMetric];

    /// The kind with this number.
    pub(crate) fn from_number(number: u8) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| *kind as u8 == number)
    }

    /// Its place in [`KindName::ALL`].
    pub(crate) const fn index(self) -> usize {
        self as usize - 1
    }

    /// The columns of this kind.
    pub(crate) fn columns(self) -> &'static [Column] {
        match self {
            Self::PageView => PageView::COLUMNS,
            Self::TrackEvent => TrackEvent::COLUMNS,
            Self::PerformanceMetric => PerformanceMetric::COLUMNS,
        }
    }

    /// The column of which a session's different values are counted, where there is one.
    pub(crate) fn page_column(self) -> Option<ColumnId> {
        match self {
            Self::PageView => Some(page_view::column::HREF),
            Self::TrackEvent | Self::PerformanceMetric => None,
        }
    }

    /// Path, metric and value, where values are summed up by path and metric.
    pub(crate) fn summed_columns(self) -> Option<[ColumnId; 3]> {
        match self {
            Self::PerformanceMetric => Some([
                performance_metric::column::PATH,
                performance_metric::column::METRIC,
                performance_metric::column::VALUE,
            ]),
            Self::PageView | Self::TrackEvent => None,
        }
    }

    /// The columns by which cubes count the entries.
    pub(crate) fn counted_columns(self) -> &'static [ColumnId] {
        match self {
            Self::PageView => page_view::column::COUNTED,
            Self::TrackEvent => track_event::column::COUNTED,
            Self::PerformanceMetric => &[],
        }
    }

    /// The name of the feature that a satellite's config switches on for this kind, as public errors
    /// spell it.
    pub const fn feature_label(self) -> &'static str {
        match self {
            Self::PageView => "page_views",
            Self::TrackEvent => "track_events",
            Self::PerformanceMetric => "performance_metrics",
        }
    }
}

/// A kind of entry: the fields it adds to what every entry has, their limits and their bytes.
///
/// Each kind is one struct, generic over the text it holds: `String` where an entry comes or goes, bytes
/// borrowed from the row (`&[u8]`) where the log is read.
pub trait Kind: Clone + fmt::Debug + PartialEq + Sized + 'static {
    /// Which one it is.
    const NAME: KindName;

    /// The same fields, borrowed from a stored row and not yet checked to be UTF-8.
    type Row<'a>;

    /// Its columns, those that all kinds share first; each at the index that is its id.
    const COLUMNS: &'static [Column];

    /// Puts the fields into their columns.
    fn fill(&self, columns: &mut dyn Fill);

    /// A text that hardly ever repeats, kept outside of the dictionaries; empty where the kind has none.
    fn unique(&self) -> &str {
        ""
    }

    /// Takes the fields out of their columns.
    ///
    /// # Errors
    /// [`RowError`] where the columns hold what [`Kind::fill`] doesn't give.
    fn take(columns: &dyn Fields) -> Result<Self, RowError>;

    /// Checks every limit of this kind, in the order of its fields.
    ///
    /// # Errors
    /// The first limit that doesn't hold, with the value.
    fn check_limits(&self) -> Result<(), Refusal>;

    /// Appends the fields to a row.
    fn write(&self, row: &mut RowWriter);

    /// Reads what [`Kind::write`] wrote. Doesn't copy a byte.
    ///
    /// # Errors
    /// [`RowError`] where the bytes are none that [`Kind::write`] gives.
    fn read<'a>(row: &mut RowReader<'a>) -> Result<Self::Row<'a>, RowError>;

    /// Copies a row out.
    ///
    /// # Errors
    /// [`RowError::NotUtf8`] where a text isn't one.
    fn to_owned(row: &Self::Row<'_>) -> Result<Self, RowError>;
}
