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
use crate::limits::Limit;
use crate::refusal::Refusal;
use crate::store::{RowError, RowReader, RowWriter, owned};

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

const HAS_NAVIGATION_TYPE: u16 = 1;

impl Kind for PerformanceMetric {
    const NAME: KindName = KindName::PerformanceMetric;

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

fn check_finite(subject: &'static str, value: f64) -> Result<(), Refusal> {
    if value.is_finite() {
        Ok(())
    } else {
        Err(Refusal::NotFinite { subject, value })
    }
}
