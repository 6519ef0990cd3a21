//! The HTTP interface as a table: request → status, headers, body. The same table runs against the shell
//! natively and against the built Wasm on a network.
//!
//! The rows are executed in their order, on one orbiter that [`configs`] prepared: a row may overwrite
//! what an earlier one stored. The instants in answers are the network's, so the rows say `NOW`.

mod fields;
mod json;
mod kind;
mod limits;
mod routes;
mod rules;

use candid::Principal;
pub use kind::{Kind, Object, key_json};
use std::collections::BTreeSet;
use wire::{Features, HttpRequest, HttpResponse, SetSatelliteConfig};

/// A browser's user agent.
pub const BROWSER: &str = "Mozilla/5.0 (X11; Linux x86_64; rv:139.0) Gecko/20100101 Firefox/139.0";

/// A satellite that may send everything.
pub const OPEN: Principal = Principal::from_slice(&[1, 1]);
/// A second one.
pub const OTHER: Principal = Principal::from_slice(&[2, 1]);
/// One whose answers only its own pages may read.
pub const RESTRICTED: Principal = Principal::from_slice(&[3, 1]);
/// The origin of those pages.
pub const RESTRICTED_ORIGIN: &str = "https://restricted.example";
/// One whose features are all off.
pub const OFF: Principal = Principal::from_slice(&[4, 1]);
/// One with a config that names no features.
pub const FEATURELESS: Principal = Principal::from_slice(&[5, 1]);
/// One that nobody configured.
pub const UNKNOWN: Principal = Principal::from_slice(&[6, 1]);

/// The configs that the rows count on.
pub fn configs() -> Vec<(Principal, SetSatelliteConfig)> {
    let config = |features: Option<bool>, origin: Option<&str>| SetSatelliteConfig {
        features: features.map(|on| Features {
            page_views: on,
            track_events: on,
            performance_metrics: on,
        }),
        restricted_origin: origin.map(str::to_owned),
        version: None,
    };
    vec![
        (OPEN, config(Some(true), None)),
        (OTHER, config(Some(true), None)),
        (RESTRICTED, config(Some(true), Some(RESTRICTED_ORIGIN))),
        (OFF, config(Some(false), None)),
        (FEATURELESS, config(None, None)),
    ]
}

/// A request and its answer.
pub struct Row {
    /// What the row shows.
    pub name: String,
    /// The request.
    pub request: HttpRequest,
    /// Whether the query asks for an update; if not, it gives the answer itself.
    pub upgrades: bool,
    /// The answer's status.
    pub status: u16,
    /// The answer's body, with `NOW` for each instant of storing.
    pub body: String,
    /// The origin that may read the answer.
    pub origin: &'static str,
    /// The keys that the row stores for the first time, as `kind collected_at key`.
    pub stores: Vec<String>,
}

/// All rows, in the order of execution.
pub fn rows() -> Vec<Row> {
    let rows: Vec<Row> = [
        routes::rows(),
        json::rows(),
        fields::rows(),
        limits::rows(),
        rules::rows(),
    ]
    .into_iter()
    .flatten()
    .collect();
    let mut names = BTreeSet::new();
    for row in &rows {
        assert!(names.insert(&row.name), "'{}' is used twice", row.name);
    }
    rows
}

/// Whoever answers requests.
pub trait Http {
    /// Answers the gateway's query.
    fn query(&mut self, request: &HttpRequest) -> HttpResponse;
    /// Answers the gateway's update.
    fn update(&mut self, request: &HttpRequest) -> HttpResponse;
}

/// Executes every row and lists what is not as the rows say. Gives the keys that must be stored then.
pub fn run(http: &mut impl Http) -> BTreeSet<String> {
    run_some(http, rows())
}

/// Executes these rows, likewise.
pub fn run_some(http: &mut impl Http, rows: Vec<Row>) -> BTreeSet<String> {
    let mut wrong = Vec::new();
    let mut stored = BTreeSet::new();
    for row in rows {
        let query = http.query(&row.request);
        if row.upgrades != (query.upgrade == Some(true)) {
            wrong.push(format!("{}: upgrade is {:?}", row.name, query.upgrade));
        }
        if !row.upgrades {
            compare(&row, &query, "query", &mut wrong);
        }
        compare(&row, &http.update(&row.request), "update", &mut wrong);
        stored.extend(row.stores);
    }
    assert!(
        wrong.is_empty(),
        "{} differences:\n{}",
        wrong.len(),
        wrong.join("\n")
    );
    stored
}

