//! Satellites' configs.

use engine::{Features, SatelliteConfig, SetSatelliteConfig};

/// A config as an admin sets it, for the engine.
pub fn set_satellite_config(set: wire::SetSatelliteConfig) -> SetSatelliteConfig {
    SetSatelliteConfig {
        features: set.features.map(|features| Features {
            page_views: features.page_views,
            track_events: features.track_events,
            performance_metrics: features.performance_metrics,
        }),
        restricted_origin: set.restricted_origin,
        version: set.version,
    }
}

/// A stored config, for a client.
pub fn satellite_config(config: SatelliteConfig) -> wire::OrbiterSatelliteConfig {
    wire::OrbiterSatelliteConfig {
        features: config.features.map(|features| wire::Features {
            page_views: features.page_views,
            track_events: features.track_events,
            performance_metrics: features.performance_metrics,
        }),
        restricted_origin: config.restricted_origin,
        created_at: config.created_at,
        updated_at: config.updated_at,
        version: Some(config.version),
    }
}
