//! Entries of somebody who wants to do harm: texts that never repeat, clocks that are wrong by centuries, keys that
//! exist already, batches sent again.

use crate::random::Random;
use crate::sent::{AnyEntry, Sent};
use crate::traffic::satellite;
use engine::kinds::{Device, MetricName, WebVital};
use engine::{AnalyticKey, PageView, PerformanceMetric, SetEntry, TrackEvent};

/// How many satellites are attacked.
pub(crate) const SATELLITES: u32 = 3;
/// How many of the last entries can come again.
const REMEMBERED: usize = 256;
/// The length of a resent batch.
const RESENT: usize = 50;
/// How many entries come at a time on average: 2 in 1,000 times a batch.
pub(crate) const ENTRIES_OF_AN_ATTACK: f64 = 1.0 + 0.002 * (RESENT as f64 - 1.0);
/// The longest address that is stored, in bytes.
const LONGEST_HREF: usize = 4_096;
/// The last instant of the year 2500, in nanoseconds since 1970.
const YEAR_2500: u64 = 16_756_675_199_999_999_999;

/// Hostile entries, without end.
pub(crate) struct Hostile {
    random: Random,
    /// In nanoseconds since 1970.
    now: f64,
    /// Between two arrivals, in nanoseconds.
    mean_gap: f64,
    /// The last entries that were new: a ring.
    remembered: Vec<Sent>,
    oldest: usize,
    /// Sessions that go on and on.
    sessions: Vec<String>,
}

impl Hostile {
    /// From `start` (milliseconds since 1970) on, an entry or a batch every `mean_gap` milliseconds on average.
    pub(crate) fn new(start: u64, mean_gap: f64, mut random: Random) -> Self {
        let sessions = (0..4).map(|_| random.id()).collect();
        Self {
            random,
            now: start as f64 * 1e6,
            mean_gap: mean_gap * 1e6,
            remembered: Vec::new(),
            oldest: 0,
            sessions,
        }
    }

    /// Makes the next entries; nothing of the others arrives before the instant given.
    pub(crate) fn make(&mut self, made: &mut Vec<Sent>) -> u64 {
        self.now += self.random.exponential(self.mean_gap);
        let now = self.now as u64;
        let choice = self.random.below(1_000);
        if choice < 2 && self.remembered.len() == REMEMBERED {
            let again = self.remembered.iter().rev().take(RESENT).rev().cloned();
            made.extend(again.map(|sent| Sent { now, ..sent }));
        } else if choice < 80 && !self.remembered.is_empty() {
            made.push(self.changed(now));
        } else {
            let sent = self.new_entry(now);
            self.remember(sent.clone());
            made.push(sent);
        }
        now + 1
    }

    /// An entry whose key exists, with the right version or a wrong one, of the same session or another.
    fn changed(&mut self, now: u64) -> Sent {
        let chosen = self.random.below(self.remembered.len() as u32) as usize;
        let mut sent = self.remembered[chosen].clone();
        sent.now = now;
        *sent.entry.version_mut() = [None, Some(1), Some(1), Some(1), Some(2), Some(u64::MAX)]
            [self.random.below(6) as usize];
        if self.random.chance(1, 4) {
            *sent.entry.session_id_mut() = self.random.id();
        }
        if self.random.chance(1, 8) {
            let other = satellite(self.random.below(SATELLITES));
            match &mut sent.entry {
                AnyEntry::PageView(entry) => entry.satellite_id = other,
                AnyEntry::TrackEvent(entry) => entry.satellite_id = other,
                AnyEntry::PerformanceMetric(entry) => entry.satellite_id = other,
            }
        }
        match &mut sent.entry {
            AnyEntry::PageView(entry) => entry.body.title = self.random.text(12),
            AnyEntry::TrackEvent(entry) => entry.body.name = self.random.text(12),
            AnyEntry::PerformanceMetric(entry) => entry.body.data.value += 1.0,
        }
        sent
    }

