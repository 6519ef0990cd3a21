//! Starting, listing and stopping HTTP gateways.

use crate::pocketic::failure::Failure;
use crate::pocketic::request::Body;
use crate::pocketic::server::Server;
use crate::pocketic::shapes::gateways::{
    Backend, CreateGatewayResponse, GatewayConfig, GatewayDetails, GatewayInfo,
};
use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::routing::{get, post};
use axum::{Json, Router};

pub fn routes() -> Router<Server> {
    Router::new()
        .route("/http_gateway", get(list).post(create))
        .route("/http_gateway/{id}/stop", post(stop))
}

async fn list(State(server): State<Server>) -> Json<Vec<GatewayDetails>> {
    Json(server.gateways().list())
}

/// Both clients look at the body alone.
async fn create(
    State(server): State<Server>,
    config: Result<Body<GatewayConfig>, Failure>,
) -> (StatusCode, Json<CreateGatewayResponse>) {
    let started = match config {
        Ok(Body(config)) => start(&server, config).await,
        Err(failure) => Err(failure),
    };
    match started {
        Ok(info) => (
            StatusCode::CREATED,
            Json(CreateGatewayResponse::Created(info)),
        ),
        Err(failure) => {
            let message = failure.to_string();
            let refused = CreateGatewayResponse::Error { message };
            (failure.status(), Json(refused))
        }
    }
}

/// Starts a gateway.
pub async fn start(server: &Server, config: GatewayConfig) -> Result<GatewayInfo, Failure> {
    let number = match &config.forward_to {
        Backend::PocketIcInstance(number) => *number,
        Backend::Replica(_) => {
            let what = "an HTTP gateway in front of a replica (forward_to: Replica)";
            return Err(Failure::Unsupported(what.into()));
        }
    };
    let hosted = server.instances().by_number(number);
    let hosted = hosted.ok_or_else(|| Failure::NoInstance(number.to_string()))?;
    server.gateways().start(number, hosted, config).await
}

async fn stop(State(server): State<Server>, Path(id): Path<usize>) -> Result<Json<()>, Failure> {
    server.gateways().stop(id).map(Json)
}
