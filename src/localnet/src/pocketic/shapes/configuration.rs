//! What an instance is made from.

use super::gateways::HttpsConfig;
use super::{AutoProgress, PrincipalId, Time};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use std::path::PathBuf;

/// A new instance, as a client asks for it.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct InstanceConfig {
    /// Its subnets.
    pub subnet_config_set: SubnetConfigSet,
    /// A gateway to start with it.
    pub http_gateway_config: Option<InstanceGatewayConfig>,
    /// Where PocketIC keeps state; refused, the format is its own.
    pub state_dir: Option<PathBuf>,
    /// Switches of the execution environment.
    pub icp_config: Option<IcpConfig>,
    /// What a replica logs; there is none.
    pub log_level: Option<String>,
    /// A Bitcoin node; refused.
    pub bitcoind_addr: Option<Vec<String>>,
    /// A Dogecoin node; refused.
    pub dogecoind_addr: Option<Vec<String>>,
    /// System canisters to install, by name; refused.
    pub icp_features: Option<BTreeMap<String, Option<String>>>,
    /// Whether state may be incomplete; refused when it may.
    pub incomplete_state: Option<Flag>,
    /// Where time begins.
    pub initial_time: Option<InitialTime>,
    /// Whether the NNS subnet has mainnet's id; refused.
    pub mainnet_nns_subnet_id: Option<bool>,
    /// Whether signatures of agents go unchecked.
    pub disable_ingress_validation: Option<bool>,
}

/// The subnets of an instance.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct SubnetConfigSet {
    /// The NNS subnet.
    pub nns: Option<SubnetSpec>,
    /// The SNS subnet.
    pub sns: Option<SubnetSpec>,
    /// The subnet of Internet Identity.
    pub ii: Option<SubnetSpec>,
    /// The fiduciary subnet.
    pub fiduciary: Option<SubnetSpec>,
    /// The Bitcoin subnet.
    pub bitcoin: Option<SubnetSpec>,
    /// A subnet with test keys; refused.
    pub test_threshold_keys: Option<SubnetSpec>,
    /// System subnets.
    #[serde(default)]
    pub system: Vec<SubnetSpec>,
    /// Application subnets.
    #[serde(default)]
    pub application: Vec<SubnetSpec>,
    /// Cloud engines; refused.
    #[serde(default)]
    pub cloud_engine: Vec<SubnetSpec>,
    /// Verified application subnets.
    #[serde(default)]
    pub verified_application: Vec<SubnetSpec>,
}

/// One subnet, as a client asks for it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SubnetSpec {
    /// Where its state comes from.
    #[serde(default)]
    pub state_config: StateConfig,
    /// Its instruction limits.
    #[serde(default)]
    pub instruction_config: InstructionConfig,
    /// Its administrators; refused.
    pub subnet_admins: Option<Vec<PrincipalId>>,
    /// Whether things cost cycles.
    #[serde(default)]
    pub cost_schedule: CostSchedule,
}

/// Where a subnet's state comes from.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub enum StateConfig {
    /// It begins empty.
    #[default]
    New,
    /// From a directory; refused.
    FromPath(PathBuf),
    /// From a blob; refused.
    FromBlobStore(String),
}

/// Instruction limits.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub enum InstructionConfig {
    /// Those of mainnet.
    #[default]
    Production,
    /// Practically none.
    Benchmarking,
}

/// Whether things cost cycles.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub enum CostSchedule {
    /// As on mainnet.
    #[default]
    Normal,
    /// Never.
    Free,
}

/// On, off.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Flag {
    /// Off.
    Disabled,
    /// On.
    Enabled,
}

/// Switches of the execution environment.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct IcpConfig {
    /// What mainnet does not have yet; refused when on.
    pub beta_features: Option<Flag>,
    /// Limits on the length of function names; localnet has none.
    pub function_name_length_limits: Option<Flag>,
    /// Limits on the rate of execution; localnet has none.
    pub canister_execution_rate_limiting: Option<Flag>,
}

/// Where time begins.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum InitialTime {
    /// At a given time.
    Timestamp(Time),
    /// Now, and it goes on by itself.
    AutoProgress(AutoProgress),
}

/// A gateway to start with an instance.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct InstanceGatewayConfig {
    /// The address to listen on, 127.0.0.1 by default.
    pub ip_addr: Option<String>,
    /// The port, any free one by default.
    pub port: Option<u16>,
    /// Host names; `localhost` alone.
    pub domains: Option<Vec<String>>,
    /// Keys for TLS; refused.
    pub https_config: Option<HttpsConfig>,
    /// A file that maps host names to canisters; refused.
    pub domain_custom_provider_local_file: Option<String>,
}
