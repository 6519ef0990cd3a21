//! An engine and a model of it that live through the same history.

use super::bodies::Body;
use super::burst::Shot;
use super::checks::{check_entries, check_overview, check_range, same};
use super::history::{Asked, Bound, DAY, Operation, Sent, When, Which};
use crate::model::tables::{KEYS, SESSIONS};
use crate::model::{Model, Told};
use crate::samples::{Bench, NOW, everything, key, satellite};
use engine::{
    AnalyticKey, EntryRange, Features, PageView, PerformanceMetric, SetEntry, SetSatelliteConfig,
    TrackEvent, Tuning,
};
use proptest::prelude::*;
use proptest::sample::Index;
use proptest::test_runner::TestCaseResult;

pub type Batch<B> = Vec<(AnalyticKey, SetEntry<B>)>;

/// What was sent, to be sent again.
#[derive(Clone)]
enum Message {
    Views(Batch<PageView>),
    Events(Batch<TrackEvent>),
    Metrics(Batch<PerformanceMetric>),
}

/// More slices than any history here takes: compaction that does more doesn't end.
const ENDLESS: usize = 10_000;

pub struct Machine {
    bench: Bench,
    model: Model,
    now: u64,
    sent: Vec<Message>,
}

impl Machine {
    /// With the satellites 1 to 3.
    pub fn new(tuning: Tuning) -> Self {
        Self {
            bench: Bench::tuned(3, tuning),
            model: Model {
                features: [1, 2, 3]
                    .map(|number| (satellite(number), [true; 3]))
                    .into(),
                ..Model::default()
            },
            now: NOW,
            sent: Vec::new(),
        }
    }

    pub fn perform(mut self, operation: &Operation) -> Result<Self, TestCaseError> {
        match operation {
            Operation::Views(sent) => self.message(Message::Views(self.batch(sent)))?,
            Operation::Events(sent) => self.message(Message::Events(self.batch(sent)))?,
            Operation::Metrics(sent) => self.message(Message::Metrics(self.batch(sent)))?,
            Operation::Burst(burst) => {
                let of = burst.satellite;
                let message = match burst.which {
                    Which::PageView => Message::Views(self.shots(of, burst.views())),
                    Which::TrackEvent => Message::Events(self.shots(of, burst.events())),
                    Which::PerformanceMetric => Message::Metrics(self.shots(of, burst.metrics())),
                };
                self.message(message)?;
            }
            Operation::Overwrite(overwrite) => {
                let message = match overwrite.which {
                    Which::PageView => overwrite.batch(&self.model).map(Message::Views),
                    Which::TrackEvent => overwrite.batch(&self.model).map(Message::Events),
                    Which::PerformanceMetric => overwrite.batch(&self.model).map(Message::Metrics),
                };
                message.map_or(Ok(()), |message| self.message(message))?;
            }
            Operation::Resend(which) => {
                if !self.sent.is_empty() {
                    self.play(which.get(&self.sent).clone())?;
                }
            }
            Operation::Wait(duration) => self.now += duration,
            Operation::Configure(number, features) => self.configure(*number, *features),
            Operation::DeleteConfig(number) => self.delete_config(*number),
            Operation::Compact => {
                self.compact()?;
            }
            Operation::CompactUntilIdle => self.compact_until_idle()?,
            Operation::Reopen => self.bench = self.bench.reopened(),
            Operation::Trap(operation) => {
                let (model, snapshot) = (self.model.clone(), self.bench.snapshot());
                self = self.perform(operation)?;
                self.model = model;
                self.bench = self.bench.rolled_back(snapshot);
            }
            Operation::Ask(ranges) => self.ask(ranges)?,
        }
        Ok(self)
    }

    /// Asks for everything, now and after whatever the time still changes.
    pub fn conclude(mut self, ranges: &[Asked]) -> TestCaseResult {
        self.ask_for_everything(ranges)?;
        self.now += DAY;
        self.compact_until_idle()?;
        self.ask_for_everything(ranges)?;
        self.bench = self.bench.reopened();
        self.ask_for_everything(ranges)?;
        prop_assert!(!self.bench.orbiter.compaction_is_due(self.now));
        Ok(())
    }

    fn ask_for_everything(&self, ranges: &[Asked]) -> TestCaseResult {
        for number in [None, Some(1), Some(2), Some(3), Some(4)] {
            let range = EntryRange {
                satellite_id: number.map(satellite),
                from: None,
                to: None,
            };
            check_range(&self.bench.orbiter, &self.model, &range)?;
        }
        self.ask(ranges)?;
        check_entries::<PageView>(&self.bench.orbiter, &self.model)?;
        check_entries::<TrackEvent>(&self.bench.orbiter, &self.model)?;
        check_entries::<PerformanceMetric>(&self.bench.orbiter, &self.model)
    }

