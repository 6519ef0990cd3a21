//! What localnet does not do is refused by name; what does not parse is refused with the reason.

use pocket_ic::common::rest::{
    CanisterCyclesCostSchedule, IcpConfig, IcpConfigFlag, IcpFeatures, IcpFeaturesConfig,
    SubnetSpec,
};
use pocket_ic::{PocketIc, PocketIcBuilder};
use serde_json::{Value, json};
use std::panic::catch_unwind;
use tests::http::{Answer, request};

fn port(network: &PocketIc) -> u16 {
    network.get_server_url().port().expect("has a port")
}

fn post(network: &PocketIc, path: &str, body: &str) -> Answer {
    let path = format!("/instances/{}/{path}", network.instance_id());
    request(port(network), "POST", &path, "", body.as_bytes())
}

fn message(answer: &Answer) -> String {
    let body: Value = serde_json::from_slice(&answer.body).expect("is JSON");
    body["message"].as_str().expect("has a message").to_owned()
}

/// The words with which a network is refused.
fn refusal(
    build: impl FnOnce(PocketIcBuilder) -> PocketIcBuilder + std::panic::UnwindSafe,
) -> String {
    let caught = catch_unwind(|| {
        build(tests::server::builder()).build();
    });
    let panic = caught.expect_err("is refused");
    let text = panic.downcast_ref::<String>().expect("is text");
    text.clone()
}

#[test]
fn networks_that_cannot_be_made_are_refused_by_name() {
    let features = IcpFeatures {
        ii: Some(IcpFeaturesConfig::DefaultConfig),
        ..Default::default()
    };
    let beta = IcpConfig {
        beta_features: Some(IcpConfigFlag::Enabled),
        ..Default::default()
    };
    for (refused, name) in [
        (
            refusal(|it| it.with_application_subnet().with_icp_features(features)),
            "icp_features.ii",
        ),
        (
            refusal(|it| it.with_application_subnet().with_icp_config(beta)),
            "icp_config.beta_features",
        ),
        (
            refusal(|it| it.with_test_threshold_keys_subnet()),
            "a test_threshold_keys subnet",
        ),
        (
            refusal(|it| it.with_nns_subnet().with_mainnet_nns_subnet_id()),
            "mainnet_nns_subnet_id",
        ),
        (
            refusal(|it| {
                it.with_application_subnet()
                    .with_state_dir("/tmp/state".into())
            }),
            "state_dir",
        ),
    ] {
        let words = format!("localnet: {name}");
        assert!(
            refused.starts_with(&words) && refused.ends_with("is not supported"),
            "{refused}"
        );
    }
}

#[test]
fn switches_without_meaning_here_are_taken() {
    let config = IcpConfig {
        beta_features: Some(IcpConfigFlag::Disabled),
        function_name_length_limits: Some(IcpConfigFlag::Disabled),
        canister_execution_rate_limiting: Some(IcpConfigFlag::Disabled),
    };
    let free = SubnetSpec::default().with_cost_schedule(CanisterCyclesCostSchedule::Free);
    let set = pocket_ic::common::rest::ExtendedSubnetConfigSet {
        application: vec![free],
        ..Default::default()
    };
    let network = PocketIcBuilder::new_with_config(set)
        .with_server_binary(tests::server::program())
        .with_icp_config(config)
        .build();
    let topology = network.topology();
    let subnet = topology.subnet_configs.values().next().expect("one subnet");
    assert_eq!(subnet.cost_schedule, CanisterCyclesCostSchedule::Free);
}

#[test]
fn routes_that_are_not_there_say_so() {
    let network = tests::server::network();
    let id = network.instance_id();
    for (method, path, words) in [
        (
            "GET",
            "/nothing".to_owned(),
            "localnet: no endpoint GET /nothing",
        ),
        (
            "POST",
            format!("/instances/{id}/update/nothing"),
            &format!("localnet: no endpoint POST /instances/{id}/update/nothing"),
        ),
        (
            "PUT",
            "/instances".to_owned(),
            "localnet: no endpoint PUT /instances",
        ),
        (
            "GET",
            "/instances/77777/read/get_time".to_owned(),
            "instance 77777 does not exist (or was deleted)",
        ),
    ] {
        let answer = request(port(&network), method, &path, "", b"");
        assert_eq!(answer.status, 404, "{method} {path}");
        assert_eq!(message(&answer), words);
    }
    let polled = request(port(&network), "GET", "/read_graph/a/b", "", b"");
    assert_eq!(polled.status, 404);
}

