//! What a canister that serves pages takes and gives, in Candid. Source: the HTTP gateway protocol specification.
//!
//! ```candid
//! http_request : (record { method : text; url : text; headers : vec record { text; text }; body : blob;
//!     certificate_version : opt nat16 }) -> (HttpResponse) query;
//! http_request_update : (record { method : text; url : text; headers : …; body : blob }) -> (HttpResponse);
//! type HttpResponse = record { status_code : nat16; headers : vec record { text; text }; body : blob;
//!     upgrade : opt bool; streaming_strategy : opt variant { Callback : record { callback : func; token : Token } } };
//! callback : (Token) -> (opt record { body : blob; token : opt Token }) query;
//! ```
//!
//! `Token` is the canister's own type, which the gateway hands back as it came.

use super::failure::Failure;
use super::untyped::{Mismatch, Record, first_value, kind, present};
use candid::types::Label;
use candid::types::value::{IDLArgs, IDLValue};
use candid::{CandidType, Principal};
use serde_bytes::Bytes;

/// A browser's request.
#[derive(Clone, Debug)]
pub(super) struct Request {
    pub(super) method: String,
    /// Path and query.
    pub(super) url: String,
    pub(super) headers: Vec<(String, String)>,
    pub(super) body: Vec<u8>,
}

/// The version of certification that the gateway asks for.
const CERTIFICATE_VERSION: u16 = 2;

#[derive(CandidType)]
struct Argument<'a> {
    method: &'a str,
    url: &'a str,
    headers: &'a [(String, String)],
    body: &'a Bytes,
    certificate_version: Option<u16>,
}

impl Request {
    /// The argument of `http_request`.
    pub(super) fn query_argument(&self) -> Vec<u8> {
        self.argument(Some(CERTIFICATE_VERSION))
    }

    /// The argument of `http_request_update`, whose answer needs no certificate.
    pub(super) fn update_argument(&self) -> Vec<u8> {
        self.argument(None)
    }

    fn argument(&self, certificate_version: Option<u16>) -> Vec<u8> {
        let argument = Argument {
            method: &self.method,
            url: &self.url,
            headers: &self.headers,
            body: Bytes::new(&self.body),
            certificate_version,
        };
        candid::encode_one(argument).expect("texts and bytes are always Candid")
    }
}

/// The answer of both methods.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Answer {
    pub(super) status_code: u16,
    pub(super) headers: Vec<(String, String)>,
    pub(super) body: Vec<u8>,
    /// Whether the request is to be repeated as an update.
    pub(super) upgrade: bool,
    /// How the rest of the body is had.
    pub(super) streaming: Option<Callback>,
}

/// Whom to ask for the next part of a body, and with which token.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Callback {
    pub(super) canister: Principal,
    pub(super) method: String,
    pub(super) token: Token,
}

/// One part of a body, and the token for the next; no token ends it.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Part {
    pub(super) body: Vec<u8>,
    pub(super) token: Option<Token>,
}

/// A value of whatever type the canister chose.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Token(pub(super) IDLValue);

impl Token {
    /// The value as the only argument of a call.
    pub(super) fn argument(self) -> Result<Vec<u8>, candid::Error> {
        IDLArgs::new(&[self.0]).to_bytes()
    }
}

impl Answer {
    /// Reads the answer of `method`.
    pub(super) fn decode(method: &str, bytes: &[u8]) -> Result<Answer, Failure> {
        read_answer(bytes).map_err(|mismatch| undecodable(method, mismatch))
    }
}

impl Part {
    /// Reads the answer of the streaming callback `method`: the next part, or none.
    pub(super) fn decode(method: &str, bytes: &[u8]) -> Result<Option<Part>, Failure> {
        read_part(bytes).map_err(|mismatch| undecodable(method, mismatch))
    }
}

fn undecodable(method: &str, mismatch: Mismatch) -> Failure {
    Failure::Undecodable {
        method: method.into(),
        reason: mismatch.to_string(),
    }
}

fn read_answer(bytes: &[u8]) -> Result<Answer, Mismatch> {
    let mut record = Record::new("the answer", first_value(bytes)?)?;
    let streaming = record.take_optional("streaming_strategy");
    Ok(Answer {
        status_code: record.nat16("status_code")?,
        headers: record.text_pairs("headers")?,
        body: record.blob("body")?,
        upgrade: record.take_optional("upgrade") == Some(IDLValue::Bool(true)),
        streaming: streaming.map(read_callback).transpose()?,
    })
}

fn read_callback(strategy: IDLValue) -> Result<Callback, Mismatch> {
    let IDLValue::Variant(variant) = strategy else {
        return Err(kind("streaming_strategy", "a variant"));
    };
    if variant.0.id.get_id() != Label::Named("Callback".into()).get_id() {
        return Err(kind("streaming_strategy", "a Callback"));
    }
    let mut record = Record::new("Callback", variant.0.val)?;
    let IDLValue::Func(canister, method) = record.take("callback")? else {
        return Err(kind("callback", "a function"));
    };
    Ok(Callback {
        canister,
        method,
        token: Token(record.take("token")?),
    })
}

fn read_part(bytes: &[u8]) -> Result<Option<Part>, Mismatch> {
    let Some(value) = present(first_value(bytes)?) else {
        return Ok(None);
    };
    let mut record = Record::new("the part", value)?;
    Ok(Some(Part {
        body: record.blob("body")?,
        token: record.take_optional("token").map(Token),
    }))
}
