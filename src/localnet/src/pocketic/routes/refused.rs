//! What PocketIC has and localnet has not. Each is refused by its name.

use crate::pocketic::failure::Failure;
use crate::pocketic::request::{Body, Target};
use crate::pocketic::server::Server;
use axum::routing::{get, post};
use axum::{Json, Router};
use serde::Deserialize;

pub fn routes() -> Router<Server> {
    let mut routes = Router::new()
        .route("/read/get_canister_http", get(outcalls))
        .route("/update/mock_canister_http", post(mock_outcall));
    for (path, what) in [
        (
            "/update/mock_flexible_canister_http",
            "a flexible HTTP outcall",
        ),
        (
            "/update/canister_snapshot_download",
            "downloading a snapshot",
        ),
        ("/update/canister_snapshot_upload", "uploading a snapshot"),
        ("/update/delete_subnet", "deleting a subnet"),
    ] {
        let refuse = async move || Failure::Unsupported(what.to_owned());
        routes = routes.route(path, post(refuse));
    }
    routes
}

/// Outcalls are rejected when a canister makes one, so that none is ever pending.
async fn outcalls(_: Target) -> Json<[(); 0]> {
    Json([])
}

#[derive(Deserialize)]
struct Mock {
    request_id: u64,
}

async fn mock_outcall(_: Target, Body(mock): Body<Mock>) -> Failure {
    Failure::NoOutcall(mock.request_id)
}
