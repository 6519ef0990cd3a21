//! Random histories: few keys, satellites, sessions and versions, so that they collide.

use super::tables::{CAMPAIGNS, CLIENTS, NAMES, PAGES, REFERRERS, USER_AGENTS, WIDTHS};
use crate::samples::{NOW, key, page_view, performance_metric, satellite};
use engine::kinds::{Campaign, Client, Device, MetricName};
use engine::{AnalyticKey, EntryRange, PageView, PerformanceMetric, SetEntry, TrackEvent};
use proptest::prelude::*;

const HOUR: u64 = 3_600_000_000_000;

/// What a page view is made of: rows of the tables above.
type ViewParts = (
    usize,
    Option<usize>,
    Option<usize>,
    Option<usize>,
    Option<usize>,
    Option<usize>,
);

fn views() -> impl Strategy<Value = PageView> {
    (
        0..PAGES.len(),
        prop::option::of(0..REFERRERS.len()),
        prop::option::of(0..USER_AGENTS.len()),
        prop::option::weighted(0.3, 0..CLIENTS.len()),
        prop::option::weighted(0.3, 0..WIDTHS.len()),
        prop::option::weighted(0.3, 0..CAMPAIGNS.len()),
    )
        .prop_map(view)
}

fn view((page, referrer, user_agent, client, width, campaign): ViewParts) -> PageView {
    PageView {
        href: PAGES[page].0.to_owned(),
        referrer: referrer.map(|row| REFERRERS[row].0.to_owned()),
        user_agent: user_agent.map(|row| USER_AGENTS[row].0.to_owned()),
        client: client
            .map(|row| CLIENTS[row])
            .map(|(browser, os, device, _)| Client {
                browser: browser.to_owned(),
                os: os.to_owned(),
                device: device.map(str::to_owned),
            }),
        device: Device {
            screen_width: width.map(|row| WIDTHS[row].0),
            ..page_view().device
        },
        campaign: campaign
            .map(|row| CAMPAIGNS[row])
            .map(|(source, name)| Campaign {
                utm_source: source.to_owned(),
                utm_medium: None,
                utm_campaign: name.map(str::to_owned),
                utm_term: None,
                utm_content: Some("content".to_owned()),
            }),
        time_zone: ["UTC", "Europe/Zurich"][page % 2].to_owned(),
        ..page_view()
    }
}

fn events() -> impl Strategy<Value = TrackEvent> {
    let pairs = prop::collection::vec(("[a-c]{0,2}", "[é🦀]{0,2}"), 0..3);
    (prop::sample::select(&NAMES[..]), prop::option::of(pairs)).prop_map(|(name, metadata)| {
        TrackEvent {
            name: name.to_owned(),
            metadata,
        }
    })
}

fn metrics() -> impl Strategy<Value = PerformanceMetric> {
    let value = prop_oneof![4 => -1e6..1e6_f64, 1 => Just(f64::NAN)];
    (
        0..PAGES.len(),
        prop::sample::select(&MetricName::ALL[..]),
        value,
    )
        .prop_map(|(page, metric_name, value)| {
            let mut metric = performance_metric();
            metric.href = PAGES[page].0.to_owned();
            metric.metric_name = metric_name;
            metric.data.value = value;
            metric
        })
}

/// Where an entry goes and how: few of each, so that histories collide.
#[derive(Clone, Debug)]
pub struct Envelope<B> {
    key: AnalyticKey,
    satellite: u8,
    session: u8,
    version: Option<u64>,
    body: B,
}

fn envelope<B: std::fmt::Debug>(
    body: impl Strategy<Value = B>,
) -> impl Strategy<Value = Envelope<B>> {
    let version = prop_oneof![3 => Just(None), 2 => Just(Some(1)), 1 => Just(Some(2))];
    let session = prop_oneof![8 => 0..4_u8, 1 => Just(40)];
    (0..60_u64, 0..3_u8, 1..4_u8, session, version, body).prop_map(
        |(hour, name, satellite, session, version, body)| Envelope {
            key: key(NOW + hour / 2 * HOUR, &"k".repeat(usize::from(name))),
            satellite,
            session,
            version,
            body,
        },
    )
}

impl<B> Envelope<B> {
    pub fn open(self) -> (AnalyticKey, SetEntry<B>) {
        let entry = SetEntry {
            satellite_id: satellite(self.satellite),
            // 40 bytes are too many.
            session_id: "s".repeat(usize::from(self.session)),
            version: self.version,
            body: self.body,
        };
        (self.key, entry)
    }
}

/// What happens.
#[derive(Clone, Debug)]
pub enum Step {
    Views(Vec<Envelope<PageView>>),
    Events(Vec<Envelope<TrackEvent>>),
    Metrics(Vec<Envelope<PerformanceMetric>>),
    Configure(u8, [bool; 3]),
    Reopen,
}

pub fn steps() -> impl Strategy<Value = Vec<Step>> {
    let step = prop_oneof![
        6 => prop::collection::vec(envelope(views()), 1..12).prop_map(Step::Views),
        3 => prop::collection::vec(envelope(events()), 1..8).prop_map(Step::Events),
        3 => prop::collection::vec(envelope(metrics()), 1..8).prop_map(Step::Metrics),
        1 => (1..4_u8, any::<[bool; 3]>()).prop_map(|(satellite, features)| Step::Configure(satellite, features)),
        1 => Just(Step::Reopen),
    ];
    prop::collection::vec(step, 1..24)
}

pub fn ranges() -> impl Strategy<Value = Vec<EntryRange>> {
    let instant =
        || prop::option::of((0..64_u64).prop_map(|half_hours| NOW + half_hours * HOUR / 2));
    let range = (prop::option::of(1..5_u8), instant(), instant()).prop_map(|(number, from, to)| {
        EntryRange {
            satellite_id: number.map(satellite),
            from,
            to,
        }
    });
    prop::collection::vec(range, 6)
}
