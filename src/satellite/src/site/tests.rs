//! Requests against a small site.

use candid::Principal;
use wire::satellite::Orbiter;

use super::*;
use crate::assets;
use crate::settings::Settings;

static FILES: &[(&str, &[u8])] = &[
    ("/index.html", b"home"),
    ("/guide/index.html", b"guide"),
    ("/404.html", b"nothing here"),
    ("/console/index.html", b"dashboard"),
    ("/assets/demo-1a2b3c.js", b"let long = 'script'"),
    ("/assets/demo-1a2b3c.js.br", b"short"),
    ("/tracker.js", b"tracker"),
];

fn satellite() -> Principal {
    Principal::from_slice(&[0, 0, 0, 0, 0, 0, 0, 7, 1, 1])
}

fn orbiter() -> Orbiter {
    Orbiter {
        id: Principal::from_slice(&[0, 0, 0, 0, 0, 0, 0, 8, 1, 1]),
        container: Some("https://gateway.test".into()),
    }
}

fn certified(orbiter: Option<Orbiter>) -> Site {
    Site::certify(assets::describe(satellite(), &Settings { orbiter }, FILES)).unwrap()
}

fn get(site: &Site, url: &str) -> HttpResponse<'static> {
    site.answer(&HttpRequest::get(url).build(), b"a certificate")
}

fn header<'a>(response: &'a HttpResponse<'_>, name: &str) -> Option<&'a str> {
    response
        .headers()
        .iter()
        .find(|(found, _)| found.eq_ignore_ascii_case(name))
        .map(|(_, value)| value.as_str())
}

#[test]
fn a_folder_shows_its_index_with_and_without_the_slash() {
    let site = certified(None);
    for (url, body) in [
        ("/", "home"),
        ("/?utm_source=news", "home"),
        ("/index.html", "home"),
        ("/guide", "guide"),
        ("/guide/", "guide"),
        ("/console/", "dashboard"),
    ] {
        let response = get(&site, url);
        assert_eq!(response.status_code(), StatusCode::OK, "{url}");
        assert_eq!(response.body(), body.as_bytes(), "{url}");
        assert_eq!(
            header(&response, "content-type"),
            Some("text/html; charset=utf-8")
        );
        assert_eq!(header(&response, "cache-control"), Some("no-cache"));
        assert_eq!(header(&response, "x-content-type-options"), Some("nosniff"));
    }
}

#[test]
fn every_answer_carries_its_certificate() {
    let site = certified(None);
    for url in [
        "/",
        "/guide",
        "/tracker.js",
        "/orbiter.json",
        "/no/such/page",
    ] {
        let response = get(&site, url);
        let certificate = header(&response, "ic-certificate").unwrap_or_default();
        assert!(certificate.contains("version=2"), "{url}: {certificate}");
        assert!(
            header(&response, "ic-certificateexpression").is_some(),
            "{url}"
        );
    }
}

#[test]
fn an_unknown_path_shows_the_page_for_it_with_status_404() {
    let site = certified(None);
    for url in [
        "/nowhere",
        "/console/nowhere",
        "/assets/old-0a0b0c.js",
        "/guide/nowhere/deep",
    ] {
        let response = get(&site, url);
        assert_eq!(response.status_code(), StatusCode::NOT_FOUND, "{url}");
        assert_eq!(response.body(), b"nothing here", "{url}");
    }
}

#[test]
fn a_hashed_file_is_kept_for_a_year_and_other_scripts_for_an_hour() {
    let site = certified(None);
    let hashed = get(&site, "/assets/demo-1a2b3c.js");
    assert_eq!(
        header(&hashed, "cache-control"),
        Some("public, max-age=31536000, immutable")
    );
    assert_eq!(
        header(&hashed, "content-type"),
        Some("text/javascript; charset=utf-8")
    );
    let tracker = get(&site, "/tracker.js");
    assert_eq!(
        header(&tracker, "cache-control"),
        Some("public, max-age=3600")
    );
}

