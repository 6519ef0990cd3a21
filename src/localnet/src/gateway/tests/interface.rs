//! Candid as canisters write it.

use crate::gateway::candid_interface::{self as interface, Answer, Request};
use candid::types::value::{IDLArgs, IDLValue};
use candid::{CandidType, Decode, Deserialize, Nat, Principal, define_function, encode_one};
use proptest::prelude::*;

#[derive(CandidType, Deserialize, Debug, PartialEq)]
struct CanisterRequest {
    method: String,
    url: String,
    headers: Vec<(String, String)>,
    body: Vec<u8>,
    certificate_version: Option<u16>,
}

#[derive(CandidType, Clone, Deserialize, Debug, PartialEq)]
struct Token {
    key: String,
    index: Nat,
    sha256: Option<Vec<u8>>,
}

#[derive(CandidType, Deserialize)]
struct Part {
    body: Vec<u8>,
    token: Option<Token>,
}

define_function!(Callback : (Token) -> (Option<Part>) query);

#[derive(CandidType)]
struct Strategy {
    callback: Callback,
    token: Token,
}

#[derive(CandidType)]
enum Streaming {
    Callback(Strategy),
}

#[derive(CandidType)]
struct CanisterResponse {
    status_code: u16,
    headers: Vec<(String, String)>,
    body: Vec<u8>,
    upgrade: Option<bool>,
    streaming_strategy: Option<Streaming>,
}

fn token() -> Token {
    Token {
        key: "/large".into(),
        index: Nat::from(1u64 << 40),
        sha256: Some(vec![7; 32]),
    }
}

fn streamed() -> CanisterResponse {
    CanisterResponse {
        status_code: 206,
        headers: vec![("a".into(), "b".into())],
        body: vec![1, 2, 3],
        upgrade: None,
        streaming_strategy: Some(Streaming::Callback(Strategy {
            callback: Callback::new(Principal::anonymous(), "more".into()),
            token: token(),
        })),
    }
}

#[test]
fn canisters_read_both_arguments() {
    let request = Request {
        method: "POST".into(),
        url: "/x?y".into(),
        headers: vec![("a".into(), "b".into())],
        body: vec![0, 255],
    };
    let query = Decode!(&request.query_argument(), CanisterRequest).unwrap();
    assert_eq!(query.certificate_version, Some(2));
    assert_eq!(
        (query.url.as_str(), query.body.as_slice()),
        ("/x?y", &[0, 255][..])
    );
    let update = Decode!(&request.update_argument(), CanisterRequest).unwrap();
    assert_eq!(update.certificate_version, None);
    assert_eq!(update.headers, request.headers);
}

#[test]
fn an_answer_with_a_callback_keeps_function_and_token() {
    let answer = Answer::decode("http_request", &encode_one(streamed()).unwrap()).unwrap();
    assert_eq!(
        (answer.status_code, answer.body.as_slice()),
        (206, &[1, 2, 3][..])
    );
    let callback = answer.streaming.expect("the callback got lost");
    assert_eq!(callback.canister, Principal::anonymous());
    assert_eq!(callback.method, "more");
    let argument = callback.token.argument().unwrap();
    assert_eq!(Decode!(&argument, Token).unwrap(), token());
}

#[test]
fn an_answer_without_optional_fields_is_taken() {
    #[derive(CandidType)]
    struct Least {
        status_code: u16,
        headers: Vec<(String, String)>,
        body: Vec<u8>,
    }
    let least = Least {
        status_code: 200,
        headers: vec![],
        body: vec![],
    };
    let answer = Answer::decode("http_request", &encode_one(least).unwrap()).unwrap();
    assert!(!answer.upgrade);
    assert_eq!(answer.streaming, None);
}

#[test]
fn parts_are_read_to_the_last() {
    let part = |token| {
        encode_one(Some(Part {
            body: vec![9],
            token,
        }))
        .unwrap()
    };
    let more = interface::Part::decode("more", &part(Some(token()))).unwrap();
    let next = more.unwrap().token.unwrap();
    assert_eq!(Decode!(&next.argument().unwrap(), Token).unwrap(), token());
    let last = interface::Part::decode("more", &part(None)).unwrap();
    assert_eq!(last.unwrap().token, None);
}

#[test]
fn a_token_of_any_type_survives() {
    for value in [
        IDLValue::Text("t".into()),
        IDLValue::Nat64(7),
        IDLValue::Bool(true),
    ] {
        let bytes = interface::Token(value.clone()).argument().unwrap();
        assert_eq!(IDLArgs::from_bytes(&bytes).unwrap().args, [value]);
    }
}

#[test]
fn an_answer_of_another_shape_is_named() {
    for bytes in [
        &b"DIDL\0\0"[..],
        b"",
        b"garbage",
        &encode_one("text").unwrap(),
    ] {
        let failure = Answer::decode("http_request", bytes).unwrap_err();
        assert_eq!(failure.status(), 502);
        assert!(
            failure.to_string().contains("The answer of http_request"),
            "{failure}"
        );
    }
}

#[test]
fn a_part_that_is_not_there_ends_the_body() {
    let none = encode_one(None::<Part>).unwrap();
    assert_eq!(interface::Part::decode("more", &none), Ok(None));
}

#[test]
fn what_differs_from_the_protocol_is_named() {
    #[derive(CandidType)]
    struct Other {
        status_code: u64,
        headers: Vec<(String, String)>,
        body: Vec<u8>,
    }
    let other = Other {
        status_code: 200,
        headers: vec![],
        body: vec![],
    };
    let failure = Answer::decode("http_request", &encode_one(other).unwrap()).unwrap_err();
    assert!(
        failure.to_string().contains("`status_code` is not a nat16"),
        "{failure}"
    );
}

proptest! {
    #[test]
    fn random_answers_never_panic(bytes in proptest::collection::vec(any::<u8>(), 0..64)) {
        let bytes = [&b"DIDL"[..], &bytes].concat();
        // Whether it happens to be an answer or not: it must come back.
        let _ = Answer::decode("http_request", &bytes);
        let _ = interface::Part::decode("more", &bytes);
    }
}
