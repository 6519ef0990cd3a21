//! How fast a page was: one web vital.
//!
//! The body of a row, after what every row begins with (`store/row.rs`):
//!
//! ```text
//! flags            : u16, little-endian; bit 0: there is a navigation type, the others 0
//! metric name      : number, 0 CLS, 1 FCP, 2 INP, 3 LCP, 4 TTFB
//! value            : 8 bytes, IEEE 754 binary64, little-endian
//! delta            : 8 bytes, likewise
//! navigation type  : number, 0 Navigate, 1 Restore, 2 Reload, 3 BackForward, 4 BackForwardCache,
//!                    5 Prerender           if bit 0
//! href             : text
//! id               : text
//! ```

use super::{Kind, KindName};
use crate::columns::{COMMON, Column, ColumnId, Domain, Fields, Fill, Shape};
use crate::limits::Limit;
use crate::refusal::Refusal;
use crate::store::{RowError, RowReader, RowWriter, owned};
use crate::url_parts::{host_or_text, path_or_text};

/// A measurement of a page's performance.
#[derive(Clone, Debug, PartialEq)]
pub struct PerformanceMetric<T = String> {
    /// The whole URL of the page.
    pub href: T,
    /// What was measured.
    pub metric_name: MetricName,
    /// The measurement.
    pub data: WebVital<T>,
}

/// A web vital, as the `web-vitals` library reports it.
#[derive(Clone, Debug, PartialEq)]
pub struct WebVital<T = String> {
    /// The value so far: milliseconds, for [`MetricName::Cls`] a score without unit.
    pub value: f64,
    /// What was added since the last report of the same id.
    pub delta: f64,
    /// Names the measurement within its page.
    pub id: T,
    /// How the page was reached.
    pub navigation_type: Option<NavigationType>,
}

/// What is measured. The numbers are stored: never reuse one.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[repr(u8)]
pub enum MetricName {
    /// Cumulative layout shift, a score without unit.
    Cls = 0,
    /// First contentful paint, milliseconds.
    Fcp = 1,
    /// Interaction to next paint, milliseconds.
    Inp = 2,
    /// Largest contentful paint, milliseconds.
    Lcp = 3,
    /// Time to first byte, milliseconds.
    Ttfb = 4,
}

/// How a page was reached. The numbers are stored: never reuse one.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[repr(u8)]
pub enum NavigationType {
    /// By a link or by its address.
    Navigate = 0,
    /// Restored after the browser had closed or discarded it.
    Restore = 1,
    /// Loaded again.
    Reload = 2,
    /// By the history.
    BackForward = 3,
    /// By the history, out of the back/forward cache.
    BackForwardCache = 4,
    /// Rendered before it was asked for.
    Prerender = 5,
}

impl MetricName {
    /// Every metric; each at the index that is its number.
    pub const ALL: [Self; 5] = [Self::Cls, Self::Fcp, Self::Inp, Self::Lcp, Self::Ttfb];
}

impl NavigationType {
    /// Every type; each at the index that is its number.
    pub const ALL: [Self; 6] = [
        Self::Navigate,
        Self::Restore,
        Self::Reload,
        Self::BackForward,
        Self::BackForwardCache,
        Self::Prerender,
    ];
}

/// The limits of a performance metric's texts, in the order in which they are checked. That of `id` is
/// ours: the baseline has none.
pub mod limits {
    use super::Limit;

    /// `href`
    pub const HREF: Limit = Limit::new("Performance metric href", 4096);
    /// `data.id`
    pub const ID: Limit = Limit::new("Performance metric id", 256);
}

/// The columns of a performance metric. The ids are stored: never reuse one. Its id is the unique text.
pub(crate) mod column {
    use super::ColumnId;

    pub const HREF: ColumnId = ColumnId(4);
    /// Of the href; the href itself if it has none.
    pub const HOST: ColumnId = ColumnId(5);
    /// Of the href; the href itself if it is no URL.
    pub const PATH: ColumnId = ColumnId(6);
    /// [`super::MetricName`]
    pub const METRIC: ColumnId = ColumnId(7);
    /// The bits of the value.
    pub const VALUE: ColumnId = ColumnId(8);
    /// The bits of the delta less those of the value, modulo 2^64: they are mostly the same.
    pub const DELTA: ColumnId = ColumnId(9);
    /// [`super::NavigationType`], plus one; 0 for none.
    pub const NAVIGATION: ColumnId = ColumnId(10);
}

