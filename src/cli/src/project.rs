//! What the program remembers in a project's folder, and where.
//!
//! ```text
//! canister_ids.json                     ids on real networks, in the shape dfx uses: {"orbiter": {"ic": "…"}, …}; to be committed
//! .orbiter/                             never to be committed
//!   identity.pem                        the identity for local networks, mode 0600
//!   ic/dashboard.pem                    the dashboard's key on that network, mode 0600
//!   local-8000-1f2e3d4c5b6a7988/        one local network: its port and the start of its root key's SHA-256
//!     canister_ids.json, dashboard.pem  the same for this network alone
//! ```
//!
//! A local network with another root key starts clean, because its folder is another. One that was wiped but kept its
//! root key is noticed when the remembered canisters turn out not to exist.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use candid::Principal;
use sha2::{Digest, Sha256};

use crate::error::{Error, Result};
use crate::network::Network;

/// Files that mark the root of a project.
const ROOT_MARKS: [&str; 3] = ["dfx.json", "icp.yaml", ".orbiter"];
/// The folder of things not to be committed.
const STATE_FOLDER: &str = ".orbiter";
/// The file of canister ids, named as dfx names it.
const IDS_FILE: &str = "canister_ids.json";

/// Canister name, then network name, then id.
type IdTable = BTreeMap<String, BTreeMap<String, String>>;

/// A folder with canisters to deploy.
#[derive(Debug, Clone)]
pub struct Project {
    root: PathBuf,
}

impl Project {
    /// The project that `start` is in: the nearest folder upwards that looks like one, else `start` itself.
    pub fn around(start: &Path) -> Self {
        let marked = |folder: &&Path| ROOT_MARKS.iter().any(|mark| folder.join(mark).exists());
        let root = start.ancestors().find(marked).unwrap_or(start);
        Self {
            root: root.to_owned(),
        }
    }

    /// The project's folder.
    pub fn root(&self) -> &Path {
        &self.root
    }

    /// Where the identity for local networks is kept.
    pub fn identity_file(&self) -> PathBuf {
        self.root.join(STATE_FOLDER).join("identity.pem")
    }

    /// What is remembered about one network. `root_key` (DER) tells local networks apart.
    pub fn memory_of(&self, network: &Network, root_key: &[u8]) -> NetworkMemory {
        let state = self.root.join(STATE_FOLDER);
        if !network.is_local() {
            return NetworkMemory {
                folder: state.join(&network.name),
                ids_file: self.root.join(IDS_FILE),
                network: network.name.clone(),
            };
        }
        let port = network.url.port_or_known_default().unwrap_or_default();
        let key = hex::encode(&Sha256::digest(root_key)[..8]);
        let folder = state.join(format!("local-{port}-{key}"));
        NetworkMemory {
            ids_file: folder.join(IDS_FILE),
            folder,
            network: network.name.clone(),
        }
    }
}

/// What is remembered about one network.
#[derive(Debug, Clone)]
pub struct NetworkMemory {
    folder: PathBuf,
    ids_file: PathBuf,
    network: String,
}

impl NetworkMemory {
    /// Where the dashboard's key on this network is kept.
    pub fn dashboard_key_file(&self) -> PathBuf {
        self.folder.join("dashboard.pem")
    }

    /// Where a reset of `orbiter` writes what it is to put back.
    pub fn keepsake_file(&self, orbiter: Principal) -> PathBuf {
        self.folder.join(format!("reset-{orbiter}.json"))
    }

    /// The remembered id of a canister, if any.
    pub fn canister(&self, name: &str) -> Result<Option<Principal>> {
        let table = self.read_ids()?;
        let text = table
            .get(name)
            .and_then(|networks| networks.get(&self.network));
        text.map(|given| parse_id(given)).transpose()
    }

    /// Remembers the id of a canister; what others wrote into the file stays.
    pub fn remember_canister(&self, name: &str, id: Principal) -> Result<()> {
        let mut table = self.read_ids()?;
        let networks = table.entry(name.to_owned()).or_default();
        networks.insert(self.network.clone(), id.to_text());
        write_json(&self.ids_file, &table)
    }

    fn read_ids(&self) -> Result<IdTable> {
        match std::fs::read_to_string(&self.ids_file) {
            Ok(text) => serde_json::from_str(&text).map_err(|source| Error::Json {
                path: self.ids_file.clone(),
                source,
            }),
            Err(reason) if reason.kind() == std::io::ErrorKind::NotFound => Ok(IdTable::new()),
            Err(reason) => Err(Error::file("read", &self.ids_file, reason)),
        }
    }
}