    fn remember(&mut self, sent: Sent) {
        if self.remembered.len() < REMEMBERED {
            self.remembered.push(sent);
        } else {
            self.remembered[self.oldest] = sent;
            self.oldest = (self.oldest + 1) % REMEMBERED;
        }
    }

    fn new_entry(&mut self, now: u64) -> Sent {
        let collected_at = self.instant(now);
        let entry = match self.random.below(10) {
            0..7 => AnyEntry::PageView(self.of_a_session(Self::page_view)),
            7 => AnyEntry::TrackEvent(self.of_a_session(Self::event)),
            _ => AnyEntry::PerformanceMetric(self.of_a_session(Self::metric)),
        };
        let length = self.random.below(37) as usize;
        let key = AnalyticKey {
            collected_at,
            key: self.random.text(length),
        };
        Sent { now, key, entry }
    }

    /// Mostly just now; else in 1970, in the future, or any nanosecond at all.
    fn instant(&mut self, now: u64) -> u64 {
        match self.random.below(20) {
            0 => u64::from(self.random.below(1_000)),
            1 => self.random.bits() % 31_536_000_000_000_000,
            2 => YEAR_2500 - u64::from(self.random.below(1_000_000)),
            3 => now + u64::from(self.random.below(u32::MAX)) * 1_000_000,
            4 => self.random.bits(),
            5 => now - u64::from(self.random.below(u32::MAX)) * 1_000_000,
            6..9 => now - u64::from(self.random.below(1_000_000_000)),
            _ => now / 1_000_000 * 1_000_000,
        }
    }

    fn of_a_session<B>(&mut self, body: impl FnOnce(&mut Self) -> B) -> SetEntry<B> {
        let length = self.random.below(37) as usize;
        let session_id = match self.random.below(3) {
            0 => self.random.text(length),
            1 => self.random.id(),
            _ => self.sessions[self.random.below(4) as usize].clone(),
        };
        SetEntry {
            satellite_id: satellite(self.random.below(SATELLITES)),
            session_id,
            version: None,
            body: body(self),
        }
    }

    /// Up to 64 random characters.
    fn text(&mut self) -> String {
        let length = self.random.below(65) as usize;
        self.random.text(length)
    }

    /// A URL that nobody has seen before, one of the longest, or none at all.
    fn href(&mut self) -> String {
        let mut href = format!("https://www.example.com/{}", self.text());
        match self.random.below(32) {
            0 => {
                href += "/";
                href += &self.random.text(LONGEST_HREF - href.len());
            }
            1 => href = self.text(),
            2 => href = "https://www.example.com/".to_owned(),
            3..8 => href = format!("{href}?q={}#{}", self.text(), self.text()),
            _ => {}
        }
        href
    }

    fn page_view(&mut self) -> PageView {
        PageView {
            title: self.text(),
            href: self.href(),
            referrer: self.random.chance(1, 2).then(|| {
                format!(
                    "https://{}.example.org/{}",
                    self.random.below(5_000),
                    self.random.id()
                )
            }),
            device: Device {
                inner_width: self.random.bits() as u16,
                inner_height: self.random.bits() as u16,
                screen_width: self
                    .random
                    .chance(1, 2)
                    .then(|| self.random.below(3_000) as u16),
                screen_height: self.random.chance(1, 2).then(|| self.random.bits() as u16),
            },
            time_zone: self.text(),
            user_agent: self.random.chance(1, 2).then(|| self.text()),
            client: None,
            campaign: None,
        }
    }

    fn event(&mut self) -> TrackEvent {
        let pairs = self.random.below(11);
        TrackEvent {
            name: self.text(),
            metadata: self.random.chance(1, 2).then(|| {
                (0..pairs)
                    .map(|pair| (format!("{pair}{}", self.text()), self.text()))
                    .collect()
            }),
        }
    }

    fn metric(&mut self) -> PerformanceMetric {
        let value = f64::from(self.random.bits() as u32) / 7.0;
        PerformanceMetric {
            href: self.href(),
            metric_name: self.random.one_of(&MetricName::ALL),
            data: WebVital {
                value,
                delta: -value,
                id: self.text(),
                navigation_type: None,
            },
        }
    }
}
