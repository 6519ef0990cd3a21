//! What is turned away at the door, and in which words.

use super::client::Client;
use crate::agent::MAX_REQUEST_BYTES;
use axum::body::Body;
use axum::http::{Request, StatusCode};
use ic_transport_types::EnvelopeContent;
use serde_cbor::Value;
use std::collections::BTreeMap;
use tower::ServiceExt;

#[tokio::test]
async fn status_tells_the_root_key() {
    let client = Client::new();
    let request = Request::get("/api/v2/status").body(Body::empty()).unwrap();
    let (status, body) = client.send(request).await;
    assert_eq!(status, StatusCode::OK);
    let fields: BTreeMap<String, Value> = serde_cbor::from_slice(&body).unwrap();
    let root_key = client.instance.with(|network| network.root_key()).await;
    assert_eq!(fields["root_key"], Value::Bytes(root_key));
    assert_eq!(
        fields["replica_health_status"],
        Value::Text("healthy".into())
    );
}

#[tokio::test]
async fn garbage_is_refused_in_words_at_every_endpoint() {
    let client = Client::new();
    let subnet = client
        .instance
        .with(|network| network.subnets()[0].authority.subnet_id())
        .await;
    let mut endpoints = vec![
        format!("/api/v3/subnet/{subnet}/query"),
        format!("/api/v4/subnet/{subnet}/call"),
    ];
    for version in ["v2", "v3", "v4"] {
        endpoints.push(client.path(version, "call"));
    }
    for version in ["v2", "v3"] {
        endpoints.push(client.path(version, "query"));
        endpoints.push(client.path(version, "read_state"));
        endpoints.push(format!("/api/{version}/subnet/{subnet}/read_state"));
    }
    for endpoint in &endpoints {
        for body in [&b""[..], b"\xff\xff", b"hello", b"\xd9\xd9\xf7\xa0"] {
            let (status, words) = client.refused(endpoint, body.to_vec()).await;
            assert_eq!(status, 400, "{endpoint}");
            assert!(words.contains("CBOR envelope"), "{endpoint}: {words}");
        }
    }
}

#[tokio::test]
async fn a_request_at_the_wrong_endpoint_is_told_so() {
    let mut client = Client::new();
    let contents = [
        client.call_content("count"),
        client.query_content("echo", b""),
        client.read_content(&[]),
    ];
    let names = ["call", "query", "read_state"];
    for (content, found) in contents.into_iter().zip(names) {
        for expected in names.into_iter().filter(|name| *name != found) {
            let body = client.sign(content.clone());
            let (status, words) = client.refused(&client.path("v3", expected), body).await;
            assert_eq!(status, 400);
            let told =
                format!("takes requests of type `{expected}`, but this is one of type `{found}`");
            assert!(words.contains(&told), "{words}");
        }
    }
}

#[tokio::test]
async fn ids_in_the_path_must_make_sense() {
    let client = Client::new();
    let query = || client.sign(client.query_content("echo", b""));
    for (endpoint, status, words) in [
        (
            "/api/v3/canister/nonsense/query",
            400,
            "`nonsense` in the path is not",
        ),
        (
            "/api/v3/canister/ryjl3-tyaaa-aaaaa-aaaba-cai/query",
            400,
            "does not match",
        ),
        ("/api/v3/subnet/aaaaa-aa/query", 400, "management canister"),
    ] {
        let (found, told) = client.refused(endpoint, query()).await;
        assert_eq!(found, status, "{endpoint}");
        assert!(told.contains(words), "{endpoint}: {told}");
    }
    let read = client.sign(client.read_content(&[&[b"time"]]));
    let (found, told) = client
        .refused("/api/v3/subnet/aaaaa-aa/read_state", read)
        .await;
    assert_eq!(found, 404);
    assert!(told.contains("There is no subnet aaaaa-aa"), "{told}");
}

#[tokio::test]
async fn a_canister_that_no_subnet_holds_is_named() {
    let mut client = Client::new();
    client.canister = "ryjl3-tyaaa-aaaaa-aaaba-cai".parse().unwrap();
    let query = client.sign(client.query_content("echo", b""));
    let content = client.call_content("count");
    let call = client.sign(content);
    for (endpoint, body) in [("query", query), ("call", call)] {
        let (status, words) = client.refused(&client.path("v3", endpoint), body).await;
        assert_eq!(status, 400);
        assert!(
            words.contains("No subnet is responsible for canister ryjl3"),
            "{words}"
        );
    }
}

#[tokio::test]
async fn a_live_network_minds_the_expiry() {
    let client = Client::new();
    client.instance.set_live(true).await;
    let late = EnvelopeContent::Query {
        nonce: None,
        ingress_expiry: 1,
        sender: client.sender(),
        canister_id: client.canister,
        method_name: "echo".into(),
        arg: vec![],
        sender_info: None,
    };
    let (status, words) = client
        .refused(&client.path("v3", "query"), client.sign(late))
        .await;
    assert_eq!(status, 400);
    assert!(words.contains("Invalid request expiry: "), "{words}");
}

#[tokio::test]
async fn a_body_beyond_the_limit_is_too_large() {
    let client = Client::new();
    let body = vec![0; MAX_REQUEST_BYTES + 1];
    let (status, words) = client.refused(&client.path("v4", "call"), body).await;
    assert_eq!(status, 413);
    assert!(words.contains("5242880 bytes"), "{words}");
}

#[tokio::test]
async fn other_methods_are_told_what_is_taken() {
    let client = Client::new();
    let path = client.path("v3", "query");
    let request = Request::get(path).body(Body::empty()).unwrap();
    let (status, words) = client.send(request).await;
    assert_eq!(status, StatusCode::METHOD_NOT_ALLOWED);
    assert!(String::from_utf8(words).unwrap().contains("POST"));
}

#[tokio::test]
async fn pages_of_any_origin_may_ask() {
    let client = Client::new();
    let router = crate::agent::router(client.instance.clone());
    let preflight = Request::options(client.path("v3", "query"))
        .header("origin", "http://page.localhost")
        .header("access-control-request-method", "POST")
        .header("access-control-request-headers", "content-type, x-mine")
        .body(Body::empty())
        .unwrap();
    let response = router.clone().oneshot(preflight).await.unwrap();
    assert_eq!(response.status(), StatusCode::NO_CONTENT);
    assert_eq!(response.headers()["access-control-allow-origin"], "*");
    assert_eq!(
        response.headers()["access-control-allow-headers"],
        "content-type, x-mine"
    );
    let status = Request::get("/api/v2/status").body(Body::empty()).unwrap();
    let response = router.oneshot(status).await.unwrap();
    assert_eq!(response.headers()["access-control-allow-origin"], "*");
}
