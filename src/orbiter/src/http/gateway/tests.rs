//! The hand-written reader and writer against the crate `candid`.

use super::super::Request;
use super::{answer, decode, request, response};
use candid::{CandidType, Encode, Nat, Reserved, idl_hash};
use proptest::collection::vec;
use proptest::option;
use proptest::prelude::*;
use wire::{HttpRequest, HttpResponse};

type Headers = Vec<(String, String)>;

/// What gateways send in an update.
#[derive(CandidType, Clone, Debug)]
struct InUpdates {
    url: String,
    method: String,
    body: Vec<u8>,
    headers: Headers,
}

/// The same with fields that no request has, or of other types that a request may have.
#[derive(CandidType, Clone, Debug)]
struct Extended {
    url: String,
    method: String,
    body: Vec<u8>,
    headers: Headers,
    certificate_version: Nat,
    a_hint: Option<Vec<String>>,
    zone: Reserved,
}

#[derive(CandidType, Clone, Debug)]
struct WithoutBody {
    url: String,
    method: String,
    headers: Headers,
    certificate_version: Option<u16>,
}

#[derive(CandidType, Clone, Debug)]
struct HeadersOfThree {
    url: String,
    method: String,
    body: Vec<u8>,
    headers: Vec<(String, String, u8)>,
}

/// Whatever is read by hand is what the crate reads. Gives whether it was read by hand.
fn agree(message: &[u8]) -> bool {
    let by_hand = request::read(message);
    if let Some(by_hand) = &by_hand {
        let by_crate = decode(message).expect("the crate reads what is read by hand");
        assert_eq!(by_hand, &Request::from(&by_crate));
    }
    by_hand.is_some()
}

fn requests() -> impl Strategy<Value = HttpRequest> {
    let text = "\\PC{0,200}";
    let header = ("[A-Za-z-]{0,20}", text);
    let (body, headers) = (vec(any::<u8>(), 0..300), vec(header, 0..25));
    (text, "[A-Z]{0,7}", body, headers, option::of(any::<u16>())).prop_map(
        |(url, method, body, headers, certificate_version)| HttpRequest {
            url,
            method,
            body,
            headers,
            certificate_version,
        },
    )
}

fn responses() -> impl Strategy<Value = HttpResponse> {
    let header = ("\\PC{0,20}", "\\PC{0,200}");
    let (body, headers) = (vec(any::<u8>(), 0..20_000), vec(header, 0..140));
    let upgrade = option::of(any::<bool>());
    (body, headers, upgrade, any::<u16>()).prop_map(|(body, headers, upgrade, status_code)| {
        HttpResponse {
            body,
            headers,
            upgrade,
            status_code,
        }
    })
}

fn in_updates(request: HttpRequest) -> InUpdates {
    InUpdates {
        url: request.url,
        method: request.method,
        body: request.body,
        headers: request.headers,
    }
}

/// A request's message with its types in this order: 0 the request, 1 the blob, 2 the headers, 3 a header, 4 the
/// version.
fn with_types_in(order: &[u8], request: &HttpRequest) -> Vec<u8> {
    let at = |of: u8| order.iter().position(|one| *one == of).unwrap() as u8;
    let field = |name: &str, of: u8| {
        let mut id = idl_hash(name);
        let mut bytes = Vec::new();
        while id > 0x7f {
            bytes.push(id as u8 | 0x80);
            id >>= 7;
        }
        bytes.extend([id as u8, of]);
        bytes
    };
    let types = order.iter().flat_map(|of| match of {
        0 => [
            vec![0x6c, 5],
            field("url", 0x71),
            field("method", 0x71),
            field("body", at(1)),
            field("headers", at(2)),
            field("certificate_version", at(4)),
        ]
        .concat(),
        1 => vec![0x6d, 0x7b],
        2 => vec![0x6d, at(3)],
        3 => vec![0x6c, 2, 0, 0x71, 1, 0x71],
        _ => vec![0x6e, 0x7a],
    });
    let mut message = b"DIDL\x05".to_vec();
    message.extend(types);
    message.extend([1, at(0)]);
    let in_the_order_of_the_crate = Encode!(request).unwrap();
    message.extend(&in_the_order_of_the_crate[message.len()..]);
    message
}

