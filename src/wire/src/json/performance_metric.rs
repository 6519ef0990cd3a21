//! Web vitals in JSON.

use super::BigInt;
use crate::{PerformanceData, PerformanceMetricName};
use serde::{Deserialize, Serialize};

/// A measurement in a request. Fields as in [`crate::SetPerformanceMetric`]; the satellite is named
/// once, in the request.
#[derive(Deserialize, Clone, Debug, PartialEq)]
pub struct SetPerformanceMetric {
    /// Address of the page.
    pub href: String,
    /// Which web vital, e.g. `"CLS"`.
    pub metric_name: PerformanceMetricName,
    /// The measurement, `{"WebVitalsMetric":{…}}`.
    pub data: PerformanceData,
    /// Sent by older clients; not stored.
    pub user_agent: Option<String>,
    /// Session of the visitor.
    pub session_id: String,
    /// The current version, when an existing entry is to be overwritten.
    pub version: Option<BigInt>,
}

/// A stored measurement in an answer. Fields as in [`crate::PerformanceMetric`].
#[derive(Serialize, Clone, Debug, PartialEq)]
pub struct PerformanceMetric {
    /// Address of the page.
    pub href: String,
    /// Which web vital.
    pub metric_name: PerformanceMetricName,
    /// The measurement.
    pub data: PerformanceData,
    /// Text of the satellite's principal.
    pub satellite_id: String,
    /// Session of the visitor.
    pub session_id: String,
    /// When the entry was first stored, ns.
    pub created_at: BigInt,
    /// When the entry was last stored, ns.
    pub updated_at: BigInt,
    /// 1 for a new entry, one more with each overwrite.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub version: Option<BigInt>,
}
