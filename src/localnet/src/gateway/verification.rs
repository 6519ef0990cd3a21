//! Whether a page is what its canister certified.

use super::candid_interface::{Answer, Request};
use super::failure::Failure;
use crate::agent::Faults;
use axum::http::{Method, StatusCode};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD as BASE64;
use candid::Principal;
use ic_http_certification::{HttpRequest, HttpResponse};
use ic_response_verification::verify_request_response_pair;
use std::error::Error;

/// How far a certificate's time may be from the network's, in ns: five minutes, as browsers' own checks have it.
const MAX_OFFSET_NANOS: u128 = 300_000_000_000;

/// The oldest version of certification that is believed.
const MIN_VERSION: u8 = 1;

/// What certificates are checked against.
#[derive(Clone, Debug)]
pub(super) struct Evidence {
    /// The network's time in ns.
    pub(super) time: u64,
    /// The key to trust, in DER.
    pub(super) key: Vec<u8>,
}

/// Checks an answer's certificate, its time, and that the answer is one that the certified tree allows for the
/// request.
pub(super) fn verify(
    request: &Request,
    answer: &Answer,
    canister: Principal,
    evidence: &Evidence,
) -> Result<(), Failure> {
    verify_request_response_pair(
        http_request(request)?,
        http_response(answer)?,
        canister.as_slice(),
        evidence.time.into(),
        MAX_OFFSET_NANOS,
        &evidence.key,
        MIN_VERSION,
    )
    .map(drop)
    .map_err(|error| Failure::Unverified {
        reason: explain(&error),
    })
}

fn http_request(request: &Request) -> Result<HttpRequest<'_>, Failure> {
    let method = Method::from_bytes(request.method.as_bytes()).map_err(invalid)?;
    Ok(HttpRequest::builder()
        .with_method(method)
        .with_url(request.url.as_str())
        .with_headers(request.headers.clone())
        .with_body(request.body.as_slice())
        .build())
}

fn http_response(answer: &Answer) -> Result<HttpResponse<'_>, Failure> {
    let status = StatusCode::from_u16(answer.status_code).map_err(invalid)?;
    Ok(HttpResponse::builder()
        .with_status_code(status)
        .with_headers(answer.headers.clone())
        .with_body(answer.body.as_slice())
        .build())
}

fn invalid(error: impl std::fmt::Display) -> Failure {
    Failure::InvalidAnswer {
        reason: error.to_string(),
    }
}

/// An error with its causes.
fn explain(error: &dyn Error) -> String {
    let mut words = error.to_string();
    let mut cause = error.source();
    while let Some(error) = cause {
        words.push_str(": ");
        words.push_str(&error.to_string());
        cause = error.source();
    }
    words
}

/// Passes the certificate in an `IC-Certificate` header through the faults; a header without one stays as it is.
pub(super) fn garble_certificate(headers: &mut [(String, String)], faults: Faults) {
    for (name, value) in headers {
        if name.eq_ignore_ascii_case("ic-certificate")
            && let Some(garbled) = garbled(value, faults)
        {
            *value = garbled;
        }
    }
}

/// `certificate=:BASE64:, tree=:BASE64:, …` with another certificate.
fn garbled(header: &str, faults: Faults) -> Option<String> {
    let (before, rest) = header.split_once("certificate=:")?;
    let (certificate, after) = rest.split_once(':')?;
    let bytes = BASE64.decode(certificate).ok()?;
    let other = BASE64.encode(faults.certificate(bytes));
    Some(format!("{before}certificate=:{other}:{after}"))
}
