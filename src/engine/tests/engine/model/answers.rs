//! Every answer, counted as plainly as can be and held against the engine's.

use super::tables::{CLIENTS, PAGES, REFERRERS, USER_AGENTS, WIDTHS};
use crate::samples::{Bench, NOW, enough};
use engine::aggregates::{PageVitals, TopTen, WebVitals};
use engine::kinds::MetricName;
use engine::{AnalyticKey, Entry, EntryRange, PageView, PerformanceMetric, TrackEvent};
use std::collections::{BTreeMap, BTreeSet};

type Entries<B> = Vec<(AnalyticKey, Entry<B>)>;

pub fn check_metrics(bench: &Bench, range: &EntryRange, views: &Entries<PageView>) {
    let answer = bench
        .orbiter
        .page_view_metrics(range, &mut enough())
        .unwrap();
    let sessions: BTreeSet<_> = views.iter().map(|(_, view)| &view.session_id).collect();
    let pages: BTreeSet<_> = views
        .iter()
        .map(|(_, view)| (&view.session_id, &view.body.href))
        .collect();
    let bounces = sessions
        .iter()
        .filter(|session| {
            views
                .iter()
                .filter(|(_, view)| view.session_id == ***session)
                .count()
                == 1
        })
        .count();
    // NOW is 2023-11-14 22:13:20, and no entry is more than 30 hours later.
    let day = |collected_at: u64| match (collected_at - NOW) / 1_000_000_000 {
        0..6_400 => 14,
        6_400..92_800 => 15,
        _ => 16,
    };
    let mut days = BTreeMap::new();
    for (key, _) in views {
        *days.entry(day(key.collected_at)).or_insert(0) += 1;
    }
    let answered: Vec<_> = answer
        .daily_total_page_views
        .iter()
        .map(|(date, views)| ((date.year, date.month, date.day), *views))
        .collect();
    let expected: Vec<_> = days
        .into_iter()
        .map(|(day, views)| ((2023, 11, day), views))
        .collect();
    assert_eq!(answered, expected);
    assert_eq!(answer.total_page_views as usize, views.len());
    assert_eq!(answer.unique_sessions as usize, sessions.len());
    assert_eq!(answer.unique_page_views as usize, pages.len());
    let per_session = |number: usize| number as f64 / sessions.len().max(1) as f64;
    assert_eq!(
        answer.average_page_views_per_session,
        per_session(views.len())
    );
    assert_eq!(answer.bounce_rate, per_session(bounces));
}

/// How often each text occurs, most frequent first, then by name, ten at most.
fn top_ten<'a>(texts: impl Iterator<Item = &'a str>) -> Vec<(String, u32)> {
    let mut counts = BTreeMap::new();
    for text in texts {
        *counts.entry(text.to_owned()).or_insert(0) += 1;
    }
    let mut counts: Vec<_> = counts.into_iter().collect();
    counts.sort_by_key(|(_, count)| std::cmp::Reverse(*count));
    counts.truncate(10);
    counts
}

fn looked_up(table: &[(&'static str, &'static str)], text: &str) -> &'static str {
    table.iter().find(|(whole, _)| *whole == text).unwrap().1
}

pub fn check_top_ten(bench: &Bench, range: &EntryRange, views: &Entries<PageView>) {
    let bodies = || views.iter().map(|(_, view)| &view.body);
    let campaigns = || bodies().filter_map(|view| view.campaign.as_ref());
    let if_any = |counts: Vec<_>| {
        if counts.is_empty() {
            None
        } else {
            Some(counts)
        }
    };
    let referrers = bodies().filter_map(|view| view.referrer.as_deref());
    let expected = TopTen {
        referrers: top_ten(referrers.map(|referrer| looked_up(&REFERRERS, referrer))),
        pages: top_ten(bodies().map(|view| looked_up(&PAGES, &view.href))),
        time_zones: top_ten(bodies().map(|view| view.time_zone.as_str())),
        utm_sources: if_any(top_ten(
            campaigns().map(|campaign| campaign.utm_source.as_str()),
        )),
        utm_campaigns: if_any(top_ten(
            campaigns().filter_map(|campaign| campaign.utm_campaign.as_deref()),
        )),
    };
    assert_eq!(
        bench
            .orbiter
            .page_view_top_ten(range, &mut enough())
            .unwrap(),
        expected
    );
}