#[test]
fn a_compressed_file_is_sent_to_those_who_accept_it() {
    let site = certified(None);
    let request = |accepted: &str| {
        HttpRequest::get("/assets/demo-1a2b3c.js")
            .with_headers(vec![("accept-encoding".into(), accepted.into())])
            .build()
    };
    let compressed = site.answer(&request("gzip, br"), b"");
    assert_eq!(compressed.body(), b"short");
    assert_eq!(header(&compressed, "content-encoding"), Some("br"));
    let plain = site.answer(&request("gzip, br;q=0"), b"");
    assert_eq!(plain.body(), b"let long = 'script'");
    assert_eq!(header(&plain, "content-encoding"), None);
}

#[test]
fn head_is_answered_like_get_and_other_methods_are_refused() {
    let site = certified(None);
    let with = |method: Method, url: &str| {
        let request = HttpRequest::builder()
            .with_method(method)
            .with_url(url)
            .build();
        site.answer(&request, b"")
    };
    assert_eq!(
        with(Method::HEAD, "/guide").headers(),
        with(Method::GET, "/guide").headers()
    );
    for (method, url) in [
        (Method::POST, "/"),
        (Method::PUT, "/no/such/page"),
        (Method::OPTIONS, "/guide"),
    ] {
        let response = with(method, url);
        assert_eq!(
            response.status_code(),
            StatusCode::METHOD_NOT_ALLOWED,
            "{url}"
        );
        assert_eq!(response.body(), b"Method not allowed");
        assert_eq!(header(&response, "allow"), Some("GET, HEAD"));
        assert!(header(&response, "ic-certificate").is_some());
    }
}

#[test]
fn a_site_without_a_page_for_it_still_answers_what_is_missing() {
    let site = Site::certify(assets::describe(satellite(), &Settings::default(), &[])).unwrap();
    let response = get(&site, "/");
    assert_eq!(response.status_code(), StatusCode::NOT_FOUND);
    assert_eq!(response.body(), b"Not found");
    assert!(header(&response, "ic-certificate").is_some());
}

#[test]
fn a_range_is_answered_with_the_whole_file() {
    let request = HttpRequest::get("/tracker.js")
        .with_headers(vec![("Range".into(), "bytes=2-4".into())])
        .build();
    let response = certified(None).answer(&request, b"");
    assert_eq!(response.status_code(), StatusCode::OK);
    assert_eq!(response.body(), b"tracker");
}

#[test]
fn a_malformed_url_is_answered_in_words() {
    let response = get(&certified(None), "/%ff");
    assert_eq!(response.status_code(), StatusCode::BAD_REQUEST);
    assert!(!response.body().is_empty());
}

#[test]
fn pages_learn_their_orbiter_and_may_talk_to_it() {
    let without = get(&certified(None), "/orbiter.json");
    assert_eq!(
        without.body(),
        br#"{"satellite_id":"rdmx6-jaaaa-aaaaa-aaadq-cai","orbiter_id":null,"container":null}"#
    );
    assert_eq!(header(&without, "cache-control"), Some("no-cache"));

    let site = certified(Some(orbiter()));
    let with = get(&site, "/orbiter.json");
    let id = orbiter().id;
    let expected = format!(
        r#"{{"satellite_id":"rdmx6-jaaaa-aaaaa-aaadq-cai","orbiter_id":"{id}","container":"https://gateway.test"}}"#
    );
    assert_eq!(String::from_utf8_lossy(with.body()), expected);

    let home = get(&site, "/");
    let policy = header(&home, "content-security-policy").unwrap();
    let connect = format!(
        "connect-src 'self' https://{id}.icp0.io http://{id}.localhost:* https://{id}.gateway.test;"
    );
    assert!(policy.contains(&connect), "{policy}");
    let dashboard = get(&site, "/console");
    assert!(
        header(&dashboard, "content-security-policy")
            .unwrap()
            .contains("connect-src 'self' https://icp0.io https://ic0.app https://icp-api.io;")
    );
}

#[test]
fn another_orbiter_changes_what_is_certified() {
    assert_ne!(
        certified(None).root_hash(),
        certified(Some(orbiter())).root_hash()
    );
}
