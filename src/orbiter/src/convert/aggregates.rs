//! Answers of the aggregate queries, for a client.

use engine::CalendarDate;
use engine::aggregates::{
    BrowserShares, DeviceShares, OperatingSystemShares, PageViewClients, PageViewMetrics,
    PageVitals, TopTen, TrackEventCounts, WebVitals,
};

/// Totals of page views.
pub fn metrics(metrics: PageViewMetrics) -> wire::AnalyticsMetricsPageViews {
    wire::AnalyticsMetricsPageViews {
        daily_total_page_views: metrics
            .daily_total_page_views
            .into_iter()
            .map(|(day, views)| (calendar_date(day), views))
            .collect(),
        unique_sessions: metrics.unique_sessions,
        unique_page_views: metrics.unique_page_views,
        total_page_views: metrics.total_page_views,
        average_page_views_per_session: metrics.average_page_views_per_session,
        bounce_rate: metrics.bounce_rate,
    }
}

fn calendar_date(day: CalendarDate) -> wire::CalendarDate {
    wire::CalendarDate {
        year: day.year,
        month: day.month,
        day: day.day,
    }
}

/// The most frequent names.
pub fn top_10(top: TopTen) -> wire::AnalyticsTop10PageViews {
    wire::AnalyticsTop10PageViews {
        referrers: top.referrers,
        pages: top.pages,
        time_zones: Some(top.time_zones),
        utm_sources: top.utm_sources,
        utm_campaigns: top.utm_campaigns,
    }
}

/// Shares by device, browser and operating system.
pub fn clients(clients: PageViewClients) -> wire::AnalyticsClientsPageViews {
    wire::AnalyticsClientsPageViews {
        devices: devices(clients.devices),
        browsers: browsers(clients.browsers),
        operating_systems: clients.operating_systems.map(operating_systems),
    }
}

fn devices(shares: DeviceShares) -> wire::AnalyticsDevicesPageViews {
    wire::AnalyticsDevicesPageViews {
        mobile: shares.mobile,
        tablet: Some(shares.tablet),
        laptop: Some(shares.laptop),
        desktop: shares.desktop,
        others: shares.others,
    }
}

fn browsers(shares: BrowserShares) -> wire::AnalyticsBrowsersPageViews {
    wire::AnalyticsBrowsersPageViews {
        chrome: shares.chrome,
        opera: shares.opera,
        firefox: shares.firefox,
        safari: shares.safari,
        others: shares.others,
    }
}

fn operating_systems(shares: OperatingSystemShares) -> wire::AnalyticsOperatingSystemsPageViews {
    wire::AnalyticsOperatingSystemsPageViews {
        ios: shares.ios,
        android: shares.android,
        windows: shares.windows,
        macos: shares.macos,
        linux: shares.linux,
        others: shares.others,
    }
}

/// Custom events by name.
pub fn event_totals(counts: TrackEventCounts) -> wire::AnalyticsTrackEvents {
    wire::AnalyticsTrackEvents {
        total: counts.total,
    }
}

/// Means of the web vitals.
pub fn web_vitals(vitals: WebVitals) -> wire::AnalyticsWebVitals {
    wire::AnalyticsWebVitals {
        overall: page_metrics(vitals.overall),
        pages: vitals
            .pages
            .into_iter()
            .map(|(page, vitals)| (page, page_metrics(vitals)))
            .collect(),
    }
}

fn page_metrics(vitals: PageVitals) -> wire::PageMetrics {
    wire::PageMetrics {
        cls: vitals.cls,
        fcp: vitals.fcp,
        inp: vitals.inp,
        lcp: vitals.lcp,
        ttfb: vitals.ttfb,
    }
}
