//! The certified answers to all requests, <https://internetcomputer.org/docs/references/http-gateway-protocol-spec>,
//! certification version 2.
//!
//! Each answer is certified for the paths it belongs to, whatever the request's headers and query
//! ("response-only"): a file for its own paths, the page for missing ones for all others, and the refusal of
//! other methods for every path. Which of a path's answers fits is chosen here: by method, then by the
//! encodings that the browser accepts.

use std::borrow::Cow;
use std::collections::BTreeMap;

use ic_http_certification::utils::add_v2_certificate_header;
use ic_http_certification::{
    CERTIFICATE_EXPRESSION_HEADER_NAME, DefaultCelBuilder, DefaultResponseCertification,
    DefaultResponseOnlyCelExpression, Hash, HttpCertification, HttpCertificationPath,
    HttpCertificationResult, HttpCertificationTree, HttpCertificationTreeEntry, HttpRequest,
    HttpResponse, Method, StatusCode,
};

use crate::assets::{Asset, NOT_FOUND};

/// All answers, certified.
pub struct Site {
    tree: HttpCertificationTree,
    /// Versions of files, best first; the last is uncompressed.
    files: Vec<Vec<Answer>>,
    /// Which file a path shows.
    paths: BTreeMap<String, usize>,
    /// Versions of the page for all other paths.
    missing: Vec<Answer>,
    /// For methods other than GET and HEAD.
    wrong_method: Answer,
}

/// An answer without its certificate, which differs from request to request.
struct Answer {
    /// Its `content-encoding`; none for uncompressed content.
    encoding: Option<&'static str>,
    response: HttpResponse<'static>,
    certification: HttpCertification,
}

impl Site {
    /// Certifies these assets. The one at [`NOT_FOUND`] answers, with status 404, where there is no other.
    pub fn certify(assets: Vec<Asset>) -> HttpCertificationResult<Self> {
        let mut site = Self {
            tree: HttpCertificationTree::default(),
            files: Vec::new(),
            paths: BTreeMap::new(),
            missing: vec![plain(StatusCode::NOT_FOUND, "Not found", None)?],
            wrong_method: plain(
                StatusCode::METHOD_NOT_ALLOWED,
                "Method not allowed",
                Some(("allow", "GET, HEAD")),
            )?,
        };
        for asset in assets {
            if asset.paths.iter().any(|path| path == NOT_FOUND) {
                site.missing = versions(&asset, StatusCode::NOT_FOUND)?;
            }
            let versions = versions(&asset, StatusCode::OK)?;
            for path in asset.paths {
                site.insert(&HttpCertificationPath::exact(path.as_str()), &versions);
                site.paths.insert(path, site.files.len());
            }
            site.files.push(versions);
        }
        let missing = std::mem::take(&mut site.missing);
        site.insert(&everywhere(), &missing);
        site.missing = missing;
        Ok(site)
    }

    /// What the canister's certified data must be for the answers to be believed.
    pub fn root_hash(&self) -> Hash {
        self.tree.root_hash()
    }

    /// Answers a request; `certificate` is the subnet's for the current certified data.
    pub fn answer(&self, request: &HttpRequest<'_>, certificate: &[u8]) -> HttpResponse<'static> {
        self.find(request, certificate).unwrap_or_else(|error| {
            // A URL that cannot be read has no path to certify an answer for. Gateways send none.
            HttpResponse::bad_request(error.to_string().into_bytes(), vec![]).build()
        })
    }

    fn find(
        &self,
        request: &HttpRequest<'_>,
        certificate: &[u8],
    ) -> HttpCertificationResult<HttpResponse<'static>> {
        let requested = request.get_path()?;
        let file = self.paths.get(&requested);
        let path = match file {
            Some(_) => HttpCertificationPath::exact(requested.as_str()),
            None => everywhere(),
        };
        let versions = file.map_or(&self.missing, |file| &self.files[*file]);
        let answer = match *request.method() {
            Method::GET | Method::HEAD => choose(versions, request),
            _ => &self.wrong_method,
        };
        let entry = HttpCertificationTreeEntry::new(&path, answer.certification);
        let witness = self.tree.witness(&entry, &requested)?;
        let mut response = answer.response.clone();
        add_v2_certificate_header(certificate, &mut response, &witness, &path.to_expr_path());
        Ok(response)
    }