fn compare(row: &Row, response: &HttpResponse, call: &str, wrong: &mut Vec<String>) {
    let mut differs = |what: &str, expected: &dyn std::fmt::Debug, found: &dyn std::fmt::Debug| {
        wrong.push(format!(
            "{} ({call}), {what}:\n  expected {expected:?}\n  found    {found:?}",
            row.name
        ));
    };
    if response.status_code != row.status {
        differs("status", &row.status, &response.status_code);
    }
    let headers = without_proof(&response.headers);
    let expected = headers_of(row);
    if headers != expected {
        differs("headers", &expected, &headers);
    }
    let body = with_now(&String::from_utf8_lossy(&response.body));
    if body != row.body {
        differs("body", &row.body, &body);
    }
}

/// The headers but for those that prove the answer.
pub fn without_proof(headers: &[(String, String)]) -> Vec<(String, String)> {
    let proof = |name: &str| name.to_lowercase().starts_with("ic-certificate");
    headers
        .iter()
        .filter(|(name, _)| !proof(name))
        .cloned()
        .collect()
}

/// The headers of a row's answer.
pub fn headers_of(row: &Row) -> Vec<(String, String)> {
    let headers = if row.status == 204 {
        vec![
            ("Access-Control-Allow-Origin", "*"),
            ("Access-Control-Allow-Methods", "POST, OPTIONS"),
            ("Access-Control-Allow-Headers", "Content-Type"),
        ]
    } else {
        vec![
            ("Content-Type", "application/json"),
            ("X-Content-Type-Options", "nosniff"),
            (
                "Strict-Transport-Security",
                "max-age=31536000; includeSubDomains",
            ),
            ("Referrer-Policy", "no-referrer"),
            ("Cache-Control", "no-store"),
            ("Access-Control-Allow-Origin", row.origin),
        ]
    };
    headers
        .into_iter()
        .map(|(name, value)| (name.to_owned(), value.to_owned()))
        .collect()
}

/// The body with `NOW` in the place of each instant of storing.
pub fn with_now(body: &str) -> String {
    let mut text = body.to_owned();
    for field in ["created_at", "updated_at"] {
        let start = format!(r#""{field}":{{"__bigint__":""#);
        if let Some(at) = text.find(&start) {
            let digits = at + start.len();
            let end = digits + text[digits..].find('"').expect("a closing quote");
            text.replace_range(digits..end, "NOW");
        }
    }
    text
}

/// A row under construction: a `POST` of `body` by a browser.
pub fn post(name: impl Into<String>, path: &str, body: impl Into<Vec<u8>>) -> Row {
    Row {
        name: name.into(),
        request: HttpRequest {
            url: path.to_owned(),
            method: "POST".to_owned(),
            body: body.into(),
            headers: vec![
                ("host".to_owned(), "orbiter.example".to_owned()),
                ("User-Agent".to_owned(), BROWSER.to_owned()),
                ("content-type".to_owned(), "application/json".to_owned()),
            ],
            certificate_version: Some(2),
        },
        upgrades: true,
        status: 0,
        body: String::new(),
        origin: "*",
        stores: Vec::new(),
    }
}

impl Row {
    /// The row answers 200 with this data.
    pub fn ok(mut self, data: &str) -> Self {
        self.status = 200;
        self.body = format!(r#"{{"ok":{{"data":{data}}}}}"#);
        self
    }

    /// The row answers with this error. `message` as it stands in JSON.
    pub fn err(mut self, status: u16, message: &str) -> Self {
        self.status = status;
        self.body = format!(r#"{{"err":{{"code":{status},"message":"{message}"}}}}"#);
        self
    }

    /// The row stores an entry under this key for the first time.
    pub fn storing(mut self, kind: Kind, collected_at: u64, key: &str) -> Self {
        self.stores
            .push(format!("{} {collected_at} {key}", kind.field()));
        self
    }
}
