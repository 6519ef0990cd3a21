//! What a satellite stores: the orbiter its pages report to.
//!
//! ```text
//! offset  size  content
//! 0       1     format version, FORMAT_VERSION
//! 1       …     CBOR map { "orbiter": null | { "id": bytes, "container": null | text } }
//! ```
//!
//! No bytes at all are the settings of a satellite that was never told anything.

use serde::{Deserialize, Serialize};
use wire::satellite::Orbiter;

/// The version of the layout above.
const FORMAT_VERSION: u8 = 1;
/// Longest `container`, in bytes: `https://`, a host name (253, RFC 1035) and a port.
const CONTAINER_LIMIT: usize = 8 + 253 + 6;

/// The stored settings.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Settings {
    /// The orbiter the pages report to, if any.
    pub orbiter: Option<Orbiter>,
}

/// Settings that cannot be taken over.
#[derive(Debug, PartialEq, Eq, thiserror::Error)]
pub enum InvalidSettings {
    /// The container is too long to be an origin.
    #[error("The container is {length} bytes long; an origin has at most {CONTAINER_LIMIT}.")]
    ContainerTooLong {
        /// Its length in bytes.
        length: usize,
    },
    /// The container is not an origin.
    #[error(
        "The container must be an origin such as https://icp0.io or http://localhost:8000, without a path; it is `{container}`."
    )]
    ContainerNotAnOrigin {
        /// As it was given.
        container: String,
    },
}

/// Stored bytes that this version cannot read.
#[derive(Debug, PartialEq, Eq, thiserror::Error)]
pub enum UnreadableSettings {
    /// Written by a newer version, or not by us.
    #[error(
        "The settings have format version {found}; this Wasm reads up to {FORMAT_VERSION}. Install a newer one."
    )]
    UnknownVersion {
        /// The first stored byte.
        found: u8,
    },
    /// The version is known, its content is not what it should be.
    #[error("The settings are damaged: {reason}")]
    Damaged {
        /// What the decoder says.
        reason: String,
    },
}

impl Settings {
    /// Settings with this orbiter, if its container is an origin or left out.
    pub fn with_orbiter(orbiter: Option<Orbiter>) -> Result<Self, InvalidSettings> {
        if let Some(container) = orbiter
            .as_ref()
            .and_then(|orbiter| orbiter.container.as_ref())
        {
            check_origin(container)?;
        }
        Ok(Self { orbiter })
    }

    /// The bytes to store.
    pub fn encode(&self) -> Vec<u8> {
        let mut bytes = vec![FORMAT_VERSION];
        // Writing into a vector cannot fail, and nothing in `Settings` refuses to be serialised.
        let written = ciborium::into_writer(self, &mut bytes);
        debug_assert!(written.is_ok());
        bytes
    }

    /// Reads stored bytes.
    pub fn decode(bytes: &[u8]) -> Result<Self, UnreadableSettings> {
        match bytes {
            [] => Ok(Self::default()),
            [FORMAT_VERSION, cbor @ ..] => {
                ciborium::from_reader(cbor).map_err(|error| UnreadableSettings::Damaged {
                    reason: error.to_string(),
                })
            }
            [found, ..] => Err(UnreadableSettings::UnknownVersion { found: *found }),
        }
    }
}

/// Accepts `scheme://host[:port]` and nothing else: the text becomes part of a Content-Security-Policy, where
/// a space or a semicolon would begin something new.
fn check_origin(container: &str) -> Result<(), InvalidSettings> {
    if container.len() > CONTAINER_LIMIT {
        return Err(InvalidSettings::ContainerTooLong {
            length: container.len(),
        });
    }
    let authority = container
        .strip_prefix("https://")
        .or_else(|| container.strip_prefix("http://"))
        .unwrap_or_default();
    let (host, port) = authority.split_once(':').unwrap_or((authority, "80"));
    let host_is_one = !host.is_empty()
        && host
            .bytes()
            .all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'.' | b'-'));
    if host_is_one && port.parse::<u16>().is_ok_and(|port| port > 0) {
        return Ok(());
    }
    Err(InvalidSettings::ContainerNotAnOrigin {
        container: container.to_owned(),
    })
}

#[cfg(test)]
mod tests {
    use candid::Principal;

    use super::*;

    fn orbiter(container: Option<&str>) -> Option<Orbiter> {
        Some(Orbiter {
            id: Principal::from_slice(&[1, 2, 3]),
            container: container.map(str::to_owned),
        })
    }

    #[test]
    fn settings_come_back_as_they_were_stored() {
        for stored in [None, orbiter(None), orbiter(Some("https://icp0.io"))] {
            let settings = Settings::with_orbiter(stored).unwrap();
            assert_eq!(Settings::decode(&settings.encode()), Ok(settings));
        }
    }

    #[test]
    fn the_stored_bytes_are_those_of_version_one() {
        let golden =
            b"\x01\xa1\x67orbiter\xa2\x62id\x43\x01\x02\x03\x69container\x6fhttps://icp0.io";
        let settings = Settings::with_orbiter(orbiter(Some("https://icp0.io"))).unwrap();
        assert_eq!(settings.encode(), golden);
        assert_eq!(Settings::decode(golden), Ok(settings));
    }

    #[test]
    fn an_empty_cell_is_a_satellite_without_an_orbiter() {
        assert_eq!(Settings::decode(&[]), Ok(Settings { orbiter: None }));
    }

    #[test]
    fn bytes_of_another_version_and_damaged_bytes_are_refused() {
        assert_eq!(
            Settings::decode(&[9, 0]),
            Err(UnreadableSettings::UnknownVersion { found: 9 })
        );
        assert!(matches!(
            Settings::decode(&[FORMAT_VERSION, 0xff]),
            Err(UnreadableSettings::Damaged { .. })
        ));
    }

    #[test]
    fn a_container_is_an_origin() {
        for container in [
            "https://icp0.io",
            "http://localhost:8000",
            "http://127.0.0.1:8080",
        ] {
            assert!(
                Settings::with_orbiter(orbiter(Some(container))).is_ok(),
                "{container}"
            );
        }
        for container in [
            "",
            "icp0.io",
            "ftp://icp0.io",
            "https://",
            "https://icp0.io/",
            "https://a b",
            "https://a;script-src",
            "https://a:0",
            "https://a:65536",
            "https://a:8:9",
        ] {
            assert_eq!(
                Settings::with_orbiter(orbiter(Some(container))),
                Err(InvalidSettings::ContainerNotAnOrigin {
                    container: container.to_owned()
                })
            );
        }
        let long = format!("https://{}", "a".repeat(260));
        assert_eq!(
            Settings::with_orbiter(orbiter(Some(&long))),
            Err(InvalidSettings::ContainerTooLong { length: 268 })
        );
    }
}
