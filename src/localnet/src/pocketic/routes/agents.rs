//! `/instances/{instance}/api/…`: what agents speak, handed to the agent interface of the instance.

use crate::agent;
use crate::pocketic::failure::Failure;
use crate::pocketic::instances::Hosted;
use crate::pocketic::layers::with_path;
use crate::pocketic::server::Server;
use axum::Router;
use axum::extract::Request;
use axum::handler::Handler;
use axum::response::Response;
use axum::routing::{any, any_service};

pub fn routes() -> Router<Server> {
    Router::new().route("/api/{*rest}", any(forward))
}

async fn forward(hosted: Hosted, request: Request) -> Result<Response, Failure> {
    // The path begins with `/instances/{instance}`, of which agents know nothing.
    let path = request.uri().path();
    let below = path.find("/api/").map_or(path, |at| &path[at..]).to_owned();
    let uri = with_path(request.uri(), &below)
        .ok_or_else(|| Failure::Malformed(format!("{below} is not a path")))?;
    // A new request: the old one carries the parameters that were found in its path, which handlers would count.
    let (parts, body) = request.into_parts();
    let mut request = Request::new(body);
    *request.method_mut() = parts.method;
    *request.uri_mut() = uri;
    *request.headers_mut() = parts.headers;
    let interface = any_service(agent::router_with(hosted.instance, hosted.options));
    Ok(Handler::call(interface, request, ()).await)
}
