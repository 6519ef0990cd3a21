//! Setting and reading entries over Candid, and the canister's own methods.

use super::{ADMIN, Network, STRANGER};
use crate::table::{OPEN, UNKNOWN};
use candid::Principal;
use wire::{
    AnalyticKey, DepositCyclesArgs, GetAnalytics, MemorySize, NavigationType, PageView,
    PageViewCampaign, PageViewClient, PageViewDevice, PerformanceData, PerformanceMetric,
    PerformanceMetricName, SetManyResult, SetOneResult, SetPageView, SetPerformanceMetric,
    SetTrackEvent, TrackEvent, WebVitalsMetric,
};

fn key(collected_at: u64, key: &str) -> AnalyticKey {
    AnalyticKey {
        collected_at,
        key: key.to_owned(),
    }
}

/// A page view with every field.
fn page_view(satellite_id: Principal) -> SetPageView {
    let text = |text: &str| Some(text.to_owned());
    SetPageView {
        title: "Title".to_owned(),
        href: "https://open.example/page".to_owned(),
        referrer: text("https://search.example/"),
        device: PageViewDevice {
            inner_width: 800,
            inner_height: 600,
            screen_width: Some(1920),
            screen_height: Some(1080),
        },
        time_zone: "Europe/Zurich".to_owned(),
        user_agent: text("Mozilla/5.0"),
        client: Some(PageViewClient {
            browser: "Firefox".to_owned(),
            os: "Linux".to_owned(),
            device: text("desktop"),
        }),
        campaign: Some(PageViewCampaign {
            utm_source: "source".to_owned(),
            utm_medium: text("medium"),
            utm_campaign: text("campaign"),
            utm_term: text("term"),
            utm_content: text("content"),
        }),
        satellite_id,
        session_id: "session".to_owned(),
        updated_at: None,
        version: None,
    }
}

fn in_range(satellite_id: Option<Principal>, from: Option<u64>, to: Option<u64>) -> GetAnalytics {
    GetAnalytics {
        satellite_id,
        from,
        to,
    }
}

#[test]
fn a_page_view_comes_back_with_every_field() {
    let network = Network::with_satellites();
    let set = page_view(OPEN);
    let stored: SetOneResult<PageView> = network
        .update(ADMIN, "set_page_view", (key(5, "k"), set.clone()))
        .expect("an answer");
    let stored = stored.expect("the entry");
    let expected = PageView {
        title: set.title,
        href: set.href,
        referrer: set.referrer,
        device: set.device,
        time_zone: set.time_zone,
        user_agent: set.user_agent,
        client: set.client,
        campaign: set.campaign,
        satellite_id: OPEN,
        session_id: set.session_id,
        created_at: stored.created_at,
        updated_at: stored.created_at,
        version: Some(1),
    };
    assert_eq!(stored, expected);
    let read: Vec<(AnalyticKey, PageView)> = network
        .query(ADMIN, "get_page_views", (in_range(None, None, None),))
        .expect("entries");
    assert_eq!(read, [(key(5, "k"), expected)]);
}

#[test]
fn an_event_and_a_metric_come_back_with_every_field() {
    let network = Network::with_satellites();
    let event = SetTrackEvent {
        name: "click".to_owned(),
        metadata: Some(vec![
            ("b".to_owned(), "1".to_owned()),
            ("a".to_owned(), "2".to_owned()),
        ]),
        user_agent: Some("Mozilla/5.0".to_owned()),
        satellite_id: OPEN,
        session_id: "session".to_owned(),
        updated_at: None,
        version: None,
    };
    let stored: SetOneResult<TrackEvent> = network
        .update(ADMIN, "set_track_event", (key(6, "e"), event.clone()))
        .expect("an answer");
    let stored = stored.expect("the entry");
    assert_eq!((stored.name, stored.metadata), (event.name, event.metadata));
    let metric = SetPerformanceMetric {
        href: "https://open.example/".to_owned(),
        metric_name: PerformanceMetricName::INP,
        data: PerformanceData::WebVitalsMetric(WebVitalsMetric {
            value: 0.1 + 0.2,
            delta: -0.5,
            id: "v5".to_owned(),
            navigation_type: Some(NavigationType::Prerender),
        }),
        user_agent: None,
        satellite_id: OPEN,
        session_id: "session".to_owned(),
        version: None,
    };
    let stored: SetOneResult<PerformanceMetric> = network
        .update(
            ADMIN,
            "set_performance_metric",
            (key(7, "m"), metric.clone()),
        )
        .expect("an answer");
    assert_eq!(stored.expect("the entry").data, metric.data);
}

