//! The gateway: what goes over the wire to canisters, what is believed of their answers, and whole pages.

mod interface;
mod page_canisters;
mod pages;
mod verification;

use candid::CandidType;

/// The answer of `http_request` as a canister writes it that neither upgrades nor streams.
#[derive(CandidType)]
struct PlainResponse {
    status_code: u16,
    headers: Vec<(String, String)>,
    body: Vec<u8>,
    upgrade: Option<bool>,
}
