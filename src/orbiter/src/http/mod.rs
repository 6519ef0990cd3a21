//! HTTP: the way of a page view from the bytes of a request to the engine.
//!
//! Requests and answers are Candid on their way between gateway and canister (`gateway/`).
//!
//! 1. The gateway sends the request as a query. [`query`] finds its [`Target`] (`routes.rs`): a `POST` to
//!    a known path is answered with `upgrade`, everything else with an answer certified in advance
//!    (`certified.rs`).
//! 2. The gateway repeats the request as an update. [`update`] finds the target again, because it can be
//!    called directly.
//! 3. `store` looks at the header `User-Agent` (`request.rs`): without one, or a known bot's, it ends.
//! 4. The body becomes a struct of `wire::json` (`request.rs`), then one of the engine (`convert`).
//! 5. The engine checks and stores (`one`, `many`).
//! 6. The stored entry, or the refusal, becomes the answer (`response.rs`, texts in `messages.rs`).

mod certified;
mod gateway;
mod request;
mod response;
mod routes;

pub use certified::{Certified, StaticAnswer};
pub use gateway::answer;
pub use request::Request;
pub use routes::{ROUTES, Route, Target};

use crate::convert::Json;
use crate::messages;
use candid::Principal;
use engine::{AnalyticKey, KindName, Orbiter, PageView, PerformanceMetric, Refusal, TrackEvent};
use ic_stable_structures::Memory;
use response::HttpError;
use wire::HttpResponse;

/// Answers the query: asks for an update where something may be stored, otherwise gives one of the
/// certified answers. `certificate` is that of the certified data; there is none in an update.
pub fn query(
    certified: &Certified,
    certificate: Option<&[u8]>,
    request: &Request<'_>,
) -> HttpResponse {
    let answer = match Target::of(request) {
        Target::Post(_) => return response::upgrade(),
        Target::Preflight(route) => StaticAnswer::Preflight(route),
        Target::OtherMethod(route) => StaticAnswer::MethodNotAllowed(route),
        Target::Unknown(path) => StaticAnswer::NotFound(path),
    };
    match certified.respond(&answer, certificate) {
        Ok(response) => response,
        Err(error) => HttpError::Certification(error).into_response(),
    }
}

/// Answers the update: stores what a `POST` brings. `now` in nanoseconds since 1970, UTC.
pub fn update<M: Memory>(
    orbiter: &mut Orbiter<M>,
    now: u64,
    request: &Request<'_>,
) -> HttpResponse {
    let answer = match Target::of(request) {
        Target::Post(route) => store(orbiter, now, route, request),
        Target::Preflight(_) => Ok(response::preflight()),
        Target::OtherMethod(_) => Err(HttpError::MethodNotAllowed),
        Target::Unknown(_) => Err(HttpError::NotFound),
    };
    answer.unwrap_or_else(HttpError::into_response)
}

/// Checks who sends, then hands the body over as what the route takes.
fn store<M: Memory>(
    orbiter: &mut Orbiter<M>,
    now: u64,
    route: Route,
    request: &Request<'_>,
) -> Result<HttpResponse, HttpError> {
    if engine::is_bot(request::user_agent(request)?) {
        return Err(HttpError::Bot);
    }
    let body = request.body;
    match (route.kind, route.batch) {
        (KindName::PageView, false) => one::<PageView, M>(orbiter, now, body),
        (KindName::PageView, true) => many::<PageView, M>(orbiter, now, body),
        (KindName::TrackEvent, false) => one::<TrackEvent, M>(orbiter, now, body),
        (KindName::TrackEvent, true) => many::<TrackEvent, M>(orbiter, now, body),
        (KindName::PerformanceMetric, false) => one::<PerformanceMetric, M>(orbiter, now, body),
        (KindName::PerformanceMetric, true) => many::<PerformanceMetric, M>(orbiter, now, body),
    }
}

/// Stores the one entry of a body and answers it as stored.
fn one<K: Json, M: Memory>(
    orbiter: &mut Orbiter<M>,
    now: u64,
    body: &[u8],
) -> Result<HttpResponse, HttpError> {
    let (satellite, (key, entry)) = request::one::<K>(body)?;
    let stored = orbiter
        .set(&key, entry, now)
        .map_err(|refusal| HttpError::Refused(messages::entry(&refusal)))?;
    let data = K::into_json(K::stored(stored), satellite.text);
    Ok(response::ok(
        data,
        restricted_origin(orbiter, &satellite.id),
    ))
}

/// Stores the good entries of a body. Answers without data, or lists the entries that were refused.
fn many<K: Json, M: Memory>(
    orbiter: &mut Orbiter<M>,
    now: u64,
    body: &[u8],
) -> Result<HttpResponse, HttpError> {
    let (satellite_id, entries) = request::many::<K>(body)?;
    let refused = orbiter
        .set_many(entries, now)
        .map_err(|too_large| HttpError::Refused(too_large.to_string()))?;
    if refused.is_empty() {
        return Ok(response::ok((), restricted_origin(orbiter, &satellite_id)));
    }
    Err(HttpError::Refused(listed(&refused)))
}

/// `KEY: MESSAGE, KEY: MESSAGE`
fn listed(refused: &[(AnalyticKey, Refusal)]) -> String {
    let lines: Vec<_> = refused
        .iter()
        .map(|(key, refusal)| format!("{}: {}", key.key, messages::entry(refusal)))
        .collect();
    lines.join(", ")
}

fn restricted_origin<'a, M: Memory>(
    orbiter: &'a Orbiter<M>,
    satellite_id: &Principal,
) -> Option<&'a str> {
    orbiter
        .satellite_config(satellite_id)?
        .restricted_origin
        .as_deref()
}
