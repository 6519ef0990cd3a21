//! A stranger can't make the owner pay.

use super::{ADMIN, Network, STRANGER};
use candid::{Principal, encode_args};
use orbiter::rights::{METHODS, Right};

/// What the network says to a direct update call.
fn refusal(network: &Network, sender: Principal, method: &str) -> Option<String> {
    let nothing = encode_args(()).expect("Candid");
    let reply = network
        .pic
        .update_call(network.orbiter, sender, method, nothing);
    reply.err().map(|reject| reject.reject_message)
}

#[test]
fn a_strangers_direct_calls_are_refused_before_they_cost_anything() {
    let network = Network::new();
    let cycles = network.pic.cycle_balance(network.orbiter);
    for (method, right) in METHODS {
        let sentence = match (method, right) {
            ("http_request", _) => "Call http_request as a query.",
            (_, Right::Anyone) => continue,
            (_, Right::Write) => "Caller is not a controller of the orbiter.",
            (_, Right::Admin) => "Caller is not an admin controller of the orbiter.",
        };
        for sender in [STRANGER, Principal::anonymous()] {
            let refusal = refusal(&network, sender, method);
            let refusal = refusal.unwrap_or_else(|| panic!("{method} was accepted"));
            assert!(refusal.contains(sentence), "{method}: {refusal}");
        }
    }
    assert_eq!(network.pic.cycle_balance(network.orbiter), cycles);
}

#[test]
fn an_admin_may_send_a_query_as_an_update_but_for_http_request() {
    let network = Network::new();
    let size: wire::MemorySize = network.update(ADMIN, "memory_size", ()).expect("an answer");
    assert!(size.stable > 0);
    let refusal = refusal(&network, ADMIN, "http_request").expect("a refusal");
    assert!(
        refusal.contains("Call http_request as a query."),
        "{refusal}"
    );
}

#[test]
fn a_strangers_queries_are_rejected_by_the_guard() {
    let network = Network::new();
    for (method, sentence) in [
        (
            "get_page_views",
            "Caller is not a controller of the orbiter.",
        ),
        ("memory_size", "Caller is not a controller of the orbiter."),
        (
            "list_controllers",
            "Caller is not an admin controller of the orbiter.",
        ),
        (
            "list_satellite_configs",
            "Caller is not an admin controller of the orbiter.",
        ),
    ] {
        let nothing = encode_args(()).expect("Candid");
        let reply = network
            .pic
            .query_call(network.orbiter, STRANGER, method, nothing);
        let reject = reply.expect_err(method).reject_message;
        // The guard comes before the argument is read: an empty one is no error here.
        assert!(reject.ends_with(sentence), "{method}: {reject}");
    }
}

/// A canister whose update `call` calls `method` of `callee` with bytes that are no Candid, and answers
/// what the call is rejected with.
fn caller(callee: Principal, method: &str) -> Vec<u8> {
    let bytes: String = callee
        .as_slice()
        .iter()
        .map(|byte| format!("\\{byte:02x}"))
        .collect();
    let text = format!(
        r#"(module
            (import "ic0" "call_new"
                (func $call_new (param i32 i32 i32 i32 i32 i32 i32 i32)))
            (import "ic0" "call_data_append" (func $call_data_append (param i32 i32)))
            (import "ic0" "call_perform" (func $call_perform (result i32)))
            (import "ic0" "msg_reject_msg_size" (func $size (result i32)))
            (import "ic0" "msg_reject_msg_copy" (func $copy (param i32 i32 i32)))
            (import "ic0" "msg_reply_data_append" (func $append (param i32 i32)))
            (import "ic0" "msg_reply" (func $msg_reply))
            (memory 1)
            (table 2 funcref)
            (elem (i32.const 0) $replied $rejected)
            (data (i32.const 0) "{bytes}")
            (data (i32.const 100) "{method}")
            (func $replied (param i32) (call $msg_reply))
            (func $rejected (param i32)
                (call $copy (i32.const 1000) (i32.const 0) (call $size))
                (call $append (i32.const 1000) (call $size))
                (call $msg_reply))
            (func $call
                (call $call_new
                    (i32.const 0) (i32.const {}) (i32.const 100) (i32.const {})
                    (i32.const 0) (i32.const 0) (i32.const 1) (i32.const 0))
                (call $call_data_append (i32.const 100) (i32.const 1))
                (drop (call $call_perform)))
            (export "canister_update call" (func $call)))"#,
        callee.as_slice().len(),
        method.len(),
    );
    wat::parse_str(text).expect("a Wasm")
}

#[test]
fn another_canisters_calls_are_rejected_by_the_guard_before_the_argument_is_read() {
    let network = Network::new();
    for (method, sentence) in [
        (
            "set_page_views",
            "Caller is not a controller of the orbiter.",
        ),
        (
            "get_page_views",
            "Caller is not a controller of the orbiter.",
        ),
        (
            "set_controllers",
            "Caller is not an admin controller of the orbiter.",
        ),
        (
            "deposit_cycles",
            "Caller is not an admin controller of the orbiter.",
        ),
    ] {
        let canister = super::empty_canister(&network.pic);
        let code = caller(network.orbiter, method);
        network
            .pic
            .install_canister(canister, code, Vec::new(), Some(ADMIN));
        let reply = network
            .pic
            .update_call(canister, STRANGER, "call", Vec::new());
        let message = String::from_utf8(reply.expect("a reply")).expect("UTF-8");
        assert!(message.ends_with(sentence), "{method}: {message}");
    }
}
