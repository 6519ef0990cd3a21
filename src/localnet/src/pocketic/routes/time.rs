//! Time and rounds.

use crate::pocketic::failure::Failure;
use crate::pocketic::request::{Body, Target};
use crate::pocketic::server::Server;
use crate::pocketic::shapes::{Tick, Time};
use axum::routing::{get, post};
use axum::{Json, Router};

pub fn routes() -> Router<Server> {
    Router::new()
        .route("/read/get_time", get(time))
        .route("/update/set_time", post(set_time))
        // Certificates carry the network's time when they are made, so that setting time certifies it.
        .route("/update/set_certified_time", post(set_time))
        .route("/update/tick", post(tick))
}

async fn time(Target(instance): Target) -> Json<Time> {
    let nanos_since_epoch = instance.with(|network| network.time()).await;
    Json(Time { nanos_since_epoch })
}

async fn set_time(Target(instance): Target, Body(time): Body<Time>) -> Result<Json<()>, Failure> {
    let asked = time.nanos_since_epoch;
    let set = instance.with(move |network| network.set_time(asked)).await;
    set.map(Json)
        .map_err(|now| Failure::TimeGoesBack { now, asked })
}

async fn tick(Target(instance): Target, Body(tick): Body<Tick>) -> Result<Json<()>, Failure> {
    let refuse = |what: &str| Err(Failure::Unsupported(what.into()));
    if tick.blockmakers.is_some() {
        return refuse("a tick with blockmakers");
    }
    if tick.first_subnet.is_some() || tick.last_subnet.is_some() {
        return refuse("a tick of a part of the subnets");
    }
    instance.with(|network| network.round()).await;
    Ok(Json(()))
}
