//! One Internet Computer: subnets, canisters, their calls and queues, time and rounds.
//!
//! Deterministic: nothing here looks at a clock or asks for randomness; both come in with the configuration and
//! through [`Network::set_time`].
//!
//! How to read it, one concept per file, in the order in which a message meets them:
//!
//! - [`ingress`]: a signed message is checked and queued; what becomes of it is remembered.
//! - [`round`]: time moves, overdue calls expire, [`system_task`]s run, then the [`queues`] are worked off.
//! - [`delivery`]: one request or answer runs in its canister, all or nothing, within a [`call_context`]; what it
//!   owes goes back by [`answers`].
//! - [`environment`] and [`limits`]: what the canister may see and spend meanwhile; [`cycles`]: what it pays.
//! - [`query`]: the way without rounds, whose effects are dropped.
//! - [`canister`] with [`settings`], [`code`], [`snapshot`], [`stopping`], [`logs`], [`history`]: what a canister is
//!   and what its controllers can do to it through [`crate::management`].
//! - [`subnet_ids`]: which canister ids belong to which subnet.

mod answers;
mod call_context;
mod canister;
mod code;
mod cycles;
mod delivery;
mod environment;
mod history;
mod ingress;
mod limits;
mod logs;
mod query;
mod queues;
mod round;
mod settings;
mod snapshot;
#[cfg(test)]
pub(crate) mod stage;
mod stopping;
mod subnet_ids;
mod system_task;
#[cfg(test)]
mod tests;

pub(crate) use call_context::Origin;
pub(crate) use canister::{Canister, Status};
pub(crate) use code::{CodeSource, Mode};
pub(crate) use cycles::Charge;
pub(crate) use history::Author;
pub(crate) use queues::Request;
pub(crate) use settings::Settings;
pub(crate) use snapshot::{ChunkHash, MAX_SNAPSHOTS, Snapshot};

use crate::certification::Authority;
use crate::engine::{Engine, Metadata};
use crate::execution::SenderInfo;
use crate::rejection::{ErrorCode, Reject};
use call_context::CallContexts;
use candid::Principal;
use ingress::IngressHistory;
use queues::Queues;
use rand_chacha::ChaCha20Rng;
use rand_chacha::rand_core::SeedableRng;
use sha2::{Digest, Sha256};
use std::collections::{BTreeMap, BTreeSet};
use std::path::PathBuf;
use std::sync::Arc;

/// 2021-05-06T19:17:10Z, where time begins unless the configuration says otherwise (as PocketIC does).
pub const GENESIS_NANOS: u64 = 1_620_328_630_000_000_000;

/// What a subnet is for; names are those of PocketIC's clients.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
#[allow(missing_docs)]
pub enum SubnetKind {
    Nns,
    Sns,
    InternetIdentity,
    Fiduciary,
    Bitcoin,
    System,
    Application,
    VerifiedApplication,
}

/// How a subnet is to be made.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SubnetConfiguration {
    /// What it is for.
    pub kind: SubnetKind,
    /// Practically no instruction limits ("Benchmarking").
    pub benchmarking: bool,
    /// Nothing costs cycles, even once charging is switched on.
    pub free: bool,
}

/// How a network is to be made.
#[derive(Clone)]
pub struct Configuration {
    /// At least one.
    pub subnets: Vec<SubnetConfiguration>,
    /// Nanoseconds since 1970.
    pub initial_time: u64,
    /// Where canisters' memories live; created if missing.
    pub directory: PathBuf,
    /// Compiles modules; shared between networks.
    pub engine: Arc<Engine>,
    /// Keys and `raw_rand` derive from it.
    pub seed: [u8; 32],
}

/// A subnet as it was made.
pub struct Subnet {
    /// What it is for.
    pub kind: SubnetKind,
    /// Its keys; they also give its id.
    pub authority: Authority,
    /// The seed of its keys.
    pub seed: [u8; 32],
    /// Inclusive ranges of canister ids, first the one new canisters come from.
    pub ranges: Vec<(Principal, Principal)>,
    /// As configured.
    pub benchmarking: bool,
    /// As configured.
    pub free: bool,
}

