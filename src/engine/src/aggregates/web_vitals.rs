//! Means of web vitals, overall and by page.

use super::Aggregate;
use super::tally::Map;
use crate::budget::{Budget, QueryRefusal};
use crate::kinds::{MetricName, PerformanceMetric};
use crate::store::{Row, RowError, utf8};
use crate::url_parts::path_or_text;
use std::collections::BTreeMap;

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

/// A mean in the making.
#[derive(Clone, Copy, Default)]
struct Sum {
    sum: f64,
    count: u32,
}

impl Sum {
    fn add(&mut self, value: f64) {
        self.sum += value;
        self.count += 1;
    }

    fn mean(self) -> Option<f64> {
        (self.count > 0).then(|| self.sum / f64::from(self.count))
    }
}

/// One sum for each metric, at the index that is its number.
type Sums = [Sum; MetricName::ALL.len()];

/// What is kept of the metrics read so far.
#[derive(Default)]
pub(crate) struct Vitals {
    overall: Sums,
    /// By the number of the page.
    pages: Vec<Sums>,
    /// The number of each page.
    paths: BTreeMap<String, usize>,
    /// The number of the page of each href: a URL is taken apart once.
    hrefs: Map<Box<[u8]>, usize>,
}

impl Vitals {
    fn page_of(&mut self, href: &[u8]) -> Result<usize, RowError> {
        if let Some(page) = self.hrefs.get(href) {
            return Ok(*page);
        }
        let path = path_or_text(utf8(href)?);
        let page = *self.paths.entry(path).or_insert(self.pages.len());
        if page == self.pages.len() {
            self.pages.push(Sums::default());
        }
        self.hrefs.insert(href.into(), page);
        Ok(page)
    }
}

impl Aggregate for Vitals {
    type Kind = PerformanceMetric;
    type Answer = WebVitals;

    fn add(&mut self, _: u64, row: &Row<'_, PerformanceMetric>) -> Result<(), RowError> {
        let metric = row.body.metric_name as usize;
        let value = row.body.data.value;
        let page = self.page_of(row.body.href)?;
        self.overall[metric].add(value);
        self.pages[page][metric].add(value);
        Ok(())
    }

    fn finish(self, budget: &mut Budget<'_>) -> Result<WebVitals, QueryRefusal> {
        let mut pages = Vec::with_capacity(self.paths.len());
        for (path, page) in self.paths {
            budget.charge_reply(path.len() + REPLY_OVERHEAD)?;
            pages.push((path, vitals(&self.pages[page])));
        }
        // The sort is stable: the other pages keep the order that the map gave them.
        pages.sort_by_key(|(path, _)| path != START_PAGE);
        Ok(WebVitals {
            overall: vitals(&self.overall),
            pages,
        })
    }
}

fn vitals(sums: &Sums) -> PageVitals {
    let mean = |metric: MetricName| sums[metric as usize].mean();
    PageVitals {
        cls: mean(MetricName::Cls),
        fcp: mean(MetricName::Fcp),
        inp: mean(MetricName::Inp),
        lcp: mean(MetricName::Lcp),
        ttfb: mean(MetricName::Ttfb),
    }
}
