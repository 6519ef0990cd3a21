//! Update and query calls.

use crate::execution;
use crate::pocketic::failure::Failure;
use crate::pocketic::request::{Body, Target, principal};
use crate::pocketic::server::Server;
use crate::pocketic::shapes::calls::{
    CanisterCall, CanisterResult, EffectivePrincipal, IngressStatusArguments, MessageId,
    RejectResponse, SenderInfo,
};
use crate::state_machine::{self, Ingress, IngressStatus, Network, Query, SubnetKind};
use axum::routing::post;
use axum::{Json, Router};
use candid::Principal;
use std::time::Duration;

/// How many rounds a message may take while somebody waits for it.
const ROUNDS: usize = 100;

/// How long somebody waits for a message of a live network.
const LIVE_PATIENCE: Duration = Duration::from_secs(300);

pub fn routes() -> Router<Server> {
    Router::new()
        .route("/update/submit_ingress_message", post(submit))
        .route("/update/await_ingress_message", post(answer))
        .route("/read/ingress_status", post(ingress_status))
        .route("/read/query", post(query))
}

async fn submit(
    Target(instance): Target,
    Body(call): Body<CanisterCall>,
) -> Result<Json<Result<MessageId, RejectResponse>>, Failure> {
    let ingress = ingress(&call)?;
    let asked = call.effective_principal;
    let submitted = instance.with(move |network| {
        let effective_principal = effective(network, asked, ingress.canister);
        let id = network.submit(ingress)?;
        Ok(MessageId {
            effective_principal,
            message_id: id.to_vec(),
        })
    });
    let submitted = submitted.await;
    Ok(Json(
        submitted.map_err(|reject| RejectResponse::new(reject, false)),
    ))
}

async fn answer(
    Target(instance): Target,
    Body(asked): Body<MessageId>,
) -> Result<Json<CanisterResult>, Failure> {
    let id = message(&asked)?;
    let name = hex::encode(id);
    let known = instance.with(move |network| network.ingress_status(&id).is_some());
    if !known.await {
        return Err(Failure::NoMessage(name));
    }
    let (patience, after) = match instance.is_live().await {
        true => (LIVE_PATIENCE, format!("{LIVE_PATIENCE:?}")),
        false => (Duration::MAX, format!("{ROUNDS} rounds")),
    };
    let answer = tokio::time::timeout(patience, instance.answer(id, ROUNDS)).await;
    match answer.ok().flatten() {
        Some(answer) => Ok(Json(CanisterResult::new(answer, true))),
        None => Err(Failure::NoAnswer { id: name, after }),
    }
}

async fn ingress_status(
    Target(instance): Target,
    Body(asked): Body<IngressStatusArguments>,
) -> Result<Json<Option<CanisterResult>>, Failure> {
    let id = message(&asked.raw_message_id)?;
    let caller = asked.raw_caller.map(|it| principal(&it.principal_id));
    let caller = caller.transpose()?;
    let status = instance.with(move |network| {
        let Some((sender, status)) = network.ingress_status(&id) else {
            return Ok(None);
        };
        match (caller, status) {
            (Some(caller), _) if caller != sender => Err(caller),
            (_, IngressStatus::Answered(answer)) => Ok(Some(answer.clone())),
            _ => Ok(None),
        }
    });
    let status = status.await.map_err(|caller| Failure::NotSender {
        caller,
        id: hex::encode(id),
    })?;
    Ok(Json(status.map(|it| CanisterResult::new(it, true))))
}

async fn query(
    Target(instance): Target,
    Body(call): Body<CanisterCall>,
) -> Result<Json<CanisterResult>, Failure> {
    let query = Query {
        sender: principal(&call.sender)?,
        canister: principal(&call.canister_id)?,
        method: call.method,
        payload: call.payload,
        sender_info: sender_info(call.sender_info)?,
    };
    let answer = instance.with(move |network| network.query(query)).await;
    Ok(Json(CanisterResult::new(answer, false)))
}

/// A call as the network takes it.
fn ingress(call: &CanisterCall) -> Result<Ingress, Failure> {
    let effective = match &call.effective_principal {
        EffectivePrincipal::None => None,
        EffectivePrincipal::SubnetId(id) | EffectivePrincipal::CanisterId(id) => {
            Some(principal(id)?)
        }
    };
    Ok(Ingress {
        sender: principal(&call.sender)?,
        canister: principal(&call.canister_id)?,
        method: call.method.clone(),
        payload: call.payload.clone(),
        effective,
        sender_info: sender_info(call.sender_info.clone())?,
        id: None,
        size: call.sender.len() + call.canister_id.len() + call.method.len() + call.payload.len(),
    })
}

fn sender_info(info: Option<SenderInfo>) -> Result<Option<execution::SenderInfo>, Failure> {
    let Some(SenderInfo { info, signer }) = info else {
        return Ok(None);
    };
    let signer = principal(&signer)?;
    Ok(Some(execution::SenderInfo { info, signer }))
}

/// Where a call went: as its sender said, else to its canister, else to the subnet that takes such calls.
fn effective(
    network: &Network,
    asked: EffectivePrincipal,
    canister: Principal,
) -> EffectivePrincipal {
    if asked != EffectivePrincipal::None {
        return asked;
    }
    if canister != Principal::management_canister() {
        return EffectivePrincipal::CanisterId(canister.as_slice().to_vec());
    }
    let subnets = network.subnets();
    let application = subnets.iter().find(|it| it.kind == SubnetKind::Application);
    match application.or(subnets.first()) {
        Some(subnet) => {
            EffectivePrincipal::SubnetId(subnet.authority.subnet_id().as_slice().to_vec())
        }
        None => EffectivePrincipal::None,
    }
}

/// The 32 bytes that name a message.
fn message(id: &MessageId) -> Result<state_machine::MessageId, Failure> {
    let bytes = id.message_id.as_slice();
    bytes
        .try_into()
        .map_err(|_| Failure::Malformed(format!("a message id has 32 bytes, not {}", bytes.len())))
}
