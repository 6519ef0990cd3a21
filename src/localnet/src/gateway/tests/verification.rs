//! Pages with true and false certificates.

use crate::agent::Faults;
use crate::certification::Authority;
use crate::gateway::candid_interface::{Answer, Request};
use crate::gateway::failure::Failure;
use crate::gateway::verification::{Evidence, garble_certificate, verify};
use candid::Principal;
use ic_http_certification::utils::add_v2_certificate_header;
use ic_http_certification::{
    CERTIFICATE_EXPRESSION_HEADER_NAME, DefaultCelBuilder, DefaultResponseCertification,
    HttpCertification, HttpCertificationPath, HttpCertificationTree, HttpCertificationTreeEntry,
    HttpResponse,
};

const TIME: u64 = 1_700_000_000_000_000_000;

fn canister() -> Principal {
    Principal::from_slice(&[0, 0, 0, 0, 0, 0, 0, 7, 1, 1])
}

fn request(url: &str) -> Request {
    Request {
        method: "GET".into(),
        url: url.into(),
        headers: vec![],
        body: vec![],
    }
}

/// `/page` as a canister of this authority certifies it.
fn certified(authority: &Authority) -> Answer {
    let certification = DefaultResponseCertification::response_header_exclusions(vec![]);
    let expression = DefaultCelBuilder::response_only_certification()
        .with_response_certification(certification)
        .build();
    let header = (
        CERTIFICATE_EXPRESSION_HEADER_NAME.into(),
        expression.to_string(),
    );
    let mut response = HttpResponse::ok(b"hello".to_vec(), vec![header]).build();
    let certification = HttpCertification::response_only(&expression, &response, None).unwrap();
    let path = HttpCertificationPath::exact("/page");
    let entry = HttpCertificationTreeEntry::new(path.clone(), certification);
    let mut tree = HttpCertificationTree::default();
    tree.insert(&entry);
    let certificate = authority.data_certificate(canister(), &tree.root_hash(), TIME);
    let witness = tree.witness(&entry, "/page").unwrap();
    add_v2_certificate_header(&certificate, &mut response, &witness, &path.to_expr_path());
    Answer {
        status_code: response.status_code().as_u16(),
        headers: response.headers().to_vec(),
        body: response.body().to_vec(),
        upgrade: false,
        streaming: None,
    }
}

fn evidence(authority: &Authority) -> Evidence {
    Evidence {
        time: TIME,
        key: authority.public_key(),
    }
}

fn reason(result: Result<(), Failure>) -> String {
    let failure = result.expect_err("it is not to be believed");
    assert_eq!(failure.status(), 503);
    failure.to_string()
}

#[test]
fn a_certified_page_is_believed_with_its_query_string() {
    let authority = Authority::from_seed([1; 32]);
    let answer = certified(&authority);
    for url in ["/page", "/page?canisterId=abc"] {
        assert_eq!(
            verify(&request(url), &answer, canister(), &evidence(&authority)),
            Ok(())
        );
    }
}

#[test]
fn another_body_path_canister_key_or_time_is_not_believed() {
    let authority = Authority::from_seed([1; 32]);
    let (answer, truth) = (certified(&authority), evidence(&authority));
    let mut forged = answer.clone();
    forged.body.push(b'!');
    reason(verify(&request("/page"), &forged, canister(), &truth));
    let mut forged = answer.clone();
    forged.status_code = 404;
    reason(verify(&request("/page"), &forged, canister(), &truth));
    reason(verify(&request("/other"), &answer, canister(), &truth));
    reason(verify(
        &request("/page"),
        &answer,
        Principal::anonymous(),
        &truth,
    ));
    let other = evidence(&Authority::from_seed([2; 32]));
    reason(verify(&request("/page"), &answer, canister(), &other));
    let later = Evidence {
        time: TIME + 301_000_000_000,
        ..truth
    };
    let words = reason(verify(&request("/page"), &answer, canister(), &later));
    assert!(words.contains("past"), "the cause must be told: {words}");
}

#[test]
fn an_answer_without_certificate_is_not_believed() {
    let authority = Authority::from_seed([1; 32]);
    let mut answer = certified(&authority);
    answer.headers.clear();
    let words = reason(verify(
        &request("/page"),
        &answer,
        canister(),
        &evidence(&authority),
    ));
    assert!(
        words.starts_with("Response verification failed: "),
        "{words}"
    );
}

#[test]
fn one_flipped_certificate_byte_is_noticed() {
    let authority = Authority::from_seed([1; 32]);
    let truth = evidence(&authority);
    let mut answer = certified(&authority);
    garble_certificate(&mut answer.headers, Faults::default());
    assert_eq!(
        verify(&request("/page"), &answer, canister(), &truth),
        Ok(())
    );
    let faults = "flip-certificate-byte".parse().unwrap();
    garble_certificate(&mut answer.headers, faults);
    let words = reason(verify(&request("/page"), &answer, canister(), &truth));
    assert!(words.contains("ignature"), "{words}");
}
