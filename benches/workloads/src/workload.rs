//! The workloads by name.

use crate::arrival::{Entries, Source};
use crate::hostile::{self, Hostile};
use crate::random::Random;
use crate::traffic::{Extras, Traffic, satellite};
use crate::visits::{Habits, Visits};
use ic_principal::Principal;

/// When every workload begins: 2025-01-01T00:00:00Z, in nanoseconds since 1970.
pub const START: u64 = 1_735_689_600_000_000_000;

/// A way in which entries come.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Workload {
    /// One site, a view a second, visits of three views.
    W1,
    /// The same with one view a visit: what a client makes that begins a session with every document.
    W1Single,
    /// Twenty satellites (Zipf) that follow the hours of the day; fields that not every client sends.
    W2,
    /// A site of a million pages.
    W3,
    /// A hundred views a day.
    W4,
    /// Each load brings five web vitals, each tenth an event.
    W5,
    /// What somebody sends who wants to do harm.
    W6,
}

/// How densely entries come.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Spread {
    /// At the workload's own rate.
    OwnRate,
    /// At the even rate that makes all of them take so many days.
    Days(u32),
}

impl Workload {
    /// All of them.
    pub const ALL: [Self; 7] = [
        Self::W1,
        Self::W1Single,
        Self::W2,
        Self::W3,
        Self::W4,
        Self::W5,
        Self::W6,
    ];

    /// Its name.
    pub const fn name(self) -> &'static str {
        match self {
            Self::W1 => "W1",
            Self::W1Single => "W1'",
            Self::W2 => "W2",
            Self::W3 => "W3",
            Self::W4 => "W4",
            Self::W5 => "W5",
            Self::W6 => "W6",
        }
    }

    /// The workload with this name.
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL
            .into_iter()
            .find(|workload| workload.name() == name)
    }

    /// The satellites whose entries it has.
    pub fn satellites(self) -> Vec<Principal> {
        let number = match self {
            Self::W6 => hostile::SATELLITES,
            _ => self.habits().satellites,
        };
        (0..number).map(satellite).collect()
    }

    /// Its first `count` entries, in the order of their arrival.
    pub fn entries(self, count: u64, spread: Spread) -> Entries {
        let between_entries = match spread {
            Spread::OwnRate => self.mean_gap() / self.entries_of_a_load(),
            Spread::Days(days) => f64::from(days) * 86_400_000.0 / count.max(1) as f64,
        };
        let between_loads = between_entries * self.entries_of_a_load();
        let start = START / 1_000_000;
        let random = Random::default();
        let source = if self == Self::W6 {
            Source::Hostile(Box::new(Hostile::new(start, between_loads, random)))
        } else {
            let visits = Visits::new(self.habits(), start, between_loads, random);
            Source::Traffic(Box::new(Traffic::new(visits, self.extras())))
        };
        Entries::new(source, count)
    }

    /// Between two loads, in milliseconds.
    fn mean_gap(self) -> f64 {
        match self {
            Self::W4 => 864_000.0,
            _ => 1_000.0,
        }
    }

    fn entries_of_a_load(self) -> f64 {
        match self {
            Self::W5 => 6.1,
            Self::W6 => hostile::ENTRIES_OF_AN_ATTACK,
            _ => 1.0,
        }
    }

    fn habits(self) -> Habits {
        Habits {
            goes_on_thirds: if self == Self::W1Single { 0 } else { 2 },
            satellites: if self == Self::W2 { 20 } else { 1 },
            pages: if self == Self::W3 {
                1_000_000
            } else {
                crate::catalogue::PAGES
            },
            diurnal: self == Self::W2,
        }
    }

    fn extras(self) -> Extras {
        Extras {
            vitals_and_events: self == Self::W5,
            mixed_fields: self == Self::W2,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::sent::AnyEntry;
    use engine::KindName;
    use std::collections::BTreeSet;

    #[test]
    fn each_workload_is_the_same_each_time_and_has_as_many_entries_as_asked_for() {
        for workload in Workload::ALL {
            let first: Vec<_> = workload.entries(3_000, Spread::OwnRate).collect();
            assert_eq!(first.len(), 3_000);
            assert!(workload.entries(3_000, Spread::OwnRate).eq(first));
        }
    }

    #[test]
    fn entries_arrive_in_order_and_within_two_seconds_of_their_collection() {
        for workload in Workload::ALL {
            let mut last = START;
            for sent in workload.entries(3_000, Spread::OwnRate) {
                assert!(last <= sent.now, "{}", workload.name());
                last = sent.now;
                let delay = sent.now.wrapping_sub(sent.key.collected_at);
                assert!(workload == Workload::W6 || delay < 2_000_000_000);
            }
        }
    }

    #[test]
    fn a_spread_ends_when_its_days_do() {
        for workload in Workload::ALL {
            let last = workload.entries(50_000, Spread::Days(365)).last();
            let days = (last.map_or(0, |sent| sent.now) - START) as f64 / 86_400e9;
            assert!((days - 365.0).abs() < 6.0, "{}: {days}", workload.name());
        }
    }

    #[test]
    fn every_entry_belongs_to_one_of_the_satellites() {
        for workload in Workload::ALL {
            let known: BTreeSet<_> = workload.satellites().into_iter().collect();
            let mut entries = workload.entries(5_000, Spread::OwnRate);
            let seen: BTreeSet<_> = entries
                .by_ref()
                .map(|sent| sent.entry.satellite_id())
                .collect();
            assert_eq!(seen, known, "{}", workload.name());
        }
    }

    #[test]
    fn a_load_of_w5_brings_five_vitals_and_each_tenth_an_event() {
        let mut kinds = [0_u32; 4];
        for sent in Workload::W5.entries(61_000, Spread::OwnRate) {
            kinds[sent.entry.kind() as usize] += 1;
        }
        let views = kinds[KindName::PageView as usize];
        assert!((9_900..10_100).contains(&views), "{kinds:?}");
        assert!((900..1_100).contains(&kinds[KindName::TrackEvent as usize]));
    }

    #[test]
    fn the_hostile_one_has_the_longest_addresses_and_every_sort_of_clock() {
        let (mut longest, mut past, mut future, mut again) = (0, 0, 0, 0);
        let mut keys = BTreeSet::new();
        for sent in Workload::W6.entries(5_000, Spread::OwnRate) {
            if let AnyEntry::PageView(entry) = &sent.entry {
                longest = longest.max(entry.body.href.len());
            }
            past += u32::from(sent.key.collected_at < 1_000);
            future += u32::from(sent.key.collected_at > 2 * START);
            again += u32::from(!keys.insert((sent.entry.kind(), sent.key)));
        }
        assert_eq!(longest, 4_096);
        assert!(
            past > 100 && future > 300 && again > 500,
            "{past} {future} {again}"
        );
    }
}
