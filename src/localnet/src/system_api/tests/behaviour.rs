//! What the calls read and write, and what they refuse.

use crate::engine::testing::{Bench, little_endian, message, reply};
use crate::execution::{
    Closure, Context, Effects, Entry, Input, OutgoingCall, Prices, Response, SenderInfo, Trap,
};
use crate::rejection::ErrorCode;
use candid::Principal;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

/// Runs `body` in a canister with these imports; addresses 0.. hold `data`.
fn run(imports: &[&str], data: &str, body: &str, input: Input) -> Result<Effects, Trap> {
    let imports: String = imports
        .iter()
        .map(|import| {
            let (name, ty) = import.split_once(' ').unwrap_or((import, ""));
            format!("(import \"ic0\" \"{name}\" (func ${name} {ty}))")
        })
        .collect();
    let mut bench = Bench::install(&format!(
        "(module {imports} (memory 1) (data (i32.const 0) \"{data}\") (func (export \"canister_init\") {body}))"
    ));
    bench.sandbox.execute(input).outcome
}

fn input(context: Context) -> Input {
    message(context, Entry::Hook("canister_init"))
}

const APPEND: &str = "msg_reply_data_append (param i32 i32)";
const REPLY: &str = "msg_reply";

/// What a pair of `…_size` and `…_copy` gives, in an update or another context that can reply.
fn pair(name: &str, input: Input) -> Vec<u8> {
    let size = format!("{name}_size (result i32)");
    let copy = format!("{name}_copy (param i32 i32 i32)");
    let body = format!(
        "(call ${name}_copy (i32.const 100) (i32.const 0) (call ${name}_size))
         (call $msg_reply_data_append (i32.const 100) (call ${name}_size)) (call $msg_reply)"
    );
    reply(run(&[&size, &copy, APPEND, REPLY], "", &body, input))
}

/// The number that a call without parameters gives.
fn number(name: &str, ty: &str, input: Input) -> u64 {
    let import = format!("{name} (result {ty})");
    let body = format!(
        "({ty}.store (i32.const 0) (call ${name})) (call $msg_reply_data_append (i32.const 0) (i32.const 8)) (call $msg_reply)"
    );
    little_endian(&reply(run(&[&import, APPEND, REPLY], "", &body, input)))
}

#[test]
fn message_data_arrives() {
    let mut update = input(Context::Update);
    update.payload = b"argument".to_vec();
    update.deadline = Some(77);
    update.sender_info = Some(SenderInfo {
        info: b"info".to_vec(),
        signer: Principal::management_canister(),
    });
    assert_eq!(pair("msg_arg_data", update.clone()), b"argument");
    assert_eq!(
        pair("msg_caller", update.clone()),
        Principal::anonymous().as_slice()
    );
    assert_eq!(pair("msg_caller_info_data", update.clone()), b"info");
    assert_eq!(pair("msg_caller_info_signer", update.clone()), b"");
    assert_eq!(number("msg_deadline", "i64", update), 77);
    assert_eq!(pair("msg_caller_info_data", input(Context::Update)), b"");
    assert_eq!(number("msg_deadline", "i64", input(Context::Update)), 0);
    let mut reject = input(Context::Reject);
    reject.reject = Some((5, "it trapped".into()));
    assert_eq!(pair("msg_reject_msg", reject.clone()), b"it trapped");
    assert_eq!(number("msg_reject_code", "i32", reject), 5);
    assert_eq!(number("msg_reject_code", "i32", input(Context::Reply)), 0);
}

#[test]
fn the_environment_can_be_asked() {
    let update = || input(Context::Update);
    let environment = update().environment;
    assert_eq!(
        pair("canister_self", update()),
        environment.canister.as_slice()
    );
    assert_eq!(pair("subnet_self", update()), environment.subnet.as_slice());
    assert_eq!(pair("root_key", update()), [9; 133]);
    assert_eq!(
        pair("controller", update()),
        Principal::anonymous().as_slice()
    );
    assert_eq!(number("time", "i64", update()), environment.time);
    assert_eq!(number("canister_status", "i32", update()), 1);
    assert_eq!(number("canister_version", "i64", update()), 3);
    assert_eq!(number("in_replicated_execution", "i32", update()), 1);
    assert_eq!(number("env_var_count", "i32", update()), 2);
    for (principal, expected) in [("\\04", 1), ("\\05", 0)] {
        let body = "(i32.store (i32.const 8) (call $is_controller (i32.const 0) (i32.const 1)))
            (call $msg_reply_data_append (i32.const 8) (i32.const 4)) (call $msg_reply)";
        let imports = ["is_controller (param i32 i32) (result i32)", APPEND, REPLY];
        let outcome = run(&imports, principal, body, update());
        assert_eq!(little_endian(&reply(outcome)), expected);
    }
}

