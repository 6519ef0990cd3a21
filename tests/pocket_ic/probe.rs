//! The canister that these tests install, in versions.

use candid::{CandidType, Encode, Principal};
use pocket_ic::{PocketIc, RejectResponse};
use std::fmt::Write;

/// The answer of the probe's `http_request`.
#[derive(CandidType)]
struct HttpResponse {
    status_code: u16,
    headers: Vec<(String, String)>,
    body: Vec<u8>,
}

/// The page that the probe serves, uncertified.
pub const PAGE: &str = "served by the probe";

/// A version of the probe.
pub fn wasm(version: u32) -> Vec<u8> {
    assemble(version, "")
}

/// A version of the probe that traps when it is upgraded to.
pub fn trapping_on_upgrade() -> Vec<u8> {
    assemble(99, "(call $trap (i32.const 100) (i32.const 12))")
}

fn assemble(version: u32, post_upgrade: &str) -> Vec<u8> {
    let response = HttpResponse {
        status_code: 200,
        headers: vec![("content-type".into(), "text/plain".into())],
        body: PAGE.into(),
    };
    let response = Encode!(&response).expect("encodes");
    let escaped = response.iter().fold(String::new(), |mut text, byte| {
        write!(text, "\\{byte:02x}").expect("writes to memory");
        text
    });
    let text = include_str!("probe.wat")
        .replace("${VERSION}", &version.to_string())
        .replace("${POST_UPGRADE}", post_upgrade)
        .replace("${RESPONSE_SIZE}", &response.len().to_string())
        .replace("${RESPONSE}", &escaped);
    wat::parse_str(text).expect("the probe is WebAssembly")
}

/// A network with the probe, version 1, its counter at 0.
pub fn network() -> (PocketIc, Principal) {
    let network = tests::server::network();
    let canister = install(&network);
    (network, canister)
}

/// Installs the probe on a network.
pub fn install(network: &PocketIc) -> Principal {
    let canister = network.create_canister();
    network.add_cycles(canister, 2_000_000_000_000);
    network.install_canister(canister, wasm(1), 0_u32.to_le_bytes().into(), None);
    canister
}

/// Calls an update method anonymously.
pub fn update(
    network: &PocketIc,
    canister: Principal,
    method: &str,
    argument: impl AsRef<[u8]>,
) -> Result<Vec<u8>, RejectResponse> {
    let argument = argument.as_ref().to_vec();
    network.update_call(canister, Principal::anonymous(), method, argument)
}

/// Calls a query method anonymously.
pub fn query(
    network: &PocketIc,
    canister: Principal,
    method: &str,
) -> Result<Vec<u8>, RejectResponse> {
    network.query_call(canister, Principal::anonymous(), method, vec![])
}

/// The counter, as a query reads it.
pub fn counter(network: &PocketIc, canister: Principal) -> u32 {
    let bytes = query(network, canister, "read").expect("answers");
    u32::from_le_bytes(bytes.try_into().expect("four bytes"))
}

/// The version, as a query reads it.
pub fn version(network: &PocketIc, canister: Principal) -> u32 {
    let bytes = query(network, canister, "version").expect("answers");
    u32::from_le_bytes(bytes.try_into().expect("four bytes"))
}