#[test]
fn what_only_pocketic_has_is_refused_by_name() {
    let network = tests::server::network();
    for (path, body, name) in [
        (
            "update/tick",
            r#"{"blockmakers":[]}"#,
            "a tick with blockmakers",
        ),
        (
            "update/mock_flexible_canister_http",
            "{}",
            "a flexible HTTP outcall",
        ),
        (
            "update/canister_snapshot_download",
            "{}",
            "downloading a snapshot",
        ),
        (
            "update/canister_snapshot_upload",
            "{}",
            "uploading a snapshot",
        ),
        ("update/delete_subnet", "{}", "deleting a subnet"),
    ] {
        let answer = post(&network, path, body);
        assert_eq!(answer.status, 400, "{path}");
        assert_eq!(
            message(&answer),
            format!("localnet: {name} is not supported")
        );
    }
    for (config, name) in [
        (
            json!({"forward_to": {"Replica": "http://x"}}),
            "an HTTP gateway in front of a replica",
        ),
        (
            json!({"forward_to": {"PocketIcInstance": network.instance_id()},
                   "https_config": {"cert_path": "a", "key_path": "b"}}),
            "https_config",
        ),
        (
            json!({"forward_to": {"PocketIcInstance": network.instance_id()},
                   "domains": ["example.org"]}),
            "an HTTP gateway on a domain other than localhost",
        ),
    ] {
        let body = config.to_string();
        let answer = request(port(&network), "POST", "/http_gateway", "", body.as_bytes());
        let answer: Value = serde_json::from_slice(&answer.body).expect("is JSON");
        let words = answer["Error"]["message"].as_str().expect("has a message");
        assert!(words.starts_with(&format!("localnet: {name}")), "{words}");
    }
}

#[test]
fn bad_input_of_every_kind_is_a_clear_error() {
    let network = tests::server::network();
    let now = network.get_time().as_nanos_since_unix_epoch();
    let past = json!({"nanos_since_epoch": now - 1}).to_string();
    let unknown = json!({"message_id": "AAAA", "effective_principal": "None"}).to_string();
    let never = format!(
        r#"{{"message_id":"{}=","effective_principal":"None"}}"#,
        "A".repeat(43)
    );
    for (path, body, words) in [
        ("update/set_time", past.as_str(), "time cannot go back"),
        (
            "update/set_time",
            "no JSON",
            "the request does not parse: expected ident",
        ),
        ("update/set_time", "{}", "missing field `nanos_since_epoch`"),
        (
            "update/set_time",
            r#"{"nanos_since_epoch":-1}"#,
            "the request does not parse",
        ),
        (
            "read/get_cycles",
            r#"{"canister_id":"???"}"#,
            "the request does not parse",
        ),
        (
            "read/get_cycles",
            &json!({"canister_id": format!("{}==", "A".repeat(42))}).to_string(),
            "not a principal",
        ),
        (
            "read/get_cycles",
            r#"{"canister_id":"AAAA"}"#,
            "CanisterNotFound",
        ),
        (
            "read/get_controllers",
            r#"{"canister_id":"AAAA"}"#,
            "CanisterNotFound",
        ),
        (
            "read/get_stable_memory",
            r#"{"canister_id":"AAAA"}"#,
            "CanisterNotFound",
        ),
        (
            "update/add_cycles",
            r#"{"canister_id":"AAAA","amount":1}"#,
            "CanisterNotFound",
        ),
        (
            "update/await_ingress_message",
            &unknown,
            "a message id has 32 bytes, not 3",
        ),
        (
            "update/await_ingress_message",
            &never,
            "was submitted to this instance",
        ),
        (
            "update/mock_canister_http",
            r#"{"request_id":4}"#,
            "request id 4",
        ),
    ] {
        let answer = post(&network, path, body);
        assert_eq!(answer.status, 400, "{path} {body}: {}", answer.text());
        let said = message(&answer);
        assert!(said.contains(words), "{path} {body}: {said}");
    }
    network.auto_progress();
    let twice = post(&network, "auto_progress", r#"{"artificial_delay_ms":null}"#);
    assert_eq!(twice.status, 400);
    assert_eq!(message(&twice), "auto progress is already on");
    let blob = request(port(&network), "GET", "/blobstore/abcd", "", b"");
    assert_eq!(
        (blob.status, message(&blob)),
        (404, "no blob abcd was uploaded".into())
    );
    let zip = request(
        port(&network),
        "POST",
        "/blobstore",
        "content-encoding: gzip\r\n",
        b"x",
    );
    assert_eq!(zip.status, 400);
    assert!(message(&zip).contains("does not unzip"), "{}", zip.text());
}

#[test]
fn every_route_takes_a_slash_at_its_end_and_pages_of_any_origin() {
    let network = tests::server::network();
    let path = format!("/instances/{}/read/get_time", network.instance_id());
    let plain = request(port(&network), "GET", &path, "origin: http://x\r\n", b"");
    let slash = request(port(&network), "GET", &format!("{path}/"), "", b"");
    assert_eq!((plain.status, slash.status), (200, 200));
    assert_eq!(plain.body, slash.body);
    assert_eq!(plain.header("access-control-allow-origin"), Some("*"));
    let preflight = request(port(&network), "OPTIONS", &path, "", b"");
    assert_eq!(preflight.status, 204);
    assert_eq!(preflight.header("access-control-allow-headers"), Some("*"));
    let stored = request(port(&network), "POST", "/blobstore/", "", b"abc");
    let hash = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad";
    assert_eq!((stored.status, stored.text().as_str()), (200, hash));
    let read = request(
        port(&network),
        "GET",
        &format!("/blobstore/{hash}"),
        "",
        b"",
    );
    assert_eq!(read.body, b"abc");
    let deleted = request(
        port(&network),
        "DELETE",
        &format!("/instances/{}/", network.instance_id()),
        "",
        b"",
    );
    assert_eq!(deleted.status, 200);
    let list = request(port(&network), "GET", "/instances", "", b"");
    let list: Vec<String> = serde_json::from_slice(&list.body).expect("is JSON");
    assert_eq!(list[network.instance_id()], "Deleted");
}
