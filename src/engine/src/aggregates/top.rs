//! What page views have most often.

use super::Aggregate;
use super::tally::most_frequent;
use crate::budget::{Budget, QueryRefusal};
use crate::kinds::KindName;
use crate::kinds::page_view::column;
use crate::store::{Accumulator, Wanted};

/// How many of each the answer has.
const NUMBER: usize = 10;

/// What the page views of a range have most often: texts and how many views have them, most frequent first,
/// then by name; at most ten each.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TopTen {
    /// Hosts of the referrers; the referrer itself if it is no URL or has no host.
    pub referrers: Vec<(String, u32)>,
    /// Paths of the hrefs; the href itself if it is no URL.
    pub pages: Vec<(String, u32)>,
    /// Time zones.
    pub time_zones: Vec<(String, u32)>,
    /// Sources of campaigns; none if no view had a campaign.
    pub utm_sources: Option<Vec<(String, u32)>>,
    /// Names of campaigns; none if no view had one.
    pub utm_campaigns: Option<Vec<(String, u32)>>,
}

impl Aggregate for TopTen {
    const KIND: KindName = KindName::PageView;
    const WANTED: Wanted = Wanted {
        counts: &[
            column::REFERRER_HOST,
            column::PATH,
            column::TIME_ZONE,
            column::UTM_SOURCE,
            column::UTM_CAMPAIGN,
        ],
        ..Wanted::NOTHING
    };

    fn answer(total: &Accumulator, budget: &mut Budget<'_>) -> Result<Self, QueryRefusal> {
        let top = |column| most_frequent(total, column, NUMBER, budget);
        let top_if_any = |column| {
            let top = top(column)?;
            Ok::<_, QueryRefusal>((!top.is_empty()).then_some(top))
        };
        Ok(Self {
            referrers: top(column::REFERRER_HOST)?,
            pages: top(column::PATH)?,
            time_zones: top(column::TIME_ZONE)?,
            utm_sources: top_if_any(column::UTM_SOURCE)?,
            utm_campaigns: top_if_any(column::UTM_CAMPAIGN)?,
        })
    }
}
