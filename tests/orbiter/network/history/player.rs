//! A network and a model that live through the same.

use super::kinds::{Envelope, Scatter, Sent};
use crate::network::model::tables::{KEYS, SESSIONS};
use crate::network::model::{Model, answers};
use crate::network::{ADMIN, Network, wasm};
use crate::table::{OPEN, OTHER, UNKNOWN};
use candid::CandidType;
use engine::{
    EntryRange, KindName, PageView, PerformanceMetric, Refusal, TrackEvent, VersionRefusal,
};
use orbiter::convert;
use serde::de::DeserializeOwned;
use std::fmt::Debug;
use std::time::Duration;
use wire::{
    AnalyticKey, AnalyticsWebVitals, GetAnalytics, PageMetrics, SetManyResult, StorageOverview,
};

const SECOND: u64 = 1_000_000_000;
const MINUTE: u64 = 60 * SECOND;
const DAY: u64 = 24 * 60 * MINUTE;

/// The text of a refusal, as the public interface words it.
fn text(refusal: &Refusal) -> String {
    match refusal {
        Refusal::Version(VersionRefusal::NotProvided { .. }) => {
            "juno.error.no_version_provided".to_owned()
        }
        Refusal::Version(VersionRefusal::OutdatedOrFuture { current, given }) => {
            format!("juno.error.version_outdated_or_future ({current} - {given})")
        }
        Refusal::OtherSession { current, given } => {
            format!("Session IDs do not match ({current} - {given})")
        }
        Refusal::OtherSatellite { current, given } => {
            format!("Satellite IDs do not match ({current} - {given})")
        }
        Refusal::FeatureDisabled(kind) => {
            let kind = match kind {
                KindName::PageView => "page_views",
                KindName::TrackEvent => "track_events",
                KindName::PerformanceMetric => "performance_metrics",
            };
            format!("error_{kind}_feature_disabled")
        }
        other => panic!("nothing here is refused so: {other:?}"),
    }
}

/// A network and a model that live through the same.
pub struct Player {
    network: Network,
    model: Model,
    pub scatter: Scatter,
    sent: u64,
}

impl Player {
    pub fn new(seed: u64) -> Self {
        Self {
            network: Network::with_satellites(),
            model: Model {
                features: [OPEN, OTHER].map(|id| (id, [true; 3])).into(),
                ..Model::default()
            },
            scatter: Scatter(seed),
            sent: 0,
        }
    }

    fn now(&self) -> u64 {
        self.network.pic.get_time().as_nanos_since_unix_epoch()
    }

    /// New entries, most of them of visits that go on now; some late, some at the ends of time.
    fn batch<B: Sent>(&mut self) -> Vec<(AnalyticKey, B::Set)> {
        let (now, scatter) = (self.now(), &mut self.scatter);
        self.sent += 1;
        (0..100 + scatter.below(900))
            .map(|number| {
                let late = match scatter.below(200) {
                    0..3 => scatter.below(20 * DAY),
                    3..6 => scatter.below(90) * MINUTE,
                    _ => scatter.below(20_000) * SECOND / 1_000,
                };
                let collected_at = match scatter.below(2_000) {
                    0 => 0,
                    1 => u64::MAX,
                    2 => now + DAY,
                    _ => now - late,
                };
                let session_id = match scatter.below(50) {
                    // The last one is too long.
                    0 => SESSIONS[..9][scatter.below(9) as usize].to_owned(),
                    _ => format!("{:06}-{:014}", self.sent, scatter.below(250)),
                };
                let satellite_id = match scatter.below(100) {
                    0 => UNKNOWN,
                    chosen => [OPEN, OPEN, OTHER][chosen as usize % 3],
                };
                let envelope = Envelope {
                    satellite_id,
                    session_id,
                    version: None,
                };
                let key = match scatter.seldom(20, &KEYS) {
                    Some(key) => key.to_owned(),
                    None => format!("{:06}-{number:014}", self.sent),
                };
                (
                    AnalyticKey { collected_at, key },
                    B::make(scatter, envelope),
                )
            })
            .collect()
    }

