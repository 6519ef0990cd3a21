//! Every system call in every context: allowed exactly where the specification says.
//!
//! Source: interface specification, "Overview of imports": the comment behind each function.

use crate::engine::testing::{Bench, message};
use crate::execution::{Context, Entry, Execution};
use crate::rejection::ErrorCode;
use crate::system_api::contexts::{ALL_CONTEXTS, context_name};
use crate::system_api::table::{Kind, PointerWidth, SYSTEM_CALLS, SystemCall, system_call};

/// A module whose `canister_init` makes one system call with zeros for arguments.
fn module(call: &SystemCall, width: PointerWidth) -> String {
    let kind = |kind: &Kind| format!(" i{}", width.bits(*kind));
    let parameters: String = call.parameters.iter().map(kind).collect();
    let result: String = call.result.iter().map(kind).collect();
    let arguments: String = (call.parameters.iter())
        .map(|kind| format!(" (i{}.const 0)", width.bits(*kind)))
        .collect();
    let drop = if call.result.is_some() { "drop" } else { "" };
    let memory = match width {
        PointerWidth::Narrow => "(memory 1)",
        PointerWidth::Wide => "(memory i64 1)",
    };
    format!(
        "(module (import \"ic0\" \"{name}\" (func $f (param{parameters}) (result{result}))) {memory}
         (func (export \"canister_init\") (call $f{arguments}) {drop}))",
        name = call.name
    )
}

fn call(bench: &mut Bench, context: Context) -> Execution {
    let mut input = message(context, Entry::Hook("canister_init"));
    input.reject = Some((4, "no".into()));
    let execution = bench.sandbox.execute(input);
    bench.sandbox.roll_back();
    execution
}

/// Contexts as the specification writes them.
fn letters(context: Context) -> &'static str {
    match context {
        Context::Start => "s",
        Context::Init => "I",
        Context::PreUpgrade => "G",
        Context::Update => "U",
        Context::ReplicatedQuery => "RQ",
        Context::Query => "NRQ",
        Context::CompositeQuery => "CQ",
        Context::Reply => "Ry",
        Context::Reject => "Rt",
        Context::CompositeReply => "CRy",
        Context::CompositeReject => "CRt",
        Context::Cleanup => "C",
        Context::CompositeCleanup => "CC",
        Context::InspectMessage => "F",
        Context::SystemTask => "T",
    }
}

const ALL: &str = "I G U RQ NRQ CQ Ry Rt CRy CRt C CC F T";
const ALL_AND_START: &str = "I G U RQ NRQ CQ Ry Rt CRy CRt C CC F T s";

/// The specification's table.
#[rustfmt::skip]
const SPECIFICATION: &[(&str, &str)] = &[
    ("msg_arg_data_size msg_arg_data_copy", "I U RQ NRQ CQ Ry CRy F"),
    ("msg_caller_size msg_caller_copy", ALL),
    ("msg_caller_info_data_size msg_caller_info_data_copy msg_caller_info_signer_size msg_caller_info_signer_copy",
     "U RQ NRQ CQ Ry Rt CRy CRt C CC F"),
    ("msg_reject_code", "Ry Rt CRy CRt"),
    ("msg_reject_msg_size msg_reject_msg_copy", "Rt CRt"),
    ("msg_deadline", "U RQ NRQ CQ Ry Rt CRy CRt"),
    ("msg_reply_data_append msg_reply msg_reject", "U RQ NRQ CQ Ry Rt CRy CRt"),
    ("msg_cycles_available128 msg_cycles_available msg_cycles_accept128 msg_cycles_accept", "U RQ Rt Ry"),
    ("msg_cycles_refunded128 msg_cycles_refunded", "Rt Ry"),
    ("cycles_burn128 root_key_size root_key_copy", "I G U RQ Ry Rt C T"),
    ("canister_self_size canister_self_copy subnet_self_size subnet_self_copy controller_size controller_copy", ALL),
    ("canister_cycle_balance128 canister_liquid_cycle_balance128 canister_cycle_balance", ALL),
    ("canister_status canister_version", ALL),
    ("msg_method_name_size msg_method_name_copy accept_message", "F"),
    ("call_new call_on_cleanup call_data_append call_with_best_effort_response call_perform", "U CQ Ry Rt CRy CRt T"),
    ("call_cycles_add128 call_cycles_add mint_cycles mint_cycles128", "U Ry Rt T"),
    ("stable64_size stable64_grow stable64_read stable64_write stable_size stable_grow stable_read stable_write",
     ALL_AND_START),
    ("certified_data_set", "I G U Ry Rt T"),
    ("data_certificate_present", ALL),
    ("data_certificate_size data_certificate_copy", "NRQ CQ"),
    ("time", ALL),
    ("global_timer_set", "I G U Ry Rt C T"),
    ("performance_counter is_controller in_replicated_execution", ALL_AND_START),
    ("cost_call cost_create_canister cost_http_request cost_http_request_v2", ALL_AND_START),
    ("cost_sign_with_ecdsa cost_sign_with_schnorr cost_vetkd_derive_key", ALL_AND_START),
    ("env_var_count env_var_name_size env_var_name_copy env_var_name_exists env_var_value_size env_var_value_copy", ALL),
    ("debug_print trap", ALL_AND_START),
];

#[test]
fn the_table_allows_exactly_what_the_specification_allows() {
    let mut seen = 0;
    for (names, contexts) in SPECIFICATION {
        for name in names.split(' ') {
            let call = system_call(name).unwrap_or_else(|| panic!("{name} is missing"));
            seen += 1;
            for context in ALL_CONTEXTS {
                let allowed = contexts.split(' ').any(|letter| letter == letters(context));
                assert_eq!(
                    call.contexts.contain(context),
                    allowed,
                    "{name} in {context:?}"
                );
            }
        }
    }
    assert_eq!(
        seen,
        SYSTEM_CALLS.len(),
        "the table has a call that the specification lacks"
    );
}

#[test]
fn every_call_is_refused_by_name_outside_its_contexts_and_runs_within() {
    for call_entry in SYSTEM_CALLS {
        for width in [PointerWidth::Narrow, PointerWidth::Wide] {
            let mut bench = Bench::install(&module(call_entry, width));
            for context in ALL_CONTEXTS {
                let outcome = call(&mut bench, context).outcome;
                let name = call_entry.name;
                let refusal = format!(
                    "Canister violated contract: `{name}` cannot be executed in {} mode",
                    context_name(context)
                );
                let refused = outcome.as_ref().is_err_and(|trap| trap.message == refusal);
                assert_eq!(
                    refused,
                    !call_entry.contexts.contain(context),
                    "{name} in {context:?}: {outcome:?}"
                );
                if refused {
                    let error = outcome.map_err(|trap| trap.error).map(|_| ());
                    assert_eq!(error, Err(ErrorCode::CanisterContractViolation));
                }
            }
        }
    }
}

#[test]
fn names_are_unique_and_nothing_has_more_than_eight_parameters() {
    for (index, call) in SYSTEM_CALLS.iter().enumerate() {
        let first = SYSTEM_CALLS
            .iter()
            .position(|other| other.name == call.name);
        assert_eq!(first, Some(index), "{}", call.name);
        assert!(call.parameters.len() <= 8, "{}", call.name);
    }
}
