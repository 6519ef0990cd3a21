//! What happens at installation and upgrade. Nothing happens before an upgrade: the settings are in stable
//! memory already, and the pages come with the new Wasm.

use wire::satellite::InitSatelliteArgs;

use crate::settings::Settings;
use crate::{http, memory};

#[ic_cdk::init]
fn init(arguments: Option<InitSatelliteArgs>) {
    let orbiter = arguments.and_then(|arguments| arguments.orbiter);
    match Settings::with_orbiter(orbiter) {
        Ok(settings) => {
            memory::set_settings(&settings);
            http::certify(&settings);
        }
        // The installation fails, and says why.
        Err(error) => ic_cdk::trap(error.to_string()),
    }
}

#[ic_cdk::post_upgrade]
fn post_upgrade() {
    match memory::settings() {
        Ok(settings) => http::certify(&settings),
        // The upgrade fails, and everything stays as it was.
        Err(error) => ic_cdk::trap(error.to_string()),
    }
}
