//! Entries of ordinary visitors.

use crate::catalogue;
use crate::random::Random;
use crate::sent::{AnyEntry, Sent};
use crate::visits::{Load, Visitor, Visits};
use engine::kinds::{Campaign, MetricName, NavigationType, WebVital};
use engine::{AnalyticKey, PageView, PerformanceMetric, SetEntry, TrackEvent};
use ic_principal::Principal;

/// The most nanoseconds between an entry's collection and its arrival.
const DELAY: u32 = 2_000_000_000;

/// The canister id of the satellite with this number, from 0.
pub fn satellite(number: u32) -> Principal {
    let [.., high, low] = (number + 1).to_be_bytes();
    Principal::from_slice(&[0, 0, 0, 0, 1, 0x30, high, low, 1, 1])
}

/// What comes with a page load, and how much of it is said.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Extras {
    /// Each load brings five web vitals, each tenth an event.
    pub vitals_and_events: bool,
    /// Some visitors come from campaigns, and some browsers leave out what they may.
    pub mixed_fields: bool,
}

/// Entries of ordinary visitors, without end.
pub(crate) struct Traffic {
    visits: Visits,
    next: Load,
    extras: Extras,
}

impl Traffic {
    pub(crate) fn new(mut visits: Visits, extras: Extras) -> Self {
        let next = visits.next_load();
        Self {
            visits,
            next,
            extras,
        }
    }

    /// Makes the entries of the next load; nothing of later loads arrives before the instant given.
    pub(crate) fn make(&mut self, made: &mut Vec<Sent>) -> u64 {
        let next = self.visits.next_load();
        let load = std::mem::replace(&mut self.next, next);
        let random = self.visits.random();
        let view = page_view(&load, self.extras.mixed_fields);
        if self.extras.vitals_and_events {
            for metric in MetricName::ALL {
                let (after, body) = vital(metric, &load, &view.href, random);
                let entry = AnyEntry::PerformanceMetric(entry_of(&load.visitor, body));
                made.push(sent(load.at + after, entry, random));
            }
            if random.chance(1, 10) {
                let after = u64::from(random.below(60_000));
                let entry = AnyEntry::TrackEvent(entry_of(&load.visitor, event(random)));
                made.push(sent(load.at + after, entry, random));
            }
        }
        let entry = AnyEntry::PageView(entry_of(&load.visitor, view));
        made.push(sent(load.at, entry, random));
        self.next.at * 1_000_000
    }
}

/// An entry collected at a whole millisecond.
fn sent(milliseconds: u64, entry: AnyEntry, random: &mut Random) -> Sent {
    let collected_at = milliseconds * 1_000_000;
    Sent {
        now: collected_at + u64::from(random.below(DELAY)),
        key: AnalyticKey {
            collected_at,
            key: random.id(),
        },
        entry,
    }
}

fn entry_of<B>(visitor: &Visitor, body: B) -> SetEntry<B> {
    SetEntry {
        satellite_id: satellite(visitor.satellite),
        session_id: visitor.session_id.clone(),
        version: None,
        body,
    }
}

fn page_view(load: &Load, mixed_fields: bool) -> PageView {
    let visitor = &load.visitor;
    let (href, title) = catalogue::page(visitor.satellite as usize, load.page);
    let (user_agent, client) = catalogue::user_agent(visitor.user_agent);
    let mut view = PageView {
        title,
        href,
        referrer: visitor.referrer.map(catalogue::referrer),
        device: catalogue::device(visitor.screen, visitor.height),
        time_zone: catalogue::zone(visitor.zone).to_owned(),
        user_agent: Some(user_agent),
        client: Some(client),
        campaign: None,
    };
    if mixed_fields {
        mix_fields(&mut view, visitor.whim);
    }
    view
}

/// Leaves out and adds what clients may, by the visitor's random bits.
fn mix_fields(view: &mut PageView, whim: u64) {
    if whim.is_multiple_of(4) {
        view.client = None;
    }
    if whim.is_multiple_of(7) {
        view.user_agent = None;
    }
    if whim.is_multiple_of(5) {
        view.device.screen_width = None;
        view.device.screen_height = None;
    }
    if whim % 8 == 1 {
        let source = ["newsletter", "partner", "ads"][(whim >> 8) as usize % 3];
        let name = ["spring", "summer", "autumn", "winter"][(whim >> 12) as usize % 4];
        view.campaign = Some(Campaign {
            utm_source: source.to_owned(),
            utm_medium: (!whim.is_multiple_of(3)).then(|| "email".to_owned()),
            utm_campaign: (!whim.is_multiple_of(11)).then(|| name.to_owned()),
            utm_term: None,
            utm_content: whim.is_multiple_of(13).then(|| "button".to_owned()),
        });
    }
}

/// A web vital of a load, and how many milliseconds after the load it is reported.
fn vital(
    metric: MetricName,
    load: &Load,
    href: &str,
    random: &mut Random,
) -> (u64, PerformanceMetric) {
    // What browsers report in tenths of milliseconds, but for the layout shift.
    let tenths = |random: &mut Random, mean: f64| random.exponential(mean * 10.0).floor() / 10.0;
    let (after, value) = match metric {
        MetricName::Ttfb => (300, tenths(random, 250.0)),
        MetricName::Fcp => (1_000, tenths(random, 900.0)),
        MetricName::Lcp => (4_000, tenths(random, 1_600.0)),
        MetricName::Inp => (20_000, f64::from(random.below(40) * 8)),
        MetricName::Cls => (20_000, layout_shift(random)),
    };
    let delta = if random.chance(9, 10) {
        value
    } else {
        value / 2.0
    };
    let number = 1_000_000_000_000 + random.bits() % 8_999_999_999_999;
    let navigation_type = match random.below(10) {
        0 => NavigationType::Reload,
        1 => NavigationType::BackForward,
        2 => NavigationType::BackForwardCache,
        _ => NavigationType::Navigate,
    };
    let body = PerformanceMetric {
        href: href.to_owned(),
        metric_name: metric,
        data: WebVital {
            value,
            delta,
            id: format!("v5-{}-{number}", load.at + after / 2),
            navigation_type: Some(navigation_type),
        },
    };
    (after + u64::from(random.below(1_000)), body)
}

/// Half of the pages don't shift; where one does the score has all digits of a float.
fn layout_shift(random: &mut Random) -> f64 {
    if random.chance(1, 2) {
        0.0
    } else {
        random.unit() * random.unit() * 0.4
    }
}

fn event(random: &mut Random) -> TrackEvent {
    const NAMES: [&str; 12] = [
        "sign_up",
        "log_in",
        "add_to_cart",
        "checkout",
        "purchase",
        "search",
        "share",
        "download",
        "play_video",
        "subscribe",
        "open_menu",
        "contact",
    ];
    let pair = |key: &str, value: String| (key.to_owned(), value);
    let plan = ["free", "pro", "team"][random.below(3) as usize];
    TrackEvent {
        name: random.one_of(&NAMES).to_owned(),
        metadata: random.chance(2, 3).then(|| {
            vec![
                pair("plan", plan.to_owned()),
                pair(
                    "value",
                    format!("{}.{:02}", random.below(200), random.below(100)),
                ),
                pair(
                    "variant",
                    if random.chance(1, 2) { "a" } else { "b" }.to_owned(),
                ),
            ]
        }),
    }
}