/// An ingress message, signature already verified.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Ingress {
    /// Who signed it, or the anonymous principal.
    pub sender: Principal,
    /// The canister; `aaaaa-aa` for the management canister.
    pub canister: Principal,
    /// Its method.
    pub method: String,
    /// The argument.
    pub payload: Vec<u8>,
    /// For management calls that name no canister (provisional create): where to route; none = first application subnet.
    pub effective: Option<Principal>,
    /// Signed sender information.
    pub sender_info: Option<SenderInfo>,
    /// The request id of a signed message; none makes a fresh unique one.
    pub id: Option<MessageId>,
    /// Bytes of the whole signed message, for charging.
    pub size: usize,
}

/// 32 bytes that name an ingress message.
pub type MessageId = [u8; 32];

/// What became of an ingress message.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum IngressStatus {
    /// Taken, not run yet.
    Received,
    /// Begun, not answered yet.
    Processing,
    /// Answered.
    Answered(Result<Vec<u8>, Reject>),
}

/// A query call.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Query {
    /// Who asks.
    pub sender: Principal,
    /// The canister; `aaaaa-aa` answers `fetch_canister_logs` and friends.
    pub canister: Principal,
    /// Its method.
    pub method: String,
    /// The argument.
    pub payload: Vec<u8>,
    /// Signed sender information.
    pub sender_info: Option<SenderInfo>,
}

/// What others may know about a canister without running it.
pub struct CanisterView<'a> {
    /// Who controls it.
    pub controllers: &'a [Principal],
    /// SHA-256 of the module as it was sent (zipped, if it was).
    pub module_hash: Option<[u8; 32]>,
    /// At most 32 bytes; empty until set.
    pub certified_data: &'a [u8],
    /// The balance in cycles.
    pub cycles: u128,
    /// The subnet it lives on.
    pub subnet: Principal,
    /// Bytes of stable memory.
    pub stable_bytes: u64,
    module: Option<&'a crate::engine::Module>,
}

impl<'a> CanisterView<'a> {
    /// A custom section by name.
    pub fn metadata(&self, name: &str) -> Option<&'a Metadata> {
        self.module?.metadata.get(name)
    }
}

/// One Internet Computer. Not shared between threads: see [`crate::host`].
pub struct Network {
    subnets: Vec<Subnet>,
    canisters: BTreeMap<Principal, Canister>,
    /// Ids of canisters that are gone; only a caller who asks for one gets it again.
    deleted: BTreeSet<Principal>,
    contexts: CallContexts,
    queues: Queues,
    ingress: IngressHistory,
    time: u64,
    time_of_last_round: u64,
    random: ChaCha20Rng,
    root_key: Arc<[u8]>,
    directory: PathBuf,
    engine: Arc<Engine>,
}

impl Network {
    /// Makes the subnets. Fails when none is asked for or the directory cannot be made.
    pub fn new(configuration: Configuration) -> std::io::Result<Network> {
        if configuration.subnets.is_empty() {
            return Err(std::io::Error::new(
                std::io::ErrorKind::InvalidInput,
                "a network needs at least one subnet",
            ));
        }
        std::fs::create_dir_all(&configuration.directory)?;
        let subnets = subnet_ids::subnets(&configuration);
        let root_key = root_subnet(&subnets).authority.public_key().into();
        Ok(Network {
            subnets,
            canisters: BTreeMap::new(),
            deleted: BTreeSet::new(),
            contexts: CallContexts::default(),
            queues: Queues::default(),
            ingress: IngressHistory::default(),
            time: configuration.initial_time,
            time_of_last_round: configuration.initial_time,
            random: ChaCha20Rng::from_seed(derived_seed(&configuration.seed, "raw_rand", 0)),
            root_key,
            directory: configuration.directory,
            engine: configuration.engine,
        })
    }

    /// All subnets, in the order of the configuration.
    pub fn subnets(&self) -> &[Subnet] {
        &self.subnets
    }

