//! What a reset keeps: satellite configurations and access keys, as a JSON file that outlives a failure.
//!
//! ```json
//! {
//!   "format": 1,
//!   "orbiter": "<canister id>",
//!   "satellites": [{ "id": "…", "features": { "page_views": true, … }, "restricted_origin": null }],
//!   "keys": [{ "id": "…", "scope": "Write", "kind": null, "metadata": [["name", "…"]], "expires_at": null }]
//! }
//! ```
//!
//! Versions and timestamps belong to the orbiter and start anew; they are not in the file.

use std::path::Path;

use candid::Principal;
use serde::{Deserialize, Serialize};
use wire::{
    AccessKey, AccessKeyKind, AccessKeyScope, Features, OrbiterSatelliteConfig, SetAccessKey,
    SetSatelliteConfig,
};

use crate::error::{Error, Result};

/// The version of the file's format.
const FORMAT: u32 = 1;

/// What is to be put back into an orbiter.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Keepsake {
    format: u32,
    /// The orbiter it was read from.
    pub orbiter: Principal,
    /// Satellite configurations.
    pub satellites: Vec<Satellite>,
    /// Access keys.
    pub keys: Vec<Key>,
}

/// A satellite's configuration.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Satellite {
    /// The satellite.
    pub id: Principal,
    features: Option<KeptFeatures>,
    restricted_origin: Option<String>,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
struct KeptFeatures {
    page_views: bool,
    track_events: bool,
    performance_metrics: bool,
}

/// An access key.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Key {
    /// Who holds it.
    pub id: Principal,
    scope: Scope,
    kind: Option<Kind>,
    metadata: Vec<(String, String)>,
    /// Until when it is valid, ns; none: for ever.
    pub expires_at: Option<u64>,
}

#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
enum Scope {
    Admin,
    Write,
    Submit,
}

#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
enum Kind {
    Emulator,
    Automation,
}

impl Keepsake {
    /// What an orbiter's lists say, without versions and timestamps.
    pub fn new(
        orbiter: Principal,
        configs: Vec<(Principal, OrbiterSatelliteConfig)>,
        keys: Vec<(Principal, AccessKey)>,
    ) -> Self {
        Self {
            format: FORMAT,
            orbiter,
            satellites: configs.into_iter().map(Satellite::from).collect(),
            keys: keys.into_iter().map(Key::from).collect(),
        }
    }

    /// What remains when nothing could be read: the caller's own key.
    pub fn only_admin(orbiter: Principal, admin: Principal) -> Self {
        let key = Key {
            id: admin,
            scope: Scope::Admin,
            kind: None,
            metadata: vec![],
            expires_at: None,
        };
        Self {
            format: FORMAT,
            orbiter,
            satellites: vec![],
            keys: vec![key],
        }
    }

    /// Reads a file that a reset wrote.
    pub fn read(path: &Path) -> Result<Self> {
        let text =
            std::fs::read_to_string(path).map_err(|source| Error::file("read", path, source))?;
        let wrong = |source| Error::Json {
            path: path.to_owned(),
            source,
        };
        let read: Self = serde_json::from_str(&text).map_err(wrong)?;
        if read.format != FORMAT {
            let text = format!(
                "format {} is not {FORMAT}, the one this program knows",
                read.format
            );
            return Err(wrong(serde::de::Error::custom(text)));
        }
        Ok(read)
    }

    /// Whether there is nothing to put back.
    pub fn is_empty(&self) -> bool {
        self.satellites.is_empty() && self.keys.is_empty()
    }

    /// The principals with a key of scope Admin.
    pub fn admins(&self) -> Vec<Principal> {
        let admins = self.keys.iter().filter(|key| key.scope == Scope::Admin);
        admins.map(|key| key.id).collect()
    }
}

impl From<(Principal, OrbiterSatelliteConfig)> for Satellite {
    fn from((id, config): (Principal, OrbiterSatelliteConfig)) -> Self {
        let OrbiterSatelliteConfig {
            features,
            restricted_origin,
            created_at: _,
            updated_at: _,
            version: _,
        } = config;
        let features = features.map(|features| KeptFeatures {
            page_views: features.page_views,
            track_events: features.track_events,
            performance_metrics: features.performance_metrics,
        });
        Self {
            id,
            features,
            restricted_origin,
        }
    }
}

impl Satellite {
    /// The change that puts it back over a configuration of that version (none: over none).
    pub fn to_set(&self, version: Option<u64>) -> SetSatelliteConfig {
        SetSatelliteConfig {
            features: self.features.as_ref().map(|features| Features {
                page_views: features.page_views,
                track_events: features.track_events,
                performance_metrics: features.performance_metrics,
            }),
            restricted_origin: self.restricted_origin.clone(),
            version,
        }
    }
}

