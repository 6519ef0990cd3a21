//! Every answer, counted over the entries of a range as plainly as can be.

use super::tables::{CLIENTS, USER_AGENTS, WIDTHS};
use super::{calendar, url};
use engine::aggregates::{
    BrowserShares, DeviceShares, OperatingSystemShares, PageViewClients, PageViewMetrics,
    PageVitals, TopTen, TrackEventCounts, WebVitals,
};
use engine::kinds::MetricName;
use engine::{AnalyticKey, Entry, PageView, PerformanceMetric, TrackEvent};
use std::cmp::Reverse;
use std::collections::{BTreeMap, BTreeSet};

type Entries<B> = [(AnalyticKey, Entry<B>)];

fn ratio(number: usize, of: usize) -> f64 {
    if of == 0 {
        0.0
    } else {
        number as f64 / of as f64
    }
}

/// How often each occurs, in order.
fn counts<T: Ord>(all: impl Iterator<Item = T>) -> Vec<(T, u32)> {
    let mut counts = BTreeMap::new();
    for one in all {
        *counts.entry(one).or_insert(0) += 1;
    }
    counts.into_iter().collect()
}

pub fn metrics(views: &Entries<PageView>) -> PageViewMetrics {
    let sessions = counts(views.iter().map(|(_, view)| &view.session_id));
    let bounces = sessions.iter().filter(|(_, views)| *views == 1).count();
    let pages: BTreeSet<_> = views
        .iter()
        .map(|(_, view)| (&view.session_id, &view.body.href))
        .collect();
    let days = views
        .iter()
        .map(|(key, _)| calendar::date(key.collected_at));
    PageViewMetrics {
        daily_total_page_views: counts(days),
        unique_sessions: sessions.len() as u64,
        unique_page_views: pages.len() as u64,
        total_page_views: views.len() as u32,
        average_page_views_per_session: ratio(views.len(), sessions.len()),
        bounce_rate: ratio(bounces, sessions.len()),
    }
}

/// The ten most frequent, most frequent first, then by name.
fn top(names: impl Iterator<Item = String>) -> Vec<(String, u32)> {
    let mut counts = counts(names);
    // In the order of names, which the sort keeps among equals.
    counts.sort_by_key(|(_, count)| Reverse(*count));
    counts.truncate(10);
    counts
}

pub fn top_ten(views: &Entries<PageView>) -> TopTen {
    let bodies = || views.iter().map(|(_, view)| &view.body);
    let campaigns = || bodies().filter_map(|view| view.campaign.clone());
    let if_any = |counts: Vec<_>| (!counts.is_empty()).then_some(counts);
    let referrers = bodies().filter_map(|view| view.referrer.as_deref());
    TopTen {
        referrers: top(referrers.map(url::host)),
        pages: top(bodies().map(|view| url::path(&view.href))),
        time_zones: top(bodies().map(|view| view.time_zone.clone())),
        utm_sources: if_any(top(campaigns().map(|campaign| campaign.utm_source))),
        utm_campaigns: if_any(top(campaigns().filter_map(|campaign| campaign.utm_campaign))),
    }
}

/// Device, browser and system of a view, as numbers of the tables.
type Classes = (Option<usize>, usize, usize);

fn classes(view: &PageView) -> Classes {
    let [device, browser, system] = match (&view.client, &view.user_agent) {
        (Some(client), _) => {
            let row = CLIENTS.iter().find(|(browser, os, device, _)| {
                (*browser, *os, *device)
                    == (
                        client.browser.as_str(),
                        client.os.as_str(),
                        client.device.as_deref(),
                    )
            });
            row.expect("a client of the table").3
        }
        (None, Some(user_agent)) => {
            let row = USER_AGENTS.iter().find(|(text, ..)| text == user_agent);
            let (_, device, browser) = row.expect("a user agent of the table");
            [*device, *browser, 5]
        }
        (None, None) => [4, 4, 5],
    };
    let by_width = |width| {
        let row = WIDTHS.iter().find(|(other, _)| *other == width);
        row.expect("a width of the table").1
    };
    let screen_width = view.device.screen_width;
    (screen_width.map_or(Some(device), by_width), browser, system)
}

pub fn clients(views: &Entries<PageView>) -> PageViewClients {
    let classes: Vec<_> = views.iter().map(|(_, view)| classes(&view.body)).collect();
    let share = |is_meant: &dyn Fn(&Classes) -> bool| {
        let meant = classes.iter().filter(|classes| is_meant(classes));
        ratio(meant.count(), classes.len())
    };
    let device = |number| share(&|(device, ..)| *device == Some(number));
    let browser = |number| share(&|(_, browser, _)| *browser == number);
    let system = |number| share(&|(.., system)| *system == number);
    PageViewClients {
        devices: DeviceShares {
            mobile: device(0),
            tablet: device(1),
            laptop: device(2),
            desktop: device(3),
            others: device(4),
        },
        browsers: BrowserShares {
            chrome: browser(0),
            opera: browser(1),
            firefox: browser(2),
            safari: browser(3),
            others: browser(4),
        },
        operating_systems: classes.iter().any(|(.., system)| *system != 5).then(|| {
            OperatingSystemShares {
                ios: system(0),
                android: system(1),
                windows: system(2),
                macos: system(3),
                linux: system(4),
                others: system(5),
            }
        }),
    }
}

pub fn events(events: &Entries<TrackEvent>) -> TrackEventCounts {
    TrackEventCounts {
        total: counts(events.iter().map(|(_, event)| event.body.name.clone())),
    }
}

/// The mean of each metric's values.
fn means(metrics: &[&PerformanceMetric]) -> PageVitals {
    let mean = |name| {
        let values = metrics.iter().filter(|metric| metric.metric_name == name);
        let values: Vec<_> = values.map(|metric| metric.data.value).collect();
        (!values.is_empty()).then(|| values.iter().sum::<f64>() / values.len() as f64)
    };
    PageVitals {
        cls: mean(MetricName::Cls),
        fcp: mean(MetricName::Fcp),
        inp: mean(MetricName::Inp),
        lcp: mean(MetricName::Lcp),
        ttfb: mean(MetricName::Ttfb),
    }
}

pub fn web_vitals(metrics: &Entries<PerformanceMetric>) -> WebVitals {
    let metrics: Vec<_> = metrics.iter().map(|(_, metric)| &metric.body).collect();
    let mut by_path: BTreeMap<String, Vec<&PerformanceMetric>> = BTreeMap::new();
    for metric in &metrics {
        by_path
            .entry(url::path(&metric.href))
            .or_default()
            .push(metric);
    }
    let start = by_path.remove("/").map(|metrics| ("/".to_owned(), metrics));
    WebVitals {
        overall: means(&metrics),
        pages: start
            .into_iter()
            .chain(by_path)
            .map(|(path, metrics)| (path, means(&metrics)))
            .collect(),
    }
}
