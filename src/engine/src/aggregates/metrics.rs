//! Totals of page views.

use super::Aggregate;
use super::tally::{Numbering, Set};
use crate::budget::{Budget, QueryRefusal};
use crate::calendar::CalendarDate;
use crate::kinds::PageView;
use crate::store::{Row, RowError};

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

/// What is kept of the views read so far.
#[derive(Default)]
pub(crate) struct Metrics {
    /// Days since 1970 and their views. Views come in the order of collected_at, so a day ends for good.
    days: Vec<(u32, u32)>,
    total: u32,
    sessions: Numbering,
    /// By the number of the session.
    views_of_session: Vec<u32>,
    hrefs: Numbering,
    session_href_pairs: Set<(u32, u32)>,
}

impl Aggregate for Metrics {
    type Kind = PageView;
    type Answer = PageViewMetrics;

    fn add(&mut self, collected_at: u64, row: &Row<'_, PageView>) -> Result<(), RowError> {
        self.total += 1;
        let day = CalendarDate::days_since_1970(collected_at);
        match self.days.last_mut() {
            Some((last, views)) if *last == day => *views += 1,
            _ => self.days.push((day, 1)),
        }
        let session = self.sessions.of(row.session_id);
        match self.views_of_session.get_mut(session as usize) {
            Some(views) => *views += 1,
            None => self.views_of_session.push(1),
        }
        let href = self.hrefs.of(row.body.href);
        self.session_href_pairs.insert((session, href));
        Ok(())
    }

    fn finish(self, _: &mut Budget<'_>) -> Result<PageViewMetrics, QueryRefusal> {
        let sessions = self.sessions.len();
        let bounces = self
            .views_of_session
            .iter()
            .filter(|views| **views == 1)
            .count();
        let per_session = |number: f64| {
            if sessions == 0 {
                0.0
            } else {
                number / sessions as f64
            }
        };
        Ok(PageViewMetrics {
            daily_total_page_views: self
                .days
                .into_iter()
                .map(|(day, views)| (CalendarDate::from_days(day), views))
                .collect(),
            unique_sessions: sessions as u64,
            unique_page_views: self.session_href_pairs.len() as u64,
            total_page_views: self.total,
            average_page_views_per_session: per_session(self.total.into()),
            bounce_rate: per_session(bounces as f64),
        })
    }
}
