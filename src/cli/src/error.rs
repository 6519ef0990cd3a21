//! What can go wrong, with the value that was wrong, and what a person can do about it.
//!
//! [`Error`]'s `Display` says what happened in one sentence; [`Error::advice`] says what to do next. The program prints
//! both, so no message needs to carry its own instructions.

use std::path::PathBuf;

use candid::Principal;
use ic_agent::{AgentError, identity::PemError};

/// The result of everything in this program.
pub type Result<T> = std::result::Result<T, Error>;

/// Everything that can end a command.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// `--network` was neither a known name nor an address.
    #[error("`{given}` is not a network")]
    UnknownNetwork {
        /// What was given.
        given: String,
    },
    /// `--port` or `--status-file` was given for a network they cannot describe.
    #[error("`--port` and `--status-file` describe the local network, not `{network}`")]
    NotALocalNetwork {
        /// The network that was asked for.
        network: String,
    },
    /// The status file of a local network lacks a field or holds something else.
    #[error("the status file {path} has no usable `{field}`")]
    StatusFile {
        /// The file.
        path: PathBuf,
        /// The field that is missing or malformed.
        field: &'static str,
    },
    /// Nothing answers at the network's address.
    #[error("no network answers at {url}: {reason}")]
    NotRunning {
        /// The address.
        url: String,
        /// Whether the network is one that runs on this machine.
        local: bool,
        /// The transport's own words.
        reason: String,
    },
    /// A file could not be read or written.
    #[error("cannot {action} {path}: {source}")]
    File {
        /// "read", "write", "create".
        action: &'static str,
        /// The file or folder.
        path: PathBuf,
        /// The system's reason.
        source: std::io::Error,
    },
    /// A file that should hold JSON of a known shape does not.
    #[error("{path} does not hold what it should: {source}")]
    Json {
        /// The file.
        path: PathBuf,
        /// Where and why.
        source: serde_json::Error,
    },
    /// A canister id in a file or an argument is not a principal.
    #[error("`{given}` is not a canister id")]
    NotAnId {
        /// What was given.
        given: String,
    },
    /// The PEM file of an identity cannot be used.
    #[error("{path} holds no private key this program can use: {source}")]
    Pem {
        /// The file.
        path: PathBuf,
        /// The reason.
        source: PemError,
    },
    /// The PEM file is protected by a password.
    #[error("the private key in {path} is protected by a password")]
    EncryptedPem {
        /// The file.
        path: PathBuf,
    },
    /// A network with real cycles was asked for without naming an identity.
    #[error("network `{network}` needs an identity of yours")]
    IdentityNeeded {
        /// The network.
        network: String,
    },
    /// A Wasm file is not there.
    #[error("there is no Wasm at {path}")]
    WasmMissing {
        /// The file.
        path: PathBuf,
    },
    /// A file is not a Wasm module (nor a compressed one).
    #[error("{path} is not a Wasm module: {reason}")]
    NotWasm {
        /// The file.
        path: PathBuf,
        /// Where reading it ended.
        reason: String,
    },
    /// A Wasm module is not the canister it should be.
    #[error("{path} is not {canister} Wasm: it {difference}")]
    WrongWasm {
        /// The file.
        path: PathBuf,
        /// "an orbiter" or "a satellite".
        canister: &'static str,
        /// What gave it away.
        difference: String,
    },
    /// No id of a canister is known on a network.
    #[error("no {canister} is known on network `{network}`")]
    NoCanister {
        /// "orbiter" or "satellite".
        canister: &'static str,
        /// The network.
        network: String,
    },
    /// A canister would have to be created where that costs real cycles.
    #[error(
        "no {canister} is known on network `{network}`, and creating canisters there is left to you"
    )]
    WontCreate {
        /// "orbiter" or "satellite".
        canister: &'static str,
        /// The network.
        network: String,
    },
    /// The canister does not exist on the network.
    #[error("canister {canister} does not exist on network `{network}`")]
    CanisterMissing {
        /// The canister.
        canister: Principal,
        /// The network.
        network: String,
    },
    /// The caller does not control the canister.
    #[error("{caller} is not a controller of canister {canister}")]
    NotController {
        /// The canister.
        canister: Principal,
        /// Who asked.
        caller: Principal,
    },
    /// The canister refused a call: a guard, a rule, a trap.
    #[error("canister {canister} refused `{method}`: {message}")]
    Rejected {
        /// The canister.
        canister: Principal,
        /// The method.
        method: String,
        /// The canister's own words.
        message: String,
    },
    /// A certificate or a query's signature did not verify: the answer may be forged.
    #[error("the answer to `{method}` is not signed by the network it should come from: {source}")]
    Unverified {
        /// The method.
        method: String,
        /// Which check failed.
        source: Box<AgentError>,
    },
    /// Any other failure of a call.
    #[error("calling `{method}` of canister {canister} failed: {source}")]
    Call {
        /// The canister.
        canister: Principal,
        /// The method.
        method: String,
        /// The agent's reason.
        source: Box<AgentError>,
    },
    /// The agent could not be made.
    #[error("cannot talk to {url}: {source}")]
    Agent {
        /// The address.
        url: String,
        /// The agent's reason.
        source: Box<AgentError>,
    },
    /// A reply or an argument is not of the expected Candid type.
    #[error("`{method}` does not speak the interface this program knows: {source}")]
    Candid {
        /// The method.
        method: String,
        /// Where they differ.
        source: candid::Error,
    },
    /// A question had to be asked, but nobody is there to answer.
    #[error("{action}: that needs a yes, and standard input is not a terminal")]
    NobodyToAsk {
        /// What was about to happen.
        action: String,
    },
    /// The id typed to confirm was another.
    #[error("`{typed}` is not {expected}: nothing was changed")]
    WrongIdTyped {
        /// What was typed.
        typed: String,
        /// What should have been typed.
        expected: Principal,
    },
    /// The person said no.
    #[error("stopped: nothing was changed")]
    Declined,
    /// After a reset, some of what was to be kept is not back.
    #[error("the orbiter is reset, but not everything is back; missing: {}", missing.join("; "))]
    NotAllPutBack {
        /// One sentence for each thing that is missing.
        missing: Vec<String>,
        /// The file that holds what to put back.
        file: PathBuf,
    },
    /// What an earlier reset left to be put back would be overwritten.
    #[error("an earlier reset left {file}: nothing was changed")]
    EarlierReset {
        /// The file that holds what to put back.
        file: PathBuf,
    },
    /// The reset itself failed after what is to be kept was read.
    #[error("the reset of orbiter {orbiter} failed: {source}")]
    NotReset {
        /// The orbiter.
        orbiter: Principal,
        /// The file that holds what was read.
        file: PathBuf,
        /// Why.
        source: Box<Error>,
    },
    /// Bytes that should be a segment are not, or are damaged.
    #[error("{name} is not a segment this program can read: {source}")]
    NotASegment {
        /// The file, or the segment's number.
        name: String,
        /// What is wrong.
        source: columnar::Error,
    },
    /// The machine's clock is before 1970.
    #[error("this machine's clock is before 1970")]
    Clock,
}

