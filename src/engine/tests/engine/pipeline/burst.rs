//! Many entries at once, made from a number: as many as fill segments, in one line of a failing history.

use super::bodies::{Event, Metric, View};
use super::history::{MILLISECOND, MINUTE, SECOND, When, Which};
use crate::model::tables::{
    CAMPAIGNS, CLIENTS, HREFS, NAMES, REFERRERS, TIME_ZONES, TITLES, USER_AGENTS, VITAL_IDS, WIDTHS,
};
use crate::samples::scattered;
use proptest::prelude::*;

/// Visits that follow each other on one satellite.
#[derive(Clone, Debug)]
pub struct Burst {
    pub which: Which,
    pub satellite: u8,
    pub seed: u16,
    pub entries: u32,
    /// How many entries each visit has.
    pub of_a_visit: u32,
    /// From one entry to the next, in nanoseconds.
    pub apart: u64,
}

pub fn bursts(entries: u32) -> impl Strategy<Value = Burst> {
    let which = prop::sample::select(
        &[
            Which::PageView,
            Which::PageView,
            Which::TrackEvent,
            Which::PerformanceMetric,
        ][..],
    );
    let apart = prop::sample::select(&[0, 1, 250 * MILLISECOND, 20 * SECOND, 31 * MINUTE][..]);
    let of_a_visit = prop_oneof![4 => 1..6_u32, 1 => Just(entries)];
    (
        which,
        1..=3_u8,
        any::<u16>(),
        1..=entries,
        of_a_visit,
        apart,
    )
        .prop_map(
            |(which, satellite, seed, entries, of_a_visit, apart)| Burst {
                which,
                satellite,
                seed,
                entries,
                of_a_visit,
                apart,
            },
        )
}

/// Numbers that look random, one after the other.
struct Scatter(u64);

impl Scatter {
    fn below(&mut self, end: usize) -> usize {
        self.0 = scattered(self.0);
        (self.0 % end as u64) as usize
    }

    /// One time in `times`.
    fn seldom(&mut self, times: usize, end: usize) -> Option<usize> {
        (self.below(times) == 0).then(|| self.below(end))
    }
}

fn view(scatter: &mut Scatter, visit: u32) -> View {
    // What a visit has in common, unless a view differs now and then.
    let mut own = Scatter(visit.into());
    let mut of_visit = |scatter: &mut Scatter, end: usize| {
        let common = own.below(end);
        scatter.seldom(12, end).unwrap_or(common)
    };
    View {
        time_zone: of_visit(scatter, TIME_ZONES.len()),
        user_agent: Some(of_visit(scatter, USER_AGENTS.len())),
        client: visit
            .is_multiple_of(2)
            .then(|| of_visit(scatter, CLIENTS.len())),
        screen: visit
            .is_multiple_of(3)
            .then(|| of_visit(scatter, WIDTHS.len())),
        campaign: visit
            .is_multiple_of(7)
            .then(|| of_visit(scatter, CAMPAIGNS.len())),
        href: scatter.below(HREFS.len()),
        title: scatter.below(TITLES.len()),
        referrer: scatter.seldom(2, REFERRERS.len()),
    }
}

fn event(scatter: &mut Scatter, _: u32) -> Event {
    let pair = |row: usize| (NAMES[row].to_owned(), row.to_string());
    Event {
        name: scatter.below(NAMES.len()),
        metadata: scatter.seldom(3, NAMES.len()).map(|row| vec![pair(row)]),
    }
}

fn metric(scatter: &mut Scatter, _: u32) -> Metric {
    Metric {
        href: scatter.below(HREFS.len()),
        metric: scatter.below(5),
        value: scatter.below(50_000) as f64 / 10.0,
        delta: scatter.seldom(10, 1_000).map(|delta| delta as f64),
        id: scatter.below(VITAL_IDS.len()),
        navigation: scatter.seldom(2, 6),
    }
}

/// An entry of a burst.
pub struct Shot<B> {
    pub key: String,
    pub session: String,
    pub when: When,
    pub body: B,
}

impl Burst {
    fn shots<B>(&self, body: impl Fn(&mut Scatter, u32) -> B) -> Vec<Shot<B>> {
        let mut scatter = Scatter(self.seed.into());
        (0..self.entries)
            .map(|number| {
                let visit = number / self.of_a_visit;
                // Some visits of some bursts are known to others, of other satellites too.
                let session = if self.seed % 4 == 3 && visit % 5 == 4 {
                    format!("known-{:015}", visit % 4)
                } else {
                    format!("{:05}-{visit:015}", self.seed)
                };
                Shot {
                    key: format!("{:05}-{number:015}", self.seed),
                    session,
                    when: When::Ago(u64::from(self.entries - number) * self.apart),
                    body: body(&mut scatter, visit),
                }
            })
            .collect()
    }

    pub fn views(&self) -> Vec<Shot<View>> {
        self.shots(view)
    }

    pub fn events(&self) -> Vec<Shot<Event>> {
        self.shots(event)
    }

    pub fn metrics(&self) -> Vec<Shot<Metric>> {
        self.shots(metric)
    }
}
