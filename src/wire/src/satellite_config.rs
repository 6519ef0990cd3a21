//! What an orbiter accepts from a satellite.

use candid::CandidType;
use serde::Deserialize;

/// The kinds of entry that are accepted.
#[derive(CandidType, Deserialize, Clone, Debug, PartialEq, Eq)]
pub struct Features {
    /// Accept page views.
    pub page_views: bool,
    /// Accept custom events.
    pub track_events: bool,
    /// Accept web vitals.
    pub performance_metrics: bool,
}

/// The configuration of a satellite, as an admin sets it.
#[derive(CandidType, Deserialize, Clone, Debug, PartialEq, Eq)]
pub struct SetSatelliteConfig {
    /// What is accepted; none: nothing.
    pub features: Option<Features>,
    /// The origin that browsers may read successful answers from; none: any.
    pub restricted_origin: Option<String>,
    /// The current version, when a configuration exists.
    pub version: Option<u64>,
}

/// A stored configuration. Fields as in [`SetSatelliteConfig`].
#[derive(CandidType, Deserialize, Clone, Debug, PartialEq, Eq)]
pub struct OrbiterSatelliteConfig {
    /// What is accepted.
    pub features: Option<Features>,
    /// The origin that browsers may read successful answers from.
    pub restricted_origin: Option<String>,
    /// When the configuration was first set, ns.
    pub created_at: u64,
    /// When the configuration was last set, ns.
    pub updated_at: u64,
    /// 1 for a new configuration, one more with each change.
    pub version: Option<u64>,
}

/// Which version of a configuration to delete.
#[derive(CandidType, Deserialize, Clone, Debug, PartialEq, Eq)]
pub struct DelSatelliteConfig {
    /// The current version.
    pub version: Option<u64>,
}