impl Error {
    /// Wraps an error of the file system with what was being done to which path.
    pub fn file(action: &'static str, path: impl Into<PathBuf>, source: std::io::Error) -> Self {
        Self::File {
            action,
            path: path.into(),
            source,
        }
    }

    /// What a person can do about it, if there is anything to say beyond the error itself.
    pub fn advice(&self) -> Option<String> {
        let text = match self {
            Self::UnknownNetwork { .. } => {
                "Use `local`, `ic`, or an address such as http://127.0.0.1:8000."
            }
            Self::NotALocalNetwork { .. } => "Leave them out, or use `--network local`.",
            Self::StatusFile { .. } => {
                "The local network writes it when it is ready; start it again, or use `--port`."
            }
            Self::NotRunning { local: true, .. } => {
                "Start one with `scripts/run`, or alone with `dist/localnet run --port 8000`; \
                 if yours listens elsewhere, say so with `--port`."
            }
            Self::NotRunning { .. } => "Check the connection and the address.",
            Self::Pem { .. } => {
                "An identity is an Ed25519, secp256k1 or P-256 key in PEM, as `dfx identity export` prints it."
            }
            Self::EncryptedPem { .. } => {
                "Export it without one (`dfx identity export NAME > key.pem`) and keep the file to yourself."
            }
            Self::IdentityNeeded { .. } => {
                "Name its PEM file with `--identity`; keys made by this program serve local networks only."
            }
            Self::WasmMissing { .. } => "Build it with `scripts/build`, or name another file.",
            Self::NotWasm { .. } | Self::WrongWasm { .. } => {
                "Build again with `scripts/build`, or name the right file."
            }
            Self::NoCanister { .. } => {
                "Run `orbiter deploy` first, or name the canister by its id."
            }
            Self::WontCreate { .. } => {
                "Create it with `dfx canister create --all --network ic` or `icp canister create`, give it cycles, \
                 then name it: `orbiter deploy --network ic --orbiter ID --satellite ID`."
            }
            Self::NotController { caller, .. } => {
                return Some(format!(
                    "Use the identity that controls it (`--identity`), or let a controller add {caller}."
                ));
            }
            Self::CanisterMissing { .. } | Self::NotAnId { .. } => "Check the id and the network.",
            Self::Unverified { .. } => {
                "Do not trust it. If the local network was started anew meanwhile, run the command again; \
                 else check this machine's clock."
            }
            Self::Candid { .. } => {
                "The canister may be older or newer than this program: deploy it again from the same sources."
            }
            Self::NotASegment { .. } => {
                "A segment is what `orbiter inspect --segment N --save FILE` writes; a newer orbiter may write newer ones."
            }
            Self::NobodyToAsk { .. } => "Add `--yes` if this is a script and you mean it.",
            Self::NotAllPutBack { file, .. } => {
                return Some(format!(
                    "What is missing stands in {}. Put it back with `orbiter reset --put-back {}`.",
                    file.display(),
                    file.display()
                ));
            }
            Self::EarlierReset { file } => {
                return Some(format!(
                    "Put back what it holds with `orbiter reset --put-back {}`, or delete it if that is done.",
                    file.display()
                ));
            }
            Self::NotReset { file, .. } => {
                return Some(format!(
                    "Its satellites and keys, as they were before, stand in {}. Should it be empty, put them back with \
                     `orbiter reset --put-back {}`.",
                    file.display(),
                    file.display()
                ));
            }
            _ => return None,
        };
        Some(text.to_owned())
    }
}
