//! How long each text may be, and what is said when it is longer.

use crate::samples::{
    Bench, NOW, entry, key, page_view, performance_metric, satellite, track_event,
};
use engine::kinds::{Campaign, Client, page_view, performance_metric, track_event};
use engine::{Limit, PageView, PerformanceMetric, Refusal, SetEntry, TrackEvent};

type Set<K, V> = fn(&mut K, V);

/// Each text of a page view, its limit, and how the public interface names it in an error.
const PAGE_VIEW_TEXTS: [(Limit, usize, &str, Set<PageView, String>); 13] = [
    (
        page_view::limits::TITLE,
        1024,
        "Page event title",
        |view, text| view.title = text,
    ),
    (
        page_view::limits::HREF,
        4096,
        "Page event href",
        |view, text| view.href = text,
    ),
    (
        page_view::limits::REFERRER,
        4096,
        "Page event referrer",
        |view, text| view.referrer = Some(text),
    ),
    (
        page_view::limits::TIME_ZONE,
        256,
        "Page event time_zone",
        |view, text| view.time_zone = text,
    ),
    (
        page_view::limits::USER_AGENT,
        1024,
        "Page event user_agent",
        |view, text| view.user_agent = Some(text),
    ),
    (
        page_view::limits::BROWSER,
        256,
        "Page event client browser",
        |view, text| {
            view.client = Some(Client {
                browser: text,
                os: String::new(),
                device: None,
            })
        },
    ),
    (
        page_view::limits::OS,
        256,
        "Page event client os",
        |view, text| {
            view.client = Some(Client {
                browser: String::new(),
                os: text,
                device: None,
            })
        },
    ),
    (
        page_view::limits::DEVICE,
        256,
        "Page event client device",
        |view, text| {
            view.client = Some(Client {
                browser: String::new(),
                os: String::new(),
                device: Some(text),
            })
        },
    ),
    (
        page_view::limits::UTM_SOURCE,
        100,
        "utm_source",
        |view, text| {
            view.campaign = Some(Campaign {
                utm_source: text,
                ..campaign()
            })
        },
    ),
    (
        page_view::limits::UTM_MEDIUM,
        100,
        "utm_medium",
        |view, text| {
            view.campaign = Some(Campaign {
                utm_medium: Some(text),
                ..campaign()
            })
        },
    ),
    (
        page_view::limits::UTM_CAMPAIGN,
        100,
        "utm_campaign",
        |view, text| {
            view.campaign = Some(Campaign {
                utm_campaign: Some(text),
                ..campaign()
            })
        },
    ),
    (
        page_view::limits::UTM_TERM,
        100,
        "utm_term",
        |view, text| {
            view.campaign = Some(Campaign {
                utm_term: Some(text),
                ..campaign()
            })
        },
    ),
    (
        page_view::limits::UTM_CONTENT,
        100,
        "utm_content",
        |view, text| {
            view.campaign = Some(Campaign {
                utm_content: Some(text),
                ..campaign()
            })
        },
    ),
];

const TRACK_EVENT_TEXTS: [(Limit, usize, &str, Set<TrackEvent, String>); 3] = [
    (
        track_event::limits::NAME,
        256,
        "Track event name",
        |event, text| event.name = text,
    ),
    (
        track_event::limits::METADATA_KEY,
        256,
        "Track event metadata key",
        |event, text| event.metadata = Some(vec![(text, String::new())]),
    ),
    (
        track_event::limits::METADATA_VALUE,
        256,
        "Track event metadata value",
        |event, text| event.metadata = Some(vec![(String::new(), text)]),
    ),
];

const PERFORMANCE_METRIC_TEXTS: [(Limit, usize, &str, Set<PerformanceMetric, String>); 2] = [
    (
        performance_metric::limits::HREF,
        4096,
        "Performance metric href",
        |metric, text| metric.href = text,
    ),
    (
        performance_metric::limits::ID,
        256,
        "Performance metric id",
        |metric, text| metric.data.id = text,
    ),
];

fn campaign() -> Campaign {
    Campaign {
        utm_source: "source".to_owned(),
        utm_medium: None,
        utm_campaign: None,
        utm_term: None,
        utm_content: None,
    }
}

/// A text of exactly `bytes` bytes: of letters, or of as many characters of four bytes as fit.
fn texts(bytes: usize) -> [String; 2] {
    let wide = "🦀".repeat(bytes / 4);
    [
        "a".repeat(bytes),
        format!("{}{wide}", "b".repeat(bytes % 4)),
    ]
}

fn check_texts<K: engine::Kind>(
    table: &[(Limit, usize, &str, Set<K, String>)],
    sample: impl Fn() -> K,
) {
    let mut bench = Bench::with_satellites(1);
    for (index, (limit, bytes, subject, set)) in table.iter().enumerate() {
        assert_eq!((limit.bytes, limit.subject), (*bytes, *subject));
        for (turn, text) in texts(*bytes).into_iter().enumerate() {
            let name = key((index * 2 + turn) as u64, "fits");
            let mut body = sample();
            set(&mut body, text);
            let stored = bench.orbiter.set(&name, entry(body.clone()), NOW).unwrap();
            assert_eq!(stored.body, body);
            assert_eq!(bench.orbiter.entry::<K>(&name).unwrap(), Some(stored));
        }
        for text in texts(*bytes + 1) {
            let name = key(index as u64, "too long");
            let mut body = sample();
            set(&mut body, text.clone());
            let refusal = bench.orbiter.set(&name, entry(body), NOW).unwrap_err();
            assert_eq!(
                refusal.to_string(),
                format!("{subject} {text} is longer than {bytes}.")
            );
            assert_eq!(
                refusal,
                Refusal::TextTooLong {
                    limit: *limit,
                    value: text
                }
            );
            assert_eq!(bench.orbiter.entry::<K>(&name).unwrap(), None);
        }
    }
}

