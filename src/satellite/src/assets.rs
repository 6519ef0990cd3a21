//! How the pages are shown: under which paths, with which headers.
//!
//! A file is found under its path; an `index.html` under the path of its folder too, with and without the
//! slash; `404.html` wherever there is nothing else. A file with `.br` or `.gz` after its name is the same
//! content compressed, chosen by what the browser accepts.

use std::borrow::Cow;

use candid::Principal;
use serde::Serialize;

use crate::settings::Settings;

/// Files by path from the root of the site, as they are embedded.
pub type Files = &'static [(&'static str, &'static [u8])];

/// One file and how it is shown.
pub struct Asset {
    /// All paths under which it is found.
    pub paths: Vec<String>,
    /// Headers but `content-encoding`. Names in lower case, as HTTP/2 has them.
    pub headers: Vec<(String, String)>,
    /// The content as it is.
    pub content: Cow<'static, [u8]>,
    /// The same content compressed: value of `content-encoding`, bytes; best first.
    pub compressed: Vec<(&'static str, &'static [u8])>,
}

/// Where pages read which orbiter they report to.
pub const ORBITER_JSON: &str = "/orbiter.json";
/// The page for every path that has none.
pub const NOT_FOUND: &str = "/404.html";
/// Files whose name carries a hash of their content are put in folders of this name.
const HASHED_FOLDER: &str = "/assets/";
/// Below this path is the dashboard, which talks to the network and never to an orbiter's HTTP routes.
const CONSOLE: &str = "/console/";
/// Where the agent (@icp-sdk/core) sends queries when a page comes from a public gateway: it leaves out the
/// canister's part of the host. Elsewhere it asks the page's own origin.
const API_ORIGINS: &str = " https://icp0.io https://ic0.app https://icp-api.io";

/// Encodings in order of preference, and the end of the file name that marks them.
const ENCODINGS: [(&str, &str); 2] = [("br", ".br"), ("gzip", ".gz")];

/// Content types by the end of the file name.
const CONTENT_TYPES: [(&str, &str); 11] = [
    (".html", "text/html; charset=utf-8"),
    (".js", "text/javascript; charset=utf-8"),
    (".css", "text/css; charset=utf-8"),
    (".json", "application/json"),
    (".map", "application/json"),
    (".svg", "image/svg+xml"),
    (".png", "image/png"),
    (".ico", "image/x-icon"),
    (".woff2", "font/woff2"),
    (".wasm", "application/wasm"),
    (".txt", "text/plain; charset=utf-8"),
];

/// The body of [`ORBITER_JSON`]; ids as text.
#[derive(Serialize)]
struct OrbiterJson<'a> {
    satellite_id: String,
    orbiter_id: Option<String>,
    container: Option<&'a str>,
}

/// The assets of the satellite `id` with these settings.
pub fn describe(id: Principal, settings: &Settings, files: Files) -> Vec<Asset> {
    let origins = orbiter_origins(settings);
    let is_compressed = |path: &str| ENCODINGS.iter().any(|(_, ending)| path.ends_with(ending));
    let embedded = files
        .iter()
        .filter(|(path, _)| *path != ORBITER_JSON && !is_compressed(path))
        .map(|(path, content)| Asset {
            compressed: compressed(path, files),
            ..asset(path, Cow::Borrowed(content), &origins)
        });
    let orbiter = asset(
        ORBITER_JSON,
        Cow::Owned(orbiter_json(id, settings)),
        &origins,
    );
    embedded.chain([orbiter]).collect()
}

/// The file at `path`, uncompressed.
fn asset(path: &str, content: Cow<'static, [u8]>, orbiter_origins: &str) -> Asset {
    Asset {
        paths: [path.to_owned()].into_iter().chain(aliases(path)).collect(),
        headers: headers(path, orbiter_origins),
        content,
        compressed: Vec::new(),
    }
}

/// The compressed versions of the file at `path`.
fn compressed(path: &str, files: Files) -> Vec<(&'static str, &'static [u8])> {
    let find = |name: String| files.iter().find(|(path, _)| **path == name);
    ENCODINGS
        .iter()
        .filter_map(|(encoding, ending)| {
            find(format!("{path}{ending}")).map(|(_, content)| (*encoding, *content))
        })
        .collect()
}

/// Other paths of the same file: `/guide/index.html` is also `/guide/` and `/guide`.
fn aliases(path: &str) -> Vec<String> {
    match path.strip_suffix("/index.html") {
        None => vec![],
        Some("") => vec!["/".into()],
        Some(folder) => vec![folder.into(), format!("{folder}/")],
    }
}

fn content_type(path: &str) -> &'static str {
    CONTENT_TYPES
        .iter()
        .find(|(ending, _)| path.ends_with(ending))
        .map_or("application/octet-stream", |(_, content_type)| content_type)
}

/// The headers of a file.
fn headers(path: &str, orbiter_origins: &str) -> Vec<(String, String)> {
    let mut headers = vec![
        ("content-type", content_type(path).to_owned()),
        ("cache-control", cache_control(path).to_owned()),
        ("vary", "accept-encoding".into()),
        ("x-content-type-options", "nosniff".into()),
        // The next page of the same site may know where a visitor came from, nobody else.
        ("referrer-policy", "same-origin".into()),
        (
            "strict-transport-security",
            "max-age=31536000; includeSubDomains".into(),
        ),
    ];
    if path.ends_with(".html") {
        headers.push((
            "content-security-policy",
            content_security_policy(path, orbiter_origins),
        ));
        headers.push(("cross-origin-opener-policy", "same-origin".into()));
        headers.push((
            "permissions-policy",
            "camera=(), geolocation=(), microphone=()".into(),
        ));
    }
    headers
        .into_iter()
        .map(|(name, value)| (name.into(), value))
        .collect()
}

/// How long a browser may keep a file without asking again.
fn cache_control(path: &str) -> &'static str {
    if path.contains(HASHED_FOLDER) {
        // A change of content changes the name.
        "public, max-age=31536000, immutable"
    } else if path.ends_with(".html") || path == ORBITER_JSON {
        "no-cache"
    } else {
        "public, max-age=3600"
    }
}

/// What a page may load and whom it may talk to: itself, and the network's API from the dashboard, or the
/// orbiter from pages that carry the tracker.
fn content_security_policy(path: &str, orbiter_origins: &str) -> String {
    let connect = if path.starts_with(CONSOLE) {
        API_ORIGINS
    } else {
        orbiter_origins
    };
    format!(
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; \
         connect-src 'self'{connect}; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
    )
}

/// The origins under which gateways show the orbiter, each with a space before it; empty without one.
fn orbiter_origins(settings: &Settings) -> String {
    let Some(orbiter) = &settings.orbiter else {
        return String::new();
    };
    let id = orbiter.id;
    let mut origins = format!(" https://{id}.icp0.io http://{id}.localhost:*");
    // Checked before it was stored: a scheme, a host and maybe a port.
    if let Some((scheme, host)) = orbiter
        .container
        .as_deref()
        .and_then(|container| container.split_once("://"))
    {
        origins.push_str(&format!(" {scheme}://{id}.{host}"));
    }
    origins
}

fn orbiter_json(id: Principal, settings: &Settings) -> Vec<u8> {
    let orbiter = settings.orbiter.as_ref();
    let body = OrbiterJson {
        satellite_id: id.to_text(),
        orbiter_id: orbiter.map(|orbiter| orbiter.id.to_text()),
        container: orbiter.and_then(|orbiter| orbiter.container.as_deref()),
    };
    // Three texts: nothing in them that JSON could refuse.
    serde_json::to_vec(&body).unwrap_or_default()
}