    /// Some of the stored entries again: with the right version or not, of the right session and satellite or not.
    fn overwrites<B: Sent>(&mut self) -> Vec<(AnalyticKey, B::Set)> {
        let entries = B::all(&self.model);
        let scatter = &mut self.scatter;
        let step = entries.len() / 40 + 1;
        entries
            .iter()
            .step_by(step)
            .map(|((collected_at, key), entry)| {
                let envelope = Envelope {
                    satellite_id: scatter
                        .seldom(8, &[OPEN, OTHER])
                        .unwrap_or(entry.satellite_id),
                    session_id: match scatter.below(8) {
                        0 => "another".to_owned(),
                        _ => entry.session_id.clone(),
                    },
                    version: scatter
                        .seldom(8, &[None, Some(7)])
                        .unwrap_or(Some(entry.version)),
                };
                let (collected_at, key) = (*collected_at, key.clone());
                (
                    AnalyticKey { collected_at, key },
                    B::make(scatter, envelope),
                )
            })
            .collect()
    }

    fn send<B: Sent>(&mut self, batch: Vec<(AnalyticKey, B::Set)>) {
        let now = self.now();
        let refused: Vec<_> = batch
            .iter()
            .filter_map(|(key, set)| {
                let entry = B::set_entry(set.clone());
                let result = self.model.set::<B>(&convert::key(key.clone()), &entry, now);
                Some((key.clone(), text(&result.err()?)))
            })
            .collect();
        let expected = if refused.is_empty() {
            Ok(())
        } else {
            Err(refused)
        };
        let answer: SetManyResult = self
            .network
            .update(ADMIN, B::SET, (batch,))
            .expect("an answer");
        assert_eq!(answer, expected);
    }

    pub fn message<B: Sent>(&mut self) {
        let batch = match self.scatter.below(6) {
            0 => self.overwrites::<B>(),
            _ => self.batch::<B>(),
        };
        self.send::<B>(batch.clone());
        if self.scatter.below(12) == 0 {
            self.send::<B>(batch);
        }
    }

    /// Time passes, and the timers that are due by then do their work.
    pub fn wait(&mut self, duration: u64) {
        let pic = &self.network.pic;
        pic.advance_time(Duration::from_nanos(duration));
        for _ in 0..self.scatter.below(12) {
            pic.tick();
        }
    }

    pub fn upgrade(&self) {
        let (pic, orbiter) = (&self.network.pic, self.network.orbiter);
        pic.upgrade_canister(orbiter, wasm(), Vec::new(), Some(ADMIN))
            .expect("an upgrade");
    }

    fn ask<Answer: CandidType + DeserializeOwned>(
        &self,
        method: &str,
        range: &EntryRange,
    ) -> Answer {
        let of = GetAnalytics {
            satellite_id: range.satellite_id,
            from: range.from,
            to: range.to,
        };
        let answer = self.network.query(ADMIN, method, (of,));
        answer.unwrap_or_else(|reject| panic!("{method} of {range:?}: {reject}"))
    }

    fn check_reads<B: Sent>(&self, range: &EntryRange) {
        let mut answered: Vec<(AnalyticKey, B::Stored)> = self.ask(B::GET, range);
        let expected = self.model.range::<B>(range);
        let mut expected: Vec<_> = expected
            .into_iter()
            .map(|(key, entry)| (convert::wire_key(key), B::stored(entry)))
            .collect();
        // A message is executed a little after the network was asked for its time.
        for ((_, answered), (_, expected)) in answered.iter_mut().zip(&mut expected) {
            for (answered, expected) in B::stored_at(answered)
                .into_iter()
                .zip(B::stored_at(expected))
            {
                assert!(
                    answered.abs_diff(*expected) < SECOND,
                    "{answered} {expected}"
                );
                *answered = *expected;
            }
        }
        assert_eq!(answered, expected, "{range:?}");
    }

    /// One aggregate of a range.
    fn check_answer<Answer>(&self, method: &str, range: &EntryRange, expected: Answer)
    where
        Answer: CandidType + DeserializeOwned + PartialEq + Debug,
    {
        let answered: Answer = self.ask(method, range);
        assert_eq!(answered, expected, "{method} of {range:?}");
    }

