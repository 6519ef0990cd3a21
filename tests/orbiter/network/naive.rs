//! The workload, and the aggregates by a pass over it.

use crate::table::{OPEN, OTHER};
use std::collections::{BTreeMap, BTreeSet};
use wire::{
    AnalyticKey, AnalyticsClientsPageViews, AnalyticsMetricsPageViews, AnalyticsTop10PageViews,
    CalendarDate, GetAnalytics, PageViewCampaign, PageViewClient, PageViewDevice, SetPageView,
};

/// How many views there are.
pub const VIEWS: u64 = 200_000;
/// When the first was collected: 2026-02-27 00:00 UTC, ns. The last days are in March.
pub const FROM: u64 = 1_772_150_400_000_000_000;
/// The time between two views, ns.
pub const STEP: u64 = 2 * SECOND;
const SECOND: u64 = 1_000_000_000;
const DAYS: [(u8, u8); 5] = [(2, 27), (2, 28), (3, 1), (3, 2), (3, 3)];

/// The view number `index`: every text a mixture of few and many values.
pub fn view(index: u64) -> (AnalyticKey, SetPageView) {
    // A multiplicative hash, so that no field goes by the index alone.
    let mixed = index.wrapping_mul(0x9E37_79B9_7F4A_7C15) >> 32;
    let key = AnalyticKey {
        collected_at: FROM + index * STEP,
        key: format!("{index:x}"),
    };
    let view = SetPageView {
        title: format!("Page {}", mixed % 100),
        href: format!("https://open.example/{}?q={}", mixed % 100, mixed % 7),
        referrer: (mixed.is_multiple_of(2))
            .then(|| format!("https://host{}.example/x", mixed % 30)),
        device: PageViewDevice {
            inner_width: 800,
            inner_height: 600,
            screen_width: [
                None,
                Some(0),
                Some(575),
                Some(576),
                Some(1_439),
                Some(1_440),
            ][(mixed % 6) as usize],
            screen_height: None,
        },
        time_zone: format!("Zone/{}", mixed % 13),
        user_agent: None,
        client: (!mixed.is_multiple_of(5)).then(|| PageViewClient {
            browser: ["Chrome", "Firefox", "Safari", "Opera", "Lynx"][(mixed % 5) as usize]
                .to_owned(),
            os: [
                "iOS", "Android", "Windows", "macOS", "Linux", "Plan 9", "BeOS",
            ][(mixed % 7) as usize]
                .to_owned(),
            device: None,
        }),
        campaign: (mixed.is_multiple_of(4)).then(|| PageViewCampaign {
            utm_source: format!("source {}", mixed % 20),
            utm_medium: None,
            utm_campaign: (mixed.is_multiple_of(8)).then(|| format!("campaign {}", mixed % 24)),
            utm_term: None,
            utm_content: None,
        }),
        satellite_id: if mixed.is_multiple_of(3) { OTHER } else { OPEN },
        session_id: format!("{:x}", mixed % 60_000),
        updated_at: None,
        version: None,
    };
    (key, view)
}

/// The views of a range, by a pass over all.
pub fn views(of: &GetAnalytics) -> Vec<(AnalyticKey, SetPageView)> {
    (0..VIEWS)
        .filter(|index| {
            let collected_at = FROM + index * STEP;
            of.from.is_none_or(|from| collected_at >= from)
                && of.to.is_none_or(|to| collected_at < to)
        })
        .map(view)
        .filter(|(_, view)| of.satellite_id.is_none_or(|id| id == view.satellite_id))
        .collect()
}

fn share(count: usize, of: usize) -> f64 {
    if of == 0 {
        0.0
    } else {
        count as f64 / of as f64
    }
}

/// The answer of the query of that name.
pub fn metrics(views: &[(AnalyticKey, SetPageView)]) -> AnalyticsMetricsPageViews {
    let mut sessions: BTreeMap<&str, usize> = BTreeMap::new();
    let mut pages = BTreeSet::new();
    let mut days = [0; DAYS.len()];
    for (key, view) in views {
        *sessions.entry(&view.session_id).or_default() += 1;
        pages.insert((&view.session_id, &view.href));
        days[((key.collected_at - FROM) / (86_400 * SECOND)) as usize] += 1;
    }
    let bounced = sessions.values().filter(|count| **count == 1).count();
    AnalyticsMetricsPageViews {
        daily_total_page_views: DAYS
            .into_iter()
            .zip(days)
            .filter(|(_, count)| *count > 0)
            .map(|((month, day), count)| {
                (
                    CalendarDate {
                        year: 2026,
                        month,
                        day,
                    },
                    count,
                )
            })
            .collect(),
        unique_sessions: sessions.len() as u64,
        unique_page_views: pages.len() as u64,
        total_page_views: views.len() as u32,
        average_page_views_per_session: share(views.len(), sessions.len()),
        bounce_rate: share(bounced, sessions.len()),
    }
}

