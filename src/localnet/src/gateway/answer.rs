//! A canister's answer as the browser gets it: status, headers and body as they came.

use super::candid_interface::Answer;
use super::failure::Failure;
use axum::body::Body;
use axum::http::header::{CONNECTION, CONTENT_LENGTH, HeaderName, HeaderValue, TRANSFER_ENCODING};
use axum::http::{Method, StatusCode};
use axum::response::Response;

/// Turns an answer into a response to a request of `method`. Fails for what HTTP cannot carry, naming it.
pub(super) fn response(method: &Method, answer: Answer) -> Result<Response, Failure> {
    let status = StatusCode::from_u16(answer.status_code)
        .ok()
        .filter(|status| !status.is_informational())
        .ok_or_else(|| invalid(format!("{} is no status code", answer.status_code)))?;
    let mut response = Response::new(Body::from(answer.body));
    *response.status_mut() = status;
    for (name, value) in answer.headers {
        let header = header_name(&name)?;
        if is_about_the_connection(method, &header) {
            continue;
        }
        let value = HeaderValue::from_bytes(value.as_bytes()).map_err(|_| {
            invalid(format!(
                "the value of header `{name}` has forbidden characters"
            ))
        })?;
        response.headers_mut().append(header, value);
    }
    Ok(response)
}

fn header_name(name: &str) -> Result<HeaderName, Failure> {
    HeaderName::from_bytes(name.as_bytes())
        .map_err(|_| invalid(format!("`{name}` is not the name of a header")))
}

/// Headers that only the server can know. The length counts among them, except for an answer to `HEAD`, where the
/// body that it is about is not sent.
fn is_about_the_connection(method: &Method, header: &HeaderName) -> bool {
    match *header {
        CONTENT_LENGTH => method != Method::HEAD,
        _ => header == TRANSFER_ENCODING || header == CONNECTION,
    }
}

fn invalid(reason: String) -> Failure {
    Failure::InvalidAnswer { reason }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn answer(status_code: u16, headers: &[(&str, &str)]) -> Answer {
        let pair = |(name, value): &(&str, &str)| (name.to_string(), value.to_string());
        Answer {
            status_code,
            headers: headers.iter().map(pair).collect(),
            body: b"page".to_vec(),
            upgrade: false,
            streaming: None,
        }
    }

    #[test]
    fn headers_come_through_except_those_about_the_connection() {
        let headers = [
            ("Set-Cookie", "a=1"),
            ("set-cookie", "b=2"),
            ("IC-Certificate", "certificate=:x:"),
            ("Content-Length", "99"),
            ("Transfer-Encoding", "chunked"),
        ];
        let page = response(&Method::GET, answer(203, &headers)).unwrap();
        assert_eq!(page.status(), 203);
        assert_eq!(page.headers().len(), 3);
        assert_eq!(page.headers().get_all("set-cookie").iter().count(), 2);
        assert_eq!(page.headers()["ic-certificate"], "certificate=:x:");
        let head = response(&Method::HEAD, answer(200, &headers)).unwrap();
        assert_eq!(head.headers()[CONTENT_LENGTH], "99");
    }

    #[test]
    fn what_http_cannot_carry_is_named() {
        for (answer, named) in [
            (answer(7, &[]), "7 is no status code"),
            (answer(101, &[]), "101 is no status code"),
            (answer(200, &[("a b", "")]), "`a b`"),
            (answer(200, &[("a", "line\nbreak")]), "header `a`"),
        ] {
            let failure = response(&Method::GET, answer).unwrap_err();
            assert_eq!(failure.status(), 502);
            assert!(failure.to_string().contains(named), "{failure}");
        }
    }
}
