//! Means of web vitals, overall and by page.

use super::Aggregate;
use super::tally::text;
use crate::budget::{Budget, QueryRefusal};
use crate::kinds::{KindName, MetricName};
use crate::store::{Accumulator, Sum, Wanted};

/// What a page may take in a reply beyond its path's bytes: the path's length and five optional floats.
const REPLY_OVERHEAD: usize = 50;

/// The path of a site's start page: the first in the answer.
const START_PAGE: &str = "/";

/// The web vitals of a range.
#[derive(Clone, Debug, PartialEq)]
pub struct WebVitals {
    /// Over all pages.
    pub overall: PageVitals,
    /// By the path of the page (the href itself if it is no URL): `/` first, then in the order of their bytes.
    pub pages: Vec<(String, PageVitals)>,
}

/// The mean of each web vital's values; none where there is no value.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct PageVitals {
    /// Cumulative layout shift, a score without unit.
    pub cls: Option<f64>,
    /// First contentful paint, milliseconds.
    pub fcp: Option<f64>,
    /// Interaction to next paint, milliseconds.
    pub inp: Option<f64>,
    /// Largest contentful paint, milliseconds.
    pub lcp: Option<f64>,
    /// Time to first byte, milliseconds.
    pub ttfb: Option<f64>,
}

impl Aggregate for WebVitals {
    const KIND: KindName = KindName::PerformanceMetric;
    const WANTED: Wanted = Wanted {
        sums: true,
        ..Wanted::NOTHING
    };

    fn answer(total: &Accumulator, budget: &mut Budget<'_>) -> Result<Self, QueryRefusal> {
        let mut overall = [(0, Sum::default()); MetricName::ALL.len()];
        let mut pages = Vec::new();
        for (path, sums) in total.sums() {
            for ((entries, sum), (entries_here, sum_here)) in overall.iter_mut().zip(sums) {
                *entries += entries_here;
                sum.merge(*sum_here);
            }
            if sums.iter().any(|(entries, _)| *entries > 0) {
                budget.charge_reply(path.len() + REPLY_OVERHEAD)?;
                pages.push((text(path)?, vitals(sums)));
            }
        }
        budget.check()?;
        pages.sort_unstable_by(|(a, _), (b, _)| (a != START_PAGE, a).cmp(&(b != START_PAGE, b)));
        Ok(Self {
            overall: vitals(&overall),
            pages,
        })
    }
}

fn vitals(sums: &[(i64, Sum)]) -> PageVitals {
    let mean = |metric: MetricName| {
        let (entries, sum) = sums.get(metric as usize)?;
        (*entries > 0).then(|| sum.value() / *entries as f64)
    };
    PageVitals {
        cls: mean(MetricName::Cls),
        fcp: mean(MetricName::Fcp),
        inp: mean(MetricName::Inp),
        lcp: mean(MetricName::Lcp),
        ttfb: mean(MetricName::Ttfb),
    }
}
