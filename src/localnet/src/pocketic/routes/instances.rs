//! Making, listing and deleting instances.

use super::gateways;
use crate::agent::Options;
use crate::pocketic::creation::Plan;
use crate::pocketic::failure::Failure;
use crate::pocketic::instances::Hosted;
use crate::pocketic::request::{Body, Target};
use crate::pocketic::server::Server;
use crate::pocketic::shapes::configuration::InstanceConfig;
use crate::pocketic::shapes::gateways::{Backend, CreateInstanceResponse, GatewayConfig};
use crate::pocketic::shapes::topology::Topology;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::routing::{delete, get};
use axum::{Json, Router};

pub fn routes() -> Router<Server> {
    Router::new()
        .route("/instances", get(list).post(create))
        .route("/instances/{instance}", delete(remove))
        .route("/instances/{instance}/read/topology", get(topology))
        .route("/instances/{instance}/_/topology", get(topology))
}

async fn list(State(server): State<Server>) -> Json<Vec<&'static str>> {
    let there = server.instances().list().into_iter();
    Json(
        there
            .map(|there| if there { "Available" } else { "Deleted" })
            .collect(),
    )
}

/// 201 with the new instance, or 400 with `{"Error": …}`: both clients look at the body alone.
async fn create(
    State(server): State<Server>,
    config: Result<Body<InstanceConfig>, Failure>,
) -> (StatusCode, Json<CreateInstanceResponse>) {
    let made = match config {
        Ok(Body(config)) => make(&server, config).await,
        Err(failure) => Err(failure),
    };
    match made {
        Ok(created) => (StatusCode::CREATED, Json(created)),
        Err(failure) => {
            let message = failure.to_string();
            let refused = CreateInstanceResponse::Error { message };
            (StatusCode::BAD_REQUEST, Json(refused))
        }
    }
}

async fn make(server: &Server, config: InstanceConfig) -> Result<CreateInstanceResponse, Failure> {
    let plan = Plan::new(&config)?;
    let instance = plan
        .start(server.engine(), server.home().to_owned())
        .await?;
    let topology = instance.with(|network| Topology::of(network)).await;
    let options = Options {
        faults: server.faults(),
        trusting: config.disable_ingress_validation == Some(true),
    };
    let instance_id = server.instances().add(Hosted { instance, options });
    let mut http_gateway_info = None;
    if let Some(asked) = config.http_gateway_config {
        let config = GatewayConfig {
            ip_addr: asked.ip_addr,
            port: asked.port,
            forward_to: Backend::PocketIcInstance(instance_id),
            domains: asked.domains,
            https_config: asked.https_config,
            domain_custom_provider_local_file: asked.domain_custom_provider_local_file,
        };
        let started = gateways::start(server, config).await;
        if started.is_err() {
            let _ = server.instances().delete(&instance_id.to_string());
        }
        http_gateway_info = Some(started?);
    }
    Ok(CreateInstanceResponse::Created {
        instance_id,
        topology,
        http_gateway_info,
    })
}

async fn remove(
    State(server): State<Server>,
    Path(instance): Path<String>,
) -> Result<Json<()>, Failure> {
    let number = server.instances().delete(&instance)?;
    server.gateways().stop_for(number);
    Ok(Json(()))
}

async fn topology(Target(instance): Target) -> Json<Topology> {
    Json(instance.with(|network| Topology::of(network)).await)
}
