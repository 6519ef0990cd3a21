//! An orbiter under load, and a model that counts along.

use crate::model::{Model, Told};
use crate::pipeline::checks::{check_aggregates, check_range};
use crate::samples::{ALL, Bench, NOW, enough, everything};
use engine::{
    AnalyticKey, CompactionError, EntryRange, Orbiter, Overview, Refusal, SetEntry, Tuning,
};
use ic_principal::Principal;
use ic_stable_structures::VectorMemory;
use proptest::test_runner::TestCaseResult;

/// A canister id, different for each of 65,536 numbers.
pub fn satellite(number: u16) -> Principal {
    let [high, low] = number.to_be_bytes();
    Principal::from_slice(&[0, 0, 0, 0, 2, 0x10, high, low, 1, 1])
}

/// The most slices that compaction may take for what one message brought.
const MOST_SLICES: usize = 1_000;

pub struct Site {
    bench: Bench,
    model: Model,
    pub now: u64,
}

impl Site {
    /// With satellites 0 to `satellites` − 1.
    pub fn new(satellites: u16, tuning: Tuning) -> Self {
        let mut bench = Bench::tuned(0, tuning);
        let all = (0..satellites).map(satellite);
        let configs = all.clone().map(|id| (id, everything())).collect();
        bench.orbiter.set_satellite_configs(configs, NOW).unwrap();
        Self {
            bench,
            model: Model {
                features: all.map(|id| (id, [true; 3])).collect(),
                ..Model::default()
            },
            now: NOW,
        }
    }

    /// Sends entries in batches, each of which is followed by all compaction that is due.
    pub fn send<B: Told>(&mut self, entries: Vec<(AnalyticKey, SetEntry<B>)>) {
        for batch in entries.chunks(1_000) {
            for (key, entry) in batch {
                self.model.set(key, entry, self.now).unwrap();
            }
            let refused = self.bench.orbiter.set_many(batch.to_vec(), self.now);
            assert_eq!(refused, Ok(Vec::new()));
            self.compact();
        }
    }

    /// Sends a batch, says which entries found no room, and compacts what still can be.
    pub fn send_while_there_is_room<B: Told>(
        &mut self,
        batch: &[(AnalyticKey, SetEntry<B>)],
    ) -> Vec<AnalyticKey> {
        let orbiter = &mut self.bench.orbiter;
        let refused = orbiter.set_many(batch.to_vec(), self.now).unwrap();
        let refused: Vec<_> = refused
            .into_iter()
            .map(|(key, refusal)| {
                assert_eq!(refusal, Refusal::StorageFull);
                key
            })
            .collect();
        for (key, entry) in batch {
            if !refused.contains(key) {
                self.model.set(key, entry, self.now).unwrap();
            }
        }
        for _ in 0..MOST_SLICES {
            match self.bench.orbiter.compact(self.now) {
                Ok(true) => {}
                Ok(false) | Err(CompactionError::Full { .. }) => return refused,
                Err(error) => panic!("{error}"),
            }
        }
        panic!("compaction doesn't end");
    }

    /// Sends entries of which none is accepted.
    pub fn send_in_vain<B: Told>(&mut self, entries: &[(AnalyticKey, SetEntry<B>)]) {
        for batch in entries.chunks(1_000) {
            let refused = self.bench.orbiter.set_many(batch.to_vec(), self.now);
            assert_eq!(refused.unwrap().len(), batch.len());
            self.compact();
        }
    }

    pub fn compact(&mut self) {
        for _ in 0..MOST_SLICES {
            if !self.bench.orbiter.compact(self.now).unwrap() {
                return;
            }
        }
        panic!("compaction doesn't end");
    }

    pub fn reopen(mut self) -> Self {
        self.bench = self.bench.reopened();
        self
    }

    pub fn orbiter(&self) -> &Orbiter<VectorMemory> {
        &self.bench.orbiter
    }

    pub fn overview(&self) -> Overview {
        self.bench
            .orbiter
            .overview(self.now, &mut enough())
            .unwrap()
    }

    /// An entry takes at most so many bytes, on average and with all that belongs to it.
    pub fn assert_entry_takes(&self, at_most: u64) {
        let overview = self.overview();
        let bytes = overview.live_bytes / overview.entries;
        assert!(bytes <= at_most, "{bytes} bytes of {overview:?}");
    }

    /// Every aggregate over all, over parts with bounds at entries and beside them, and all of these of the
    /// satellites 0 and `last`; and what is stored around a few instants.
    pub fn check(&self, last: u16) {
        let instants = self.model.instants();
        let at = |percent: usize| instants[(instants.len() - 1) * percent / 100];
        let ranges = [
            (None, None),
            (Some(at(50)), None),
            (None, Some(at(50))),
            (Some(at(10) + 1), Some(at(90))),
            (Some(at(33)), Some(at(34))),
        ];
        for satellite_id in [None, Some(satellite(0)), Some(satellite(last))] {
            for (from, to) in ranges {
                let range = EntryRange {
                    satellite_id,
                    from,
                    to,
                };
                told(check_aggregates(&self.bench.orbiter, &self.model, &range));
            }
        }
        self.check_reads();
    }

    /// Every aggregate over all of `parts` parts, for answers that would be too large over all of them; and what
    /// is stored around a few instants.
    pub fn check_in_parts(&self, parts: usize) {
        let instants = self.model.instants();
        let bounds: Vec<_> = instants
            .chunks(instants.len().div_ceil(parts))
            .map(|part| part[0])
            .collect();
        for (part, from) in bounds.iter().enumerate() {
            let range = EntryRange {
                from: Some(*from),
                to: bounds.get(part + 1).copied(),
                ..ALL
            };
            told(check_aggregates(&self.bench.orbiter, &self.model, &range));
        }
        self.check_reads();
    }

    fn check_reads(&self) {
        let instants = self.model.instants();
        let at = |percent: usize| instants[(instants.len() - 1) * percent / 100];
        for percent in [0, 25, 50, 75, 100] {
            let from = at(percent);
            let next = instants.iter().filter(|instant| **instant > from).nth(50);
            let range = EntryRange {
                from: Some(from),
                to: next.copied(),
                ..ALL
            };
            told(check_range(&self.bench.orbiter, &self.model, &range));
        }
    }
}

fn told(result: TestCaseResult) {
    if let Err(error) = result {
        panic!("{error}");
    }
}
