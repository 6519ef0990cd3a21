//! Every answer that a query gives by itself is proved, whatever was asked.

use super::Network;
use crate::table;
use candid::{Principal, decode_one, encode_one};
use ic_http_certification::{HttpRequest, HttpResponse, Method};
use ic_response_verification::types::VerificationInfo;
use ic_response_verification::verify_request_response_pair;
use wire::HttpRequest as Request;

/// How old a certificate may be, ns.
const MAX_AGE: u128 = 300_000_000_000;

/// Answers the request and verifies the answer as the gateway does.
fn verified(network: &Network, request: &Request) -> Result<VerificationInfo, String> {
    let arguments = encode_one(request).expect("Candid");
    let reply = network
        .pic
        .query_call(
            network.orbiter,
            Principal::anonymous(),
            "http_request",
            arguments,
        )
        .expect("a reply");
    let response: HttpResponse = decode_one(&reply).expect("a response");
    let method = Method::from_bytes(request.method.as_bytes()).expect("a method");
    let asked = HttpRequest::builder()
        .with_method(method)
        .with_url(request.url.clone())
        .with_headers(request.headers.clone())
        .with_body(request.body.clone())
        .build();
    let now = u128::from(network.pic.get_time().as_nanos_since_unix_epoch());
    let root_key = network.pic.root_key().expect("a root key");
    let canister = network.orbiter;
    verify_request_response_pair(
        asked,
        response,
        canister.as_slice(),
        now,
        MAX_AGE,
        &root_key,
        2,
    )
    .map_err(|error| error.to_string())
}

#[test]
fn a_gateway_accepts_every_answer_of_the_table_that_is_no_upgrade() {
    let network = Network::with_satellites();
    let mut count = 0;
    for row in table::rows() {
        if row.upgrades || Method::from_bytes(row.request.method.as_bytes()).is_err() {
            continue;
        }
        let info = verified(&network, &row.request)
            .unwrap_or_else(|error| panic!("{}: {error}", row.name));
        let response = info.response.expect("a certified response");
        assert_eq!(response.status_code, Some(row.status), "{}", row.name);
        count += 1;
    }
    assert!(count > 80, "{count} rows");
}

#[test]
fn paths_of_every_shape_are_proved_to_be_unknown() {
    let network = Network::new();
    let paths = [
        "/",
        "/x",
        "/x/",
        "/x/y/z/",
        "/view/x/y",
        "/view//",
        "//",
        "/a//b///c",
        "/%C3%A4/%20",
        "/%3C%24%3E",
        "/%3C*%3E/view",
        "/http_expr/view",
        "/?view",
        "/view%2Fx",
    ];
    for path in paths {
        let mut request = table::post("", path, "").request;
        request.method = "GET".to_owned();
        let info = verified(&network, &request).unwrap_or_else(|error| panic!("{path}: {error}"));
        assert_eq!(
            info.response.and_then(|response| response.status_code),
            Some(404),
            "{path}"
        );
    }
}

#[test]
fn an_upgrade_keeps_the_answers_proved() {
    let network = Network::new();
    let upgraded = network.pic.upgrade_canister(
        network.orbiter,
        super::wasm(),
        Vec::new(),
        Some(super::ADMIN),
    );
    upgraded.expect("an upgrade");
    let mut request = table::post("", "/view", "").request;
    request.method = "OPTIONS".to_owned();
    let info = verified(&network, &request).expect("a proof");
    assert_eq!(
        info.response.and_then(|response| response.status_code),
        Some(204)
    );
}