    /// Certifies for one path all that may be answered there.
    fn insert(&mut self, path: &HttpCertificationPath<'_>, versions: &[Answer]) {
        for answer in versions.iter().chain([&self.wrong_method]) {
            let entry = HttpCertificationTreeEntry::new(path, answer.certification);
            self.tree.insert(&entry);
        }
    }
}

/// All paths that have no answer of their own.
fn everywhere() -> HttpCertificationPath<'static> {
    HttpCertificationPath::wildcard("/")
}

/// The versions of an asset, best first.
fn versions(asset: &Asset, status: StatusCode) -> HttpCertificationResult<Vec<Answer>> {
    let compressed = asset
        .compressed
        .iter()
        .map(|(encoding, content)| (Some(*encoding), Cow::Borrowed(*content)));
    compressed
        .chain([(None, asset.content.clone())])
        .map(|(encoding, content)| answer(status, asset.headers.clone(), encoding, content))
        .collect()
}

/// An answer in plain words.
fn plain(
    status: StatusCode,
    text: &'static str,
    header: Option<(&str, &str)>,
) -> HttpCertificationResult<Answer> {
    let headers = [("content-type", "text/plain; charset=utf-8")]
        .into_iter()
        .chain(header);
    let headers = headers
        .map(|(name, value)| (name.to_owned(), value.to_owned()))
        .collect();
    answer(status, headers, None, Cow::Borrowed(text.as_bytes()))
}

fn answer(
    status: StatusCode,
    mut headers: Vec<(String, String)>,
    encoding: Option<&'static str>,
    content: Cow<'static, [u8]>,
) -> HttpCertificationResult<Answer> {
    let expression = expression();
    if let Some(encoding) = encoding {
        headers.push(("content-encoding".into(), encoding.into()));
    }
    headers.push(("content-length".into(), content.len().to_string()));
    headers.push((
        CERTIFICATE_EXPRESSION_HEADER_NAME.into(),
        expression.to_string(),
    ));
    let response = HttpResponse::builder()
        .with_status_code(status)
        .with_headers(headers)
        .with_body(content)
        .build();
    let certification = HttpCertification::response_only(&expression, &response, None)?;
    Ok(Answer {
        encoding,
        response,
        certification,
    })
}

/// What is certified of an answer: status, body and every header.
fn expression() -> DefaultResponseOnlyCelExpression<'static> {
    DefaultCelBuilder::response_only_certification()
        .with_response_certification(DefaultResponseCertification::response_header_exclusions(
            vec![],
        ))
        .build()
}

/// The first version whose encoding the request accepts; the last one, uncompressed, suits everybody.
fn choose<'a>(versions: &'a [Answer], request: &HttpRequest<'_>) -> &'a Answer {
    let accepts = |encoding: &str| {
        request.headers().iter().any(|(name, value)| {
            name.eq_ignore_ascii_case("accept-encoding") && lists(value, encoding)
        })
    };
    let fitting = versions
        .iter()
        .find(|answer| answer.encoding.is_none_or(accepts));
    fitting.unwrap_or(&versions[versions.len() - 1])
}

/// Whether `accepted`, the value of an `accept-encoding` header, names `encoding` and does not refuse it.
fn lists(accepted: &str, encoding: &str) -> bool {
    accepted.split(',').any(|choice| {
        let (name, weight) = choice.split_once(';').unwrap_or((choice, ""));
        let refused = weight
            .trim()
            .strip_prefix("q=")
            .is_some_and(|weight| weight.parse() == Ok(0.0_f32));
        name.trim().eq_ignore_ascii_case(encoding) && !refused
    })
}

#[cfg(test)]
mod tests;
