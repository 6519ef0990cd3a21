//! What the Wasm says about itself: custom sections, readable from outside as canister metadata.

use ic_http_certification::{HttpRequest, HttpResponse};
use wire::satellite::{InitSatelliteArgs, Orbiter};

/// The text of the public interface.
const SERVICE: &str = include_str!("../../../candid/satellite.did");

/// The public interface as metadata `candid:service`: a static of the root crate lands in the custom section
/// that its `link_section` names, without a tool that would add it afterwards.
#[used]
#[unsafe(link_section = "icp:public candid:service")]
static CANDID_SERVICE: [u8; SERVICE.len()] = {
    let mut bytes = [0; SERVICE.len()];
    bytes.copy_from_slice(SERVICE.as_bytes());
    bytes
};

/// The interface as the code has it, in Candid: what `candid/satellite.did` is compared with.
#[must_use]
pub fn candid_interface() -> String {
    // Collects the endpoints of the modules that come before this one.
    candid::export_service!();
    __export_service()
}

#[cfg(test)]
mod tests {
    use candid_parser::utils::{CandidSource, service_equal};

    use super::*;

    #[test]
    fn the_code_has_the_interface_that_is_published() {
        let written = candid_interface();
        service_equal(CandidSource::Text(&written), CandidSource::Text(SERVICE)).unwrap();
    }
}
