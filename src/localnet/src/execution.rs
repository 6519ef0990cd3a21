//! The border between the state machine and the engine: one message goes in, its effects come out.
//!
//! A message is one entry into a canister's Wasm, run to its end. The engine changes heap, globals and stable
//! memory of a [`crate::engine::Sandbox`] only tentatively; everything else that the message wants (a reply,
//! outgoing calls, certified data, the timer, cycles) is collected in [`Effects`]. The state machine then either
//! commits the sandbox and applies the effects, or rolls the sandbox back and drops them: all or nothing.

use crate::rejection::ErrorCode;
use candid::Principal;
use std::collections::BTreeMap;
use std::sync::Arc;

/// The role in which Wasm runs; decides which system calls it may make. The letters are those of the interface
/// specification's table of system calls.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[repr(u8)]
pub enum Context {
    /// `s`: the module's start function.
    Start = 0,
    /// `I`: `canister_init` and `canister_post_upgrade`.
    Init,
    /// `G`: `canister_pre_upgrade`.
    PreUpgrade,
    /// `U`: an update method.
    Update,
    /// `RQ`: a query method run as an update (replicated).
    ReplicatedQuery,
    /// `NRQ`: a query method run as a query.
    Query,
    /// `CQ`: a composite query method.
    CompositeQuery,
    /// `Ry`: the reply callback of a call.
    Reply,
    /// `Rt`: the reject callback of a call.
    Reject,
    /// `CRy`: a reply callback within a composite query.
    CompositeReply,
    /// `CRt`: a reject callback within a composite query.
    CompositeReject,
    /// `C`: the cleanup callback after a trapped callback.
    Cleanup,
    /// `CC`: a cleanup callback within a composite query.
    CompositeCleanup,
    /// `F`: `canister_inspect_message`.
    InspectMessage,
    /// `T`: heartbeat, global timer and low-memory hook.
    SystemTask,
}

/// Where execution enters the module.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Entry {
    /// The module's start function; succeeds at once when there is none.
    Start,
    /// A lifecycle or system hook by its export name (`canister_init`, `canister_global_timer`, …); succeeds at
    /// once when the module does not export it.
    Hook(&'static str),
    /// An update method by its public name.
    Update(String),
    /// A query method by its public name.
    Query(String),
    /// A composite query method by its public name.
    CompositeQuery(String),
    /// A callback: an index into function table 0 and the value it is given.
    Callback(Closure),
}

/// A callback as a canister names it in `call_new` and `call_on_cleanup`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Closure {
    /// Index into function table 0.
    pub function: u64,
    /// Passed to the function; truncated to 32 bits for 32-bit modules.
    pub environment: u64,
}

/// Bounds on one message.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Limits {
    /// Instructions the message may use.
    pub instructions: u64,
    /// Stable memory it may read or write, counted in whole 4 KiB pages, in bytes.
    pub stable_accessed_bytes: u64,
    /// Stable memory it may write, counted likewise.
    pub stable_dirty_bytes: u64,
    /// The largest reply, in bytes: 2 MiB in replicated execution, 3 MiB in queries.
    pub reply_bytes: usize,
    /// Whether the largest heap is the canister's `wasm_memory_limit` (bytes), where one is set.
    pub heap_bytes: Option<u64>,
}

/// Cycle prices. All zero until charging is switched on; every place that would charge asks here.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Prices {
    /// Per update execution.
    pub execution: u128,
    /// Per instruction executed.
    pub instruction: u128,
    /// Per inter-canister call, sent or answered.
    pub call: u128,
    /// Per byte of an inter-canister call or answer.
    pub call_byte: u128,
    /// Per ingress message.
    pub ingress: u128,
    /// Per byte of an ingress message.
    pub ingress_byte: u128,
    /// Per canister created.
    pub creation: u128,
}

