//! The answers: statuses, headers and JSON bodies.

use serde::Serialize;
use std::fmt;
use wire::HttpResponse;
use wire::json::{Answer, AnswerData, AnswerError};

/// Why a request is not answered with a 200.
#[derive(Debug)]
pub enum HttpError {
    /// Not one of the known paths.
    NotFound,
    /// A known path, but neither POST nor OPTIONS.
    MethodNotAllowed,
    /// A POST without the header `User-Agent`, or with an empty one.
    MissingUserAgent,
    /// The `User-Agent` is that of a known bot.
    Bot,
    /// The body is not the JSON of this route.
    Json(serde_json::Error),
    /// The satellite's id is not the text of a principal.
    SatelliteId(candid::types::principal::PrincipalError),
    /// The engine refused the entry, or entries of the batch; the text says which and why.
    Refused(String),
    /// The answer could not be proved.
    Certification(ic_http_certification::HttpCertificationError),
}

impl HttpError {
    /// The HTTP status.
    pub fn status(&self) -> u16 {
        match self {
            Self::MissingUserAgent | Self::Json(_) | Self::SatelliteId(_) => 400,
            Self::Bot | Self::Refused(_) => 403,
            Self::NotFound => 404,
            Self::MethodNotAllowed => 405,
            Self::Certification(_) => 500,
        }
    }

    /// The answer that says so.
    pub fn into_response(self) -> HttpResponse {
        let error = AnswerError {
            code: self.status(),
            message: self.to_string(),
        };
        json(self.status(), ANY_ORIGIN, &Answer::<()>::Err(error))
    }
}

impl fmt::Display for HttpError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::NotFound => f.write_str("Not found"),
            Self::MethodNotAllowed => f.write_str("Method not allowed"),
            Self::MissingUserAgent => f.write_str("error_missing_user_agent"),
            Self::Bot => f.write_str("error_bot_call"),
            Self::Json(error) => error.fmt(f),
            Self::SatelliteId(error) => error.fmt(f),
            Self::Refused(message) => f.write_str(message),
            Self::Certification(error) => error.fmt(f),
        }
    }
}

impl std::error::Error for HttpError {}

/// The origin that any page may read an answer from.
const ANY_ORIGIN: &str = "*";

/// The headers of every JSON answer but for the allowed origin.
const JSON_HEADERS: [(&str, &str); 5] = [
    ("Content-Type", "application/json"),
    ("X-Content-Type-Options", "nosniff"),
    (
        "Strict-Transport-Security",
        "max-age=31536000; includeSubDomains",
    ),
    ("Referrer-Policy", "no-referrer"),
    ("Cache-Control", "no-store"),
];

/// The body of nearly every answer is shorter, and then written without moving it.
const USUAL_BODY_BYTES: usize = 1024;

/// 200 with the data, readable from `restricted_origin`, or from anywhere where there is none.
pub fn ok<Data: Serialize>(data: Data, restricted_origin: Option<&str>) -> HttpResponse {
    let origin = restricted_origin.unwrap_or(ANY_ORIGIN);
    json(200, origin, &Answer::Ok(AnswerData { data }))
}

/// 204: what a browser may send to a known path.
pub fn preflight() -> HttpResponse {
    HttpResponse {
        body: Vec::new(),
        headers: vec![
            header("Access-Control-Allow-Origin", ANY_ORIGIN),
            header("Access-Control-Allow-Methods", "POST, OPTIONS"),
            header("Access-Control-Allow-Headers", "Content-Type"),
        ],
        upgrade: None,
        status_code: 204,
    }
}

/// Asks the gateway to repeat the request as an update. Nothing else in it is passed on.
pub fn upgrade() -> HttpResponse {
    HttpResponse {
        body: Vec::new(),
        headers: Vec::new(),
        upgrade: Some(true),
        status_code: 200,
    }
}

fn json<Data: Serialize>(status_code: u16, origin: &str, answer: &Answer<Data>) -> HttpResponse {
    let mut headers: Vec<_> = JSON_HEADERS
        .iter()
        .map(|(name, value)| header(name, value))
        .collect();
    headers.push(header("Access-Control-Allow-Origin", origin));
    let mut body = Vec::with_capacity(USUAL_BODY_BYTES);
    // The bodies are strings, integers and finite floats under fixed names: they always serialize.
    if serde_json::to_writer(&mut body, answer).is_err() {
        body.clear();
    }
    HttpResponse {
        body,
        headers,
        upgrade: None,
        status_code,
    }
}

fn header(name: &str, value: &str) -> (String, String) {
    (name.to_owned(), value.to_owned())
}
