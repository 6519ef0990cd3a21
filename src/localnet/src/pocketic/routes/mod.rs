//! Which path does what, by theme.

mod agents;
mod canisters;
mod gateways;
mod instances;
mod live;
mod messages;
mod refused;
mod server;
mod time;

use super::failure::Failure;
use super::layers;
use super::server::Server;
use axum::Router;
use axum::extract::{DefaultBodyLimit, Request};
use axum::middleware::{from_fn, from_fn_with_state};

/// The whole interface.
pub fn router(server: Server) -> Router {
    let instance = Router::new()
        .merge(agents::routes())
        .merge(canisters::routes())
        .merge(live::routes())
        .merge(messages::routes())
        .merge(refused::routes())
        .merge(time::routes());
    let routes = Router::new()
        .merge(gateways::routes())
        .merge(instances::routes())
        .merge(server::routes())
        .nest("/instances/{instance}", instance)
        .fallback(no_endpoint)
        .method_not_allowed_fallback(no_endpoint)
        .layer(DefaultBodyLimit::disable())
        .with_state(server.clone());
    // As a fallback of another router the routes see the path that the layers made, not the one that came.
    Router::new()
        .fallback_service(routes)
        .layer(from_fn(layers::drop_slash))
        .layer(from_fn(layers::contain))
        .layer(from_fn(layers::allow_origins))
        .layer(from_fn_with_state(server, layers::count))
}

async fn no_endpoint(request: Request) -> Failure {
    Failure::NoEndpoint {
        method: request.method().to_string(),
        path: request.uri().path().to_owned(),
    }
}
