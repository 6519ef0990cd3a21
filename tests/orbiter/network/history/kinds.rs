//! What histories are made of: entries of each kind, as clients send them.

use crate::network::model::Told;
use crate::network::model::tables::{
    CAMPAIGNS, CLIENTS, HREFS, NAMES, REFERRERS, TIME_ZONES, TITLES, USER_AGENTS, VITAL_IDS, WIDTHS,
};
use candid::{CandidType, Principal};
use engine::{PageView, PerformanceMetric, TrackEvent};
use orbiter::convert::Wire;
use serde::de::DeserializeOwned;
use std::fmt::Debug;
use wire::{
    PageViewCampaign, PageViewClient, PageViewDevice, PerformanceData, PerformanceMetricName,
    SetPageView, SetPerformanceMetric, SetTrackEvent, WebVitalsMetric,
};

/// Numbers that look random, the same for the same seed: SplitMix64.
pub struct Scatter(pub u64);

impl Scatter {
    pub fn below(&mut self, end: u64) -> u64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut bits = self.0;
        bits = (bits ^ (bits >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        bits = (bits ^ (bits >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        (bits ^ (bits >> 31)) % end
    }

    pub fn one<T: Copy>(&mut self, of: &[T]) -> T {
        of[self.below(of.len() as u64) as usize]
    }

    /// One of them, one time in `times`.
    pub fn seldom<T: Copy>(&mut self, times: u64, of: &[T]) -> Option<T> {
        (self.below(times) == 0).then(|| self.one(of))
    }
}

/// What all kinds share of an entry to be sent.
pub struct Envelope {
    pub satellite_id: Principal,
    pub session_id: String,
    pub version: Option<u64>,
}

/// A kind as this test sends and reads it.
pub trait Sent:
    Told + Wire<Set: CandidType + Clone, Stored: CandidType + DeserializeOwned + PartialEq + Debug>
{
    const SET: &str;
    const GET: &str;

    fn make(scatter: &mut Scatter, envelope: Envelope) -> Self::Set;

    /// When the entry was first and last stored.
    fn stored_at(stored: &mut Self::Stored) -> [&mut u64; 2];
}

impl Sent for PageView {
    const SET: &str = "set_page_views";
    const GET: &str = "get_page_views";

    fn make(scatter: &mut Scatter, envelope: Envelope) -> SetPageView {
        let client = scatter.seldom(3, &CLIENTS);
        SetPageView {
            title: scatter.one(&TITLES).to_owned(),
            href: scatter.one(&HREFS).to_owned(),
            referrer: scatter.seldom(2, &REFERRERS).map(str::to_owned),
            device: PageViewDevice {
                inner_width: 1280,
                inner_height: scatter.below(3) as u16,
                screen_width: scatter.seldom(2, &WIDTHS).map(|(width, _)| width),
                screen_height: scatter.seldom(2, &[1080]),
            },
            time_zone: scatter.one(&TIME_ZONES).to_owned(),
            user_agent: scatter.seldom(2, &USER_AGENTS).map(|row| row.0.to_owned()),
            client: client.map(|(browser, os, device, _)| PageViewClient {
                browser: browser.to_owned(),
                os: os.to_owned(),
                device: device.map(str::to_owned),
            }),
            campaign: scatter.seldom(5, &CAMPAIGNS).map(|(source, medium, name)| {
                PageViewCampaign {
                    utm_source: source.to_owned(),
                    utm_medium: medium.map(str::to_owned),
                    utm_campaign: name.map(str::to_owned),
                    utm_term: None,
                    utm_content: None,
                }
            }),
            satellite_id: envelope.satellite_id,
            session_id: envelope.session_id,
            updated_at: None,
            version: envelope.version,
        }
    }

    fn stored_at(stored: &mut wire::PageView) -> [&mut u64; 2] {
        [&mut stored.created_at, &mut stored.updated_at]
    }
}

impl Sent for TrackEvent {
    const SET: &str = "set_track_events";
    const GET: &str = "get_track_events";

    fn make(scatter: &mut Scatter, envelope: Envelope) -> SetTrackEvent {
        let pair = |name: &str| (name.to_owned(), "value".to_owned());
        SetTrackEvent {
            name: scatter.one(&NAMES).to_owned(),
            metadata: scatter.seldom(3, &NAMES).map(|name| vec![pair(name)]),
            user_agent: None,
            satellite_id: envelope.satellite_id,
            session_id: envelope.session_id,
            updated_at: None,
            version: envelope.version,
        }
    }

    fn stored_at(stored: &mut wire::TrackEvent) -> [&mut u64; 2] {
        [&mut stored.created_at, &mut stored.updated_at]
    }
}

impl Sent for PerformanceMetric {
    const SET: &str = "set_performance_metrics";
    const GET: &str = "get_performance_metrics";

    fn make(scatter: &mut Scatter, envelope: Envelope) -> SetPerformanceMetric {
        let value = scatter.below(50_000) as f64 / 10.0;
        let names = [
            PerformanceMetricName::CLS,
            PerformanceMetricName::FCP,
            PerformanceMetricName::INP,
            PerformanceMetricName::LCP,
            PerformanceMetricName::TTFB,
        ];
        SetPerformanceMetric {
            href: scatter.one(&HREFS).to_owned(),
            metric_name: scatter.one(&names),
            data: PerformanceData::WebVitalsMetric(WebVitalsMetric {
                value,
                delta: scatter.seldom(9, &[0.1, -0.0]).unwrap_or(value),
                id: match scatter.seldom(20, &VITAL_IDS) {
                    Some(id) => id.to_owned(),
                    None => format!(
                        "v5-17000000{:05}-{:013}",
                        scatter.below(99_999),
                        value as u64
                    ),
                },
                navigation_type: None,
            }),
            user_agent: None,
            satellite_id: envelope.satellite_id,
            session_id: envelope.session_id,
            version: envelope.version,
        }
    }

    fn stored_at(stored: &mut wire::PerformanceMetric) -> [&mut u64; 2] {
        [&mut stored.created_at, &mut stored.updated_at]
    }
}