fn top<'a>(names: impl Iterator<Item = &'a str>) -> Vec<(String, u32)> {
    let mut counts: BTreeMap<&str, u32> = BTreeMap::new();
    for name in names {
        *counts.entry(name).or_default() += 1;
    }
    let mut counts: Vec<_> = counts
        .into_iter()
        .map(|(name, count)| (name.to_owned(), count))
        .collect();
    // The map is in the order of names and the sort is stable.
    counts.sort_by_key(|(_, count)| std::cmp::Reverse(*count));
    counts.truncate(10);
    counts
}

/// The answer of the query of that name.
pub fn top_10(views: &[(AnalyticKey, SetPageView)]) -> AnalyticsTop10PageViews {
    let between = |text: &str, start: &str, end: char| {
        let text = text.strip_prefix(start).expect("an address").to_owned();
        text[..text.find(end).unwrap_or(text.len())].to_owned()
    };
    let views = || views.iter().map(|(_, view)| view);
    let referrers: Vec<_> = views()
        .filter_map(|view| view.referrer.as_deref())
        .map(|referrer| between(referrer, "https://", '/'))
        .collect();
    let pages: Vec<_> = views()
        .map(|view| between(&view.href, "https://open.example", '?'))
        .collect();
    let campaigns = || views().filter_map(|view| view.campaign.as_ref());
    let sources = top(campaigns().map(|campaign| campaign.utm_source.as_str()));
    let names = top(campaigns().filter_map(|campaign| campaign.utm_campaign.as_deref()));
    AnalyticsTop10PageViews {
        referrers: top(referrers.iter().map(String::as_str)),
        pages: top(pages.iter().map(String::as_str)),
        time_zones: Some(top(views().map(|view| view.time_zone.as_str()))),
        utm_sources: (!sources.is_empty()).then_some(sources),
        utm_campaigns: (!names.is_empty()).then_some(names),
    }
}

/// The class of a view's device, by the table of the interface; none for a screen of width 0.
fn device(view: &SetPageView) -> Option<&'static str> {
    match (view.device.screen_width, &view.client) {
        (Some(0), _) => None,
        (Some(1..=575), _) => Some("mobile"),
        (Some(576..=991), _) => Some("tablet"),
        (Some(992..=1_439), _) => Some("laptop"),
        (Some(_), _) => Some("desktop"),
        (None, Some(client)) if client.os == "Android" => Some("mobile"),
        (None, Some(_)) => Some("desktop"),
        (None, None) => Some("others"),
    }
}

/// The answer of the query of that name.
pub fn clients(views: &[(AnalyticKey, SetPageView)]) -> AnalyticsClientsPageViews {
    let of = |test: &dyn Fn(&SetPageView) -> bool| {
        share(
            views.iter().filter(|(_, view)| test(view)).count(),
            views.len(),
        )
    };
    let class = |class| of(&|view| device(view) == Some(class));
    let browser = |view: &SetPageView| {
        view.client
            .as_ref()
            .map_or(String::new(), |c| c.browser.clone())
    };
    let os = |view: &SetPageView| view.client.as_ref().map_or(String::new(), |c| c.os.clone());
    let known = ["iOS", "Android", "Windows", "macOS", "Linux"];
    let any_known = views
        .iter()
        .any(|(_, view)| known.contains(&os(view).as_str()));
    AnalyticsClientsPageViews {
        devices: wire::AnalyticsDevicesPageViews {
            mobile: class("mobile"),
            tablet: Some(class("tablet")),
            laptop: Some(class("laptop")),
            desktop: class("desktop"),
            others: class("others"),
        },
        browsers: wire::AnalyticsBrowsersPageViews {
            chrome: of(&|view| browser(view) == "Chrome"),
            opera: of(&|view| browser(view) == "Opera"),
            firefox: of(&|view| browser(view) == "Firefox"),
            safari: of(&|view| browser(view) == "Safari"),
            others: of(&|view| matches!(browser(view).as_str(), "Lynx" | "")),
        },
        operating_systems: any_known.then(|| wire::AnalyticsOperatingSystemsPageViews {
            ios: of(&|view| os(view) == "iOS"),
            android: of(&|view| os(view) == "Android"),
            windows: of(&|view| os(view) == "Windows"),
            macos: of(&|view| os(view) == "macOS"),
            linux: of(&|view| os(view) == "Linux"),
            others: of(&|view| !known.contains(&os(view).as_str())),
        }),
    }
}
