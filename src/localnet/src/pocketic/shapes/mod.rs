//! The JSON of PocketIC's REST interface, in the shapes of its client crate `pocket-ic` 16.1.
//!
//! Fields have the clients' names. Unknown fields are ignored and missing options are none, because the clients
//! of neighbouring versions leave out or add some. A test compares every shape with the crate's own.

pub mod bytes;
pub mod calls;
pub mod configuration;
pub mod gateways;
pub mod topology;

use serde::{Deserialize, Serialize};

/// Nanoseconds since 1970.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Time {
    /// The time.
    pub nanos_since_epoch: u64,
}

/// A principal.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PrincipalId {
    /// Its raw bytes.
    #[serde(with = "bytes::base64")]
    pub principal_id: Vec<u8>,
}

/// A canister.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct CanisterId {
    /// Its raw bytes.
    #[serde(with = "bytes::base64")]
    pub canister_id: Vec<u8>,
}

/// A subnet.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SubnetId {
    /// Its raw bytes.
    #[serde(with = "bytes::base64")]
    pub subnet_id: Vec<u8>,
}

/// Cycles to give a canister.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct AddCycles {
    /// The canister.
    #[serde(with = "bytes::base64")]
    pub canister_id: Vec<u8>,
    /// Cycles.
    pub amount: u128,
}

/// A balance.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Cycles {
    /// Cycles.
    pub cycles: u128,
}

/// Stable memory as it is read.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct StableMemory {
    /// All of it.
    #[serde(with = "bytes::base64")]
    pub blob: Vec<u8>,
}

/// Stable memory as it is written: from a blob that was uploaded before.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SetStableMemory {
    /// The canister.
    #[serde(with = "bytes::base64")]
    pub canister_id: Vec<u8>,
    /// The name that the upload answered.
    #[serde(with = "bytes::base64")]
    pub blob_id: Vec<u8>,
}

/// A canister signature and what to check it against.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct VerifySignature {
    /// The signed message, domain separator included.
    #[serde(with = "bytes::base64")]
    pub msg: Vec<u8>,
    /// CBOR of certificate and tree.
    #[serde(with = "bytes::base64")]
    pub sig: Vec<u8>,
    /// The canister's public key, DER or raw.
    #[serde(with = "bytes::base64")]
    pub pubkey: Vec<u8>,
    /// The root key, DER (133 bytes) or raw (96).
    #[serde(with = "bytes::base64")]
    pub root_pubkey: Vec<u8>,
}

/// How a round is to be run.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Tick {
    /// Who makes the blocks; refused, as there are no nodes.
    pub blockmakers: Option<serde_json::Value>,
    /// A part of the subnets only; refused.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub first_subnet: Option<serde_json::Value>,
    /// A part of the subnets only; refused.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub last_subnet: Option<serde_json::Value>,
}

/// How a network is to be live.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct AutoProgress {
    /// Milliseconds to wait before each round.
    pub artificial_delay_ms: Option<u64>,
}