#[rustfmt::skip]
const COLUMNS: &[Column] = &[
    COMMON[0], COMMON[1], COMMON[2], COMMON[3],
    Column::text(column::HREF, "href", Domain::Href, Shape::PerSession),
    Column::text(column::HOST, "host", Domain::Host, Shape::Follows(column::HREF)),
    Column::text(column::PATH, "path", Domain::Path, Shape::Follows(column::HREF)),
    Column::number(column::METRIC, "metric", Shape::Any),
    Column::float(column::VALUE, "value", Shape::Any),
    Column::number(column::DELTA, "delta_less_value", Shape::Any),
    Column::number(column::NAVIGATION, "navigation", Shape::PerSession),
];

const HAS_NAVIGATION_TYPE: u16 = 1;

impl Kind for PerformanceMetric {
    const NAME: KindName = KindName::PerformanceMetric;

    const COLUMNS: &'static [Column] = COLUMNS;

    fn fill(&self, columns: &mut dyn Fill) {
        let href = columns.text(column::HREF, &self.href);
        columns.derived(column::HOST, href, &|| host_or_text(&self.href));
        columns.derived(column::PATH, href, &|| path_or_text(&self.href));
        columns.number(column::METRIC, self.metric_name as u64);
        let (value, delta) = (self.data.value.to_bits(), self.data.delta.to_bits());
        columns.number(column::VALUE, value);
        columns.number(column::DELTA, delta.wrapping_sub(value));
        let navigation = self
            .data
            .navigation_type
            .map(|navigation| navigation as u16);
        columns.optional_number(column::NAVIGATION, navigation);
    }

    fn unique(&self) -> &str {
        &self.data.id
    }

    fn take(columns: &dyn Fields) -> Result<Self, RowError> {
        let value = columns.number(column::VALUE);
        let delta = columns.number(column::DELTA).wrapping_add(value);
        let navigation = columns.optional_u16(column::NAVIGATION)?;
        Ok(Self {
            href: columns.text(Domain::Href, column::HREF)?,
            metric_name: one_of(&MetricName::ALL, columns.u16(column::METRIC)?)?,
            data: WebVital {
                value: f64::from_bits(value),
                delta: f64::from_bits(delta),
                id: owned(columns.unique())?,
                navigation_type: navigation
                    .map(|number| one_of(&NavigationType::ALL, number))
                    .transpose()?,
            },
        })
    }

    type Row<'a> = PerformanceMetric<&'a [u8]>;

    fn check_limits(&self) -> Result<(), Refusal> {
        limits::HREF.check(&self.href)?;
        check_finite("Performance metric value", self.data.value)?;
        check_finite("Performance metric delta", self.data.delta)?;
        limits::ID.check(&self.data.id)
    }

    fn write(&self, row: &mut RowWriter) {
        let navigation_type = self.data.navigation_type;
        row.flags(if navigation_type.is_some() {
            HAS_NAVIGATION_TYPE
        } else {
            0
        });
        row.number(self.metric_name as u64);
        row.float(self.data.value);
        row.float(self.data.delta);
        row.optional_number(navigation_type.map(|navigation| navigation as u64));
        row.text(&self.href);
        row.text(&self.data.id);
    }

    fn read<'a>(row: &mut RowReader<'a>) -> Result<PerformanceMetric<&'a [u8]>, RowError> {
        let flags = row.flags(HAS_NAVIGATION_TYPE)?;
        let metric_name = row.one_of(&MetricName::ALL)?;
        let value = row.float()?;
        let delta = row.float()?;
        let navigation_type = row.when(flags & HAS_NAVIGATION_TYPE != 0, |row| {
            row.one_of(&NavigationType::ALL)
        })?;
        Ok(PerformanceMetric {
            href: row.text()?,
            metric_name,
            data: WebVital {
                value,
                delta,
                id: row.text()?,
                navigation_type,
            },
        })
    }

    fn to_owned(row: &PerformanceMetric<&[u8]>) -> Result<Self, RowError> {
        Ok(PerformanceMetric {
            href: owned(row.href)?,
            metric_name: row.metric_name,
            data: WebVital {
                value: row.data.value,
                delta: row.data.delta,
                id: owned(row.data.id)?,
                navigation_type: row.data.navigation_type,
            },
        })
    }
}

fn one_of<T: Copy>(all: &[T], number: u16) -> Result<T, RowError> {
    all.get(usize::from(number))
        .copied()
        .ok_or(RowError::NumberTooLarge)
}

fn check_finite(subject: &'static str, value: f64) -> Result<(), Refusal> {
    if value.is_finite() {
        Ok(())
    } else {
        Err(Refusal::NotFinite { subject, value })
    }
}
