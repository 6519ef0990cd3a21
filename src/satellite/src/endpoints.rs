//! The Candid methods: each only passes on.

use ic_http_certification::{HttpRequest, HttpResponse};
use wire::satellite::Orbiter;

use crate::settings::Settings;
use crate::{guards, http, memory};

#[ic_cdk::inspect_message]
fn inspect_message() {
    match guards::inspect(&ic_cdk::api::msg_method_name(), caller_is_controller()) {
        Ok(()) => ic_cdk::api::accept_message(),
        Err(refusal) => ic_cdk::trap(refusal.to_string()),
    }
}

#[ic_cdk::query]
fn get_orbiter() -> Option<Orbiter> {
    match memory::settings() {
        Ok(settings) => settings.orbiter,
        Err(error) => ic_cdk::trap(error.to_string()),
    }
}

#[ic_cdk::update]
fn set_orbiter(orbiter: Option<Orbiter>) -> Result<(), String> {
    guards::require_controller(caller_is_controller()).map_err(|refusal| refusal.to_string())?;
    let settings = Settings::with_orbiter(orbiter).map_err(|error| error.to_string())?;
    memory::set_settings(&settings);
    http::certify(&settings);
    Ok(())
}

#[ic_cdk::query]
fn http_request(request: HttpRequest<'static>) -> HttpResponse<'static> {
    http::answer(&request, ic_cdk::api::data_certificate())
}

fn caller_is_controller() -> bool {
    ic_cdk::api::is_controller(&ic_cdk::api::msg_caller())
}
