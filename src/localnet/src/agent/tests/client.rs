//! An agent that trusts nothing: it signs, sends over the router, and checks what comes back with the public crates.

use super::canisters::{NOTEBOOK, start_with};
use super::signing::Key;
use crate::agent::{Options, router_with};
use crate::host::Instance;
use axum::Router;
use axum::body::{Body, to_bytes};
use axum::http::{Request, StatusCode};
use candid::Principal;
use ic_certification::{Certificate, LookupResult};
use ic_transport_types::{Envelope, EnvelopeContent, QueryResponse};
use ic_verify_bls_signature::verify_bls_signature;
use serde_cbor::Value;
use std::borrow::Cow;
use std::collections::BTreeMap;
use tower::ServiceExt;

/// Far beyond any test's time: networks that are not live mind no expiry.
const EXPIRY: u64 = u64::MAX;

/// An identity with a network and the canister [`NOTEBOOK`], which it controls.
pub struct Client {
    pub instance: Instance,
    pub canister: Principal,
    pub key: Option<Key>,
    router: Router,
    nonce: u8,
}

/// The answer of a call, as the interface specification tells them apart.
#[derive(Debug, PartialEq)]
pub enum Answer {
    Accepted,
    Certified(Box<Certificate>),
    Rejected(BTreeMap<String, Value>),
}

impl Client {
    pub fn new() -> Client {
        Client::with(Options::default())
    }

    pub fn with(options: Options) -> Client {
        let key = Key::ed25519(1);
        let (instance, canister) = start_with(NOTEBOOK, key.principal());
        Client {
            router: router_with(instance.clone(), options),
            instance,
            canister,
            key: Some(key),
            nonce: 0,
        }
    }

    /// Somebody else on the same network.
    pub fn other(&self, key: Option<Key>) -> Client {
        Client {
            instance: self.instance.clone(),
            canister: self.canister,
            key,
            router: self.router.clone(),
            nonce: 0,
        }
    }

    pub fn sender(&self) -> Principal {
        match &self.key {
            Some(key) => key.principal(),
            None => Principal::anonymous(),
        }
    }

    pub fn sign(&self, content: EnvelopeContent) -> Vec<u8> {
        match &self.key {
            Some(key) => key.envelope(content).encode_bytes(),
            None => Envelope {
                content: Cow::Owned(content),
                sender_pubkey: None,
                sender_sig: None,
                sender_delegation: None,
            }
            .encode_bytes(),
        }
    }

    pub async fn send(&self, request: Request<Body>) -> (StatusCode, Vec<u8>) {
        let response = self.router.clone().oneshot(request).await.unwrap();
        let status = response.status();
        let body = to_bytes(response.into_body(), usize::MAX).await.unwrap();
        (status, body.into())
    }

    pub async fn post(&self, path: &str, body: Vec<u8>) -> (StatusCode, Vec<u8>) {
        let request = Request::post(path).body(Body::from(body)).unwrap();
        self.send(request).await
    }

    /// Posts what is expected to be refused.
    pub async fn refused(&self, path: &str, body: Vec<u8>) -> (u16, String) {
        let (status, body) = self.post(path, body).await;
        (status.as_u16(), String::from_utf8(body).unwrap())
    }

    /// A call with a nonce of its own.
    pub fn call_content(&mut self, method: &str) -> EnvelopeContent {
        self.nonce += 1;
        EnvelopeContent::Call {
            nonce: Some(vec![self.nonce]),
            ingress_expiry: EXPIRY,
            sender: self.sender(),
            canister_id: self.canister,
            method_name: method.into(),
            arg: vec![],
            sender_info: None,
        }
    }

    pub fn path(&self, version: &str, endpoint: &str) -> String {
        format!("/api/{version}/canister/{}/{endpoint}", self.canister)
    }

