//! The id in a request's path and the subnet that answers for it.

use super::refusal::Refusal;
use crate::state_machine::{Network, Subnet, SubnetKind};
use candid::Principal;

/// Where a request is addressed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Effective {
    /// `/canister/ID`: the subnet that holds the canister.
    Canister(Principal),
    /// `/subnet/ID`.
    Subnet(Principal),
}

impl Effective {
    pub(super) fn canister(text: &str) -> Result<Effective, Refusal> {
        principal(text).map(Effective::Canister)
    }

    pub(super) fn subnet(text: &str) -> Result<Effective, Refusal> {
        principal(text).map(Effective::Subnet)
    }

    /// The canister, if that is what was named.
    pub(super) fn canister_id(self) -> Option<Principal> {
        match self {
            Effective::Canister(canister) => Some(canister),
            Effective::Subnet(_) => None,
        }
    }

    /// Checks that a message for `canister` may be sent here: to itself, or to the management canister on behalf of
    /// the canister or subnet in the path.
    pub(super) fn check_destination(self, canister: Principal) -> Result<(), Refusal> {
        if canister == Principal::management_canister() {
            return Ok(());
        }
        match self {
            Effective::Canister(effective) if effective == canister => Ok(()),
            Effective::Canister(effective) => Err(Refusal::WrongEffectiveCanister {
                effective,
                canister,
            }),
            Effective::Subnet(_) => Err(Refusal::NotManagement { canister }),
        }
    }

    /// The subnet that answers. The management canister itself is answered for where new canisters are made.
    pub(super) fn responsible(self, network: &Network) -> Result<&Subnet, Refusal> {
        match self {
            Effective::Canister(canister) if canister == Principal::management_canister() => {
                network.subnet_for(network.default_effective_canister_id())
            }
            Effective::Canister(canister) => network.subnet_for(canister),
            Effective::Subnet(id) => {
                return network
                    .subnets()
                    .iter()
                    .find(|subnet| subnet.authority.subnet_id() == id)
                    .ok_or(Refusal::UnknownSubnet { subnet: id });
            }
        }
        .ok_or(Refusal::UnknownCanister {
            canister: self
                .canister_id()
                .unwrap_or(Principal::management_canister()),
        })
    }
}

/// The subnet whose key clients trust: the NNS subnet, else the first. Every network has one.
pub(super) fn root(network: &Network) -> Option<&Subnet> {
    let subnets = network.subnets();
    subnets
        .iter()
        .find(|subnet| subnet.kind == SubnetKind::Nns)
        .or(subnets.first())
}

fn principal(text: &str) -> Result<Principal, Refusal> {
    Principal::from_text(text).map_err(|error| Refusal::NotAPrincipal {
        text: text.into(),
        reason: error.to_string(),
    })
}