/// Device, browser and system of a view, by the tables.
fn classes(view: &PageView) -> (Option<usize>, usize, usize) {
    let [device, browser, system] = match (&view.client, &view.user_agent) {
        (Some(client), _) => {
            CLIENTS
                .iter()
                .find(|(browser, ..)| *browser == client.browser)
                .unwrap()
                .3
        }
        (None, Some(user_agent)) => {
            let (_, device, browser) = USER_AGENTS
                .iter()
                .find(|(whole, ..)| whole == user_agent)
                .unwrap();
            [*device, *browser, 5]
        }
        (None, None) => [4, 4, 5],
    };
    let by_width = |width| WIDTHS.iter().find(|(other, _)| *other == width).unwrap().1;
    (
        view.device.screen_width.map_or(Some(device), by_width),
        browser,
        system,
    )
}

pub fn check_clients(bench: &Bench, range: &EntryRange, views: &Entries<PageView>) {
    let answer = bench
        .orbiter
        .page_view_clients(range, &mut enough())
        .unwrap();
    let share = |is_counted: &dyn Fn((Option<usize>, usize, usize)) -> bool| {
        let counted = views
            .iter()
            .filter(|(_, view)| is_counted(classes(&view.body)))
            .count();
        counted as f64 / views.len().max(1) as f64
    };
    let devices = answer.devices;
    assert_eq!(
        [
            devices.mobile,
            devices.tablet,
            devices.laptop,
            devices.desktop,
            devices.others
        ],
        [0, 1, 2, 3, 4].map(|class| share(&|(device, ..)| device == Some(class)))
    );
    let browsers = answer.browsers;
    assert_eq!(
        [
            browsers.chrome,
            browsers.opera,
            browsers.firefox,
            browsers.safari,
            browsers.others
        ],
        [0, 1, 2, 3, 4].map(|class| share(&|(_, browser, _)| browser == class))
    );
    let systems = [0, 1, 2, 3, 4, 5].map(|class| share(&|(.., system)| system == class));
    let expected = if systems[..5] == [0.0; 5] {
        None
    } else {
        Some(systems)
    };
    let answered = answer.operating_systems.map(|shares| {
        [
            shares.ios,
            shares.android,
            shares.windows,
            shares.macos,
            shares.linux,
            shares.others,
        ]
    });
    assert_eq!(answered, expected);
}

fn means(metrics: &[&PerformanceMetric]) -> PageVitals {
    let mean = |name| {
        let values: Vec<_> = metrics
            .iter()
            .filter(|metric| metric.metric_name == name)
            .map(|metric| metric.data.value)
            .collect();
        let mut sum = 0.0;
        for value in &values {
            sum += value;
        }
        if values.is_empty() {
            None
        } else {
            Some(sum / values.len() as f64)
        }
    };
    PageVitals {
        cls: mean(MetricName::Cls),
        fcp: mean(MetricName::Fcp),
        inp: mean(MetricName::Inp),
        lcp: mean(MetricName::Lcp),
        ttfb: mean(MetricName::Ttfb),
    }
}

pub fn check_vitals(bench: &Bench, range: &EntryRange, metrics: &Entries<PerformanceMetric>) {
    let metrics: Vec<_> = metrics.iter().map(|(_, metric)| &metric.body).collect();
    let mut paths: Vec<_> = metrics
        .iter()
        .map(|metric| looked_up(&PAGES, &metric.href))
        .collect();
    paths.sort_unstable();
    paths.dedup();
    let of = |path: &str| {
        let of_path: Vec<_> = metrics
            .iter()
            .copied()
            .filter(|metric| looked_up(&PAGES, &metric.href) == path)
            .collect();
        (path.to_owned(), means(&of_path))
    };
    let expected = WebVitals {
        overall: means(&metrics),
        pages: paths.into_iter().map(of).collect(),
    };
    assert_eq!(
        bench.orbiter.web_vitals(range, &mut enough()).unwrap(),
        expected
    );
}

pub fn check_events(bench: &Bench, range: &EntryRange, events: &Entries<TrackEvent>) {
    let mut counts = BTreeMap::new();
    for (_, event) in events {
        *counts.entry(event.body.name.clone()).or_insert(0) += 1;
    }
    let answer = bench
        .orbiter
        .track_event_counts(range, &mut enough())
        .unwrap();
    assert_eq!(answer.total, counts.into_iter().collect::<Vec<_>>());
}
