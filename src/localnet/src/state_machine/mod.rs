//! One Internet Computer: subnets, canisters, their calls and queues, time and rounds.
//!
//! Deterministic: nothing here looks at a clock or asks for randomness; both come in with the configuration and
//! through [`Network::set_time`].

use crate::certification::Authority;
use crate::engine::{Engine, Metadata};
use crate::execution::SenderInfo;
use crate::rejection::Reject;
use candid::Principal;
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
pub struct Network {}

#[allow(unused_variables, missing_docs)]
impl Network {
    /// Makes the subnets. Fails when none is asked for or the directory cannot be made.
    pub fn new(configuration: Configuration) -> std::io::Result<Network> {
        todo!()
    }
    /// All subnets, in the order of the configuration.
    pub fn subnets(&self) -> &[Subnet] {
        todo!()
    }
    /// The subnet whose ranges hold the id, whether or not the canister exists.
    pub fn subnet_for(&self, canister: Principal) -> Option<&Subnet> {
        todo!()
    }
    /// The id that clients without an opinion use as effective canister id.
    pub fn default_effective_canister_id(&self) -> Principal {
        todo!()
    }
    /// DER key that certificates are checked against: the NNS subnet's, else the first subnet's.
    pub fn root_key(&self) -> Vec<u8> {
        todo!()
    }
    /// Nanoseconds since 1970.
    pub fn time(&self) -> u64 {
        todo!()
    }
    /// Moves time forward; refuses to go back and says what time it is.
    pub fn set_time(&mut self, nanos: u64) -> Result<(), u64> {
        todo!()
    }
    /// Runs one round: heartbeats and due timers, ingress, then calls until none is left or the round's budget is
    /// spent. Time moves by at least 1 ns.
    pub fn round(&mut self) {
        todo!()
    }
    /// Whether a round now would run anything.
    pub fn has_work(&self) -> bool {
        todo!()
    }
    /// The earliest armed global timer or deadline (ns since 1970), for live networks that sleep in between.
    pub fn next_deadline(&self) -> Option<u64> {
        todo!()
    }
    /// Checks and queues an ingress message: destination, `inspect_message`; runs nothing else.
    pub fn submit(&mut self, ingress: Ingress) -> Result<MessageId, Reject> {
        todo!()
    }
    /// What became of a message, and who sent it.
    pub fn ingress_status(&self, id: &MessageId) -> Option<(Principal, &IngressStatus)> {
        todo!()
    }
    /// Runs a query; its effects are dropped.
    pub fn query(&mut self, query: Query) -> Result<Vec<u8>, Reject> {
        todo!()
    }
    /// A canister that exists.
    pub fn canister(&self, id: Principal) -> Option<CanisterView<'_>> {
        todo!()
    }
    /// Adds cycles and gives the new balance.
    pub fn add_cycles(&mut self, id: Principal, amount: u128) -> Result<u128, Reject> {
        todo!()
    }
    /// All of a canister's stable memory.
    pub fn stable_memory(&self, id: Principal) -> Result<Vec<u8>, Reject> {
        todo!()
    }
    /// Replaces a canister's stable memory.
    pub fn set_stable_memory(&mut self, id: Principal, content: &[u8]) -> Result<(), Reject> {
        todo!()
    }
}
