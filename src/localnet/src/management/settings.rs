//! `update_settings`.

use super::payload::{decode, done, invalid};
use super::{Answer, Call};
use crate::rejection::Reject;
use crate::state_machine::Network;
use ic_management_canister_types::{ChangeDetails, ControllersChangeRecord, UpdateSettingsArgs};

/// Replaces the settings that are named.
pub(super) fn update(network: &mut Network, call: &mut Call) -> Result<Answer, Reject> {
    let arguments: UpdateSettingsArgs = decode(&call.request.payload)?;
    let id = arguments.canister_id;
    let canister = network.canister_mut(id)?;
    let new = canister
        .settings
        .with(arguments.settings)
        .map_err(|error| invalid(error.to_string()))?;
    let controllers_change = new.controllers != canister.settings.controllers;
    let controllers = new.controllers.clone();
    canister.logs.trim(new.log_memory_limit);
    canister.settings = new;
    canister.watch_memory();
    match controllers_change {
        true => {
            let author = call.author(arguments.sender_canister_version);
            let change = ChangeDetails::ControllersChange(ControllersChangeRecord { controllers });
            network.record_change(id, author, change);
        }
        false => canister.version += 1,
    }
    done()
}
