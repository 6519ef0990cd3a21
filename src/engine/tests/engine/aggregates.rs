//! Totals, top tens, counts of events and means of vitals, over small histories counted by hand.

use crate::samples::{
    ALL, Bench, NOW, enough, entry, key, page_view, performance_metric, track_event,
};
use engine::aggregates::{DeviceShares, PageViewMetrics, PageVitals, TopTen};
use engine::kinds::{Campaign, MetricName};
use engine::{CalendarDate, Kind, PageView, SetEntry};

const DAY: u64 = 86_400_000_000_000;

/// An orbiter with these entries of one satellite, one nanosecond apart.
pub fn with<K: Kind>(bodies: impl IntoIterator<Item = K>) -> Bench {
    let mut bench = Bench::with_satellites(1);
    for (at, body) in bodies.into_iter().enumerate() {
        bench
            .orbiter
            .set(&key(at as u64, "a"), entry(body), NOW)
            .unwrap();
    }
    bench
}

fn counts(expected: &[(&str, u32)]) -> Vec<(String, u32)> {
    expected
        .iter()
        .map(|(name, count)| ((*name).to_owned(), *count))
        .collect()
}

#[test]
fn without_entries_every_answer_is_empty_and_no_number_is_a_division_by_zero() {
    let bench = Bench::with_satellites(1);
    let metrics = bench
        .orbiter
        .page_view_metrics(&ALL, &mut enough())
        .unwrap();
    let nothing = PageViewMetrics {
        daily_total_page_views: vec![],
        unique_sessions: 0,
        unique_page_views: 0,
        total_page_views: 0,
        average_page_views_per_session: 0.0,
        bounce_rate: 0.0,
    };
    assert_eq!(metrics, nothing);
    let top = bench
        .orbiter
        .page_view_top_ten(&ALL, &mut enough())
        .unwrap();
    let nothing = TopTen {
        referrers: vec![],
        pages: vec![],
        time_zones: vec![],
        utm_sources: None,
        utm_campaigns: None,
    };
    assert_eq!(top, nothing);
    let clients = bench
        .orbiter
        .page_view_clients(&ALL, &mut enough())
        .unwrap();
    let nothing = DeviceShares {
        mobile: 0.0,
        tablet: 0.0,
        laptop: 0.0,
        desktop: 0.0,
        others: 0.0,
    };
    assert_eq!(
        (clients.devices, clients.operating_systems),
        (nothing, None)
    );
    assert_eq!(
        bench
            .orbiter
            .track_event_counts(&ALL, &mut enough())
            .unwrap()
            .total,
        []
    );
    let vitals = bench.orbiter.web_vitals(&ALL, &mut enough()).unwrap();
    assert_eq!(
        (vitals.overall, vitals.pages),
        (PageVitals::default(), vec![])
    );
}

#[test]
fn metrics_count_days_sessions_pages_and_bounces() {
    let mut bench = Bench::with_satellites(1);
    for (at, session, href) in [
        (0, "one", "https://example.com/"),
        (DAY - 1, "one", "https://example.com/"),
        (DAY, "one", "https://example.com/?q"),
        (DAY, "two", "https://example.com/"),
        (10 * DAY, "three", "https://example.com/"),
        (10 * DAY + 1, "four", "https://example.com/"),
    ] {
        let view = PageView {
            href: href.to_owned(),
            ..page_view()
        };
        let view = SetEntry {
            session_id: session.to_owned(),
            ..entry(view)
        };
        bench.orbiter.set(&key(at, session), view, NOW).unwrap();
    }
    let metrics = bench
        .orbiter
        .page_view_metrics(&ALL, &mut enough())
        .unwrap();
    let date = |day| CalendarDate {
        year: 1970,
        month: 1,
        day,
    };
    let expected = PageViewMetrics {
        daily_total_page_views: vec![(date(1), 2), (date(2), 2), (date(11), 2)],
        unique_sessions: 4,
        unique_page_views: 5,
        total_page_views: 6,
        average_page_views_per_session: 1.5,
        bounce_rate: 0.75,
    };
    assert_eq!(metrics, expected);
}

