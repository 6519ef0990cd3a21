//! The HTTP gateway protocol: <https://internetcomputer.org/docs/references/http-gateway-protocol-spec>.

use candid::CandidType;
use serde::Deserialize;

/// A request as the gateway hands it over.
#[derive(CandidType, Deserialize, Clone, Debug, PartialEq, Eq)]
pub struct HttpRequest {
    /// Path and query of the address, e.g. `/views?x=1`.
    pub url: String,
    /// The method in capitals, e.g. `POST`.
    pub method: String,
    /// The raw body.
    #[serde(with = "serde_bytes")]
    pub body: Vec<u8>,
    /// Names and values as sent; names in any case, possibly repeated.
    pub headers: Vec<(String, String)>,
    /// The certification version the gateway asks for; absent in updates.
    pub certificate_version: Option<u16>,
}

/// A response for the gateway to pass on.
#[derive(CandidType, Deserialize, Clone, Debug, PartialEq, Eq)]
pub struct HttpResponse {
    /// The raw body.
    #[serde(with = "serde_bytes")]
    pub body: Vec<u8>,
    /// Names and values.
    pub headers: Vec<(String, String)>,
    /// `opt true`: the gateway repeats the request as a call of `http_request_update`.
    pub upgrade: Option<bool>,
    /// The HTTP status.
    pub status_code: u16,
}
