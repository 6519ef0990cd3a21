//! The HTTP gateway: `<canister>.localhost` and `?canisterId=` become calls of `http_request`, checked before they go out.
//!
//! ```text
//! browser ─> resolution ─> http_request (query) ─┬─> streaming callbacks ─> verification ─> browser
//!             (whose page?)                      └─> upgrade: http_request_update (update) ─> browser
//! ```
//!
//! A query is answered by one node, which could say anything; so its answer must carry a certificate that fits the
//! page, or it is not passed on (503). An update is answered by all and needs none. `<canister>.raw.localhost` asks
//! for the answer unchecked, as the public gateways' `raw` hosts do.
//!
//! Paths of the agent interface go to the instance on every host, so that pages find their agent where they came
//! from. Source: the HTTP gateway protocol specification.

mod answer;
mod candid_interface;
mod exchange;
mod failure;
mod resolution;
mod streaming;
mod untyped;
mod verification;

#[cfg(test)]
mod tests;

pub use failure::Failure;

use crate::agent::{self, Options};
use crate::host::Instance;
use axum::Router;
use axum::body::Bytes;
use axum::extract::rejection::BytesRejection;
use axum::extract::{DefaultBodyLimit, State};
use axum::http::header::{HOST, HeaderMap, HeaderName, REFERER};
use axum::http::{Method, StatusCode, Uri};
use axum::response::Response;
use candid_interface::Request;
use exchange::Exchange;
use resolution::resolve;

/// The largest request body in bytes: what a message to a canister can carry.
pub const MAX_BODY_BYTES: usize = 2 << 20;

/// Serves the gateway for one instance (and proxies `/api` to its agent interface) until `shutdown` resolves.
pub async fn serve(
    listener: tokio::net::TcpListener,
    instance: Instance,
    shutdown: impl Future<Output = ()> + Send + 'static,
) -> std::io::Result<()> {
    serve_with(listener, instance, Options::default(), shutdown).await
}

/// As [`serve`], with departures.
pub async fn serve_with(
    listener: tokio::net::TcpListener,
    instance: Instance,
    options: Options,
    shutdown: impl Future<Output = ()> + Send + 'static,
) -> std::io::Result<()> {
    axum::serve(listener, router(instance, options))
        .with_graceful_shutdown(shutdown)
        .await
}

/// Everything a gateway answers: the agent interface by its paths, the rest as pages of canisters.
pub fn router(instance: Instance, options: Options) -> Router {
    let pages = Router::new()
        .fallback(page)
        .layer(DefaultBodyLimit::max(MAX_BODY_BYTES))
        .with_state(Gateway {
            instance: instance.clone(),
            options,
        });
    agent::router_with(instance, options).fallback_service(pages)
}

#[derive(Clone)]
struct Gateway {
    instance: Instance,
    options: Options,
}

async fn page(
    State(gateway): State<Gateway>,
    method: Method,
    uri: Uri,
    headers: HeaderMap,
    body: Result<Bytes, BytesRejection>,
) -> Result<Response, Failure> {
    let target = resolve(host(&uri, &headers), &uri, text(&headers, REFERER))?;
    let request = Request {
        method: method.as_str().into(),
        url: uri.path_and_query().map_or("/", |url| url.as_str()).into(),
        headers: header_list(&headers),
        body: body.map_err(unreadable)?.into(),
    };
    let exchange = Exchange {
        instance: gateway.instance,
        canister: target.canister,
        faults: gateway.options.faults,
    };
    let found = exchange.run(&request, target).await?;
    answer::response(&method, found)
}

/// The host that was asked for: from the request line, or the header.
fn host<'a>(uri: &'a Uri, headers: &'a HeaderMap) -> Option<&'a str> {
    uri.authority()
        .map(|authority| authority.as_str())
        .or(text(headers, HOST))
}

fn text(headers: &HeaderMap, name: HeaderName) -> Option<&str> {
    headers.get(name)?.to_str().ok()
}

fn header_list(headers: &HeaderMap) -> Vec<(String, String)> {
    headers
        .iter()
        .map(|(name, value)| {
            let value = String::from_utf8_lossy(value.as_bytes());
            (name.to_string(), value.into_owned())
        })
        .collect()
}

fn unreadable(rejection: BytesRejection) -> Failure {
    match rejection.status() {
        StatusCode::PAYLOAD_TOO_LARGE => Failure::TooLarge {
            limit: MAX_BODY_BYTES,
        },
        _ => Failure::Unreadable {
            reason: rejection.body_text(),
        },
    }
}