    fn check_aggregates(&self, range: &EntryRange) {
        let views = self.model.range::<PageView>(range);
        self.check_answer(
            "get_page_views_analytics_metrics",
            range,
            convert::metrics(answers::metrics(&views)),
        );
        self.check_answer(
            "get_page_views_analytics_top_10",
            range,
            convert::top_10(answers::top_ten(&views)),
        );
        self.check_answer(
            "get_page_views_analytics_clients",
            range,
            convert::clients(answers::clients(&views)),
        );
        let events = self.model.range::<TrackEvent>(range);
        self.check_answer(
            "get_track_events_analytics",
            range,
            convert::event_totals(answers::events(&events)),
        );
        let metrics = self.model.range::<PerformanceMetric>(range);
        let expected = convert::web_vitals(answers::web_vitals(&metrics));
        let answered: AnalyticsWebVitals =
            self.ask("get_performance_metrics_analytics_web_vitals", range);
        assert!(
            agree(&answered, &expected),
            "{range:?}: {answered:?}, expected {expected:?}"
        );
    }

    /// Answers over all and over parts with bounds at entries or beside them, and what is stored around one.
    pub fn check(&mut self) {
        let instants = self.model.instants();
        let satellite_id = self
            .scatter
            .one(&[None, Some(OPEN), Some(OTHER), Some(UNKNOWN)]);
        let mut bound = || {
            let instant = instants.get(self.scatter.below(instants.len().max(1) as u64) as usize);
            let by = self.scatter.below(3);
            instant.map(|instant| instant.saturating_add(by).saturating_sub(1))
        };
        let ranges = [
            (None, None),
            (bound(), None),
            (None, bound()),
            (bound(), bound()),
        ];
        for (from, to) in ranges {
            self.check_aggregates(&EntryRange {
                satellite_id,
                from,
                to,
            });
        }
        let from = self.scatter.below(instants.len().max(1) as u64) as usize;
        let range = EntryRange {
            satellite_id,
            from: instants.get(from).copied(),
            to: instants.get(from + 300).copied(),
        };
        self.check_reads::<PageView>(&range);
        self.check_reads::<TrackEvent>(&range);
        self.check_reads::<PerformanceMetric>(&range);
        self.check_overview();
    }

    fn check_overview(&self) {
        let overview = self.overview();
        let Model {
            page_views,
            track_events,
            performance_metrics,
            ..
        } = &self.model;
        let entries = page_views.len() + track_events.len() + performance_metrics.len();
        assert_eq!(overview.entries as usize, entries);
        assert_eq!(overview.compaction_failure, None);
        let instants = self.model.instants();
        assert_eq!(overview.oldest, instants.first().copied());
        assert_eq!(overview.newest, instants.last().copied());
    }

    /// Whether most entries are in segments by now.
    pub fn is_mostly_compacted(&self) -> bool {
        let overview = self.overview();
        overview.segments > 0 && overview.fresh_entries < overview.entries / 2
    }

    fn overview(&self) -> StorageOverview {
        self.network
            .query(ADMIN, "get_storage_overview", ())
            .expect("an overview")
    }
}

fn agree(answered: &AnalyticsWebVitals, expected: &AnalyticsWebVitals) -> bool {
    let pages = answered.pages.iter().zip(&expected.pages);
    answered.pages.len() == expected.pages.len()
        && means_agree(&answered.overall, &expected.overall)
        && pages
            .into_iter()
            .all(|(a, b)| a.0 == b.0 && means_agree(&a.1, &b.1))
}

/// Whether means differ by rounding alone.
fn means_agree(answered: &PageMetrics, expected: &PageMetrics) -> bool {
    let means = |metrics: &PageMetrics| {
        [
            metrics.cls,
            metrics.fcp,
            metrics.inp,
            metrics.lcp,
            metrics.ttfb,
        ]
    };
    let mut pairs = means(answered).into_iter().zip(means(expected));
    pairs.all(|pair| match pair {
        (Some(a), Some(b)) => f64::abs(a - b) <= 1e-12 * f64::abs(b),
        (a, b) => a == b,
    })
}