    fn ask(&self, ranges: &[Asked]) -> TestCaseResult {
        let instants = self.model.instants();
        for asked in ranges {
            let range = EntryRange {
                satellite_id: asked.satellite.map(satellite),
                from: self.bound(&asked.from, &instants),
                to: self.bound(&asked.to, &instants),
            };
            check_range(&self.bench.orbiter, &self.model, &range)?;
        }
        check_overview(&self.bench.orbiter, &self.model, self.now)
    }

    fn bound(&self, bound: &Bound, instants: &[u64]) -> Option<u64> {
        let of_entry = |index: &Index| {
            if instants.is_empty() {
                self.now
            } else {
                *index.get(instants)
            }
        };
        match bound {
            Bound::None => None,
            Bound::At(instant) => Some(*instant),
            Bound::Entry(entry, by) => Some(of_entry(entry).saturating_add_signed((*by).into())),
            Bound::Day(entry) => Some(of_entry(entry) / DAY * DAY),
            Bound::Ago(duration) => Some(self.now - duration),
        }
    }

    fn instant(&self, when: &When) -> u64 {
        match when {
            When::Ago(duration) => self.now - duration,
            When::Ahead(duration) => self.now + duration,
            When::At(instant) => *instant,
            When::Midnight { before } => self.now / DAY * DAY - u64::from(*before),
            When::As(entry) => {
                let instants = self.model.instants();
                if instants.is_empty() {
                    self.now
                } else {
                    *entry.get(&instants)
                }
            }
        }
    }

    fn batch<B: Body>(&self, sent: &[Sent<B>]) -> Batch<B::Kind> {
        sent.iter()
            .map(|sent| {
                let entry = SetEntry {
                    satellite_id: satellite(sent.satellite),
                    session_id: SESSIONS[sent.session].to_owned(),
                    version: sent.version,
                    body: sent.body.body(),
                };
                (key(self.instant(&sent.when), KEYS[sent.key]), entry)
            })
            .collect()
    }

    fn shots<B: Body>(&self, number: u8, shots: Vec<Shot<B>>) -> Batch<B::Kind> {
        shots
            .into_iter()
            .map(|shot| {
                let entry = SetEntry {
                    satellite_id: satellite(number),
                    session_id: shot.session,
                    version: None,
                    body: shot.body.body(),
                };
                (key(self.instant(&shot.when), &shot.key), entry)
            })
            .collect()
    }

    fn message(&mut self, message: Message) -> TestCaseResult {
        self.sent.push(message.clone());
        self.play(message)
    }

    fn play(&mut self, message: Message) -> TestCaseResult {
        match message {
            Message::Views(batch) => self.send(batch),
            Message::Events(batch) => self.send(batch),
            Message::Metrics(batch) => self.send(batch),
        }
    }

    /// Sends one entry alone, several as a batch; both sides must say the same.
    fn send<B: Told>(&mut self, batch: Batch<B>) -> TestCaseResult {
        let now = self.now;
        let results: Vec<_> = batch
            .iter()
            .map(|(key, entry)| self.model.set(key, entry, now))
            .collect();
        let orbiter = &mut self.bench.orbiter;
        if let [(key, entry)] = batch.as_slice() {
            let answer = orbiter.set(key, entry.clone(), now);
            return same("an entry as stored", &answer, &results[0]);
        }
        let refused: Vec<_> = batch
            .iter()
            .zip(results)
            .filter_map(|((key, _), result)| Some((key.clone(), result.err()?)))
            .collect();
        let answer = orbiter.set_many(batch, now);
        same("the refusals of a batch", &answer, &Ok(refused))
    }

    fn configure(&mut self, number: u8, kinds: [bool; 3]) {
        let [page_views, track_events, performance_metrics] = kinds;
        let config = SetSatelliteConfig {
            features: Some(Features {
                page_views,
                track_events,
                performance_metrics,
            }),
            version: self.config_version(number),
            ..everything()
        };
        self.bench
            .orbiter
            .set_satellite_configs(vec![(satellite(number), config)], self.now)
            .expect("the current version");
        self.model.features.insert(satellite(number), kinds);
    }

    fn delete_config(&mut self, number: u8) {
        let version = self.config_version(number);
        self.bench
            .orbiter
            .delete_satellite_config(satellite(number), version)
            .expect("the current version");
        self.model.features.remove(&satellite(number));
    }

    fn config_version(&self, number: u8) -> Option<u64> {
        let config = self.bench.orbiter.satellite_config(&satellite(number));
        config.map(|config| config.version)
    }

    /// One slice, and whether it did anything.
    fn compact(&mut self) -> Result<bool, TestCaseError> {
        let compacted = self.bench.orbiter.compact(self.now);
        compacted.map_err(|error| TestCaseError::fail(error.to_string()))
    }

    fn compact_until_idle(&mut self) -> TestCaseResult {
        for _ in 0..ENDLESS {
            if !self.compact()? {
                return Ok(());
            }
        }
        Err(TestCaseError::fail("compaction doesn't end"))
    }
}
