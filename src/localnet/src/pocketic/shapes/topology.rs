//! The subnets of an instance as clients see them.

use super::configuration::{CostSchedule, InstructionConfig};
use super::{CanisterId, PrincipalId};
use crate::state_machine::{self, Network, Subnet};
use candid::Principal;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// How many nodes a subnet is said to have. There are none; the number is that of a usual application subnet.
pub const SUBNET_SIZE: usize = 13;

/// What a subnet is for, in the words of the clients.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[allow(missing_docs)]
pub enum SubnetKind {
    Application,
    Bitcoin,
    Fiduciary,
    II,
    NNS,
    SNS,
    System,
    VerifiedApplication,
}

impl From<state_machine::SubnetKind> for SubnetKind {
    fn from(kind: state_machine::SubnetKind) -> Self {
        match kind {
            state_machine::SubnetKind::Nns => SubnetKind::NNS,
            state_machine::SubnetKind::Sns => SubnetKind::SNS,
            state_machine::SubnetKind::InternetIdentity => SubnetKind::II,
            state_machine::SubnetKind::Fiduciary => SubnetKind::Fiduciary,
            state_machine::SubnetKind::Bitcoin => SubnetKind::Bitcoin,
            state_machine::SubnetKind::System => SubnetKind::System,
            state_machine::SubnetKind::Application => SubnetKind::Application,
            state_machine::SubnetKind::VerifiedApplication => SubnetKind::VerifiedApplication,
        }
    }
}

/// All subnets of an instance.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Topology {
    /// By their ids, as text.
    pub subnet_configs: BTreeMap<Principal, SubnetConfig>,
    /// What clients without an opinion send as effective canister id.
    pub default_effective_canister_id: CanisterId,
}

/// One subnet.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SubnetConfig {
    /// What it is for.
    pub subnet_kind: SubnetKind,
    /// Always none.
    pub subnet_admins: Option<Vec<PrincipalId>>,
    /// Whether things cost cycles.
    pub cost_schedule: CostSchedule,
    /// The seed of its keys.
    pub subnet_seed: [u8; 32],
    /// Its instruction limits.
    pub instruction_config: InstructionConfig,
    /// Inclusive ranges of canister ids.
    pub canister_ranges: Vec<CanisterRange>,
    /// Always [`SUBNET_SIZE`]; pic-js shows it.
    pub size: usize,
}

/// Canister ids, both ends included.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct CanisterRange {
    /// The first.
    pub start: CanisterId,
    /// The last.
    pub end: CanisterId,
}

impl Topology {
    /// Of a network as it is now.
    pub fn of(network: &Network) -> Self {
        Topology {
            subnet_configs: network
                .subnets()
                .iter()
                .map(|subnet| (subnet.authority.subnet_id(), SubnetConfig::of(subnet)))
                .collect(),
            default_effective_canister_id: canister(network.default_effective_canister_id()),
        }
    }
}

impl SubnetConfig {
    fn of(subnet: &Subnet) -> Self {
        SubnetConfig {
            subnet_kind: subnet.kind.into(),
            subnet_admins: None,
            cost_schedule: match subnet.free {
                true => CostSchedule::Free,
                false => CostSchedule::Normal,
            },
            subnet_seed: subnet.seed,
            instruction_config: match subnet.benchmarking {
                true => InstructionConfig::Benchmarking,
                false => InstructionConfig::Production,
            },
            canister_ranges: subnet
                .ranges
                .iter()
                .map(|&(start, end)| CanisterRange {
                    start: canister(start),
                    end: canister(end),
                })
                .collect(),
            size: SUBNET_SIZE,
        }
    }
}

fn canister(id: Principal) -> CanisterId {
    CanisterId {
        canister_id: id.as_slice().to_vec(),
    }
}
