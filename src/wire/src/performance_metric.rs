//! Web vitals: what a client sets and what it reads back.

use candid::{CandidType, Principal};
use serde::{Deserialize, Serialize};

/// Which web vital was measured.
#[derive(CandidType, Serialize, Deserialize, Clone, Copy, Debug, PartialEq, Eq)]
pub enum PerformanceMetricName {
    /// Cumulative layout shift, without unit.
    CLS,
    /// First contentful paint, ms.
    FCP,
    /// Interaction to next paint, ms.
    INP,
    /// Largest contentful paint, ms.
    LCP,
    /// Time to first byte, ms.
    TTFB,
}

/// How the visitor came to the page.
#[derive(CandidType, Serialize, Deserialize, Clone, Copy, Debug, PartialEq, Eq)]
pub enum NavigationType {
    /// A link or an address typed in.
    Navigate,
    /// A discarded tab that the browser brought back.
    Restore,
    /// A reload.
    Reload,
    /// Back or forward in the history.
    BackForward,
    /// Back or forward, from the browser's own cache.
    BackForwardCache,
    /// Rendered ahead of the visit.
    Prerender,
}

/// One measurement of a web vital. The unit follows from [`PerformanceMetricName`].
#[derive(CandidType, Serialize, Deserialize, Clone, Debug, PartialEq)]
pub struct WebVitalsMetric {
    /// The value so far; finite.
    pub value: f64,
    /// What was added since the last report; finite.
    pub delta: f64,
    /// Identifies the measurement among reports of the same page load.
    pub id: String,
    /// How the visitor came to the page.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub navigation_type: Option<NavigationType>,
}

/// The measurement, by its kind.
#[derive(CandidType, Serialize, Deserialize, Clone, Debug, PartialEq)]
pub enum PerformanceData {
    /// A web vital.
    WebVitalsMetric(WebVitalsMetric),
}

/// A measurement as a client sets it.
#[derive(CandidType, Deserialize, Clone, Debug, PartialEq)]
pub struct SetPerformanceMetric {
    /// Address of the page, at most 4096 bytes.
    pub href: String,
    /// Which web vital.
    pub metric_name: PerformanceMetricName,
    /// The measurement.
    pub data: PerformanceData,
    /// Sent by older clients; not stored.
    pub user_agent: Option<String>,
    /// The satellite whose visitor this is.
    pub satellite_id: Principal,
    /// Session of the visitor, at most 36 bytes.
    pub session_id: String,
    /// The current version, when an existing entry is to be overwritten.
    pub version: Option<u64>,
}

/// A stored measurement. Fields as in [`SetPerformanceMetric`].
#[derive(CandidType, Deserialize, Clone, Debug, PartialEq)]
pub struct PerformanceMetric {
    /// Address of the page.
    pub href: String,
    /// Which web vital.
    pub metric_name: PerformanceMetricName,
    /// The measurement.
    pub data: PerformanceData,
    /// The satellite whose visitor this is.
    pub satellite_id: Principal,
    /// Session of the visitor.
    pub session_id: String,
    /// When the entry was first stored, ns.
    pub created_at: u64,
    /// When the entry was last stored, ns.
    pub updated_at: u64,
    /// 1 for a new entry, one more with each overwrite.
    pub version: Option<u64>,
}