#[test]
fn each_text_of_a_page_view_fits_up_to_its_limit_in_bytes() {
    check_texts(&PAGE_VIEW_TEXTS, page_view);
}

#[test]
fn each_text_of_a_track_event_fits_up_to_its_limit_in_bytes() {
    check_texts(&TRACK_EVENT_TEXTS, track_event);
}

#[test]
fn each_text_of_a_performance_metric_fits_up_to_its_limit_in_bytes() {
    check_texts(&PERFORMANCE_METRIC_TEXTS, performance_metric);
}

#[test]
fn key_and_session_id_fit_up_to_36_bytes() {
    let mut bench = Bench::with_satellites(1);
    for text in texts(36) {
        let event = SetEntry {
            session_id: text.clone(),
            ..entry(track_event())
        };
        let stored = bench.orbiter.set(&key(1, &text), event, NOW).unwrap();
        assert_eq!(stored.session_id, text);
    }
    for text in texts(37) {
        let refusal = bench
            .orbiter
            .set(&key(1, &text), entry(track_event()), NOW)
            .unwrap_err();
        assert_eq!(refusal, Refusal::KeyTooLong { bytes: 37 });
        assert_eq!(
            refusal.to_string(),
            "An analytic key must not be longer than 36."
        );
        let event = SetEntry {
            session_id: text,
            ..entry(track_event())
        };
        let refusal = bench.orbiter.set(&key(1, "a"), event, NOW).unwrap_err();
        assert_eq!(refusal, Refusal::SessionIdTooLong { bytes: 37 });
        assert_eq!(
            refusal.to_string(),
            "An analytic session ID must not be longer than 36."
        );
    }
}

#[test]
fn a_track_event_carries_at_most_ten_pairs() {
    let mut bench = Bench::with_satellites(1);
    let event = |pairs: usize| TrackEvent {
        metadata: Some(
            (0..pairs)
                .map(|pair| (pair.to_string(), "value".to_owned()))
                .collect(),
        ),
        ..track_event()
    };
    for pairs in [0, 1, 10] {
        let stored = bench
            .orbiter
            .set(&key(pairs as u64, "a"), entry(event(pairs)), NOW)
            .unwrap();
        assert_eq!(stored.body, event(pairs));
    }
    let refusal = bench
        .orbiter
        .set(&key(11, "a"), entry(event(11)), NOW)
        .unwrap_err();
    assert_eq!(
        refusal,
        Refusal::TooManyMetadataPairs {
            given: 11,
            limit: 10
        }
    );
    assert_eq!(
        refusal.to_string(),
        "Track event metadata must not contain more than 10 elements."
    );
}

#[test]
fn a_number_that_is_not_finite_is_refused() {
    let mut bench = Bench::with_satellites(1);
    for value in [f64::NAN, f64::INFINITY, f64::NEG_INFINITY] {
        let mut metric = performance_metric();
        metric.data.value = value;
        let refusal = bench
            .orbiter
            .set(&key(1, "a"), entry(metric), NOW)
            .unwrap_err();
        assert_eq!(
            refusal.to_string(),
            format!("Performance metric value {value} is not a finite number.")
        );
        let mut metric = performance_metric();
        metric.data.delta = value;
        let refusal = bench
            .orbiter
            .set(&key(1, "a"), entry(metric), NOW)
            .unwrap_err();
        assert_eq!(
            refusal.to_string(),
            format!("Performance metric delta {value} is not a finite number.")
        );
    }
    for value in [0.0, -0.0, f64::MIN, f64::MAX, f64::MIN_POSITIVE, -1.5] {
        let mut metric = performance_metric();
        metric.data.value = value;
        let name = key(2, &value.to_string().chars().take(30).collect::<String>());
        let stored = bench.orbiter.set(&name, entry(metric), NOW).unwrap();
        assert_eq!(stored.body.data.value.to_bits(), value.to_bits());
    }
}

#[test]
fn an_error_repeats_a_huge_text_only_in_part() {
    let mut bench = Bench::with_satellites(1);
    let event = TrackEvent {
        name: "🦀".repeat(500_000),
        metadata: None,
    };
    let refusal = bench
        .orbiter
        .set(&key(1, "a"), entry(event), NOW)
        .unwrap_err();
    assert_eq!(
        refusal.to_string(),
        format!("Track event name {}… is longer than 256.", "🦀".repeat(128))
    );
}

#[test]
fn the_feature_is_checked_before_the_limits_and_these_before_the_version() {
    let mut bench = Bench::with_satellites(1);
    let long = TrackEvent {
        name: "a".repeat(257),
        metadata: None,
    };
    bench
        .orbiter
        .set(&key(1, "a"), entry(track_event()), NOW)
        .unwrap();

    let refusal = bench
        .orbiter
        .set(&key(1, "a"), entry(long.clone()), NOW)
        .unwrap_err();
    assert!(
        matches!(refusal, Refusal::TextTooLong { .. }),
        "{refusal:?}"
    );

    let elsewhere = SetEntry {
        satellite_id: satellite(2),
        ..entry(long)
    };
    let refusal = bench.orbiter.set(&key(1, "a"), elsewhere, NOW).unwrap_err();
    assert_eq!(refusal.to_string(), "error_track_events_feature_disabled");
}
