//! With 200,000 views stored, every aggregate equals a naive count; what is too much for a reply is
//! rejected with a sentence.

use super::compaction::load;
use super::naive::{self, FROM, STEP, VIEWS};
use super::{ADMIN, Network};
use crate::table::{OPEN, OTHER};
use candid::{CandidType, Principal};
use serde::de::DeserializeOwned;
use wire::{
    AnalyticKey, AnalyticsTrackEvents, AnalyticsWebVitals, GetAnalytics, PageMetrics, PageView,
    PerformanceData, PerformanceMetricName, SetManyResult, SetPerformanceMetric, SetTrackEvent,
    WebVitalsMetric,
};

/// The most entries of a message.
const BATCH: u64 = 1_000;

/// Asks; the answer must equal the naive one.
pub fn equals<Answer>(network: &Network, method: &str, of: &GetAnalytics, naive: &Answer)
where
    Answer: CandidType + DeserializeOwned + PartialEq + std::fmt::Debug,
{
    let answer = network.query::<Answer>(ADMIN, method, (of,));
    assert_eq!(answer.as_ref(), Ok(naive), "{method} of {of:?}");
}

fn range(satellite_id: Option<Principal>, from: Option<u64>, to: Option<u64>) -> GetAnalytics {
    GetAnalytics {
        satellite_id,
        from: from.map(|step| FROM + step * STEP),
        to: to.map(|step| FROM + step * STEP),
    }
}

#[test]
fn with_200_000_views_every_aggregate_equals_a_naive_count() {
    let network = Network::with_satellites();
    load(&network, 0..VIEWS);
    let ranges = [
        range(None, None, None),
        range(Some(OPEN), None, None),
        range(Some(OTHER), Some(50_000), Some(60_000)),
        range(None, Some(43_200), Some(86_400)),
        range(None, Some(199_999), None),
        range(None, Some(5), Some(5)),
    ];
    for of in &ranges {
        let views = naive::views(of);
        let metrics = naive::metrics(&views);
        equals(&network, "get_page_views_analytics_metrics", of, &metrics);
        let top = naive::top_10(&views);
        equals(&network, "get_page_views_analytics_top_10", of, &top);
        let clients = naive::clients(&views);
        equals(&network, "get_page_views_analytics_clients", of, &clients);
    }
    too_much_for_a_reply(&network);
}

/// More entries than a reply holds are refused with a sentence; fewer come in the order of their keys.
fn too_much_for_a_reply(network: &Network) {
    type Entries = Vec<(AnalyticKey, PageView)>;
    let all = range(None, None, None);
    let reject = network
        .query::<Entries>(ADMIN, "get_page_views", (&all,))
        .unwrap_err();
    assert!(reject.contains("Too much for one reply"), "{reject}");
    let few = range(None, Some(1_000), Some(3_000));
    let entries = network
        .query::<Entries>(ADMIN, "get_page_views", (&few,))
        .expect("entries");
    let keys: Vec<_> = entries.into_iter().map(|(key, _)| key).collect();
    let expected: Vec<_> = naive::views(&few).into_iter().map(|(key, _)| key).collect();
    assert_eq!(keys, expected);
}

/// Custom events and web vitals that the naive counts below know by heart.
fn load_events_and_metrics(network: &Network, count: u64) {
    let key = |index: u64| AnalyticKey {
        collected_at: FROM + index * STEP,
        key: "k".to_owned(),
    };
    let event = |index: u64| SetTrackEvent {
        name: format!("event {}", index % 17),
        metadata: None,
        user_agent: None,
        satellite_id: OPEN,
        session_id: "session".to_owned(),
        updated_at: None,
        version: None,
    };
    let metric = |index: u64| SetPerformanceMetric {
        href: format!(
            "https://open.example/{}?{index}",
            ["b", "", "a"][(index % 3) as usize]
        ),
        metric_name: [PerformanceMetricName::LCP, PerformanceMetricName::CLS][(index % 2) as usize],
        data: PerformanceData::WebVitalsMetric(WebVitalsMetric {
            // Eighths add up without rounding, in whatever order.
            value: index as f64 / 8.0,
            delta: 0.0,
            id: "v5".to_owned(),
            navigation_type: None,
        }),
        user_agent: None,
        satellite_id: OPEN,
        session_id: "session".to_owned(),
        version: None,
    };
    for first in (0..count).step_by(BATCH as usize) {
        let indices = first..first + BATCH;
        let events: Vec<_> = indices
            .clone()
            .map(|index| (key(index), event(index)))
            .collect();
        let answer: SetManyResult = network
            .update(ADMIN, "set_track_events", (events,))
            .expect("an answer");
        assert_eq!(answer, Ok(()));
        let metrics: Vec<_> = indices.map(|index| (key(index), metric(index))).collect();
        let answer: SetManyResult = network
            .update(ADMIN, "set_performance_metrics", (metrics,))
            .expect("an answer");
        assert_eq!(answer, Ok(()));
    }
}

#[test]
fn event_totals_and_means_of_web_vitals_equal_naive_ones() {
    let network = Network::with_satellites();
    let count = 10_000;
    load_events_and_metrics(&network, count);
    let of = range(Some(OPEN), Some(100), Some(9_000));
    let mut total: Vec<_> = (0..17)
        .map(|name| {
            let events = (100..9_000).filter(|index| index % 17 == name).count();
            (format!("event {name}"), events as u32)
        })
        .collect();
    total.sort();
    equals(
        &network,
        "get_track_events_analytics",
        &of,
        &AnalyticsTrackEvents { total },
    );
    // The mean of every second value, of one page or of all.
    let mean = |parity: u64, page: Option<u64>| {
        let chosen = |index: &u64| index % 2 == parity && page.is_none_or(|page| index % 3 == page);
        let values: Vec<_> = (100..9_000_u64)
            .filter(chosen)
            .map(|index| index as f64 / 8.0)
            .collect();
        Some(values.iter().sum::<f64>() / values.len() as f64)
    };
    let metrics = |page| PageMetrics {
        cls: mean(1, page),
        fcp: None,
        inp: None,
        lcp: mean(0, page),
        ttfb: None,
    };
    let pages = [("/", 1), ("/a", 2), ("/b", 0)];
    let expected = AnalyticsWebVitals {
        overall: metrics(None),
        pages: pages
            .map(|(path, page)| (path.to_owned(), metrics(Some(page))))
            .to_vec(),
    };
    equals(
        &network,
        "get_performance_metrics_analytics_web_vitals",
        &of,
        &expected,
    );
}
