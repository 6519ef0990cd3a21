//! Canisters that serve pages, small enough to be written by hand.
//!
//! Their answers are Candid made here and carried as data; what only the canister can know while it runs, its
//! certificate, is written into the answer by the canister.

use super::PlainResponse;
use crate::certification::Authority;
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD as BASE64;
use candid::{CandidType, Nat, Principal, define_function, encode_one};
use ic_http_certification::utils::add_v2_certificate_header;
use ic_http_certification::{
    CERTIFICATE_EXPRESSION_HEADER_NAME, DefaultCelBuilder, DefaultResponseCertification,
    HttpCertification, HttpCertificationPath, HttpCertificationTree, HttpCertificationTreeEntry,
    HttpResponse,
};

/// Bytes as the text format writes them in data segments.
fn escaped(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("\\{byte:02x}")).collect()
}

/// A canister whose methods reply with these bytes each.
pub fn replying(methods: &[(&str, Vec<u8>)]) -> String {
    let (mut functions, mut data, mut at) = (String::new(), String::new(), 0);
    for (export, reply) in methods {
        data += &format!("(data (i32.const {at}) \"{}\")\n", escaped(reply));
        functions += &format!(
            "(func (export \"canister_{export}\")
               (call $append (i32.const {at}) (i32.const {})) (call $reply))\n",
            reply.len()
        );
        at += reply.len();
    }
    format!(
        r#"(module
          (import "ic0" "msg_reply_data_append" (func $append (param i32 i32)))
          (import "ic0" "msg_reply" (func $reply))
          (memory 1) {data} {functions})"#
    )
}

/// A canister that wants every request repeated as an update.
pub fn upgrading() -> String {
    let response = |status_code, body: &[u8], upgrade| {
        let headers = vec![("X-Page".into(), "yes".into())];
        let body = body.to_vec();
        let response = PlainResponse {
            status_code,
            headers,
            body,
            upgrade,
        };
        encode_one(response).unwrap()
    };
    replying(&[
        ("query http_request", response(200, b"", Some(true))),
        ("update http_request_update", response(201, b"done", None)),
    ])
}

#[derive(CandidType, Clone)]
struct Token {
    part: Nat,
}

define_function!(More : (Token) -> () query);

#[derive(CandidType)]
struct Strategy {
    callback: More,
    token: Token,
}

#[derive(CandidType)]
enum Streaming {
    Callback(Strategy),
}

#[derive(CandidType)]
struct StreamedResponse {
    status_code: u16,
    headers: Vec<(String, String)>,
    body: Vec<u8>,
    streaming_strategy: Option<Streaming>,
}

#[derive(CandidType)]
struct Part {
    body: Vec<u8>,
    token: Option<Token>,
}

/// A canister that gives its body in two parts; `id` is its own.
pub fn streaming(id: Principal) -> String {
    let token = Token { part: 2u8.into() };
    let callback = Strategy {
        callback: More::new(id, "more".into()),
        token,
    };
    let first = StreamedResponse {
        status_code: 200,
        headers: vec![],
        body: b"first, ".to_vec(),
        streaming_strategy: Some(Streaming::Callback(callback)),
    };
    let second = Part {
        body: b"second".to_vec(),
        token: None,
    };
    replying(&[
        ("query http_request", encode_one(first).unwrap()),
        ("query more", encode_one(Some(second)).unwrap()),
    ])
}

const ANSWER_AT: usize = 1024;
const CERTIFICATE_AT: usize = 32_768;

