//! Live mode, which clients call auto progress.

use crate::pocketic::failure::Failure;
use crate::pocketic::request::{Body, Target};
use crate::pocketic::server::Server;
use crate::pocketic::shapes::AutoProgress;
use axum::routing::{get, post};
use axum::{Json, Router};
use std::time::Duration;

pub fn routes() -> Router<Server> {
    Router::new()
        .route("/auto_progress", get(is_live).post(start))
        .route("/stop_progress", post(stop))
}

async fn is_live(Target(instance): Target) -> Json<bool> {
    Json(instance.is_live().await)
}

async fn start(
    Target(instance): Target,
    Body(pace): Body<AutoProgress>,
) -> Result<Json<()>, Failure> {
    if instance.is_live().await {
        return Err(Failure::AlreadyLive);
    }
    let pause = Duration::from_millis(pace.artificial_delay_ms.unwrap_or(0));
    instance.set_pace(Some(pause)).await;
    Ok(Json(()))
}

/// Clients send an empty string, an empty object or nothing.
async fn stop(Target(instance): Target) -> Json<()> {
    instance.set_live(false).await;
    Json(())
}
