//! What the aggregate queries answer. Every figure is exact over the entries in range.

use candid::CandidType;
use serde::Deserialize;

/// Names with their number of entries.
pub type Counts = Vec<(String, u32)>;

/// A day of the Gregorian calendar, UTC.
#[derive(CandidType, Deserialize, Clone, Copy, Debug, PartialEq, Eq)]
pub struct CalendarDate {
    /// The year, e.g. 2026.
    pub year: i32,
    /// The month, 1 to 12.
    pub month: u8,
    /// The day of the month, 1 to 31.
    pub day: u8,
}

/// Totals of page views.
#[derive(CandidType, Deserialize, Clone, Debug, PartialEq)]
pub struct AnalyticsMetricsPageViews {
    /// Views per UTC day of `collected_at`, days without views left out.
    pub daily_total_page_views: Vec<(CalendarDate, u32)>,
    /// Distinct sessions.
    pub unique_sessions: u64,
    /// Distinct pairs of session and address.
    pub unique_page_views: u64,
    /// All views.
    pub total_page_views: u32,
    /// Views ÷ sessions, 0 when there are none.
    pub average_page_views_per_session: f64,
    /// Sessions with exactly one view ÷ sessions, 0 when there are none.
    pub bounce_rate: f64,
}

/// The most frequent names, at most ten of each, most frequent first, then by name.
#[derive(CandidType, Deserialize, Clone, Debug, PartialEq, Eq)]
pub struct AnalyticsTop10PageViews {
    /// Hosts of the referrers.
    pub referrers: Counts,
    /// Paths of the addresses.
    pub pages: Counts,
    /// Time zones; always given.
    pub time_zones: Option<Counts>,
    /// Campaign sources; none when no entry had a campaign.
    pub utm_sources: Option<Counts>,
    /// Campaign names; none when no entry had one.
    pub utm_campaigns: Option<Counts>,
}

/// Shares 0..1 of all entries by kind of device.
#[derive(CandidType, Deserialize, Clone, Debug, PartialEq)]
pub struct AnalyticsDevicesPageViews {
    /// Screens of 1 to 575 pixels, or phones by name.
    pub mobile: f64,
    /// Screens of 576 to 991 pixels, or tablets by name.
    pub tablet: Option<f64>,
    /// Screens of 992 to 1439 pixels.
    pub laptop: Option<f64>,
    /// Screens from 1440 pixels, or any other device by name.
    pub desktop: f64,
    /// Nothing known of the device.
    pub others: f64,
}

/// Shares 0..1 of all entries by browser.
#[derive(CandidType, Deserialize, Clone, Debug, PartialEq)]
pub struct AnalyticsBrowsersPageViews {
    /// Chrome, Chromium, and Chrome on iOS.
    pub chrome: f64,
    /// Opera.
    pub opera: f64,
    /// Firefox.
    pub firefox: f64,
    /// Safari.
    pub safari: f64,
    /// Any other, or unknown.
    pub others: f64,
}

/// Shares 0..1 of all entries by operating system.
#[derive(CandidType, Deserialize, Clone, Debug, PartialEq)]
pub struct AnalyticsOperatingSystemsPageViews {
    /// iOS.
    pub ios: f64,
    /// Android.
    pub android: f64,
    /// Windows.
    pub windows: f64,
    /// macOS.
    pub macos: f64,
    /// Linux.
    pub linux: f64,
    /// Any other, or unknown.
    pub others: f64,
}

/// Shares of page views by device, browser and operating system.
#[derive(CandidType, Deserialize, Clone, Debug, PartialEq)]
pub struct AnalyticsClientsPageViews {
    /// By device.
    pub devices: AnalyticsDevicesPageViews,
    /// By browser.
    pub browsers: AnalyticsBrowsersPageViews,
    /// By operating system; none when no entry had a known one.
    pub operating_systems: Option<AnalyticsOperatingSystemsPageViews>,
}

/// Custom events by name.
#[derive(CandidType, Deserialize, Clone, Debug, PartialEq, Eq)]
pub struct AnalyticsTrackEvents {
    /// All names with their totals.
    pub total: Counts,
}

/// The mean of each web vital, none where there is no measurement.
#[derive(CandidType, Deserialize, Clone, Debug, PartialEq)]
pub struct PageMetrics {
    /// Cumulative layout shift, without unit.
    pub cls: Option<f64>,
    /// First contentful paint, ms.
    pub fcp: Option<f64>,
    /// Interaction to next paint, ms.
    pub inp: Option<f64>,
    /// Largest contentful paint, ms.
    pub lcp: Option<f64>,
    /// Time to first byte, ms.
    pub ttfb: Option<f64>,
}

/// Means of the web vitals.
#[derive(CandidType, Deserialize, Clone, Debug, PartialEq)]
pub struct AnalyticsWebVitals {
    /// Over all pages.
    pub overall: PageMetrics,
    /// By path of the page: `/` first, then the others in order.
    pub pages: Vec<(String, PageMetrics)>,
}
