//! THE table: every system call with its type, contexts and fixed cost.
//!
//! Types and contexts: interface specification, ic0.txt 1.1.0. Fixed costs: the instruction counts that the Internet
//! Computer's embedder adds for each call (500 unless noted), on top of the `call` instruction; per-byte costs are in
//! the bodies.

use super::contexts::Contexts;
use super::invocation::{Arguments, Invocation};
use super::{
    calls, certified_data, costs, cycles, debug, environment_variables as variables, identity,
    message_data as data, reply, stable_memory as stable, time,
};
use crate::execution::{Context, Trap};

/// The type of a parameter or result.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// `i32`.
    I32,
    /// `i64`.
    I64,
    /// An address or a size: as wide as the module's addresses.
    Size,
}

/// How wide a module's addresses are.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PointerWidth {
    /// 32 bits.
    Narrow,
    /// 64 bits (memory64).
    Wide,
}

impl PointerWidth {
    /// Bits of a value.
    pub fn bits(self, kind: Kind) -> u32 {
        match (kind, self) {
            (Kind::I32, _) | (Kind::Size, PointerWidth::Narrow) => 32,
            (Kind::I64, _) | (Kind::Size, PointerWidth::Wide) => 64,
        }
    }
}

/// One system call.
pub struct SystemCall {
    /// Its name in module `ic0`.
    pub name: &'static str,
    /// Parameters, at most eight.
    pub parameters: &'static [Kind],
    /// Result, if any.
    pub result: Option<Kind>,
    /// Where it may be used.
    pub contexts: Contexts,
    /// Instructions per call.
    pub cost: u64,
    /// What it does.
    pub body: fn(&mut Invocation, &Arguments) -> Result<u64, Trap>,
}

const START: Contexts = Contexts::of(Context::Start);
const I: Contexts = Contexts::of(Context::Init);
const G: Contexts = Contexts::of(Context::PreUpgrade);
const U: Contexts = Contexts::of(Context::Update);
const RQ: Contexts = Contexts::of(Context::ReplicatedQuery);
const NRQ: Contexts = Contexts::of(Context::Query);
const CQ: Contexts = Contexts::of(Context::CompositeQuery);
const RY: Contexts = Contexts::of(Context::Reply);
const RT: Contexts = Contexts::of(Context::Reject);
const CRY: Contexts = Contexts::of(Context::CompositeReply);
const CRT: Contexts = Contexts::of(Context::CompositeReject);
const C: Contexts = Contexts::of(Context::Cleanup);
const CC: Contexts = Contexts::of(Context::CompositeCleanup);
const F: Contexts = Contexts::of(Context::InspectMessage);
const T: Contexts = Contexts::of(Context::SystemTask);

const fn any(sets: &[Contexts]) -> Contexts {
    let mut all = sets[0];
    let mut index = 1;
    while index < sets.len() {
        all = all.and(sets[index]);
        index += 1;
    }
    all
}

/// `*`: everywhere but in the start function.
const ALL: Contexts = any(&[I, G, U, RQ, NRQ, CQ, RY, RT, CRY, CRT, C, CC, F, T]);
/// `* s`.
const ALL_AND_START: Contexts = ALL.and(START);
/// Where there is an argument.
const ARGUMENT: Contexts = any(&[I, U, RQ, NRQ, CQ, RY, CRY, F]);
/// Where an ingress message may be behind.
const SENDER: Contexts = any(&[U, RQ, NRQ, CQ, RY, RT, CRY, CRT, C, CC, F]);
/// Where the call can be answered.
const ANSWER: Contexts = any(&[U, RQ, NRQ, CQ, RY, RT, CRY, CRT]);
/// Where calls can be made.
const CALL: Contexts = any(&[U, CQ, RY, RT, CRY, CRT, T]);
/// Where calls can carry cycles.
const CALL_CYCLES: Contexts = any(&[U, RY, RT, T]);
/// Where cycles may have come with the call.
const RECEIVED: Contexts = any(&[U, RQ, RT, RY]);
/// Where cycles come back.
const REFUND: Contexts = any(&[RT, RY]);
/// Where a rejection came in.
const REJECTED: Contexts = any(&[RT, CRT]);
/// Callbacks that get an answer.
const ANSWERED: Contexts = any(&[RY, RT, CRY, CRT]);
/// Where the canister's own state can be changed for good.
const REPLICATED_CHANGE: Contexts = any(&[I, G, U, RY, RT, T]);

