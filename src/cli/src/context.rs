//! What every command stands on: the project, the network, the caller, and how to report and ask.

use std::path::{Path, PathBuf};
use std::time::{SystemTime, UNIX_EPOCH};

use candid::Principal;

use crate::commands::Common;
use crate::connection::Connection;
use crate::error::{Error, Result};
use crate::identity::{self, Signer};
use crate::network::Network;
use crate::project::{NetworkMemory, Project, parse_id};
use crate::prompt::Prompt;
use crate::report::Report;
use crate::wasm::Canister;

/// The surroundings of a command.
pub struct Context {
    /// The project's folder.
    pub project: Project,
    /// The network, and who calls it.
    pub connection: Connection,
    /// What is remembered about the network.
    pub memory: NetworkMemory,
    /// How to report.
    pub report: Report,
    yes: bool,
}

impl Context {
    /// Connects as the words common to all commands say.
    pub async fn open(common: &Common) -> Result<Self> {
        let network =
            Network::from_flags(&common.network, common.port, common.status_file.as_deref())?;
        let here = Path::new(".").canonicalize();
        let project = Project::around(&here.map_err(|source| Error::file("read", ".", source))?);
        let signer = signer(common.identity.as_deref(), &network, &project)?;
        let connection = Connection::open(network, signer).await?;
        let memory = project.memory_of(&connection.network, &connection.root_key());
        let report = Report::new(common);
        Ok(Self {
            project,
            connection,
            memory,
            report,
            yes: common.yes,
        })
    }

    /// Who answers questions.
    pub fn prompt(&self) -> Prompt<std::io::StdinLock<'static>> {
        Prompt::at_terminal(self.yes)
    }

    /// The Wasm file of a canister: the one named, else the built one.
    pub fn wasm_file(&self, named: Option<&Path>, canister: Canister) -> PathBuf {
        let built = || {
            self.project
                .root()
                .join("dist")
                .join(canister.name())
                .with_extension("wasm")
        };
        named.map_or_else(built, Path::to_owned)
    }

    /// The id of a canister: the one named, else the remembered one, if any.
    pub fn canister(&self, named: Option<&str>, canister: Canister) -> Result<Option<Principal>> {
        match named {
            Some(given) => parse_id(given).map(Some),
            None => self.memory.canister(canister.name()),
        }
    }

    /// The id of a canister that must be known.
    pub fn known_canister(&self, named: Option<&str>, canister: Canister) -> Result<Principal> {
        let unknown = || Error::NoCanister {
            canister: canister.name(),
            network: self.connection.network.name.clone(),
        };
        self.canister(named, canister)?.ok_or_else(unknown)
    }
}

/// The caller: the identity named, or on a local network the project's own, made on first use.
fn signer(named: Option<&Path>, network: &Network, project: &Project) -> Result<Signer> {
    match named {
        Some(path) => identity::load(path),
        None if network.is_local() => {
            let key = identity::load_or_create(&project.identity_file())?;
            Ok(Box::new(identity::signer(&key)))
        }
        None => Err(Error::IdentityNeeded {
            network: network.name.clone(),
        }),
    }
}

/// The time, ns since 1970.
pub fn now() -> Result<u64> {
    let elapsed = SystemTime::now()
        .duration_since(UNIX_EPOCH)
        .map_err(|_| Error::Clock)?;
    u64::try_from(elapsed.as_nanos()).map_err(|_| Error::Clock)
}