/// Reads a canister id as a person writes it.
pub fn parse_id(given: &str) -> Result<Principal> {
    Principal::from_text(given.trim()).map_err(|_| Error::NotAnId {
        given: given.to_owned(),
    })
}

/// Writes a value as indented JSON, whole or not at all.
pub fn write_json(path: &Path, value: &impl serde::Serialize) -> Result<()> {
    let mut text = serde_json::to_string_pretty(value).map_err(|source| Error::Json {
        path: path.to_owned(),
        source,
    })?;
    text.push('\n');
    let folder = path.parent().unwrap_or(Path::new("."));
    std::fs::create_dir_all(folder).map_err(|source| Error::file("create", folder, source))?;
    let draft = path.with_extension("json.new");
    std::fs::write(&draft, text)
        .and_then(|()| std::fs::rename(&draft, path))
        .map_err(|source| Error::file("write", path, source))
}

#[cfg(test)]
mod tests {
    use super::*;

    const FIRST: &str = "lxzze-o7777-77777-aaaaa-cai";
    const SECOND: &str = "rdmx6-jaaaa-aaaaa-aaadq-cai";

    fn network(given: &str) -> Network {
        Network::from_flags(given, None, None).unwrap()
    }

    fn id(text: &str) -> Principal {
        Principal::from_text(text).unwrap()
    }

    #[test]
    fn a_project_is_found_from_a_folder_inside_it() {
        let folder = tempfile::tempdir().unwrap();
        let inside = folder.path().join("a/b");
        std::fs::create_dir_all(&inside).unwrap();
        std::fs::write(folder.path().join("dfx.json"), "{}").unwrap();
        assert_eq!(Project::around(&inside).root(), folder.path());
    }

    #[test]
    fn ids_are_remembered_for_each_network_apart() {
        let folder = tempfile::tempdir().unwrap();
        let project = Project {
            root: folder.path().to_owned(),
        };
        let ic = project.memory_of(&network("ic"), b"");
        let local = project.memory_of(&network("local"), b"key");
        ic.remember_canister("orbiter", id(FIRST)).unwrap();
        local.remember_canister("orbiter", id(SECOND)).unwrap();
        assert_eq!(ic.canister("orbiter").unwrap(), Some(id(FIRST)));
        assert_eq!(local.canister("orbiter").unwrap(), Some(id(SECOND)));
        assert_eq!(ic.canister("satellite").unwrap(), None);
    }

    #[test]
    fn a_local_network_with_another_root_key_starts_clean() {
        let folder = tempfile::tempdir().unwrap();
        let project = Project {
            root: folder.path().to_owned(),
        };
        let before = project.memory_of(&network("local"), b"one key");
        before.remember_canister("orbiter", id(FIRST)).unwrap();
        let after = project.memory_of(&network("local"), b"another key");
        assert_eq!(after.canister("orbiter").unwrap(), None);
    }

    #[test]
    fn what_dfx_wrote_into_the_id_file_stays() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join(IDS_FILE);
        std::fs::write(&file, format!(r#"{{"other": {{"ic": "{SECOND}"}}}}"#)).unwrap();
        let project = Project {
            root: folder.path().to_owned(),
        };
        let ic = project.memory_of(&network("ic"), b"");
        ic.remember_canister("orbiter", id(FIRST)).unwrap();
        let table: IdTable = serde_json::from_str(&std::fs::read_to_string(file).unwrap()).unwrap();
        assert_eq!(table["other"]["ic"], SECOND);
        assert_eq!(table["orbiter"]["ic"], FIRST);
    }

    #[test]
    fn a_malformed_id_file_is_an_error_and_not_an_empty_one() {
        let folder = tempfile::tempdir().unwrap();
        std::fs::write(folder.path().join(IDS_FILE), "{").unwrap();
        let project = Project {
            root: folder.path().to_owned(),
        };
        let ic = project.memory_of(&network("ic"), b"");
        assert!(matches!(ic.canister("orbiter"), Err(Error::Json { .. })));
        std::fs::write(
            folder.path().join(IDS_FILE),
            r#"{"orbiter":{"ic":"nonsense"}}"#,
        )
        .unwrap();
        assert!(
            matches!(ic.canister("orbiter"), Err(Error::NotAnId { given }) if given == "nonsense")
        );
    }
}
