//! Totals of page views.

use super::{Aggregate, number};
use crate::budget::{Budget, QueryRefusal};
use crate::calendar::{CalendarDate, NANOS_PER_DAY};
use crate::kinds::KindName;
use crate::store::{Accumulator, SLOT, Wanted};
use std::collections::BTreeMap;

const SLOTS_PER_DAY: u64 = NANOS_PER_DAY / SLOT;

/// Totals of the page views of a range.
#[derive(Clone, Debug, PartialEq)]
pub struct PageViewMetrics {
    /// How many views each day (UTC, of collected_at) had, oldest first; days without one are left out.
    pub daily_total_page_views: Vec<(CalendarDate, u32)>,
    /// How many different session ids there are.
    pub unique_sessions: u64,
    /// How many different pairs of session id and href there are.
    pub unique_page_views: u64,
    /// How many views there are.
    pub total_page_views: u32,
    /// Views divided by sessions; 0 without any.
    pub average_page_views_per_session: f64,
    /// Sessions with exactly one view divided by sessions; 0 without any.
    pub bounce_rate: f64,
}

impl Aggregate for PageViewMetrics {
    const KIND: KindName = KindName::PageView;
    const WANTED: Wanted = Wanted {
        sessions: true,
        slots: true,
        ..Wanted::NOTHING
    };

    fn answer(total: &Accumulator, _: &mut Budget<'_>) -> Result<Self, QueryRefusal> {
        let mut days: BTreeMap<u64, i64> = BTreeMap::new();
        // Neighbouring slots are mostly of the same day: added up before the day is looked up.
        for slots in total
            .slots
            .chunk_by(|a, b| a.0 / SLOTS_PER_DAY == b.0 / SLOTS_PER_DAY)
        {
            let views: i64 = slots.iter().map(|(_, views)| views).sum();
            *days.entry(slots[0].0 / SLOTS_PER_DAY).or_default() += views;
        }
        days.retain(|_, views| *views > 0);
        let sessions = total.sessions();
        let per_session = |number: f64| {
            if sessions == 0 {
                0.0
            } else {
                number / sessions as f64
            }
        };
        let total_page_views = number(total.rows as u64);
        Ok(Self {
            daily_total_page_views: days
                .into_iter()
                // 2^64 ns are 213,503 days.
                .map(|(day, views)| (CalendarDate::from_days(day as u32), number(views as u64)))
                .collect(),
            unique_sessions: sessions,
            unique_page_views: total.pages(),
            total_page_views,
            average_page_views_per_session: per_session(total_page_views.into()),
            bounce_rate: per_session(total.bounces() as f64),
        })
    }
}