#[test]
fn a_number_that_is_not_finite_is_refused() {
    let network = Network::with_satellites();
    for value in [f64::NAN, f64::INFINITY] {
        let metric = SetPerformanceMetric {
            href: "https://open.example/".to_owned(),
            metric_name: PerformanceMetricName::CLS,
            data: PerformanceData::WebVitalsMetric(WebVitalsMetric {
                value,
                delta: 0.0,
                id: String::new(),
                navigation_type: None,
            }),
            user_agent: None,
            satellite_id: OPEN,
            session_id: "session".to_owned(),
            version: None,
        };
        let stored: SetOneResult<PerformanceMetric> = network
            .update(ADMIN, "set_performance_metric", (key(7, "m"), metric))
            .expect("an answer");
        let refusal = stored.unwrap_err();
        assert!(refusal.ends_with("is not a finite number."), "{refusal}");
    }
}

#[test]
fn a_batch_stores_the_good_and_lists_the_bad() {
    let network = Network::with_satellites();
    let mut long = page_view(OPEN);
    long.session_id = "s".repeat(37);
    let batch = vec![
        (key(1, "good"), page_view(OPEN)),
        (key(2, "long"), long),
        (key(3, "unknown"), page_view(UNKNOWN)),
        (key(4, "good"), page_view(OPEN)),
    ];
    let answer: SetManyResult = network
        .update(ADMIN, "set_page_views", (batch,))
        .expect("an answer");
    let refused = [
        (
            key(2, "long"),
            "An analytic session ID must not be longer than 36.".to_owned(),
        ),
        (
            key(3, "unknown"),
            "error_page_views_feature_disabled".to_owned(),
        ),
    ];
    assert_eq!(answer, Err(refused.to_vec()));
    let read = |range| {
        let entries: Vec<(AnalyticKey, PageView)> = network
            .query(ADMIN, "get_page_views", (range,))
            .expect("entries");
        entries.into_iter().map(|(key, _)| key).collect::<Vec<_>>()
    };
    let (one, four) = (key(1, "good"), key(4, "good"));
    assert_eq!(
        read(in_range(None, None, None)),
        [one.clone(), four.clone()]
    );
    assert_eq!(read(in_range(Some(OPEN), Some(1), Some(4))), [one]);
    assert_eq!(read(in_range(Some(OPEN), Some(2), None)), [four]);
    assert_eq!(read(in_range(Some(UNKNOWN), None, None)), []);
}

#[test]
fn a_batch_of_more_than_a_thousand_is_rejected_as_a_whole() {
    let network = Network::with_satellites();
    let batch = |count: u64| -> Vec<_> {
        (0..count)
            .map(|index| (key(index, "k"), page_view(OPEN)))
            .collect()
    };
    let reject = network
        .update::<SetManyResult>(ADMIN, "set_page_views", (batch(1_001),))
        .unwrap_err();
    assert!(
        reject.contains("must not contain more than 1000 entries"),
        "{reject}"
    );
    let all = in_range(None, None, None);
    let entries: Vec<(AnalyticKey, PageView)> = network
        .query(ADMIN, "get_page_views", (all.clone(),))
        .expect("entries");
    assert_eq!(entries.len(), 0);
    let answer: SetManyResult = network
        .update(ADMIN, "set_page_views", (batch(1_000),))
        .expect("an answer");
    assert_eq!(answer, Ok(()));
}

#[test]
fn cycles_are_deposited_or_the_call_is_rejected() {
    let network = Network::new();
    let destination_id = super::empty_canister(&network.pic);
    let deposit = |cycles: u128| {
        let args = DepositCyclesArgs {
            cycles,
            destination_id,
        };
        network.update_nothing(ADMIN, "deposit_cycles", (args,))
    };
    let before = network.pic.cycle_balance(destination_id);
    let reject = deposit(u128::MAX).unwrap_err();
    assert!(
        reject.contains("juno.error.cycles.deposit_balance_low (balance "),
        "{reject}"
    );
    assert_eq!(network.pic.cycle_balance(destination_id), before);
    assert_eq!(deposit(1_000_000_000), Ok(()));
    assert_eq!(
        network.pic.cycle_balance(destination_id),
        before + 1_000_000_000
    );
}

#[test]
fn the_memory_in_use_is_told_in_bytes() {
    let network = Network::new();
    let size: MemorySize = network.query(ADMIN, "memory_size", ()).expect("a size");
    let stable = network.pic.get_stable_memory(network.orbiter).len() as u64;
    assert_eq!(size.stable, stable);
    assert!(
        size.heap > 0 && size.heap.is_multiple_of(64 * 1024),
        "{size:?}"
    );
    network
        .query::<MemorySize>(STRANGER, "memory_size", ())
        .unwrap_err();
}
