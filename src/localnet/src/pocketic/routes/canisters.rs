//! Looking at canisters, and reaching into them, without sending a message.

use crate::pocketic::failure::Failure;
use crate::pocketic::request::{Body, Target, principal};
use crate::pocketic::server::Server;
use crate::pocketic::shapes::{
    AddCycles, CanisterId, Cycles, PrincipalId, SetStableMemory, StableMemory, SubnetId,
};
use crate::state_machine::CanisterView;
use axum::extract::State;
use axum::routing::post;
use axum::{Json, Router};

/// The most stable memory that is answered, in bytes: it is in the host's memory then, holes and all, and once more as
/// text.
const MOST_ANSWERED_BYTES: u64 = 1 << 30;

pub fn routes() -> Router<Server> {
    Router::new()
        .route("/read/get_subnet", post(subnet))
        .route("/read/pub_key", post(public_key))
        .route("/read/get_controllers", post(controllers))
        .route("/read/get_cycles", post(cycles))
        .route("/update/add_cycles", post(add_cycles))
        .route("/read/get_stable_memory", post(stable_memory))
        .route("/update/set_stable_memory", post(set_stable_memory))
}

/// `null` for a canister that does not exist: this is how clients ask whether it does.
async fn subnet(
    Target(instance): Target,
    Body(asked): Body<CanisterId>,
) -> Result<Json<Option<SubnetId>>, Failure> {
    let id = principal(&asked.canister_id)?;
    let subnet = instance.with(move |network| network.canister(id).map(|it| it.subnet));
    Ok(Json(subnet.await.map(|subnet| SubnetId {
        subnet_id: subnet.as_slice().to_vec(),
    })))
}

/// The 133-byte DER key of a subnet, as an array of numbers.
async fn public_key(
    Target(instance): Target,
    Body(asked): Body<SubnetId>,
) -> Result<Json<Vec<u8>>, Failure> {
    let id = principal(&asked.subnet_id)?;
    let key = instance.with(move |network| {
        let mut subnets = network.subnets().iter();
        let subnet = subnets.find(|subnet| subnet.authority.subnet_id() == id)?;
        Some(subnet.authority.public_key())
    });
    key.await.map(Json).ok_or(Failure::NoSubnet(id))
}

async fn controllers(
    target: Target,
    Body(asked): Body<CanisterId>,
) -> Result<Json<Vec<PrincipalId>>, Failure> {
    let view = look(target, asked, |canister| canister.controllers.to_vec());
    let controllers = view.await?.into_iter();
    Ok(Json(
        controllers
            .map(|it| PrincipalId {
                principal_id: it.as_slice().to_vec(),
            })
            .collect(),
    ))
}

async fn cycles(target: Target, Body(asked): Body<CanisterId>) -> Result<Json<Cycles>, Failure> {
    let cycles = look(target, asked, |canister| canister.cycles).await?;
    Ok(Json(Cycles { cycles }))
}

async fn add_cycles(
    Target(instance): Target,
    Body(asked): Body<AddCycles>,
) -> Result<Json<Cycles>, Failure> {
    let id = principal(&asked.canister_id)?;
    let added = instance.with(move |network| network.add_cycles(id, asked.amount));
    let cycles = added.await?;
    Ok(Json(Cycles { cycles }))
}

async fn stable_memory(
    Target(instance): Target,
    Body(asked): Body<CanisterId>,
) -> Result<Json<StableMemory>, Failure> {
    let id = principal(&asked.canister_id)?;
    let blob = instance.with(move |network| {
        let bytes = network.canister(id).map_or(0, |it| it.stable_bytes);
        if bytes > MOST_ANSWERED_BYTES {
            let limit = MOST_ANSWERED_BYTES;
            return Err(Failure::StableMemoryTooLarge { bytes, limit });
        }
        Ok(network.stable_memory(id)?)
    });
    let blob = blob.await?;
    Ok(Json(StableMemory { blob }))
}

async fn set_stable_memory(
    State(server): State<Server>,
    Target(instance): Target,
    Body(asked): Body<SetStableMemory>,
) -> Result<Json<()>, Failure> {
    let id = principal(&asked.canister_id)?;
    let content = server.blobs().get(&asked.blob_id)?;
    let set = instance.with(move |network| network.set_stable_memory(id, &content));
    set.await?;
    Ok(Json(()))
}

/// Looks at a canister that exists.
async fn look<R: Send + 'static>(
    Target(instance): Target,
    asked: CanisterId,
    at: impl FnOnce(CanisterView<'_>) -> R + Send + 'static,
) -> Result<R, Failure> {
    let id = principal(&asked.canister_id)?;
    let seen = instance.with(move |network| network.canister(id).map(at));
    seen.await.ok_or(Failure::NoCanister(id))
}
