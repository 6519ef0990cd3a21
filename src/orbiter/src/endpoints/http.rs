//! The HTTP gateway protocol.
//!
//! Both methods take and give bytes: [`http::answer`] reads and writes their Candid.

use crate::compaction::storing;
use crate::http::Request;
use crate::{clock, http, memory};
use candid::candid_method;
use ic_cdk::{query, update};
use wire::{HttpRequest, HttpResponse};

#[query(hidden = true, manual_reply = true)]
fn http_request() {
    let certificate = ic_cdk::api::data_certificate();
    reply(|request| {
        memory::certified(|certified| http::query(certified, certificate.as_deref(), request))
    });
}

#[update(hidden = true, manual_reply = true)]
fn http_request_update() {
    reply(|request| storing(|orbiter| http::update(orbiter, clock::now(), request)));
}

/// Answers the message. One that is no request traps, as it does at every other method.
fn reply(answer: impl FnOnce(&Request<'_>) -> HttpResponse) {
    match http::answer(&ic_cdk::api::msg_arg_data(), answer) {
        Ok(response) => ic_cdk::api::msg_reply(response),
        Err(error) => ic_cdk::trap(error.to_string()),
    }
}

/// The types of `http_request`, for the exported interface.
#[candid_method(query, rename = "http_request")]
fn _http_request(_: HttpRequest) -> HttpResponse {
    unreachable!("never called")
}

/// The types of `http_request_update`, for the exported interface.
#[candid_method(update, rename = "http_request_update")]
fn _http_request_update(_: HttpRequest) -> HttpResponse {
    unreachable!("never called")
}
