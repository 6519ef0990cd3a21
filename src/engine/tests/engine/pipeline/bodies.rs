//! Bodies of random entries, as rows of the model's tables: a failing history names them by number.

use crate::model::tables::{
    CAMPAIGNS, CLIENTS, HREFS, NAMES, REFERRERS, TIME_ZONES, TITLES, USER_AGENTS, VITAL_IDS, WIDTHS,
};
use engine::kinds::{Campaign, Client, Device, MetricName, NavigationType, WebVital};
use engine::{PageView, PerformanceMetric, TrackEvent};
use proptest::option;
use proptest::prelude::*;

/// A page view to be.
#[derive(Clone, Debug)]
pub struct View {
    pub href: usize,
    pub title: usize,
    pub time_zone: usize,
    pub referrer: Option<usize>,
    pub user_agent: Option<usize>,
    pub client: Option<usize>,
    pub screen: Option<usize>,
    pub campaign: Option<usize>,
}

/// A track event to be: its name and its metadata.
#[derive(Clone, Debug)]
pub struct Event {
    pub name: usize,
    pub metadata: Option<Vec<(String, String)>>,
}

/// A performance metric to be.
#[derive(Clone, Debug)]
pub struct Metric {
    pub href: usize,
    pub metric: usize,
    pub value: f64,
    pub delta: Option<f64>,
    pub id: usize,
    pub navigation: Option<usize>,
}

/// What makes the body of an entry.
pub trait Body: Clone + std::fmt::Debug {
    type Kind;

    fn body(&self) -> Self::Kind;
}

fn owned(text: &str) -> String {
    text.to_owned()
}

impl Body for View {
    type Kind = PageView;

    fn body(&self) -> PageView {
        PageView {
            title: owned(TITLES[self.title]),
            href: owned(HREFS[self.href]),
            referrer: self.referrer.map(|row| owned(REFERRERS[row])),
            device: Device {
                inner_width: [1280, 0, u16::MAX][self.title % 3],
                inner_height: [720, 0, 127, 128][self.time_zone],
                screen_width: self.screen.map(|row| WIDTHS[row].0),
                screen_height: self.screen.filter(|row| row % 2 == 0).map(|_| 1080),
            },
            time_zone: owned(TIME_ZONES[self.time_zone]),
            user_agent: self.user_agent.map(|row| owned(USER_AGENTS[row].0)),
            client: self
                .client
                .map(|row| CLIENTS[row])
                .map(|(browser, os, device, _)| Client {
                    browser: owned(browser),
                    os: owned(os),
                    device: device.map(owned),
                }),
            campaign: self.campaign.map(|row| (row, CAMPAIGNS[row])).map(
                |(row, (source, medium, name))| Campaign {
                    utm_source: owned(source),
                    utm_medium: medium.map(owned),
                    utm_campaign: name.map(owned),
                    utm_term: (row % 2 == 0).then(|| owned("term")),
                    utm_content: (row % 3 == 0).then(|| owned("content")),
                },
            ),
        }
    }
}

impl Body for Event {
    type Kind = TrackEvent;

    fn body(&self) -> TrackEvent {
        TrackEvent {
            name: owned(NAMES[self.name]),
            metadata: self.metadata.clone(),
        }
    }
}

impl Body for Metric {
    type Kind = PerformanceMetric;

    fn body(&self) -> PerformanceMetric {
        PerformanceMetric {
            href: owned(HREFS[self.href]),
            metric_name: MetricName::ALL[self.metric],
            data: WebVital {
                value: self.value,
                delta: self.delta.unwrap_or(self.value),
                id: owned(VITAL_IDS[self.id]),
                navigation_type: self.navigation.map(|row| NavigationType::ALL[row]),
            },
        }
    }
}

pub fn views() -> impl Strategy<Value = View> {
    (
        0..HREFS.len(),
        0..TITLES.len(),
        0..TIME_ZONES.len(),
        option::of(0..REFERRERS.len()),
        option::of(0..USER_AGENTS.len()),
        option::weighted(0.3, 0..CLIENTS.len()),
        option::weighted(0.3, 0..WIDTHS.len()),
        option::weighted(0.2, 0..CAMPAIGNS.len()),
    )
        .prop_map(
            |(href, title, time_zone, referrer, user_agent, client, screen, campaign)| View {
                href,
                title,
                time_zone,
                referrer,
                user_agent,
                client,
                screen,
                campaign,
            },
        )
}

pub fn events() -> impl Strategy<Value = Event> {
    let pairs = prop::collection::vec(("[a-c]{0,2}", "[é🦀]{0,2}"), 0..4);
    (0..NAMES.len(), option::of(pairs)).prop_map(|(name, metadata)| Event { name, metadata })
}

/// Values of web vitals: decimals as browsers give them, any others, and some that are refused.
fn values() -> impl Strategy<Value = f64> {
    prop_oneof![
        8 => (0..100_000_u32).prop_map(|tenths| f64::from(tenths) / 10.0),
        4 => 0.0..5_000.0_f64,
        2 => prop::sample::select(&[0.0, -0.0, 1.0, f64::MIN_POSITIVE, 5e-324, 1e15, 0.1 + 0.2][..]),
        1 => -1e6..1e6_f64,
        1 => prop::sample::select(&[f64::NAN, f64::INFINITY, f64::NEG_INFINITY][..]),
    ]
}

pub fn metrics() -> impl Strategy<Value = Metric> {
    (
        0..HREFS.len(),
        0..MetricName::ALL.len(),
        values(),
        option::weighted(0.2, values()),
        0..VITAL_IDS.len(),
        option::of(0..NavigationType::ALL.len()),
    )
        .prop_map(|(href, metric, value, delta, id, navigation)| Metric {
            href,
            metric,
            value,
            delta,
            id,
            navigation,
        })
}