const COPY: &[Kind] = &[Kind::Size, Kind::Size, Kind::Size];
const SLICE: &[Kind] = &[Kind::Size, Kind::Size];
const TARGET: &[Kind] = &[Kind::Size];
const AMOUNT: &[Kind] = &[Kind::I64, Kind::I64, Kind::Size];
const KEY: &[Kind] = &[Kind::Size, Kind::Size, Kind::I32, Kind::Size];
const NONE: &[Kind] = &[];

const SIZE: Option<Kind> = Some(Kind::Size);
const WORD: Option<Kind> = Some(Kind::I32);
const LONG: Option<Kind> = Some(Kind::I64);

type Body = fn(&mut Invocation, &Arguments) -> Result<u64, Trap>;

const fn entry(
    name: &'static str,
    parameters: &'static [Kind],
    result: Option<Kind>,
    contexts: Contexts,
    cost: u64,
    body: Body,
) -> SystemCall {
    SystemCall {
        name,
        parameters,
        result,
        contexts,
        cost,
        body,
    }
}

/// Every system call, in the order of the specification, with the superseded ones at the end.
#[rustfmt::skip]
pub const SYSTEM_CALLS: &[SystemCall] = &[
    entry("msg_arg_data_size", NONE, SIZE, ARGUMENT, 500, data::argument_size),
    entry("msg_arg_data_copy", COPY, None, ARGUMENT, 500, data::argument_copy),
    entry("msg_caller_size", NONE, SIZE, ALL, 500, data::caller_size),
    entry("msg_caller_copy", COPY, None, ALL, 500, data::caller_copy),
    entry("msg_caller_info_data_size", NONE, SIZE, SENDER, 500, data::info_data_size),
    entry("msg_caller_info_data_copy", COPY, None, SENDER, 500, data::info_data_copy),
    entry("msg_caller_info_signer_size", NONE, SIZE, SENDER, 500, data::info_signer_size),
    entry("msg_caller_info_signer_copy", COPY, None, SENDER, 500, data::info_signer_copy),
    entry("msg_reject_code", NONE, WORD, ANSWERED, 500, data::reject_code),
    entry("msg_reject_msg_size", NONE, SIZE, REJECTED, 500, data::reject_message_size),
    entry("msg_reject_msg_copy", COPY, None, REJECTED, 500, data::reject_message_copy),
    entry("msg_deadline", NONE, LONG, ANSWER, 500, data::deadline),

    entry("msg_reply_data_append", SLICE, None, ANSWER, 500, reply::data_append),
    entry("msg_reply", NONE, None, ANSWER, 500, reply::reply),
    entry("msg_reject", SLICE, None, ANSWER, 500, reply::reject),

    entry("msg_cycles_available128", TARGET, None, RECEIVED, 500, cycles::available128),
    entry("msg_cycles_refunded128", TARGET, None, REFUND, 500, cycles::refunded128),
    entry("msg_cycles_accept128", AMOUNT, None, RECEIVED, 500, cycles::accept128),
    entry("cycles_burn128", AMOUNT, None, any(&[I, G, U, RQ, RY, RT, C, T]), 500, cycles::burn128),

    entry("canister_self_size", NONE, SIZE, ALL, 500, identity::self_size),
    entry("canister_self_copy", COPY, None, ALL, 500, identity::self_copy),
    entry("subnet_self_size", NONE, SIZE, ALL, 500, identity::subnet_size),
    entry("subnet_self_copy", COPY, None, ALL, 500, identity::subnet_copy),
    entry("canister_cycle_balance128", TARGET, None, ALL, 500, cycles::balance128),
    entry("canister_liquid_cycle_balance128", TARGET, None, ALL, 500, cycles::liquid_balance128),
    entry("canister_status", NONE, WORD, ALL, 500, identity::status),
    entry("canister_version", NONE, LONG, ALL, 500, identity::version),
    entry("root_key_size", NONE, SIZE, any(&[I, G, U, RQ, RY, RT, C, T]), 500, identity::root_key_size),
    entry("root_key_copy", COPY, None, any(&[I, G, U, RQ, RY, RT, C, T]), 500, identity::root_key_copy),

    entry("msg_method_name_size", NONE, SIZE, F, 500, data::method_name_size),
    entry("msg_method_name_copy", COPY, None, F, 500, data::method_name_copy),
    entry("accept_message", NONE, None, F, 500, data::accept_message),

    entry("call_new", &[Kind::Size; 8], None, CALL, 1500, calls::new),
    entry("call_on_cleanup", SLICE, None, CALL, 500, calls::on_cleanup),
    entry("call_data_append", SLICE, None, CALL, 500, calls::data_append),
    entry("call_with_best_effort_response", &[Kind::I32], None, CALL, 500, calls::with_best_effort_response),
    entry("call_cycles_add128", &[Kind::I64, Kind::I64], None, CALL_CYCLES, 500, calls::cycles_add128),
    entry("call_perform", NONE, WORD, CALL, 5000, calls::perform),

    entry("stable64_size", NONE, LONG, ALL_AND_START, 20, stable::size64),
    entry("stable64_grow", &[Kind::I64], LONG, ALL_AND_START, 600, stable::grow64),
    entry("stable64_read", &[Kind::I64; 3], None, ALL_AND_START, 20, stable::read64),
    entry("stable64_write", &[Kind::I64; 3], None, ALL_AND_START, 20, stable::write64),

    entry("certified_data_set", SLICE, None, REPLICATED_CHANGE, 500, certified_data::set),
    entry("data_certificate_present", NONE, WORD, ALL, 500, certified_data::certificate_present),
    entry("data_certificate_size", NONE, SIZE, any(&[NRQ, CQ]), 500, certified_data::certificate_size),
    entry("data_certificate_copy", COPY, None, any(&[NRQ, CQ]), 500, certified_data::certificate_copy),

    entry("time", NONE, LONG, ALL, 500, time::now),
    entry("global_timer_set", &[Kind::I64], LONG, REPLICATED_CHANGE.and(C), 500, time::global_timer_set),
    entry("performance_counter", &[Kind::I32], LONG, ALL_AND_START, 200, time::performance_counter),
    entry("is_controller", SLICE, WORD, ALL_AND_START, 1000, identity::is_controller),
    entry("in_replicated_execution", NONE, WORD, ALL_AND_START, 500, identity::in_replicated_execution),

    entry("cost_call", AMOUNT, None, ALL_AND_START, 500, costs::call),
    entry("cost_create_canister", TARGET, None, ALL_AND_START, 500, costs::create_canister),
    entry("cost_http_request", AMOUNT, None, ALL_AND_START, 500, costs::http_request),
    entry("cost_http_request_v2", COPY, None, ALL_AND_START, 500, costs::http_request_v2),
    entry("cost_sign_with_ecdsa", KEY, WORD, ALL_AND_START, 500, costs::sign_with_ecdsa),
    entry("cost_sign_with_schnorr", KEY, WORD, ALL_AND_START, 500, costs::sign_with_schnorr),
    entry("cost_vetkd_derive_key", KEY, WORD, ALL_AND_START, 500, costs::vetkd_derive_key),

    entry("env_var_count", NONE, SIZE, ALL, 500, variables::count),
    entry("env_var_name_size", TARGET, SIZE, ALL, 500, variables::name_size),
    entry("env_var_name_copy", &[Kind::Size; 4], None, ALL, 500, variables::name_copy),
    entry("env_var_name_exists", SLICE, WORD, ALL, 500, variables::name_exists),
    entry("env_var_value_size", SLICE, SIZE, ALL, 500, variables::value_size),
    entry("env_var_value_copy", &[Kind::Size; 5], None, ALL, 500, variables::value_copy),

    entry("debug_print", SLICE, None, ALL_AND_START, 100, debug::print),
    entry("trap", SLICE, None, ALL_AND_START, 500, debug::trap),

    // Superseded, still imported by older modules.
    entry("stable_size", NONE, WORD, ALL_AND_START, 20, stable::size32),
    entry("stable_grow", &[Kind::I32], WORD, ALL_AND_START, 600, stable::grow32),
    entry("stable_read", &[Kind::I32; 3], None, ALL_AND_START, 20, stable::read32),
    entry("stable_write", &[Kind::I32; 3], None, ALL_AND_START, 20, stable::write32),
    entry("canister_cycle_balance", NONE, LONG, ALL, 500, cycles::balance),
    entry("msg_cycles_available", NONE, LONG, RECEIVED, 500, cycles::available),
    entry("msg_cycles_refunded", NONE, LONG, REFUND, 500, cycles::refunded),
    entry("msg_cycles_accept", &[Kind::I64], LONG, RECEIVED, 500, cycles::accept),
    entry("call_cycles_add", &[Kind::I64], None, CALL_CYCLES, 500, calls::cycles_add),
    entry("controller_size", NONE, SIZE, ALL, 500, identity::controller_size),
    entry("controller_copy", COPY, None, ALL, 500, identity::controller_copy),
    entry("mint_cycles", &[Kind::I64], LONG, CALL_CYCLES, 500, cycles::mint),
    entry("mint_cycles128", AMOUNT, None, CALL_CYCLES, 500, cycles::mint),
];

/// The call of this name.
pub fn system_call(name: &str) -> Option<&'static SystemCall> {
    SYSTEM_CALLS.iter().find(|call| call.name == name)
}
