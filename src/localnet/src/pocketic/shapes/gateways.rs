//! HTTP gateways and the answers to creating things.

use super::topology::Topology;
use serde::{Deserialize, Serialize};

/// A gateway, as a client asks for it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct GatewayConfig {
    /// The address to listen on, 127.0.0.1 by default.
    pub ip_addr: Option<String>,
    /// The port, any free one by default.
    pub port: Option<u16>,
    /// What it serves.
    pub forward_to: Backend,
    /// Host names; `localhost` alone.
    pub domains: Option<Vec<String>>,
    /// Keys for TLS; refused.
    pub https_config: Option<HttpsConfig>,
    /// A file that maps host names to canisters; refused.
    pub domain_custom_provider_local_file: Option<String>,
}

/// What a gateway serves.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Backend {
    /// A replica somewhere else; refused.
    Replica(String),
    /// An instance of this server by its number.
    PocketIcInstance(usize),
}

/// Keys for TLS.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct HttpsConfig {
    /// The certificate's file.
    pub cert_path: String,
    /// The key's file.
    pub key_path: String,
}

/// A gateway in the list of gateways.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct GatewayDetails {
    /// Its own number.
    pub instance_id: usize,
    /// Where it listens.
    pub port: u16,
    /// What it serves.
    pub forward_to: Backend,
    /// As asked for.
    pub domains: Option<Vec<String>>,
    /// As asked for.
    pub https_config: Option<HttpsConfig>,
}

/// A gateway that was started.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct GatewayInfo {
    /// Its own number.
    pub instance_id: usize,
    /// Where it listens.
    pub port: u16,
}

/// The answer to starting a gateway.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum CreateGatewayResponse {
    /// It runs.
    Created(GatewayInfo),
    /// It does not.
    Error {
        /// Why.
        message: String,
    },
}

/// The answer to creating an instance.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum CreateInstanceResponse {
    /// It runs.
    Created {
        /// Its number.
        instance_id: usize,
        /// Its subnets.
        topology: Topology,
        /// The gateway, if one was asked for.
        http_gateway_info: Option<GatewayInfo>,
    },
    /// It does not.
    Error {
        /// Why.
        message: String,
    },
}
