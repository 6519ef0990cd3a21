//! The request bodies: one per route. Text of the satellite's principal first, then the entries.

use super::{BigInt, SetPageView, SetPerformanceMetric, SetTrackEvent};
use serde::Deserialize;

/// The key of an entry, as [`crate::AnalyticKey`].
#[derive(Deserialize, Clone, Debug, PartialEq, Eq)]
pub struct Key {
    /// When the client saw the entry happen, ns.
    pub collected_at: BigInt,
    /// Chosen by the client.
    pub key: String,
}

/// Body of `POST /view`.
#[derive(Deserialize, Clone, Debug, PartialEq, Eq)]
pub struct SetPageViewRequest {
    /// Text of the satellite's principal.
    pub satellite_id: String,
    /// Key of the entry.
    pub key: Key,
    /// The entry.
    pub page_view: SetPageView,
}

/// One entry of a [`SetPageViewsRequest`].
#[derive(Deserialize, Clone, Debug, PartialEq, Eq)]
pub struct KeyedPageView {
    /// Key of the entry.
    pub key: Key,
    /// The entry.
    pub page_view: SetPageView,
}

/// Body of `POST /views`.
#[derive(Deserialize, Clone, Debug, PartialEq, Eq)]
pub struct SetPageViewsRequest {
    /// Text of the satellite's principal.
    pub satellite_id: String,
    /// The entries.
    pub page_views: Vec<KeyedPageView>,
}

/// Body of `POST /event`.
#[derive(Deserialize, Clone, Debug, PartialEq, Eq)]
pub struct SetTrackEventRequest {
    /// Text of the satellite's principal.
    pub satellite_id: String,
    /// Key of the entry.
    pub key: Key,
    /// The entry.
    pub track_event: SetTrackEvent,
}

/// One entry of a [`SetTrackEventsRequest`].
#[derive(Deserialize, Clone, Debug, PartialEq, Eq)]
pub struct KeyedTrackEvent {
    /// Key of the entry.
    pub key: Key,
    /// The entry.
    pub track_event: SetTrackEvent,
}

/// Body of `POST /events`.
#[derive(Deserialize, Clone, Debug, PartialEq, Eq)]
pub struct SetTrackEventsRequest {
    /// Text of the satellite's principal.
    pub satellite_id: String,
    /// The entries.
    pub track_events: Vec<KeyedTrackEvent>,
}

/// Body of `POST /metric`.
#[derive(Deserialize, Clone, Debug, PartialEq)]
pub struct SetPerformanceMetricRequest {
    /// Text of the satellite's principal.
    pub satellite_id: String,
    /// Key of the entry.
    pub key: Key,
    /// The entry.
    pub performance_metric: SetPerformanceMetric,
}

/// One entry of a [`SetPerformanceMetricsRequest`].
#[derive(Deserialize, Clone, Debug, PartialEq)]
pub struct KeyedPerformanceMetric {
    /// Key of the entry.
    pub key: Key,
    /// The entry.
    pub performance_metric: SetPerformanceMetric,
}

/// Body of `POST /metrics`.
#[derive(Deserialize, Clone, Debug, PartialEq)]
pub struct SetPerformanceMetricsRequest {
    /// Text of the satellite's principal.
    pub satellite_id: String,
    /// The entries.
    pub performance_metrics: Vec<KeyedPerformanceMetric>,
}
