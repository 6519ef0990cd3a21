//! `create_canister`, `provisional_create_canister_with_cycles`.

use super::payload::{cycles, decode, invalid, reply};
use super::{Answer, Call};
use crate::rejection::{ErrorCode, Reject};
use crate::state_machine::{Charge, Network, Settings};
use ic_management_canister_types::{
    CanisterIdRecord, CanisterSettings, CreateCanisterArgs, ProvisionalCreateCanisterWithCyclesArgs,
};

/// Cycles of a provisional canister whose creator does not say how many.
const DEFAULT_CYCLES: u128 = 100_000_000_000_000;

/// A canister gets all cycles of the call, less what creation costs, on the subnet of its creator.
pub(super) fn create(network: &mut Network, call: &mut Call) -> Result<Answer, Reject> {
    let arguments: CreateCanisterArgs = decode(&call.request.payload)?;
    let settings = initial_settings(call, arguments.settings)?;
    let subnet = network.canister_ref(call.caller())?.subnet;
    let cost = Charge::Creation.cycles(&network.prices(subnet));
    let Some(rest) = call.request.cycles.checked_sub(cost) else {
        let message = format!(
            "creating a canister costs {cost} cycles, the call carries {}",
            call.request.cycles
        );
        return Err(Reject::new(ErrorCode::InsufficientCyclesInCall, message));
    };
    let id = network.free_canister_id(subnet)?;
    let author = call.author(arguments.sender_canister_version);
    network.create_canister(id, subnet, rest, settings, author)?;
    call.request.cycles = 0;
    reply(CanisterIdRecord { canister_id: id })
}

/// A canister with as many cycles as its creator likes, and the id that the creator likes.
pub(super) fn provisional_create(network: &mut Network, call: &mut Call) -> Result<Answer, Reject> {
    let arguments: ProvisionalCreateCanisterWithCyclesArgs = decode(&call.request.payload)?;
    let settings = initial_settings(call, arguments.settings)?;
    let amount = arguments.amount.map_or(Ok(DEFAULT_CYCLES), cycles)?;
    let (id, subnet) = match arguments.specified_id {
        Some(id) => (id, network.claim_canister_id(id)?),
        None => {
            let subnet = network.subnet_for_creation(call.request.effective);
            (network.free_canister_id(subnet)?, subnet)
        }
    };
    let author = call.author(arguments.sender_canister_version);
    network.create_canister(id, subnet, amount, settings, author)?;
    reply(CanisterIdRecord { canister_id: id })
}

/// The creator controls the canister unless the settings say who does.
fn initial_settings(call: &Call, wanted: Option<CanisterSettings>) -> Result<Settings, Reject> {
    Settings::of(call.caller())
        .with(wanted.unwrap_or_default())
        .map_err(|error| invalid(error.to_string()))
}