proptest! {
    #[test]
    fn a_request_is_read_by_hand_as_the_crate_reads_it(request in requests()) {
        prop_assert!(agree(&Encode!(&request).unwrap()));
        prop_assert!(agree(&Encode!(&in_updates(request)).unwrap()));
    }

    #[test]
    fn the_types_may_stand_in_any_order(
        request in requests(),
        order in Just(vec![0_u8, 1, 2, 3, 4]).prop_shuffle(),
    ) {
        prop_assert!(agree(&with_types_in(&order, &request)));
    }

    #[test]
    fn other_types_are_left_to_the_crate(request in requests()) {
        let HttpRequest { url, method, body, headers, certificate_version } = request.clone();
        let of_three = headers.iter().map(|(name, value)| (name.clone(), value.clone(), 1));
        let messages = [
            Encode!(&Extended {
                url: url.clone(),
                method: method.clone(),
                body: body.clone(),
                headers: headers.clone(),
                certificate_version: Nat::from(2_u8),
                a_hint: Some(vec!["a".into()]),
                zone: Reserved,
            }),
            Encode!(&HeadersOfThree {
                url: url.clone(),
                method: method.clone(),
                body,
                headers: of_three.collect(),
            }),
            Encode!(&WithoutBody { url, method, headers, certificate_version }),
            Encode!(&request, &request),
            Encode!(&Some(&request)),
            Encode!(),
        ];
        for message in messages {
            prop_assert!(!agree(&message.unwrap()));
        }
    }

    #[test]
    fn damaged_messages_are_read_as_the_crate_reads_them_or_not_at_all(
        request in requests(),
        at in any::<prop::sample::Index>(),
        bytes in vec(any::<u8>(), 0..3),
        replaced in 0_usize..3,
        in_the_types in any::<bool>(),
    ) {
        for message in [Encode!(&request).unwrap(), Encode!(&in_updates(request.clone())).unwrap()] {
            let end = if in_the_types { 60.min(message.len()) } else { message.len() };
            let at = at.index(end);
            let mut damaged = message.clone();
            damaged.splice(at..(at + replaced).min(message.len()), bytes.clone());
            agree(&damaged);
            prop_assert!(!agree(&message[..at]));
        }
    }

    #[test]
    fn a_response_is_written_as_the_crate_writes_it(answer in responses()) {
        prop_assert_eq!(response::write(&answer), Encode!(&answer).unwrap());
    }
}

#[test]
fn every_byte_of_the_types_may_be_any_other() {
    let request = HttpRequest {
        url: "/views".into(),
        method: "POST".into(),
        body: b"{}".to_vec(),
        headers: vec![("user-agent".into(), "a".into())],
        certificate_version: Some(2),
    };
    for message in [
        Encode!(&request).unwrap(),
        Encode!(&in_updates(request)).unwrap(),
    ] {
        for at in 0..message.len() {
            for byte in 0..=255 {
                let mut damaged = message.clone();
                damaged[at] = byte;
                agree(&damaged);
            }
        }
    }
}

#[test]
fn what_is_no_request_is_refused_in_the_words_of_the_crate() {
    for message in [&b""[..], b"DIDL", b"DIDL\x00\x00", b"DIDL\x00\x01\x71\x01a"] {
        let refusal = answer(message, |_| unreachable!()).unwrap_err().to_string();
        assert_eq!(refusal, decode(message).unwrap_err().to_string());
    }
    let empty = decode(b"").unwrap_err().to_string();
    assert!(empty.starts_with("No more values on the wire"), "{empty}");
}
