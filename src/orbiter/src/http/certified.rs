//! The answers that a query gives by itself, certified in advance (HTTP certification, version 2).
//!
//! There are three of them, whatever is asked: the preflight answer and `405 Method not allowed` on each
//! known path, and `404 Not found` everywhere else. They are certified *response-only*: the certificate
//! says which responses a path may have, not for which method. So any method at all can be answered with
//! a certificate, and a dishonest replica gains nothing but to exchange two harmless answers.
//!
//! ```text
//! http_expr ── view ── <$> ── hash of the expression ── "" ── hash of the preflight answer
//!           │                                              └─ hash of the 405 answer
//!           ├─ views, event, events, metric, metrics: likewise
//!           └─ <*> ── hash of the expression ── "" ── hash of the 404 answer
//! ```

use super::response::{self, HttpError};
use super::routes::{ROUTES, Route};
use ic_http_certification::utils::add_v2_certificate_header;
use ic_http_certification::{
    CERTIFICATE_EXPRESSION_HEADER_NAME, DefaultCelBuilder, DefaultResponseCertification,
    DefaultResponseOnlyCelExpression, Hash, HttpCertification, HttpCertificationError,
    HttpCertificationPath, HttpCertificationTree, HttpCertificationTreeEntry,
    HttpResponse as CertificationResponse, StatusCode,
};
use wire::HttpResponse;

/// An answer that is certified in advance, and where.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum StaticAnswer {
    /// 204, what a browser may send to a known path.
    Preflight(Route),
    /// 405 on a known path.
    MethodNotAllowed(Route),
    /// 404 on this path, which is none of the known ones.
    NotFound(String),
}

/// The certified answers and the tree that proves them.
pub struct Certified {
    tree: HttpCertificationTree,
    preflight: Answer,
    method_not_allowed: Answer,
    not_found: Answer,
}

/// One answer with the proof's leaf.
struct Answer {
    response: CertificationResponse<'static>,
    certification: HttpCertification,
}

impl Certified {
    /// Certifies the three answers.
    ///
    /// # Errors
    /// None with the headers below; the library checks that an answer carries the expression it is
    /// certified by.
    pub fn new() -> Result<Self, HttpCertificationError> {
        let mut certified = Self {
            tree: HttpCertificationTree::default(),
            preflight: Answer::certify(response::preflight())?,
            method_not_allowed: Answer::certify(HttpError::MethodNotAllowed.into_response())?,
            not_found: Answer::certify(HttpError::NotFound.into_response())?,
        };
        for route in &ROUTES {
            let path = HttpCertificationPath::exact(route.path);
            for answer in [&certified.preflight, &certified.method_not_allowed] {
                let entry = HttpCertificationTreeEntry::new(&path, answer.certification);
                certified.tree.insert(&entry);
            }
        }
        let everywhere = HttpCertificationPath::wildcard("");
        let entry = HttpCertificationTreeEntry::new(everywhere, certified.not_found.certification);
        certified.tree.insert(&entry);
        Ok(certified)
    }

    /// What the canister's certified data must be for the proofs to hold.
    pub fn root_hash(&self) -> Hash {
        self.tree.root_hash()
    }

    /// The answer with its proof. Without a `certificate` of the certified data, as in an update, the
    /// answer alone.
    ///
    /// # Errors
    /// None for the paths that [`super::routes::Target`] gives.
    pub fn respond(
        &self,
        answer: &StaticAnswer,
        certificate: Option<&[u8]>,
    ) -> Result<HttpResponse, HttpCertificationError> {
        let (content, path, request_path) = match answer {
            StaticAnswer::Preflight(route) => (&self.preflight, exact(route), route.path),
            StaticAnswer::MethodNotAllowed(route) => {
                (&self.method_not_allowed, exact(route), route.path)
            }
            StaticAnswer::NotFound(path) => {
                let everywhere = HttpCertificationPath::wildcard("");
                (&self.not_found, everywhere, first_segments(path))
            }
        };
        let mut response = content.response.clone();
        if let Some(certificate) = certificate {
            let entry = HttpCertificationTreeEntry::new(&path, content.certification);
            let witness = self.tree.witness(&entry, request_path)?;
            add_v2_certificate_header(certificate, &mut response, &witness, &path.to_expr_path());
        }
        Ok(into_wire(&response))
    }
}

impl Answer {
    fn certify(response: HttpResponse) -> Result<Self, HttpCertificationError> {
        let expression = every_header();
        let mut headers = response.headers;
        headers.push((
            CERTIFICATE_EXPRESSION_HEADER_NAME.to_owned(),
            expression.to_string(),
        ));
        let response = CertificationResponse::builder()
            .with_status_code(StatusCode::from_u16(response.status_code).unwrap_or_default())
            .with_headers(headers)
            .with_body(response.body)
            .build();
        let certification = HttpCertification::response_only(&expression, &response, None)?;
        Ok(Self {
            response,
            certification,
        })
    }
}

/// Status, body and every header are certified; the request is not.
fn every_header() -> DefaultResponseOnlyCelExpression<'static> {
    DefaultCelBuilder::response_only_certification()
        .with_response_certification(DefaultResponseCertification::response_header_exclusions(
            vec![],
        ))
        .build()
}

fn exact(route: &Route) -> HttpCertificationPath<'static> {
    HttpCertificationPath::exact(route.path)
}

/// The path up to its second segment. The tree is no deeper, so the absence of these proves the absence
/// of everything below them, and the work does not grow with the length of the path.
fn first_segments(path: &str) -> &str {
    let mut segments = 0;
    let mut before = '/';
    for (index, character) in path.char_indices() {
        if before == '/' && character != '/' {
            segments += 1;
            if segments > 2 {
                return path[..index].trim_end_matches('/');
            }
        }
        before = character;
    }
    path
}

fn into_wire(response: &CertificationResponse<'_>) -> HttpResponse {
    HttpResponse {
        body: response.body().to_vec(),
        headers: response.headers().to_vec(),
        upgrade: None,
        status_code: response.status_code().as_u16(),
    }
}

#[cfg(test)]
mod tests {
    use super::first_segments;

    #[test]
    fn a_path_is_cut_after_its_second_segment() {
        for (path, cut) in [
            ("/", "/"),
            ("", ""),
            ("/a", "/a"),
            ("/a/", "/a/"),
            ("//a//b//", "//a//b//"),
            ("/a/b/c", "/a/b"),
            ("/a/b//c/d", "/a/b"),
            ("ä/ö/ü", "ä/ö"),
        ] {
            assert_eq!(first_segments(path), cut, "{path}");
        }
    }
}
