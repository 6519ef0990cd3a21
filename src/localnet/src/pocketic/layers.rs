//! What holds for every path: slashes at the end, other origins, defects, and being counted.

use super::failure::Failure;
use super::server::Server;
use axum::extract::{Request, State};
use axum::http::header::{
    ACCESS_CONTROL_ALLOW_HEADERS, ACCESS_CONTROL_ALLOW_METHODS, ACCESS_CONTROL_ALLOW_ORIGIN,
    ACCESS_CONTROL_EXPOSE_HEADERS,
};
use axum::http::uri::{PathAndQuery, Uri};
use axum::http::{HeaderValue, Method, StatusCode};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};

/// Counts the request, so that a server that is used does not end as idle.
pub async fn count(State(server): State<Server>, request: Request, next: Next) -> Response {
    let _ongoing = server.activity().begin();
    next.run(request).await
}

/// Answers a defect with an error instead of a broken connection.
pub async fn contain(request: Request, next: Next) -> Response {
    match tokio::spawn(next.run(request)).await {
        Ok(response) => response,
        Err(_) => Failure::Defect.into_response(),
    }
}

/// Lets pages of every origin in: this is a server for tests on one machine.
pub async fn allow_origins(request: Request, next: Next) -> Response {
    let mut response = match request.method() {
        &Method::OPTIONS => StatusCode::NO_CONTENT.into_response(),
        _ => next.run(request).await,
    };
    let anything = HeaderValue::from_static("*");
    for header in [
        ACCESS_CONTROL_ALLOW_ORIGIN,
        ACCESS_CONTROL_ALLOW_METHODS,
        ACCESS_CONTROL_ALLOW_HEADERS,
        ACCESS_CONTROL_EXPOSE_HEADERS,
    ] {
        response.headers_mut().insert(header, anything.clone());
    }
    response
}

/// Takes a path with a slash at its end for the one without; some clients write one, some do not.
pub async fn drop_slash(mut request: Request, next: Next) -> Response {
    if let Some(uri) = without_slash(request.uri()) {
        *request.uri_mut() = uri;
    }
    next.run(request).await
}

/// The URI without slashes at the end of its path, if it has any.
fn without_slash(uri: &Uri) -> Option<Uri> {
    let path = uri.path().strip_suffix('/')?.trim_end_matches('/');
    let path = if path.is_empty() { "/" } else { path };
    let text = match uri.query() {
        Some(query) => format!("{path}?{query}"),
        None => path.to_owned(),
    };
    with_path(uri, &text)
}

/// The URI with another path and query.
pub fn with_path(uri: &Uri, path_and_query: &str) -> Option<Uri> {
    let mut parts = uri.clone().into_parts();
    parts.path_and_query = Some(path_and_query.parse::<PathAndQuery>().ok()?);
    Uri::from_parts(parts).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn dropped(uri: &str) -> Option<String> {
        let uri: Uri = uri.parse().expect("a URI");
        without_slash(&uri).map(|uri| uri.to_string())
    }

    #[test]
    fn slashes_at_the_end_of_a_path_go_and_the_query_stays() {
        assert_eq!(dropped("/blobstore/").as_deref(), Some("/blobstore"));
        assert_eq!(
            dropped("/instances/7//?a=b/").as_deref(),
            Some("/instances/7?a=b/")
        );
        assert_eq!(dropped("/").as_deref(), Some("/"));
        assert_eq!(dropped("/instances/7"), None);
    }
}
