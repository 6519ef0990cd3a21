//! Networks: what `--network`, `--port` and `--status-file` mean, and the addresses that follow from them.

use std::path::Path;

use candid::Principal;
use ic_agent::export::reqwest::Url;
use serde::Deserialize;

use crate::error::{Error, Result};

/// The port of the local network when none is given; the same as dfx's and icp's.
pub const DEFAULT_PORT: u16 = 8000;
/// Where the Internet Computer takes calls.
const IC_URL: &str = "https://icp-api.io";
/// Where the Internet Computer's HTTP gateway serves canisters, each under its own host.
const IC_GATEWAY_DOMAIN: &str = "icp0.io";

/// How far a network is trusted, and whether its cycles are real.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// On this machine: free cycles, its own root key, which may be fetched from it.
    Local,
    /// The Internet Computer, or anything reached by the network: cycles are real, and only the Internet Computer's root
    /// key is accepted.
    Real,
}

/// A network and how to reach it.
#[derive(Debug, Clone, PartialEq)]
pub struct Network {
    /// The key of this network in id files: `local`, `ic`, or the host of its address.
    pub name: String,
    /// Where it takes calls.
    pub url: Url,
    /// Local or real.
    pub kind: Kind,
    /// What the status file of a local network said, if one was given.
    pub status: LocalStatus,
}

/// What a local network's status file says beyond its port.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct LocalStatus {
    /// The network's root key, DER.
    pub root_key: Option<Vec<u8>>,
    /// A canister id by which calls that create canisters are routed.
    pub effective_canister_id: Option<Principal>,
}

/// The status file as the local network writes it: one line of JSON.
#[derive(Deserialize)]
struct StatusFile {
    gateway_port: u16,
    root_key: Option<String>,
    default_effective_canister_id: Option<String>,
}

impl Network {
    /// Reads `--network`, `--port` and `--status-file`. The port wins over the status file's.
    pub fn from_flags(given: &str, port: Option<u16>, status_file: Option<&Path>) -> Result<Self> {
        let describes_local = port.is_some() || status_file.is_some();
        match given {
            "local" => Self::local(port, status_file),
            _ if describes_local => Err(Error::NotALocalNetwork {
                network: given.to_owned(),
            }),
            "ic" => Self::at(parse_url(IC_URL)?, "ic"),
            address => {
                let url = parse_url(address)?;
                let name = url.host_str().unwrap_or_default().to_owned();
                Self::at(url, &name)
            }
        }
    }

    fn local(port: Option<u16>, status_file: Option<&Path>) -> Result<Self> {
        let (file_port, status) = match status_file {
            Some(path) => read_status_file(path)?,
            None => (DEFAULT_PORT, LocalStatus::default()),
        };
        let url = parse_url(&format!("http://127.0.0.1:{}", port.unwrap_or(file_port)))?;
        Ok(Self {
            status,
            ..Self::at(url, "local")?
        })
    }

    fn at(url: Url, name: &str) -> Result<Self> {
        let kind = if is_this_machine(&url) {
            Kind::Local
        } else {
            Kind::Real
        };
        let name = if kind == Kind::Local { "local" } else { name };
        Ok(Self {
            name: name.to_owned(),
            url,
            kind,
            status: LocalStatus::default(),
        })
    }

    /// Whether the network runs on this machine.
    pub fn is_local(&self) -> bool {
        self.kind == Kind::Local
    }

    /// The address under which the HTTP gateway serves a canister, ending in `/`.
    pub fn canister_url(&self, canister: Principal) -> String {
        match self.kind {
            Kind::Real => format!("https://{canister}.{IC_GATEWAY_DOMAIN}/"),
            Kind::Local => {
                let port = self.url.port_or_known_default().unwrap_or(DEFAULT_PORT);
                format!("{}://{canister}.localhost:{port}/", self.url.scheme())
            }
        }
    }
}

fn parse_url(given: &str) -> Result<Url> {
    let unknown = || Error::UnknownNetwork {
        given: given.to_owned(),
    };
    let url = Url::parse(given).map_err(|_| unknown())?;
    match (url.scheme(), url.host_str()) {
        ("http" | "https", Some(_)) => Ok(url),
        _ => Err(unknown()),
    }
}