impl From<(Principal, AccessKey)> for Key {
    fn from((id, key): (Principal, AccessKey)) -> Self {
        let AccessKey {
            metadata,
            kind,
            scope,
            created_at: _,
            updated_at: _,
            expires_at,
        } = key;
        Self {
            id,
            scope: match scope {
                AccessKeyScope::Admin => Scope::Admin,
                AccessKeyScope::Write => Scope::Write,
                AccessKeyScope::Submit => Scope::Submit,
            },
            kind: kind.map(|kind| match kind {
                AccessKeyKind::Emulator => Kind::Emulator,
                AccessKeyKind::Automation => Kind::Automation,
            }),
            metadata,
            expires_at,
        }
    }
}

impl Key {
    /// The change that puts it back.
    pub fn to_set(&self) -> SetAccessKey {
        SetAccessKey {
            metadata: self.metadata.clone(),
            kind: self.kind.map(|kind| match kind {
                Kind::Emulator => AccessKeyKind::Emulator,
                Kind::Automation => AccessKeyKind::Automation,
            }),
            scope: match self.scope {
                Scope::Admin => AccessKeyScope::Admin,
                Scope::Write => AccessKeyScope::Write,
                Scope::Submit => AccessKeyScope::Submit,
            },
            expires_at: self.expires_at,
        }
    }

    /// Whether it no longer opens anything at `now`, ns; keys of scope Admin never expire. An orbiter refuses to set it.
    pub fn expired(&self, now: u64) -> bool {
        self.scope != Scope::Admin && self.expires_at.is_some_and(|expires_at| expires_at <= now)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::project::write_json;

    fn id(byte: u8) -> Principal {
        Principal::from_slice(&[byte])
    }

    fn access_key(scope: AccessKeyScope, expires_at: Option<u64>) -> AccessKey {
        AccessKey {
            metadata: vec![("name".to_owned(), "ci".to_owned())],
            kind: Some(AccessKeyKind::Automation),
            scope,
            created_at: 1,
            updated_at: 2,
            expires_at,
        }
    }

    fn keepsake() -> Keepsake {
        let config = OrbiterSatelliteConfig {
            features: Some(Features {
                page_views: true,
                track_events: false,
                performance_metrics: true,
            }),
            restricted_origin: Some("https://a.example".to_owned()),
            created_at: 1,
            updated_at: 2,
            version: Some(9),
        };
        let keys = vec![
            (id(3), access_key(AccessKeyScope::Admin, None)),
            (id(4), access_key(AccessKeyScope::Write, Some(u64::MAX))),
            (id(5), access_key(AccessKeyScope::Submit, Some(10))),
        ];
        Keepsake::new(id(1), vec![(id(2), config)], keys)
    }

    #[test]
    fn what_is_kept_comes_back_from_its_file() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("kept.json");
        write_json(&path, &keepsake()).unwrap();
        assert_eq!(Keepsake::read(&path).unwrap(), keepsake());
    }

    #[test]
    fn a_configuration_comes_back_as_it_was_but_for_its_version() {
        let change = keepsake().satellites[0].to_set(None);
        let features = Features {
            page_views: true,
            track_events: false,
            performance_metrics: true,
        };
        assert_eq!(change.features, Some(features));
        assert_eq!(
            change.restricted_origin.as_deref(),
            Some("https://a.example")
        );
        assert_eq!(change.version, None);
        assert_eq!(keepsake().satellites[0].to_set(Some(4)).version, Some(4));
    }

    #[test]
    fn keys_of_every_scope_come_back_as_they_were() {
        let kept = keepsake();
        let changes: Vec<_> = kept.keys.iter().map(Key::to_set).collect();
        let scopes: Vec<_> = changes.iter().map(|change| change.scope).collect();
        assert_eq!(
            scopes,
            [
                AccessKeyScope::Admin,
                AccessKeyScope::Write,
                AccessKeyScope::Submit
            ]
        );
        assert_eq!(changes[1].expires_at, Some(u64::MAX));
        assert_eq!(changes[1].kind, Some(AccessKeyKind::Automation));
        assert_eq!(changes[1].metadata, [("name".to_owned(), "ci".to_owned())]);
        assert_eq!(kept.admins(), [id(3)]);
    }

    #[test]
    fn only_keys_that_can_expire_do() {
        let kept = keepsake();
        let expired: Vec<bool> = kept.keys.iter().map(|key| key.expired(10)).collect();
        assert_eq!(expired, [false, false, true]);
        assert!(!kept.keys[2].expired(9));
    }

    #[test]
    fn a_file_of_another_format_is_refused() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("kept.json");
        let later = Keepsake {
            format: 2,
            ..keepsake()
        };
        write_json(&path, &later).unwrap();
        assert!(matches!(Keepsake::read(&path), Err(Error::Json { .. })));
    }
}
