//! Visits: when pages are loaded, and by whom.
//!
//! Visits begin as a Poisson process. Each goes on with the same probability after every page (so their lengths are
//! geometric), after an exponential pause. At one view a second, with three views a visit and pauses of 200 seconds,
//! some 200 visits are under way at any time. A slower site has fewer visits at a time, not slower visitors.

use crate::catalogue;
use crate::random::{Random, Zipf};
use std::cmp::Ordering;
use std::collections::BinaryHeap;

/// The mean pause between two pages of a visit, in milliseconds.
const PAUSE: f64 = 200_000.0;

/// How much of the day's traffic each hour (UTC) has, in parts of the busiest hour's 100.
const HOURS: [u32; 24] = [
    30, 24, 20, 18, 20, 26, 36, 50, 66, 80, 90, 96, 98, 100, 98, 96, 94, 92, 90, 86, 78, 66, 52, 40,
];

/// What distinguishes the traffic of one workload from another's.
#[derive(Clone, Copy, Debug)]
pub struct Habits {
    /// The probability that a visit goes on after a page, in thirds.
    pub goes_on_thirds: u32,
    /// How many satellites there are; the first has the most visits (Zipf).
    pub satellites: u32,
    /// How many pages each site has.
    pub pages: u32,
    /// Whether visits follow the hours of the day.
    pub diurnal: bool,
}

/// What stays the same during a visit: ranks in the catalogue.
#[derive(Clone, Debug)]
pub struct Visitor {
    /// The id of the session.
    pub session_id: String,
    /// Which satellite, from 0.
    pub satellite: u32,
    /// Which user agent.
    pub user_agent: u32,
    /// Which time zone.
    pub zone: u32,
    /// Which screen.
    pub screen: u32,
    /// Which height of the window.
    pub height: u32,
    /// Which referrer, if any.
    pub referrer: Option<u32>,
    /// 64 random bits, for whatever else is to stay the same.
    pub whim: u64,
}

/// A page was loaded.
#[derive(Clone, Debug)]
pub struct Load {
    /// When, in milliseconds since 1970, UTC.
    pub at: u64,
    /// By whom.
    pub visitor: Visitor,
    /// The rank of the page.
    pub page: u32,
    /// How many pages of the visit came before it.
    pub step: u32,
}

/// The page that a visit under way loads next.
struct Next {
    at: f64,
    order: u64,
    step: u32,
    visitor: Visitor,
}

/// Every load, in order of time, without end.
pub struct Visits {
    habits: Habits,
    random: Random,
    under_way: BinaryHeap<Next>,
    /// When the next visit begins, in milliseconds since 1970.
    next_begins: f64,
    /// The mean time between the beginnings of two visits, in the busiest hour.
    between: f64,
    begun: u64,
    pages: Zipf,
    referrers: Zipf,
    user_agents: Zipf,
    zones: Zipf,
    satellites: Zipf,
}

impl Visits {
    /// Visits from `start` (milliseconds since 1970) on, with a load every `mean_gap` milliseconds on average.
    pub fn new(habits: Habits, start: u64, mean_gap: f64, random: Random) -> Self {
        let views = 3.0 / f64::from(3 - habits.goes_on_thirds);
        let busiest = if habits.diurnal {
            2_400.0 / f64::from(HOURS.iter().sum::<u32>())
        } else {
            1.0
        };
        let mut visits = Self {
            habits,
            random,
            under_way: BinaryHeap::new(),
            next_begins: start as f64,
            between: mean_gap * views / busiest,
            begun: 0,
            pages: Zipf::new(1.0, habits.pages),
            referrers: Zipf::new(1.0, catalogue::REFERRERS),
            user_agents: Zipf::new(1.0, catalogue::USER_AGENTS),
            zones: Zipf::new(1.2, catalogue::ZONES),
            satellites: Zipf::new(1.0, habits.satellites),
        };
        visits.draw_next_begin();
        visits
    }

