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
