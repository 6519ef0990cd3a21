//! `query`: answers at once, signed by the node.

use super::authentication::Request;
use super::effective::Effective;
use super::envelope::request_type;
use super::refusal::Refusal;
use super::reply::{Cbor, error_code, reject_code};
use super::{Body, Faults, Service};
use crate::certification::NodeKey;
use crate::rejection::Reject;
use crate::state_machine::{Network, Query};
use axum::extract::{Path, State};
use ic_transport_types::{
    EnvelopeContent, NodeSignature, QueryResponse, RejectCode, RejectResponse, ReplyResponse,
    RequestId,
};
use serde::Serialize;

pub(super) async fn canister(
    State(service): State<Service>,
    Path(id): Path<String>,
    body: Body,
) -> Result<Cbor, Refusal> {
    query(service, Effective::canister(&id)?, body).await
}

pub(super) async fn subnet(
    State(service): State<Service>,
    Path(id): Path<String>,
    body: Body,
) -> Result<Cbor, Refusal> {
    query(service, Effective::subnet(&id)?, body).await
}

async fn query(service: Service, effective: Effective, body: Body) -> Result<Cbor, Refusal> {
    let request = service.open(body)?;
    let live = service.instance.is_live().await;
    let faults = service.options.faults;
    service
        .instance
        .with(move |network| answer(network, request, effective, live, faults))
        .await
}

fn answer(
    network: &mut Network,
    request: Request,
    effective: Effective,
    live: bool,
    faults: Faults,
) -> Result<Cbor, Refusal> {
    request.check_time(network.time(), live)?;
    let id = RequestId::new(&request.id);
    let query = query_of(request.content)?;
    effective.check_destination(query.canister)?;
    let node = effective.responsible(network)?.authority.node().clone();
    let time = network.time();
    let response = response_to(network.query(query));
    let signature = sign(&node, &response, id, time, faults);
    Ok(Cbor::new(&SignedAnswer::new(&response, signature)))
}

fn query_of(content: EnvelopeContent) -> Result<Query, Refusal> {
    match content {
        EnvelopeContent::Query {
            sender,
            canister_id,
            method_name,
            arg,
            ..
        } => Ok(Query {
            sender,
            canister: canister_id,
            method: method_name,
            payload: arg,
            sender_info: None,
        }),
        other => Err(Refusal::WrongType {
            expected: "query",
            found: request_type(&other),
        }),
    }
}

fn response_to(result: Result<Vec<u8>, Reject>) -> QueryResponse {
    let signatures = Vec::new();
    match result {
        Ok(arg) => QueryResponse::Replied {
            reply: ReplyResponse { arg },
            signatures,
        },
        Err(reject) => QueryResponse::Rejected {
            reject: RejectResponse {
                reject_code: RejectCode::try_from(u64::from(reject_code(&reject)))
                    .unwrap_or(RejectCode::SysFatal),
                reject_message: reject.message,
                error_code: Some(error_code(reject.error)),
            },
            signatures,
        },
    }
}

/// Signs the answer together with the id of its request and the time, so that it fits no other request and goes
/// stale.
fn sign(
    node: &NodeKey,
    response: &QueryResponse,
    request: RequestId,
    timestamp: u64,
    faults: Faults,
) -> NodeSignature {
    let signature = node.sign(&response.signable(request, timestamp));
    NodeSignature {
        timestamp,
        signature: faults.query_signature(signature).to_vec(),
        identity: node.id(),
    }
}

/// An answer with its signature as it goes out. The library's own form writes maps of indefinite length for
/// rejections, which not every agent reads.
#[derive(Serialize)]
#[serde(untagged)]
enum SignedAnswer<'a> {
    Replied {
        status: &'static str,
        reply: &'a ReplyResponse,
        signatures: [NodeSignature; 1],
    },
    Rejected {
        status: &'static str,
        reject_code: RejectCode,
        reject_message: &'a str,
        error_code: Option<&'a str>,
        signatures: [NodeSignature; 1],
    },
}

impl SignedAnswer<'_> {
    fn new(response: &QueryResponse, signature: NodeSignature) -> SignedAnswer<'_> {
        let signatures = [signature];
        match response {
            QueryResponse::Replied { reply, .. } => SignedAnswer::Replied {
                status: "replied",
                reply,
                signatures,
            },
            QueryResponse::Rejected { reject, .. } => SignedAnswer::Rejected {
                status: "rejected",
                reject_code: reject.reject_code,
                reject_message: &reject.reject_message,
                error_code: reject.error_code.as_deref(),
                signatures,
            },
        }
    }
}