    /// The next load.
    pub fn next_load(&mut self) -> Load {
        let first_under_way = self.under_way.peek().map(|next| next.at);
        let next = match first_under_way {
            Some(at) if at <= self.next_begins => self.under_way.pop(),
            _ => None,
        };
        let next = next.unwrap_or_else(|| self.begin());
        let load = Load {
            at: next.at as u64,
            visitor: next.visitor.clone(),
            page: self.pages.draw(&mut self.random),
            step: next.step,
        };
        if self.random.chance(self.habits.goes_on_thirds, 3) {
            self.under_way.push(Next {
                at: next.at + self.random.exponential(PAUSE),
                step: next.step + 1,
                ..next
            });
        }
        load
    }

    fn begin(&mut self) -> Next {
        let at = self.next_begins;
        self.draw_next_begin();
        self.begun += 1;
        Next {
            at,
            order: self.begun,
            step: 0,
            visitor: self.draw_visitor(),
        }
    }

    /// Thinning: in a quiet hour some of the busiest hour's visits don't take place.
    fn draw_next_begin(&mut self) {
        loop {
            self.next_begins += self.random.exponential(self.between);
            let hour = (self.next_begins / 3_600_000.0) as u64 % 24;
            if !self.habits.diurnal || self.random.chance(HOURS[hour as usize], 100) {
                return;
            }
        }
    }

    fn draw_visitor(&mut self) -> Visitor {
        let random = &mut self.random;
        Visitor {
            session_id: random.id(),
            satellite: self.satellites.draw(random),
            user_agent: self.user_agents.draw(random),
            zone: self.zones.draw(random),
            screen: random.below(catalogue::SCREENS.len() as u32),
            height: random.below(catalogue::HEIGHTS),
            referrer: (random.chance(1, 2)).then(|| self.referrers.draw(random)),
            whim: random.bits(),
        }
    }

    /// The randomness that is left, for what comes with a load.
    pub fn random(&mut self) -> &mut Random {
        &mut self.random
    }
}

impl PartialEq for Next {
    fn eq(&self, other: &Self) -> bool {
        self.cmp(other) == Ordering::Equal
    }
}

impl Eq for Next {}

impl PartialOrd for Next {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl Ord for Next {
    /// The earliest is the greatest: that is what a heap gives first.
    fn cmp(&self, other: &Self) -> Ordering {
        (other.at.total_cmp(&self.at)).then_with(|| other.order.cmp(&self.order))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::BTreeMap;

    const START: u64 = 1_735_689_600_000;

    fn loads(habits: Habits, mean_gap: f64, count: usize) -> Vec<Load> {
        let mut visits = Visits::new(habits, START, mean_gap, Random::default());
        (0..count).map(|_| visits.next_load()).collect()
    }

    const PLAIN: Habits = Habits {
        goes_on_thirds: 2,
        satellites: 1,
        pages: 1_000,
        diurnal: false,
    };

    #[test]
    fn loads_come_in_order_at_the_rate_asked_for() {
        for mean_gap in [1_000.0, 31_536.0, 864_000.0] {
            let loads = loads(PLAIN, mean_gap, 30_000);
            assert!(loads.is_sorted_by_key(|load| load.at));
            let gap = (loads[29_999].at - START) as f64 / 30_000.0;
            assert!((gap / mean_gap - 1.0).abs() < 0.03, "{gap}");
        }
    }

    #[test]
    fn a_visit_has_three_pages_on_average_or_one() {
        for (goes_on_thirds, mean) in [(2, 3.0), (0, 1.0)] {
            let habits = Habits {
                goes_on_thirds,
                ..PLAIN
            };
            let mut visits: BTreeMap<String, u32> = BTreeMap::new();
            for load in loads(habits, 1_000.0, 30_000) {
                let pages = visits.entry(load.visitor.session_id).or_default();
                assert_eq!(*pages, load.step);
                *pages += 1;
            }
            let average = 30_000.0 / visits.len() as f64;
            assert!((average / mean - 1.0).abs() < 0.02, "{average}");
        }
    }

    #[test]
    fn a_day_has_its_quiet_hours_and_the_same_total() {
        let habits = Habits {
            diurnal: true,
            ..PLAIN
        };
        let mut hours = [0; 24];
        for load in loads(habits, 1_000.0, 10 * 86_400) {
            hours[(load.at / 3_600_000 % 24) as usize] += 1;
        }
        assert!(hours[3] * 4 < hours[13], "{hours:?}");
    }
}
