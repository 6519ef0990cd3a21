//! What page views have most often.

use super::Aggregate;
use super::tally::{Tally, most_frequent};
use crate::budget::{Budget, QueryRefusal};
use crate::kinds::PageView;
use crate::store::{Row, RowError};
use crate::url_parts::{host_or_text, path_or_text};

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

/// What is kept of the views read so far. URLs are taken apart at the end, once for each different one.
#[derive(Default)]
pub(crate) struct Top {
    referrers: Tally,
    hrefs: Tally,
    time_zones: Tally,
    utm_sources: Tally,
    utm_campaigns: Tally,
}

impl Aggregate for Top {
    type Kind = PageView;
    type Answer = TopTen;

    fn add(&mut self, _: u64, row: &Row<'_, PageView>) -> Result<(), RowError> {
        let view = &row.body;
        if let Some(referrer) = view.referrer {
            self.referrers.add(referrer);
        }
        self.hrefs.add(view.href);
        self.time_zones.add(view.time_zone);
        if let Some(campaign) = &view.campaign {
            self.utm_sources.add(campaign.utm_source);
            if let Some(utm_campaign) = campaign.utm_campaign {
                self.utm_campaigns.add(utm_campaign);
            }
        }
        Ok(())
    }

    fn finish(self, budget: &mut Budget<'_>) -> Result<TopTen, QueryRefusal> {
        let top = |tally: Tally, name: fn(&str) -> String| {
            Ok(most_frequent(tally.by_name(budget, name)?, NUMBER))
        };
        let top_if_any = |tally: Tally| {
            (!tally.is_empty())
                .then(|| top(tally, str::to_owned))
                .transpose()
        };
        Ok(TopTen {
            referrers: top(self.referrers, host_or_text)?,
            pages: top(self.hrefs, path_or_text)?,
            time_zones: top(self.time_zones, str::to_owned)?,
            utm_sources: top_if_any(self.utm_sources)?,
            utm_campaigns: top_if_any(self.utm_campaigns)?,
        })
    }
}