#[test]
fn environment_variables_are_found_by_index_and_by_name() {
    let name = "env_var_name_copy (param i32 i32 i32 i32)";
    let value = "env_var_value_copy (param i32 i32 i32 i32 i32)";
    let body = "(call $env_var_name_copy (i32.const 1) (i32.const 10) (i32.const 0) (i32.const 1))
        (call $env_var_value_copy (i32.const 10) (i32.const 1) (i32.const 11) (i32.const 0) (i32.const 4))
        (call $msg_reply_data_append (i32.const 10) (i32.const 5)) (call $msg_reply)";
    let outcome = run(
        &[name, value, APPEND, REPLY],
        "",
        body,
        input(Context::Update),
    );
    assert_eq!(reply(outcome), b"Zlast");
    for (import, body, words) in [
        (
            "env_var_name_size (param i32) (result i32)",
            "(drop (call $env_var_name_size (i32.const 2)))",
            "index 2 is out of bounds, there are 2",
        ),
        (
            "env_var_value_size (param i32 i32) (result i32)",
            "(drop (call $env_var_value_size (i32.const 0) (i32.const 1)))",
            "no environment variable \"B\"",
        ),
        (
            "env_var_name_exists (param i32 i32) (result i32)",
            "(drop (call $env_var_name_exists (i32.const 0) (i32.const 129)))",
            "129 bytes",
        ),
    ] {
        let trap = run(&[import], "B", body, input(Context::Update)).unwrap_err();
        assert!(trap.message.contains(words), "{}", trap.message);
    }
    let exists = "env_var_name_exists (param i32 i32) (result i32)";
    let body = "(if (call $env_var_name_exists (i32.const 0) (i32.const 1)) (then unreachable))
        (if (i32.eqz (call $env_var_name_exists (i32.const 1) (i32.const 1))) (then unreachable))";
    run(&[exists], "BA", body, input(Context::Update)).unwrap();
}

#[test]
fn a_call_is_answered_once_and_within_the_limit() {
    let reject = "msg_reject (param i32 i32)";
    let outcome = |body: &str, input: Input| run(&[APPEND, REPLY, reject], "abc\\ff", body, input);
    let append = "(call $msg_reply_data_append (i32.const 0) (i32.const 2))";
    let effects = outcome(
        &format!("{append} {append} (call $msg_reply)"),
        input(Context::Update),
    )
    .unwrap();
    assert_eq!(effects.response, Some(Response::Reply(b"abab".to_vec())));
    let effects = outcome(
        "(call $msg_reject (i32.const 1) (i32.const 2))",
        input(Context::Update),
    )
    .unwrap();
    assert_eq!(effects.response, Some(Response::Reject("bc".into())));
    let effects = outcome(append, input(Context::Update)).unwrap();
    assert_eq!(effects.response, None, "appending alone answers nothing");
    let mut limited = input(Context::Update);
    limited.limits.reply_bytes = 3;
    let mut answered = input(Context::Reply);
    answered.responded = true;
    for (body, input, words) in [
        (
            "(call $msg_reply) (call $msg_reply)".to_owned(),
            input(Context::Update),
            "already replied",
        ),
        (
            format!("(call $msg_reply) {append}"),
            input(Context::Update),
            "already replied",
        ),
        ("(call $msg_reply)".into(), answered, "already replied"),
        (
            format!("{append} {append}"),
            limited,
            "payload size (4) cannot be larger than 3",
        ),
        (
            "(call $msg_reject (i32.const 0) (i32.const 4))".into(),
            input(Context::Update),
            "not UTF-8",
        ),
    ] {
        let trap = outcome(&body, input).unwrap_err();
        assert_eq!(trap.error, ErrorCode::CanisterContractViolation);
        assert!(trap.message.contains(words), "{}", trap.message);
    }
}

