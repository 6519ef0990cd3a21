//! Calls, their names and their results.

use super::PrincipalId;
use super::bytes::base64;
use crate::rejection::{Reject, RejectCode};
use serde::{Deserialize, Deserializer, Serialize};

/// Where a call to the management canister goes.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum EffectivePrincipal {
    /// Anywhere.
    None,
    /// To a subnet.
    SubnetId(#[serde(with = "base64")] Vec<u8>),
    /// To the subnet of a canister.
    CanisterId(#[serde(with = "base64")] Vec<u8>),
}

/// An update or query call.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct CanisterCall {
    /// Who calls; taken at its word.
    #[serde(with = "base64")]
    pub sender: Vec<u8>,
    /// The canister.
    #[serde(with = "base64")]
    pub canister_id: Vec<u8>,
    /// Where a management call goes.
    pub effective_principal: EffectivePrincipal,
    /// The method.
    pub method: String,
    /// Its argument.
    #[serde(with = "base64")]
    pub payload: Vec<u8>,
    /// What a canister vouches for about the sender.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub sender_info: Option<SenderInfo>,
}

/// Signed information about a sender.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SenderInfo {
    /// The opaque data.
    #[serde(with = "base64")]
    pub info: Vec<u8>,
    /// The canister that vouches for it.
    #[serde(with = "base64")]
    pub signer: Vec<u8>,
}

/// The name of a submitted call.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct MessageId {
    /// Where it went.
    pub effective_principal: EffectivePrincipal,
    /// 32 bytes.
    #[serde(with = "base64")]
    pub message_id: Vec<u8>,
}

/// Asks what became of a call.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct IngressStatusArguments {
    /// The call.
    pub raw_message_id: MessageId,
    /// Who asks; only the sender of a call may know. None asks as the operator of the network.
    #[serde(default, deserialize_with = "caller")]
    pub raw_caller: Option<PrincipalId>,
}

/// Reads a caller as the Rust client writes it (an object) or as pic-js 0.23 does (bare base64).
fn caller<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<PrincipalId>, D::Error> {
    #[derive(Deserialize)]
    #[serde(untagged)]
    enum Caller {
        Object(PrincipalId),
        Bare(#[serde(with = "base64")] Vec<u8>),
    }
    Ok(
        Option::<Caller>::deserialize(deserializer)?.map(|caller| match caller {
            Caller::Object(principal) => principal,
            Caller::Bare(principal_id) => PrincipalId { principal_id },
        }),
    )
}

/// The result of a call.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum CanisterResult {
    /// The reply.
    Ok(#[serde(with = "base64")] Vec<u8>),
    /// The rejection.
    Err(RejectResponse),
}

/// A rejection; codes are sent by their names.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct RejectResponse {
    /// The class: `SysFatal`, `SysTransient`, `DestinationInvalid`, `CanisterReject`, `CanisterError`, `SysUnknown`.
    pub reject_code: String,
    /// A sentence.
    pub reject_message: String,
    /// The precise reason by its name in the client's enumeration.
    pub error_code: String,
    /// Whether the network certifies it: answers to updates are, refusals at the door and queries are not.
    pub certified: bool,
}

impl RejectResponse {
    /// What clients see of a rejection.
    pub fn new(reject: Reject, certified: bool) -> Self {
        let reject_code = match reject.code {
            RejectCode::SysFatal => "SysFatal",
            RejectCode::SysTransient => "SysTransient",
            RejectCode::DestinationInvalid => "DestinationInvalid",
            RejectCode::CanisterReject => "CanisterReject",
            RejectCode::CanisterError => "CanisterError",
            RejectCode::SysUnknown => "SysUnknown",
        };
        RejectResponse {
            reject_code: reject_code.into(),
            reject_message: reject.message,
            error_code: reject.error.name().into(),
            certified,
        }
    }
}

impl CanisterResult {
    /// What clients see of an answer.
    pub fn new(answer: Result<Vec<u8>, Reject>, certified: bool) -> Self {
        match answer {
            Ok(reply) => CanisterResult::Ok(reply),
            Err(reject) => CanisterResult::Err(RejectResponse::new(reject, certified)),
        }
    }
}
