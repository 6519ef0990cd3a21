//! The JSON bodies of the HTTP routes.
//!
//! Field names are those of Candid. What differs from the Candid records:
//! - every 64-bit number is a [`BigInt`], because a JSON number of JavaScript holds 53 bits;
//! - a principal is its text;
//! - `metadata` is an object, or an array of pairs as older clients send it ([`Metadata`]);
//! - options that are absent are left out of answers, and may be left out or `null` in requests;
//! - unknown fields of a request are ignored, because clients in the wild send some.

mod answer;
mod bigint;
mod metadata;
mod page_view;
mod performance_metric;
mod request;
mod track_event;

pub use answer::{Answer, AnswerData, AnswerError};
pub use bigint::BigInt;
pub use metadata::Metadata;
pub use page_view::{PageView, SetPageView};
pub use performance_metric::{PerformanceMetric, SetPerformanceMetric};
pub use request::{
    Key, KeyedPageView, KeyedPerformanceMetric, KeyedTrackEvent, SetPageViewRequest,
    SetPageViewsRequest, SetPerformanceMetricRequest, SetPerformanceMetricsRequest,
    SetTrackEventRequest, SetTrackEventsRequest,
};
pub use track_event::{SetTrackEvent, TrackEvent};