#[test]
fn the_top_ten_goes_by_count_then_by_name_and_ends_after_ten() {
    let names = [
        "k", "j", "i", "h", "g", "f", "e", "d", "c", "b", "a", "a", "k", "k",
    ];
    let views = names.map(|name| PageView {
        href: format!("https://example.com/{name}?{name}"),
        time_zone: name.to_owned(),
        ..page_view()
    });
    let top = with(views)
        .orbiter
        .page_view_top_ten(&ALL, &mut enough())
        .unwrap();
    let expected = [
        ("k", 3),
        ("a", 2),
        ("b", 1),
        ("c", 1),
        ("d", 1),
        ("e", 1),
        ("f", 1),
        ("g", 1),
        ("h", 1),
        ("i", 1),
    ];
    assert_eq!(top.time_zones, counts(&expected));
    let paths = expected.map(|(name, count)| (format!("/{name}"), count));
    assert_eq!(top.pages, paths);
}

#[test]
fn referrers_count_by_host_pages_by_path_and_campaigns_by_name() {
    let view =
        |referrer: Option<&str>, href: &str, campaign: Option<(&str, Option<&str>)>| PageView {
            referrer: referrer.map(str::to_owned),
            href: href.to_owned(),
            campaign: campaign.map(|(source, name)| Campaign {
                utm_source: source.to_owned(),
                utm_medium: Some("medium".to_owned()),
                utm_campaign: name.map(str::to_owned),
                utm_term: None,
                utm_content: None,
            }),
            ..page_view()
        };
    let top = with([
        view(None, "https://example.com/a?x=1", None),
        view(
            Some("https://search.example/?q=1"),
            "http://localhost:5173/a#top",
            Some(("mail", None)),
        ),
        view(
            Some("http://search.example:8080/2"),
            "not a url",
            Some(("mail", Some("spring"))),
        ),
        view(
            Some("search.example"),
            "https://example.com",
            Some(("ads", None)),
        ),
    ])
    .orbiter
    .page_view_top_ten(&ALL, &mut enough())
    .unwrap();
    let expected = TopTen {
        // A text that is no URL counts with the host that reads the same.
        referrers: counts(&[("search.example", 3)]),
        pages: counts(&[("/a", 2), ("/", 1), ("not a url", 1)]),
        time_zones: counts(&[("Europe/Zurich", 4)]),
        utm_sources: Some(counts(&[("mail", 2), ("ads", 1)])),
        utm_campaigns: Some(counts(&[("spring", 1)])),
    };
    assert_eq!(top, expected);
}

#[test]
fn events_count_by_name_in_the_order_of_names() {
    let events = ["b", "a", "b", "c", "", "b"].map(|name| {
        let mut event = track_event();
        event.name = name.to_owned();
        event
    });
    let answer = with(events)
        .orbiter
        .track_event_counts(&ALL, &mut enough())
        .unwrap();
    assert_eq!(
        answer.total,
        counts(&[("", 1), ("a", 1), ("b", 3), ("c", 1)])
    );
}

#[test]
fn web_vitals_are_means_with_the_start_page_first() {
    let metric = |metric_name, value, href: &str| {
        let mut metric = performance_metric();
        (metric.metric_name, metric.data.value) = (metric_name, value);
        metric.href = href.to_owned();
        metric
    };
    let answer = with([
        metric(MetricName::Cls, 0.5, "#no url before the slash"),
        metric(MetricName::Lcp, 100.0, "https://example.com/b"),
        metric(MetricName::Lcp, 200.0, "https://example.com"),
        metric(MetricName::Lcp, 400.0, "https://example.com/?again"),
        metric(MetricName::Ttfb, 20.0, "https://example.com/a"),
        metric(MetricName::Inp, 8.0, "https://example.com/a"),
        metric(MetricName::Fcp, 1.0, "https://example.com/b"),
        metric(MetricName::Cls, 0.25, "https://example.com/b"),
    ])
    .orbiter
    .web_vitals(&ALL, &mut enough())
    .unwrap();
    let none = PageVitals::default();
    assert_eq!(
        answer.overall,
        PageVitals {
            cls: Some(0.375),
            fcp: Some(1.0),
            inp: Some(8.0),
            lcp: Some(700.0 / 3.0),
            ttfb: Some(20.0)
        }
    );
    let expected = [
        (
            "/",
            PageVitals {
                lcp: Some(300.0),
                ..none
            },
        ),
        (
            "#no url before the slash",
            PageVitals {
                cls: Some(0.5),
                ..none
            },
        ),
        (
            "/a",
            PageVitals {
                inp: Some(8.0),
                ttfb: Some(20.0),
                ..none
            },
        ),
        (
            "/b",
            PageVitals {
                cls: Some(0.25),
                fcp: Some(1.0),
                lcp: Some(100.0),
                ..none
            },
        ),
    ];
    assert_eq!(
        answer.pages,
        expected.map(|(path, vitals)| (path.to_owned(), vitals))
    );
}
