//! Answers HTTP requests from the certified pages.

use std::cell::RefCell;

use candid::Principal;
use ic_asset_certification::{AssetCertificationError, AssetRouter};
use ic_http_certification::{HttpRequest, HttpResponse, StatusCode};

use crate::assets;
use crate::pages::PAGES;
use crate::settings::Settings;

thread_local! {
    /// Rebuilt from the Wasm and the settings whenever the canister starts.
    static UNSTABLE_ROUTER: RefCell<AssetRouter<'static>> = RefCell::default();
}

/// Certifies all pages for these settings: what was served before is served no more.
pub fn certify(settings: &Settings) {
    match router(ic_cdk::api::canister_self(), settings, PAGES) {
        Ok(router) => {
            ic_cdk::api::certified_data_set(router.root_hash());
            UNSTABLE_ROUTER.replace(router);
        }
        Err(error) => ic_cdk::trap(format!("The pages cannot be certified: {error}")),
    }
}

/// Answers one request. `certificate` vouches for the hash set by [`certify`]; a query always has one.
pub fn answer(
    request: &HttpRequest<'static>,
    certificate: Option<Vec<u8>>,
) -> HttpResponse<'static> {
    UNSTABLE_ROUTER
        .with_borrow(|router| serve(router, request, certificate.as_deref().unwrap_or_default()))
}

/// The certified answers of the satellite `id` with these settings and pages.
fn router(
    id: Principal,
    settings: &Settings,
    pages: &'static [(&'static str, &'static [u8])],
) -> Result<AssetRouter<'static>, AssetCertificationError> {
    let mut router = AssetRouter::new();
    let (assets, configs) = assets::describe(id, settings, pages);
    router.certify_assets(assets, configs)?;
    Ok(router)
}

fn serve(
    router: &AssetRouter<'static>,
    request: &HttpRequest<'static>,
    certificate: &[u8],
) -> HttpResponse<'static> {
    let mut request = request.clone();
    // Every file fits one response, and a server may answer a request for a range with the whole.
    request
        .headers_mut()
        .retain(|(name, _)| !name.eq_ignore_ascii_case("range"));
    match router.serve_asset(certificate, &request) {
        Ok(response) => response,
        Err(AssetCertificationError::NoAssetMatchingRequestUrl { .. }) => {
            plain(StatusCode::NOT_FOUND, "Not found")
        }
        Err(error) => plain(StatusCode::BAD_REQUEST, &error.to_string()),
    }
}

/// An answer without a certificate, for what no page answers; a gateway that verifies will not show it.
fn plain(status: StatusCode, text: &str) -> HttpResponse<'static> {
    HttpResponse::builder()
        .with_status_code(status)
        .with_headers(vec![(
            "content-type".into(),
            "text/plain; charset=utf-8".into(),
        )])
        .with_body(text.as_bytes().to_vec())
        .build()
}

#[cfg(test)]
mod tests {
    use wire::satellite::Orbiter;

    use super::*;

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

    fn certified(orbiter: Option<Orbiter>) -> AssetRouter<'static> {
        router(satellite(), &Settings { orbiter }, FILES).unwrap()
    }

    fn get(router: &AssetRouter<'static>, url: &str) -> HttpResponse<'static> {
        serve(router, &HttpRequest::get(url).build(), b"a certificate")
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
        let router = certified(None);
        for (url, body) in [
            ("/", "home"),
            ("/?utm_source=news", "home"),
            ("/index.html", "home"),
            ("/guide", "guide"),
            ("/guide/", "guide"),
            ("/console/", "dashboard"),
        ] {
            let response = get(&router, url);
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
        let router = certified(None);
        for url in [
            "/",
            "/guide",
            "/tracker.js",
            "/orbiter.json",
            "/no/such/page",
        ] {
            let response = get(&router, url);
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
        let router = certified(None);
        for url in [
            "/nowhere",
            "/console/nowhere",
            "/assets/old-0a0b0c.js",
            "/guide/nowhere/deep",
        ] {
            let response = get(&router, url);
            assert_eq!(response.status_code(), StatusCode::NOT_FOUND, "{url}");
            assert_eq!(response.body(), b"nothing here", "{url}");
        }
    }

    #[test]
    fn a_hashed_file_is_kept_for_a_year_and_other_scripts_for_an_hour() {
        let router = certified(None);
        let hashed = get(&router, "/assets/demo-1a2b3c.js");
        assert_eq!(
            header(&hashed, "cache-control"),
            Some("public, max-age=31536000, immutable")
        );
        assert_eq!(
            header(&hashed, "content-type"),
            Some("text/javascript; charset=utf-8")
        );
        let tracker = get(&router, "/tracker.js");
        assert_eq!(
            header(&tracker, "cache-control"),
            Some("public, max-age=3600")
        );
    }

    #[test]
    fn a_compressed_file_is_sent_to_those_who_accept_it() {
        let router = certified(None);
        let request = |accepted: &str| {
            HttpRequest::get("/assets/demo-1a2b3c.js")
                .with_headers(vec![("accept-encoding".into(), accepted.into())])
                .build()
        };
        let compressed = serve(&router, &request("gzip, br"), b"");
        assert_eq!(compressed.body(), b"short");
        assert_eq!(header(&compressed, "content-encoding"), Some("br"));
        let plain = serve(&router, &request("gzip"), b"");
        assert_eq!(plain.body(), b"let long = 'script'");
        assert_eq!(header(&plain, "content-encoding"), None);
    }

    #[test]
    fn a_range_is_answered_with_the_whole_file() {
        let request = HttpRequest::get("/tracker.js")
            .with_headers(vec![("Range".into(), "bytes=2-4".into())])
            .build();
        let response = serve(&certified(None), &request, b"");
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

        let router = certified(Some(orbiter()));
        let with = get(&router, "/orbiter.json");
        let id = orbiter().id;
        let expected = format!(
            r#"{{"satellite_id":"rdmx6-jaaaa-aaaaa-aaadq-cai","orbiter_id":"{id}","container":"https://gateway.test"}}"#
        );
        assert_eq!(String::from_utf8_lossy(with.body()), expected);

        let home = get(&router, "/");
        let policy = header(&home, "content-security-policy").unwrap();
        let connect = format!(
            "connect-src 'self' https://{id}.icp0.io http://{id}.localhost:* https://{id}.gateway.test;"
        );
        assert!(policy.contains(&connect), "{policy}");
        let dashboard = get(&router, "/console");
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
}