    /// The subnet whose ranges hold the id, whether or not the canister exists.
    pub fn subnet_for(&self, canister: Principal) -> Option<&Subnet> {
        self.subnet_index_for(canister)
            .map(|index| &self.subnets[index])
    }

    /// The id that clients without an opinion use as effective canister id.
    pub fn default_effective_canister_id(&self) -> Principal {
        self.subnets[self.default_subnet()].ranges[0].0
    }

    /// DER key that certificates are checked against: the NNS subnet's, else the first subnet's.
    pub fn root_key(&self) -> Vec<u8> {
        self.root_key.to_vec()
    }

    /// Nanoseconds since 1970.
    pub fn time(&self) -> u64 {
        self.time
    }

    /// Moves time forward; refuses to go back and says what time it is.
    pub fn set_time(&mut self, nanos: u64) -> Result<(), u64> {
        if nanos < self.time {
            return Err(self.time);
        }
        self.time = nanos;
        Ok(())
    }

    /// A canister that exists.
    pub fn canister(&self, id: Principal) -> Option<CanisterView<'_>> {
        let canister = self.canisters.get(&id)?;
        Some(CanisterView {
            controllers: &canister.settings.controllers,
            module_hash: canister.code.as_ref().map(|code| code.hash),
            certified_data: &canister.registers.certified_data,
            cycles: canister.registers.balance,
            subnet: self.subnets[canister.subnet].authority.subnet_id(),
            stable_bytes: canister.sandbox.stable_size(),
            module: canister.sandbox.module().map(|module| &**module),
        })
    }

    /// Adds cycles and gives the new balance.
    pub fn add_cycles(&mut self, id: Principal, amount: u128) -> Result<u128, Reject> {
        let canister = self.canister_mut(id)?;
        canister.deposit(amount);
        Ok(canister.registers.balance)
    }

    /// All of a canister's stable memory.
    pub fn stable_memory(&self, id: Principal) -> Result<Vec<u8>, Reject> {
        Ok(self.canister_ref(id)?.sandbox.stable_memory())
    }

    /// Replaces a canister's stable memory.
    pub fn set_stable_memory(&mut self, id: Principal, content: &[u8]) -> Result<(), Reject> {
        let canister = self.canister_mut(id)?;
        canister.sandbox.set_stable_memory(content);
        canister.sandbox.commit();
        Ok(())
    }

    /// A canister that must exist for what comes next.
    pub(crate) fn canister_ref(&self, id: Principal) -> Result<&Canister, Reject> {
        self.canisters.get(&id).ok_or_else(|| not_found(id))
    }

    /// As [`Network::canister_ref`], to change it.
    pub(crate) fn canister_mut(&mut self, id: Principal) -> Result<&mut Canister, Reject> {
        self.canisters.get_mut(&id).ok_or_else(|| not_found(id))
    }

    /// Compiles modules.
    pub(crate) fn engine(&self) -> &Arc<Engine> {
        &self.engine
    }

    /// The network's only source of randomness.
    pub(crate) fn random(&mut self) -> &mut ChaCha20Rng {
        &mut self.random
    }
}

/// The subnet that signs, or delegates, everything: the NNS if there is one.
fn root_subnet(subnets: &[Subnet]) -> &Subnet {
    subnets
        .iter()
        .find(|subnet| subnet.kind == SubnetKind::Nns)
        .unwrap_or(&subnets[0])
}

/// A seed for one purpose: SHA-256 over the network's seed, the purpose's name and its number.
fn derived_seed(seed: &[u8; 32], purpose: &str, number: u64) -> [u8; 32] {
    Sha256::new()
        .chain_update(seed)
        .chain_update(purpose)
        .chain_update(number.to_be_bytes())
        .finalize()
        .into()
}

/// Nobody has this id.
pub(crate) fn not_found(id: Principal) -> Reject {
    Reject::new(
        ErrorCode::CanisterNotFound,
        format!("Canister {id} not found"),
    )
}