/// A canister that answers every request with the page `/page`, certified; `id` is its own, under `authority`.
pub fn certified(authority: &Authority, id: Principal, time: u64) -> String {
    let certificate = authority.data_certificate(id, &[0; 32], time);
    let (answer, root_hash) = certified_answer(&certificate);
    let encoded = BASE64.encode(&certificate);
    let place = find(&answer, encoded.as_bytes());
    let padding = encoded.bytes().filter(|byte| *byte == b'=').count();
    let groups = encoded.len() / 4;
    format!(
        r#"(module
          (import "ic0" "certified_data_set" (func $certify (param i32 i32)))
          (import "ic0" "data_certificate_copy" (func $certificate (param i32 i32 i32)))
          (import "ic0" "msg_reply_data_append" (func $append (param i32 i32)))
          (import "ic0" "msg_reply" (func $reply))
          (memory 1)
          (data (i32.const 0) "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/")
          (data (i32.const 64) "{root_hash}")
          (data (i32.const {ANSWER_AT}) "{answer}")
          (func (export "canister_init") (call $certify (i32.const 64) (i32.const 32)))
          ;; Writes the digit that the 6 bits of $bits from $shift on stand for.
          (func $digit (param $to i32) (param $bits i32) (param $shift i32)
            (i32.store8 (local.get $to) (i32.load8_u
              (i32.and (i32.shr_u (local.get $bits) (local.get $shift)) (i32.const 63)))))
          (func (export "canister_query http_request") (local $group i32) (local $bits i32) (local $to i32)
            (call $certificate (i32.const {CERTIFICATE_AT}) (i32.const 0) (i32.const {certificate_size}))
            (local.set $to (i32.const {to}))
            (loop $next
              (local.set $bits (i32.or (i32.or
                (i32.shl (i32.load8_u offset={CERTIFICATE_AT} (local.get $group)) (i32.const 16))
                (i32.shl (i32.load8_u offset={second} (local.get $group)) (i32.const 8)))
                (i32.load8_u offset={third} (local.get $group))))
              (call $digit (local.get $to) (local.get $bits) (i32.const 18))
              (call $digit (i32.add (local.get $to) (i32.const 1)) (local.get $bits) (i32.const 12))
              (call $digit (i32.add (local.get $to) (i32.const 2)) (local.get $bits) (i32.const 6))
              (call $digit (i32.add (local.get $to) (i32.const 3)) (local.get $bits) (i32.const 0))
              (local.set $to (i32.add (local.get $to) (i32.const 4)))
              (local.set $group (i32.add (local.get $group) (i32.const 3)))
              (br_if $next (i32.lt_u (local.get $group) (i32.const {end}))))
            (memory.fill (i32.sub (local.get $to) (i32.const {padding})) (i32.const 61) (i32.const {padding}))
            (call $append (i32.const {ANSWER_AT}) (i32.const {answer_size}))
            (call $reply)))"#,
        root_hash = escaped(&root_hash),
        answer_size = answer.len(),
        answer = escaped(&answer),
        certificate_size = certificate.len(),
        to = ANSWER_AT + place,
        second = CERTIFICATE_AT + 1,
        third = CERTIFICATE_AT + 2,
        end = groups * 3,
    )
}

/// The page with a certificate of the right length in its header, and the hash that the canister is to certify.
fn certified_answer(certificate: &[u8]) -> (Vec<u8>, [u8; 32]) {
    let expression = DefaultCelBuilder::response_only_certification()
        .with_response_certification(DefaultResponseCertification::response_header_exclusions(
            vec![],
        ))
        .build();
    let headers = vec![
        ("Content-Type".into(), "text/plain".into()),
        (
            CERTIFICATE_EXPRESSION_HEADER_NAME.into(),
            expression.to_string(),
        ),
    ];
    let mut response = HttpResponse::ok(b"a certified page".to_vec(), headers).build();
    let certification = HttpCertification::response_only(&expression, &response, None).unwrap();
    let path = HttpCertificationPath::exact("/page");
    let entry = HttpCertificationTreeEntry::new(path.clone(), certification);
    let mut tree = HttpCertificationTree::default();
    tree.insert(&entry);
    let witness = tree.witness(&entry, "/page").unwrap();
    add_v2_certificate_header(certificate, &mut response, &witness, &path.to_expr_path());
    let answer = PlainResponse {
        status_code: 200,
        headers: response.headers().to_vec(),
        body: response.body().to_vec(),
        upgrade: None,
    };
    (encode_one(answer).unwrap(), tree.root_hash())
}

fn find(bytes: &[u8], wanted: &[u8]) -> usize {
    bytes
        .windows(wanted.len())
        .position(|window| window == wanted)
        .expect("the header holds the certificate")
}