    /// Sends a call and reads what came back.
    pub async fn call(&self, version: &str, content: EnvelopeContent) -> Answer {
        let path = self.path(version, "call");
        let (status, body) = self.post(&path, self.sign(content)).await;
        if status == StatusCode::ACCEPTED {
            assert!(body.is_empty());
            return Answer::Accepted;
        }
        assert_eq!(status, StatusCode::OK, "{}", String::from_utf8_lossy(&body));
        let mut fields: BTreeMap<String, Value> = serde_cbor::from_slice(&body).unwrap();
        match fields.remove("certificate") {
            Some(Value::Bytes(certificate)) => {
                assert_eq!(fields["status"], Value::Text("replied".into()));
                Answer::Certified(Box::new(self.checked(&certificate).await))
            }
            _ => Answer::Rejected(fields),
        }
    }

    pub fn query_content(&self, method: &str, arg: &[u8]) -> EnvelopeContent {
        EnvelopeContent::Query {
            nonce: None,
            ingress_expiry: EXPIRY,
            sender: self.sender(),
            canister_id: self.canister,
            method_name: method.into(),
            arg: arg.to_vec(),
            sender_info: None,
        }
    }

    /// Sends a query and reads what came back; its signature is not looked at.
    pub async fn query(&self, content: EnvelopeContent) -> QueryResponse {
        let path = self.path("v3", "query");
        let (status, body) = self.post(&path, self.sign(content)).await;
        assert_eq!(status, StatusCode::OK, "{}", String::from_utf8_lossy(&body));
        serde_cbor::from_slice(&body).unwrap()
    }

    pub fn read_content(&self, paths: &[&[&[u8]]]) -> EnvelopeContent {
        let path = |labels: &&[&[u8]]| labels.iter().map(|it| (*it).into()).collect();
        EnvelopeContent::ReadState {
            ingress_expiry: EXPIRY,
            sender: self.sender(),
            paths: paths.iter().map(path).collect(),
        }
    }

    /// Reads paths at this endpoint; the certificate is checked.
    pub async fn read_at(&self, endpoint: &str, paths: &[&[&[u8]]]) -> Certificate {
        let body = self.sign(self.read_content(paths));
        let (status, body) = self.post(endpoint, body).await;
        assert_eq!(status, StatusCode::OK, "{}", String::from_utf8_lossy(&body));
        let fields: BTreeMap<String, Value> = serde_cbor::from_slice(&body).unwrap();
        let Value::Bytes(certificate) = &fields["certificate"] else {
            panic!("no certificate");
        };
        self.checked(certificate).await
    }

    /// Reads paths of the canister.
    pub async fn read(&self, paths: &[&[&[u8]]]) -> Certificate {
        self.read_at(&self.path("v3", "read_state"), paths).await
    }

    /// Reads a certificate that the root key verifies.
    async fn checked(&self, certificate: &[u8]) -> Certificate {
        let certificate: Certificate = serde_cbor::from_slice(certificate).unwrap();
        let key = self.instance.with(|network| network.root_key()).await;
        assert!(verifies(&certificate, &key), "the root key does not verify");
        certificate
    }
}

pub fn verifies(certificate: &Certificate, key: &[u8]) -> bool {
    let message = [&b"\x0Dic-state-root"[..], &certificate.tree.digest()].concat();
    verify_bls_signature(&certificate.signature, &message, &key[key.len() - 96..]).is_ok()
}

/// The value at a path, or none if the certificate proves that there is none.
pub fn value(certificate: &Certificate, path: &[&[u8]]) -> Option<Vec<u8>> {
    match certificate.tree.lookup_path(path) {
        LookupResult::Found(value) => Some(value.to_vec()),
        LookupResult::Absent => None,
        other => panic!("{other:?}"),
    }
}

/// The values below `/request_status/ID`, as text.
pub fn status_of(certificate: &Certificate, id: &[u8], field: &str) -> Option<String> {
    let bytes = value(certificate, &[b"request_status", id, field.as_bytes()])?;
    Some(String::from_utf8_lossy(&bytes).into_owned())
}
