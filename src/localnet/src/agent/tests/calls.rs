//! Updates and what becomes of them.

use super::client::{Answer, Client, status_of, value, verifies};
use super::signing::Key;
use crate::agent::Options;
use crate::state_machine::IngressStatus;
use axum::http::StatusCode;
use serde_cbor::Value;

fn certificate(answer: Answer) -> ic_certification::Certificate {
    match answer {
        Answer::Certified(certificate) => *certificate,
        other => panic!("{other:?}"),
    }
}

#[tokio::test]
async fn a_call_is_answered_with_a_certificate_of_its_reply() {
    let mut client = Client::new();
    for (version, count) in [("v3", 1), ("v4", 2)] {
        let content = client.call_content("count");
        let id = content.to_request_id();
        let certificate = certificate(client.call(version, content).await);
        assert_eq!(status_of(&certificate, &*id, "status").unwrap(), "replied");
        let reply = value(&certificate, &[b"request_status", &*id, b"reply"]);
        assert_eq!(reply, Some(vec![count]));
    }
}

#[tokio::test]
async fn a_call_sent_twice_runs_once() {
    let mut client = Client::new();
    let content = client.call_content("count");
    let id = content.to_request_id();
    for _ in 0..2 {
        let certificate = certificate(client.call("v4", content.clone()).await);
        let reply = value(&certificate, &[b"request_status", &*id, b"reply"]);
        assert_eq!(reply, Some(vec![1]));
    }
    let again = client.call_content("count");
    let id = again.to_request_id();
    let certificate = certificate(client.call("v4", again).await);
    let reply = value(&certificate, &[b"request_status", &*id, b"reply"]);
    assert_eq!(reply, Some(vec![2]), "another nonce is another call");
}

#[tokio::test]
async fn rejections_and_traps_are_certified_with_code_and_words() {
    let mut client = Client::new();
    for (method, code, error, words) in [
        ("no", 4, "IC0406", "not today"),
        ("fail", 5, "IC0503", "boom"),
    ] {
        let content = client.call_content(method);
        let id = content.to_request_id();
        let certificate = certificate(client.call("v4", content).await);
        let status = |field| status_of(&certificate, &*id, field);
        assert_eq!(status("status").unwrap(), "rejected");
        assert_eq!(status("error_code").unwrap(), error);
        assert!(status("reject_message").unwrap().contains(words));
        let found = value(&certificate, &[b"request_status", &*id, b"reject_code"]);
        assert_eq!(found, Some(vec![code]));
        assert_eq!(status("reply"), None);
    }
}

#[tokio::test]
async fn what_inspection_turns_away_never_runs_and_is_not_certified() {
    let mut client = Client::new();
    for version in ["v2", "v3", "v4"] {
        let content = client.call_content("hidden");
        let Answer::Rejected(fields) = client.call(version, content).await else {
            panic!("it was taken");
        };
        assert_eq!(
            fields["status"],
            Value::Text("non_replicated_rejection".into())
        );
        assert!(matches!(fields["reject_code"], Value::Integer(1..=5)));
        assert!(matches!(&fields["error_code"], Value::Text(code) if code.starts_with("IC0")));
        assert!(matches!(&fields["reject_message"], Value::Text(words) if !words.is_empty()));
    }
}

#[tokio::test]
async fn an_asynchronous_call_is_taken_at_once_and_answered_later() {
    let mut client = Client::new();
    let content = client.call_content("count");
    let id = *content.to_request_id();
    assert_eq!(client.call("v2", content).await, Answer::Accepted);
    let answer = client.instance.answer(id, 10).await.unwrap();
    assert_eq!(answer, Ok(vec![1]));
    let certificate = client.read(&[&[b"request_status", &id]]).await;
    assert_eq!(status_of(&certificate, &id, "status").unwrap(), "replied");
}

#[tokio::test]
async fn nobody_else_reads_what_became_of_a_call() {
    let mut client = Client::new();
    let content = client.call_content("count");
    let id = *content.to_request_id();
    client.call("v4", content).await;
    for key in [Some(Key::ed25519(2)), None] {
        let other = client.other(key);
        let body = other.sign(other.read_content(&[&[b"request_status", &id, b"reply"]]));
        let (status, words) = other.refused(&other.path("v3", "read_state"), body).await;
        assert_eq!(status, 403);
        assert!(words.contains("sent by somebody else"), "{words}");
    }
    let certificate = client.read(&[&[b"request_status", &[9; 32]]]).await;
    assert_eq!(status_of(&certificate, &[9; 32], "status"), None);
}

#[tokio::test]
async fn a_call_that_is_not_signed_by_its_sender_never_reaches_the_canister() {
    let mut client = Client::new();
    let content = client.call_content("count");
    let id = *content.to_request_id();
    let mut envelope = client.key.as_ref().unwrap().envelope(content);
    envelope.sender_sig.as_mut().unwrap()[5] ^= 1;
    let path = client.path("v4", "call");
    let (status, words) = client.refused(&path, envelope.encode_bytes()).await;
    assert_eq!(status, 403);
    assert!(words.contains("does not verify"), "{words}");
    let known = client
        .instance
        .with(move |network| network.ingress_status(&id).is_some());
    assert!(!known.await);
}

#[tokio::test]
async fn a_trusting_interface_runs_what_is_signed_wrongly() {
    let mut client = Client::with(Options {
        trusting: true,
        ..Options::default()
    });
    let content = client.call_content("count");
    let id = *content.to_request_id();
    let mut envelope = client.key.as_ref().unwrap().envelope(content);
    envelope.sender_sig.as_mut().unwrap()[5] ^= 1;
    let (status, _) = client
        .post(&client.path("v4", "call"), envelope.encode_bytes())
        .await;
    assert_eq!(status, StatusCode::OK);
    let answered = client.instance.with(move |network| {
        matches!(
            network.ingress_status(&id),
            Some((_, IngressStatus::Answered(Ok(_))))
        )
    });
    assert!(answered.await);
}

#[tokio::test]
async fn a_network_that_lies_about_certificates_is_found_out() {
    let mut client = Client::with(Options {
        faults: "flip-certificate-byte".parse().unwrap(),
        ..Options::default()
    });
    let content = client.call_content("count");
    let body = client.sign(content);
    let (status, body) = client.post(&client.path("v4", "call"), body).await;
    assert_eq!(status, StatusCode::OK);
    let fields: std::collections::BTreeMap<String, Value> = serde_cbor::from_slice(&body).unwrap();
    let Value::Bytes(bytes) = &fields["certificate"] else {
        panic!("no certificate");
    };
    let certificate = serde_cbor::from_slice(bytes).unwrap();
    let key = client.instance.with(|network| network.root_key()).await;
    assert!(!verifies(&certificate, &key));
}
