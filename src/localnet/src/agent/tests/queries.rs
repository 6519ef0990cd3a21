//! Queries and the signatures under their answers.

use super::client::{Client, value};
use super::signing::Key;
use crate::agent::Options;
use ic_transport_types::{QueryResponse, RejectCode, RequestId};

/// Checks the answer's only signature with the node key that the subnet certifies.
async fn is_signed(client: &Client, response: &QueryResponse, id: RequestId) -> bool {
    let [signature] = response.signatures() else {
        panic!("one node, one signature");
    };
    let certificate = client.read(&[&[b"subnet"]]).await;
    let subnet = client
        .instance
        .with(|network| network.subnets()[0].authority.subnet_id());
    let path = [
        &b"subnet"[..],
        subnet.await.as_slice(),
        b"node",
        signature.identity.as_slice(),
        b"public_key",
    ]
    .map(<[u8]>::to_vec);
    let path: Vec<&[u8]> = path.iter().map(Vec::as_slice).collect();
    let der = value(&certificate, &path).expect("the node is one of the subnet's");
    let key = ic_ed25519::PublicKey::deserialize_rfc8410_der(&der).unwrap();
    let message = response.signable(id, signature.timestamp);
    key.verify_signature(&message, &signature.signature).is_ok()
}

#[tokio::test]
async fn an_answer_is_signed_for_its_request_and_no_other() {
    let client = Client::new();
    let content = client.query_content("echo", b"hello");
    let id = content.to_request_id();
    let response = client.query(content).await;
    let QueryResponse::Replied { reply, .. } = &response else {
        panic!("{response:?}");
    };
    assert_eq!(reply.arg, b"hello");
    assert!(is_signed(&client, &response, id).await);
    assert!(!is_signed(&client, &response, RequestId::new(&[0; 32])).await);
}

#[tokio::test]
async fn a_rejection_is_signed_with_its_code_and_words() {
    let client = Client::new();
    let content = client.query_content("refusing", b"");
    let id = content.to_request_id();
    let response = client.query(content).await;
    let QueryResponse::Rejected { reject, .. } = &response else {
        panic!("{response:?}");
    };
    assert_eq!(reject.reject_code, RejectCode::CanisterReject);
    assert_eq!(reject.reject_message, "not today");
    assert_eq!(reject.error_code.as_deref(), Some("IC0406"));
    assert!(is_signed(&client, &response, id).await);
}

#[tokio::test]
async fn a_flipped_signature_is_noticed() {
    let client = Client::with(Options {
        faults: "flip-query-signature".parse().unwrap(),
        ..Options::default()
    });
    let content = client.query_content("echo", b"");
    let id = content.to_request_id();
    let response = client.query(content).await;
    assert!(!is_signed(&client, &response, id).await);
}

#[tokio::test]
async fn the_canister_sees_who_asks() {
    let client = Client::new();
    for client in [client.other(None), client.other(Some(Key::p256(4))), client] {
        let response = client.query(client.query_content("whoami", b"")).await;
        let QueryResponse::Replied { reply, .. } = response else {
            panic!("{response:?}");
        };
        assert_eq!(reply.arg, client.sender().as_slice());
    }
}