const NEW: &str = "call_new (param i32 i32 i32 i32 i32 i32 i32 i32)";
const PERFORM: &str = "call_perform (result i32)";
const NEW_CALL: &str = "(call $call_new (i32.const 0) (i32.const 0) (i32.const 0) (i32.const 3)
    (i32.const 1) (i32.const 2) (i32.const 3) (i32.const 4))";

#[test]
fn a_performed_call_is_an_effect_and_an_unperformed_one_is_dropped() {
    let imports = [
        NEW,
        PERFORM,
        "call_on_cleanup (param i32 i32)",
        "call_data_append (param i32 i32)",
        "call_with_best_effort_response (param i32)",
        "call_cycles_add128 (param i64 i64)",
    ];
    let body = format!(
        "{NEW_CALL}
        (call $call_cycles_add128 (i64.const 0) (i64.const 5))
        {NEW_CALL}
        (call $call_on_cleanup (i32.const 5) (i32.const 6))
        (call $call_data_append (i32.const 3) (i32.const 2)) (call $call_data_append (i32.const 5) (i32.const 1))
        (call $call_with_best_effort_response (i32.const 1000))
        (call $call_cycles_add128 (i64.const 0) (i64.const 7)) (call $call_cycles_add128 (i64.const 0) (i64.const 1))
        (if (call $call_perform) (then unreachable))
        {NEW_CALL}
        (call $call_cycles_add128 (i64.const 0) (i64.const 900))"
    );
    let effects = run(&imports, "dotabc", &body, input(Context::Update)).unwrap();
    let closure = |function, environment| Closure {
        function,
        environment,
    };
    let expected = OutgoingCall {
        callee: Principal::management_canister(),
        method: "dot".into(),
        payload: b"abc".to_vec(),
        cycles: 8,
        on_reply: closure(1, 2),
        on_reject: closure(3, 4),
        on_cleanup: Some(closure(5, 6)),
        timeout_seconds: Some(300),
    };
    assert_eq!(effects.calls, [expected]);
    assert_eq!(
        effects.balance,
        1000 - 8,
        "dropped calls give their cycles back"
    );
}

#[test]
fn calls_out_of_order_are_refused() {
    let append = "call_data_append (param i32 i32)";
    let cleanup = "call_on_cleanup (param i32 i32)";
    for (body, words) in [
        ("(drop (call $call_perform))".to_owned(), "without a prior ic0.call_new"),
        ("(call $call_data_append (i32.const 0) (i32.const 0))".into(), "without a prior"),
        (
            format!("{NEW_CALL} (call $call_on_cleanup (i32.const 0) (i32.const 0)) (call $call_on_cleanup (i32.const 0) (i32.const 0))"),
            "set before",
        ),
        (
            format!("{NEW_CALL} (loop $l (call $call_data_append (i32.const 0) (i32.const 65536)) (br $l))"),
            "exceeds the limit of 2097152 bytes",
        ),
        (
            "(call $call_new (i32.const 0) (i32.const 30) (i32.const 0) (i32.const 3) (i32.const 1) (i32.const 2) (i32.const 3) (i32.const 4))".into(),
            "no principal",
        ),
    ] {
        let trap = run(&[NEW, PERFORM, append, cleanup], "", &body, input(Context::Update)).unwrap_err();
        assert_eq!(trap.error, ErrorCode::CanisterContractViolation);
        assert!(trap.message.contains(words), "{}", trap.message);
    }
}

#[test]
fn a_call_is_not_sent_when_its_fee_is_not_covered_or_its_queue_is_full() {
    let imports = [NEW, PERFORM, "call_cycles_add128 (param i64 i64)"];
    let priced = |balance| {
        let mut input = input(Context::Update);
        input.environment.prices = Prices {
            call: 100,
            ..Prices::default()
        };
        input.environment.balance = balance;
        input
    };
    let body = format!(
        "{NEW_CALL} (call $call_cycles_add128 (i64.const 0) (i64.const 50))
        (if (i32.ne (call $call_perform) (i32.const 2)) (then unreachable))"
    );
    let effects = run(&imports, "", &body, priced(149)).unwrap();
    assert_eq!((effects.calls.len(), effects.balance), (0, 149));
    let body = body.replace("(i32.const 2)) (then", "(i32.const 0)) (then");
    let effects = run(&imports, "", &body, priced(150)).unwrap();
    assert_eq!(
        (effects.calls.len(), effects.balance),
        (1, 100),
        "the state machine takes the fee"
    );
    let body = format!(
        "(local $i i32) (loop $l {NEW_CALL} (drop (call $call_perform))
        (br_if $l (i32.lt_u (local.tee $i (i32.add (local.get $i) (i32.const 1))) (i32.const 510))))"
    );
    let effects = run(&imports, "", &body, input(Context::Update)).unwrap();
    assert_eq!(effects.calls.len(), 500);
}

