//! Candid and JSON shapes, as clients see them. No logic.
//!
//! The types of this crate are the public interface of the orbiter and nothing else: one struct per
//! record of `candid/orbiter.did`, under the same name, and in [`json`] one struct per body of the
//! HTTP routes. Those of `candid/satellite.did` are in [`satellite`]. Rules, limits and storage live
//! elsewhere; whoever needs a value from here converts it.
//!
//! All timestamps are nanoseconds since 1970, UTC. Limits named in the comments are enforced by the
//! engine, not by these types.

mod access_key;
mod aggregate;
mod canister;
mod entry;
mod http;
pub mod json;
mod page_view;
mod performance_metric;
pub mod satellite;
mod satellite_config;
mod storage;
mod track_event;

pub use access_key::{
    AccessKey, AccessKeyKind, AccessKeyScope, DeleteControllersArgs, SetAccessKey,
    SetControllersArgs,
};
pub use aggregate::{
    AnalyticsBrowsersPageViews, AnalyticsClientsPageViews, AnalyticsDevicesPageViews,
    AnalyticsMetricsPageViews, AnalyticsOperatingSystemsPageViews, AnalyticsTop10PageViews,
    AnalyticsTrackEvents, AnalyticsWebVitals, CalendarDate, Counts, PageMetrics,
};
pub use canister::{DepositCyclesArgs, InitOrbiterArgs, MemorySize};
pub use entry::{AnalyticKey, GetAnalytics, Rejected, SetManyResult, SetOneResult};
pub use http::{HttpRequest, HttpResponse};
pub use page_view::{PageView, PageViewCampaign, PageViewClient, PageViewDevice, SetPageView};
pub use performance_metric::{
    NavigationType, PerformanceData, PerformanceMetric, PerformanceMetricName,
    SetPerformanceMetric, WebVitalsMetric,
};
pub use satellite_config::{
    DelSatelliteConfig, Features, OrbiterSatelliteConfig, SetSatelliteConfig,
};
pub use storage::{
    CompactionFailure, GetSegment, ListSegments, SatelliteStorage, SegmentPart, SegmentSummary,
    StorageOverview,
};
pub use track_event::{SetTrackEvent, TrackEvent};