/// Whether the address can only mean this machine: a loopback address, `localhost` or a host under it (RFC 6761).
fn is_this_machine(url: &Url) -> bool {
    let host = url.host_str().unwrap_or_default();
    let bare = host.trim_start_matches('[').trim_end_matches(']');
    bare.parse::<std::net::IpAddr>().map_or_else(
        |_| host == "localhost" || host.ends_with(".localhost"),
        |address| address.is_loopback(),
    )
}

fn read_status_file(path: &Path) -> Result<(u16, LocalStatus)> {
    let text = std::fs::read_to_string(path).map_err(|source| Error::file("read", path, source))?;
    let file: StatusFile = serde_json::from_str(&text).map_err(|source| Error::Json {
        path: path.to_owned(),
        source,
    })?;
    let malformed = |field| Error::StatusFile {
        path: path.to_owned(),
        field,
    };
    let root_key = file.root_key.map(hex::decode).transpose();
    let effective = file.default_effective_canister_id.map(Principal::from_text);
    let status = LocalStatus {
        root_key: root_key.map_err(|_| malformed("root_key"))?,
        effective_canister_id: effective
            .transpose()
            .map_err(|_| malformed("default_effective_canister_id"))?,
    };
    Ok((file.gateway_port, status))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn network(given: &str) -> Network {
        Network::from_flags(given, None, None).unwrap()
    }

    fn canister() -> Principal {
        Principal::from_text("lxzze-o7777-77777-aaaaa-cai").unwrap()
    }

    #[test]
    fn local_means_port_8000_of_this_machine() {
        let local = network("local");
        assert_eq!(local.url.as_str(), "http://127.0.0.1:8000/");
        assert_eq!((local.name.as_str(), local.kind), ("local", Kind::Local));
        let other = Network::from_flags("local", Some(4943), None).unwrap();
        assert_eq!(other.url.as_str(), "http://127.0.0.1:4943/");
    }

    #[test]
    fn only_loopback_addresses_are_local() {
        for local in [
            "http://localhost:1",
            "http://a.localhost:1",
            "http://127.0.0.9",
            "http://[::1]:4",
        ] {
            assert_eq!(network(local).kind, Kind::Local, "{local}");
        }
        for real in [
            "ic",
            "https://icp0.io",
            "http://10.0.0.1:8000",
            "http://localhost.example.org",
        ] {
            assert_eq!(network(real).kind, Kind::Real, "{real}");
        }
    }

    #[test]
    fn what_is_neither_a_name_nor_an_address_is_refused() {
        for given in ["mainnet", "", "ftp://127.0.0.1", "127.0.0.1:8000"] {
            let refused = Network::from_flags(given, None, None);
            assert!(matches!(refused, Err(Error::UnknownNetwork { given: g }) if g == given));
        }
    }

    #[test]
    fn a_port_for_the_internet_computer_is_refused() {
        let refused = Network::from_flags("ic", Some(8000), None);
        assert!(matches!(refused, Err(Error::NotALocalNetwork { network }) if network == "ic"));
    }

    #[test]
    fn a_canister_has_its_own_host_on_every_network() {
        let at = |given| network(given).canister_url(canister());
        assert_eq!(
            at("local"),
            "http://lxzze-o7777-77777-aaaaa-cai.localhost:8000/"
        );
        assert_eq!(at("ic"), "https://lxzze-o7777-77777-aaaaa-cai.icp0.io/");
    }

    #[test]
    fn a_status_file_gives_port_root_key_and_routing() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("status.json");
        std::fs::write(
            &path,
            r#"{"v":"1","gateway_port":8123,"root_key":"3081","default_effective_canister_id":"lxzze-o7777-77777-aaaaa-cai"}"#,
        )
        .unwrap();
        let read = Network::from_flags("local", None, Some(&path)).unwrap();
        std::fs::write(&path, r#"{"gateway_port":8123,"root_key":"xyz"}"#).unwrap();
        let malformed = Network::from_flags("local", None, Some(&path));
        assert_eq!(read.url.port(), Some(8123));
        assert_eq!(read.status.root_key, Some(vec![0x30, 0x81]));
        assert_eq!(read.status.effective_canister_id, Some(canister()));
        assert!(matches!(
            malformed,
            Err(Error::StatusFile {
                field: "root_key",
                ..
            })
        ));
    }
}