#[test]
fn certified_data_timer_and_acceptance_are_effects() {
    let set = "certified_data_set (param i32 i32)";
    let effects = run(
        &[set],
        "hash",
        "(call $certified_data_set (i32.const 0) (i32.const 4))",
        input(Context::Update),
    );
    assert_eq!(effects.unwrap().certified_data, Some(b"hash".to_vec()));
    let trap = run(
        &[set],
        "",
        "(call $certified_data_set (i32.const 0) (i32.const 33))",
        input(Context::Update),
    );
    assert!(trap.unwrap_err().message.contains("33 bytes exceed the 32"));
    let mut timed = input(Context::Update);
    timed.environment.global_timer = 11;
    let body =
        "(if (i64.ne (call $global_timer_set (i64.const 22)) (i64.const 11)) (then unreachable))
        (if (i64.ne (call $global_timer_set (i64.const 0)) (i64.const 22)) (then unreachable))";
    let effects = run(
        &["global_timer_set (param i64) (result i64)"],
        "",
        body,
        timed,
    )
    .unwrap();
    assert_eq!(effects.global_timer, Some(0));
    let accept = |body| {
        run(
            &["accept_message"],
            "",
            body,
            input(Context::InspectMessage),
        )
    };
    assert!(accept("(call $accept_message)").unwrap().message_accepted);
    assert!(!accept("nop").unwrap().message_accepted);
    accept("(call $accept_message) (call $accept_message)").unwrap_err();
}

#[test]
fn the_data_certificate_is_made_once_and_only_when_asked_for() {
    let made = Arc::new(AtomicUsize::new(0));
    let query = || {
        let made = made.clone();
        let mut query = input(Context::Query);
        query.environment.data_certificate = Some(Arc::new(move || {
            made.fetch_add(1, Ordering::Relaxed);
            b"certificate".to_vec()
        }));
        query
    };
    assert_eq!(number("data_certificate_present", "i32", query()), 1);
    assert_eq!(made.load(Ordering::Relaxed), 0);
    assert_eq!(pair("data_certificate", query()), b"certificate");
    assert_eq!(made.load(Ordering::Relaxed), 1);
    assert_eq!(
        number("data_certificate_present", "i32", input(Context::Query)),
        0
    );
    let size = "data_certificate_size (result i32)";
    let trap = run(
        &[size],
        "",
        "(drop (call $data_certificate_size))",
        input(Context::Query),
    )
    .unwrap_err();
    assert!(
        trap.message.contains("no data certificate"),
        "{}",
        trap.message
    );
}

#[test]
fn the_32_bit_stable_calls_end_at_4_gib() {
    let imports = [
        "stable_grow (param i32) (result i32)",
        "stable64_grow (param i64) (result i64)",
        "stable_size (result i32)",
        "stable_write (param i32 i32 i32)",
        "stable_read (param i32 i32 i32)",
    ];
    let body = "(if (call $stable_grow (i32.const 65536)) (then unreachable))
        (if (i32.ne (call $stable_size) (i32.const 65536)) (then unreachable))
        (if (i32.ne (call $stable_grow (i32.const 1)) (i32.const -1)) (then unreachable))
        (call $stable_write (i32.const -4) (i32.const 0) (i32.const 4))
        (call $stable_read (i32.const 8) (i32.const -4) (i32.const 4))
        (if (i32.ne (i32.load (i32.const 8)) (i32.load (i32.const 0))) (then unreachable))";
    run(&imports, "\\01\\02\\03\\04", body, input(Context::Update)).unwrap();
    let body =
        format!("{body} (drop (call $stable64_grow (i64.const 1))) (drop (call $stable_size))");
    let trap = run(&imports, "\\01\\02\\03\\04", &body, input(Context::Update)).unwrap_err();
    assert_eq!(
        trap.message,
        "Canister trapped: 32 bit stable memory api used on a memory larger than 4GB"
    );
}