/// What a canister can ask about itself and the world while it runs.
#[derive(Clone)]
pub struct Environment {
    /// Nanoseconds since 1970; constant within a message.
    pub time: u64,
    /// The canister's own id.
    pub canister: Principal,
    /// The id of its subnet.
    pub subnet: Principal,
    /// `canister_version`.
    pub version: u64,
    /// `canister_status`: 1 running, 2 stopping, 3 stopped.
    pub status: u32,
    /// For `is_controller`.
    pub controllers: Vec<Principal>,
    /// Balance in cycles when the message starts.
    pub balance: u128,
    /// The part of the balance that messages may not spend (freezing threshold), in cycles.
    pub frozen: u128,
    /// The global timer before the message (ns, 0 = off), which `global_timer_set` returns.
    pub global_timer: u64,
    /// Settings' environment variables, in the order of their names.
    pub variables: BTreeMap<String, String>,
    /// The 133-byte DER root key.
    pub root_key: Arc<[u8]>,
    /// Makes the data certificate when a non-replicated query first asks for it; absent in every other context.
    pub data_certificate: Option<Arc<dyn Fn() -> Vec<u8> + Send + Sync>>,
    /// Whether the message runs in replicated mode.
    pub replicated: bool,
    /// What things cost.
    pub prices: Prices,
}

/// Signed information about the sender of an ingress message.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SenderInfo {
    /// The opaque data.
    pub info: Vec<u8>,
    /// The canister that vouches for it.
    pub signer: Principal,
}

/// One message for a canister.
#[derive(Clone)]
pub struct Input {
    /// Its role.
    pub context: Context,
    /// Where it enters.
    pub entry: Entry,
    /// Who caused it; callbacks keep the caller of their call context, system tasks have the management canister.
    pub caller: Principal,
    /// The argument or, in a reply callback, the reply.
    pub payload: Vec<u8>,
    /// The method an ingress message names; for `inspect_message` only.
    pub method_name: String,
    /// Code and message of the rejection; for reject callbacks only.
    pub reject: Option<(u32, String)>,
    /// When a best-effort call context must be answered (ns since 1970).
    pub deadline: Option<u64>,
    /// Cycles of the call that were not accepted yet.
    pub cycles_available: u128,
    /// Cycles that came back with a reply or reject.
    pub cycles_refunded: u128,
    /// Whether the call context was answered before.
    pub responded: bool,
    /// Signed sender information of an ingress message.
    pub sender_info: Option<SenderInfo>,
    /// Instructions that earlier messages of the same call context used (performance counter 1).
    pub context_instructions: u64,
    /// What the canister can ask about.
    pub environment: Environment,
    /// Bounds.
    pub limits: Limits,
}

/// How a call was answered.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Response {
    /// `msg_reply` with the data appended before.
    Reply(Vec<u8>),
    /// `msg_reject` with its message.
    Reject(String),
}

/// A call that a message wants to make.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OutgoingCall {
    /// The canister to call; `aaaaa-aa` is the management canister.
    pub callee: Principal,
    /// Its method.
    pub method: String,
    /// The argument.
    pub payload: Vec<u8>,
    /// Cycles sent along, already taken from the balance in [`Effects::balance`].
    pub cycles: u128,
    /// Runs on a reply.
    pub on_reply: Closure,
    /// Runs on a rejection.
    pub on_reject: Closure,
    /// Runs when one of the two above trapped.
    pub on_cleanup: Option<Closure>,
    /// Seconds after which a best-effort call is given up; none for a guaranteed response.
    pub timeout_seconds: Option<u32>,
}

/// What a message that ended well wants done besides its changes to memory.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Effects {
    /// The answer to the call context, when this message gave one.
    pub response: Option<Response>,
    /// Calls, in the order of `call_perform`.
    pub calls: Vec<OutgoingCall>,
    /// New certified data (at most 32 bytes).
    pub certified_data: Option<Vec<u8>>,
    /// New global timer (ns, 0 = off).
    pub global_timer: Option<u64>,
    /// Cycles accepted from the call.
    pub cycles_accepted: u128,
    /// The balance after the message, before execution is charged: accepted cycles added; sent and burned ones taken.
    pub balance: u128,
    /// Whether `accept_message` was called.
    pub message_accepted: bool,
}

/// Why a message ended badly.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Trap {
    /// The kind of failure.
    pub error: ErrorCode,
    /// A sentence without the canister's id, which the state machine puts in front; for `ic0.trap` the words the
    /// clients' users look for: ``Canister called `ic0.trap` with message: '…'``.
    pub message: String,
}

/// What running one message gave.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Execution {
    /// The effects, or why there are none.
    pub outcome: Result<Effects, Trap>,
    /// Instructions used, trapped or not.
    pub instructions: u64,
    /// What the canister printed (and, last, the trap message); kept even when it trapped.
    pub logs: Vec<String>,
}
