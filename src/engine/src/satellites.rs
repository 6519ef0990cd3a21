//! The satellites (sites and dapps) that may send entries, and what each may send.

use crate::kinds::KindName;
use crate::records::{Record, RecordError, Records, Table};
use crate::version::{VersionRefusal, check_version, next_version};
use ic_principal::Principal;
use ic_stable_structures::Memory;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use std::fmt;

/// A satellite's config as its owner sends it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct SetSatelliteConfig {
    /// The kinds of entry it may send; none: none.
    pub features: Option<Features>,
    /// The only origin whose pages may read answers; none: any.
    pub restricted_origin: Option<String>,
    /// The version it overwrites; not needed for a new config, where it is ignored.
    pub version: Option<u64>,
}

/// A satellite's config as it is stored.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SatelliteConfig {
    /// The kinds of entry it may send; none: none.
    pub features: Option<Features>,
    /// The only origin whose pages may read answers; none: any.
    pub restricted_origin: Option<String>,
    /// When it was first stored, in nanoseconds since 1970, UTC.
    pub created_at: u64,
    /// When it was last stored, in nanoseconds since 1970, UTC.
    pub updated_at: u64,
    /// 1 at first, one more with each overwrite.
    pub version: u64,
}

/// Which kinds of entry a satellite may send.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Features {
    /// Page views.
    pub page_views: bool,
    /// Track events.
    pub track_events: bool,
    /// Performance metrics.
    pub performance_metrics: bool,
}

impl Features {
    /// Whether the kind is switched on.
    pub fn allows(&self, kind: KindName) -> bool {
        match kind {
            KindName::PageView => self.page_views,
            KindName::TrackEvent => self.track_events,
            KindName::PerformanceMetric => self.performance_metrics,
        }
    }
}

/// Why a config was refused. Of several configs that were sent together, none is stored.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ConfigRefusal {
    /// An overwrite or a delete without the current version.
    Version {
        /// Of which satellite.
        satellite_id: Principal,
        /// What is wrong.
        refusal: VersionRefusal,
    },
    /// The config can't be written to memory.
    Unstorable(RecordError),
}

impl fmt::Display for ConfigRefusal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Version {
                satellite_id,
                refusal,
            } => {
                write!(f, "The config of {satellite_id}: {refusal}")
            }
            Self::Unstorable(error) => error.fmt(f),
        }
    }
}

impl std::error::Error for ConfigRefusal {}

impl From<RecordError> for ConfigRefusal {
    fn from(error: RecordError) -> Self {
        Self::Unstorable(error)
    }
}

impl Record for SatelliteConfig {
    const TABLE: u8 = 1;
    const FORMAT: u8 = 1;
}

/// All satellites' configs.
pub(crate) struct Satellites {
    configs: Table<SatelliteConfig>,
}

impl Satellites {
    pub(crate) fn load<M: Memory>(records: &Records<M>) -> Result<Self, RecordError> {
        Ok(Self {
            configs: Table::load(records)?,
        })
    }

    pub(crate) fn get(&self, satellite_id: &Principal) -> Option<&SatelliteConfig> {
        self.configs.get(satellite_id)
    }

    pub(crate) fn iter(&self) -> impl Iterator<Item = (&Principal, &SatelliteConfig)> {
        self.configs.iter()
    }

    /// Whether the satellite may send entries of this kind.
    pub(crate) fn allow(&self, satellite_id: &Principal, kind: KindName) -> bool {
        self.get(satellite_id)
            .and_then(|config| config.features)
            .is_some_and(|features| features.allows(kind))
    }

    /// Stores all configs or, if one breaks the version rule, none. A satellite that appears twice is
    /// overwritten by its second config, under the same rule.
    pub(crate) fn set<M: Memory>(
        &mut self,
        records: &mut Records<M>,
        configs: Vec<(Principal, SetSatelliteConfig)>,
        now: u64,
    ) -> Result<Vec<(Principal, SatelliteConfig)>, ConfigRefusal> {
        let mut staged: BTreeMap<Principal, SatelliteConfig> = BTreeMap::new();
        let mut answer = Vec::with_capacity(configs.len());
        for (satellite_id, config) in configs {
            let current = staged
                .get(&satellite_id)
                .or_else(|| self.get(&satellite_id));
            let stored =
                overwritten(current, config, now).map_err(|refusal| ConfigRefusal::Version {
                    satellite_id,
                    refusal,
                })?;
            answer.push((satellite_id, stored.clone()));
            staged.insert(satellite_id, stored);
        }
        self.configs
            .put_all(records, staged.into_iter().collect())?;
        Ok(answer)
    }

    /// Deletes a config; one that doesn't exist is deleted already.
    pub(crate) fn delete<M: Memory>(
        &mut self,
        records: &mut Records<M>,
        satellite_id: Principal,
        version: Option<u64>,
    ) -> Result<(), ConfigRefusal> {
        let current = self.get(&satellite_id).map(|config| config.version);
        check_version(current, version).map_err(|refusal| ConfigRefusal::Version {
            satellite_id,
            refusal,
        })?;
        self.configs.remove(records, &satellite_id);
        Ok(())
    }
}

fn overwritten(
    current: Option<&SatelliteConfig>,
    config: SetSatelliteConfig,
    now: u64,
) -> Result<SatelliteConfig, VersionRefusal> {
    let version = current.map(|config| config.version);
    check_version(version, config.version)?;
    Ok(SatelliteConfig {
        features: config.features,
        restricted_origin: config.restricted_origin,
        created_at: current.map_or(now, |config| config.created_at),
        updated_at: now,
        version: next_version(version),
    })
}
