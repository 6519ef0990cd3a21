//! The HTTP gateway protocol.

use crate::compaction::storing;
use crate::{clock, http, memory};
use ic_cdk::{query, update};
use wire::{HttpRequest, HttpResponse};

#[query]
fn http_request(request: HttpRequest) -> HttpResponse {
    let certificate = ic_cdk::api::data_certificate();
    memory::certified(|certified| http::query(certified, certificate.as_deref(), &request))
}

#[update]
fn http_request_update(request: HttpRequest) -> HttpResponse {
    storing(|orbiter| http::update(orbiter, clock::now(), &request))
}
