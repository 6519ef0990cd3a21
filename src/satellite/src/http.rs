//! Answers HTTP requests from the certified site.

use std::cell::RefCell;

use ic_http_certification::{HttpRequest, HttpResponse};

use crate::assets;
use crate::pages::PAGES;
use crate::settings::Settings;
use crate::site::Site;

thread_local! {
    /// Rebuilt from the Wasm and the settings whenever the canister starts.
    static UNSTABLE_SITE: RefCell<Option<Site>> = const { RefCell::new(None) };
}

/// Certifies all pages for these settings: what was served before is served no more.
pub fn certify(settings: &Settings) {
    let assets = assets::describe(ic_cdk::api::canister_self(), settings, PAGES);
    match Site::certify(assets) {
        Ok(site) => {
            ic_cdk::api::certified_data_set(site.root_hash());
            UNSTABLE_SITE.replace(Some(site));
        }
        Err(error) => ic_cdk::trap(format!("The pages cannot be certified: {error}")),
    }
}

/// Answers one request. `certificate` vouches for the hash set by [`certify`]; a query always has one.
pub fn answer(
    request: &HttpRequest<'static>,
    certificate: Option<Vec<u8>>,
) -> HttpResponse<'static> {
    UNSTABLE_SITE.with_borrow(|site| match site {
        Some(site) => site.answer(request, certificate.as_deref().unwrap_or_default()),
        None => ic_cdk::trap("The pages are certified when the canister starts, and it has not."),
    })
}
