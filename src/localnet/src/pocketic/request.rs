//! What routes take from a request: a body of JSON, principals, the instance its path names.

use super::failure::Failure;
use super::instances::Hosted;
use super::server::Server;
use crate::host::Instance;
use axum::body::Bytes;
use axum::extract::{FromRequest, FromRequestParts, RawPathParams, Request};
use axum::http::request::Parts;
use candid::Principal;
use serde::de::DeserializeOwned;

/// A body of JSON, whatever content type it claims.
pub struct Body<T>(pub T);

impl<T: DeserializeOwned, S: Send + Sync> FromRequest<S> for Body<T> {
    type Rejection = Failure;

    async fn from_request(request: Request, state: &S) -> Result<Self, Failure> {
        let bytes = Bytes::from_request(request, state)
            .await
            .map_err(|error| Failure::Malformed(error.body_text()))?;
        serde_json::from_slice(&bytes)
            .map(Body)
            .map_err(|error| Failure::Malformed(error.to_string()))
    }
}

/// The instance that the path names.
pub struct Target(pub Instance);

impl FromRequestParts<Server> for Target {
    type Rejection = Failure;

    async fn from_request_parts(parts: &mut Parts, server: &Server) -> Result<Self, Failure> {
        let hosted = Hosted::from_request_parts(parts, server).await?;
        Ok(Target(hosted.instance))
    }
}

impl FromRequestParts<Server> for Hosted {
    type Rejection = Failure;

    async fn from_request_parts(parts: &mut Parts, server: &Server) -> Result<Self, Failure> {
        let id = instance_id(parts, server).await?;
        server.instances().get(&id)
    }
}

/// The piece of the path that stands for the instance, as it came.
async fn instance_id(parts: &mut Parts, server: &Server) -> Result<String, Failure> {
    let parameters = RawPathParams::from_request_parts(parts, server)
        .await
        .map_err(|error| Failure::Malformed(error.body_text()))?;
    let id = parameters.iter().find(|(name, _)| *name == "instance");
    Ok(id.map(|(_, id)| id.to_owned()).unwrap_or_default())
}

/// A principal from its raw bytes.
pub fn principal(bytes: &[u8]) -> Result<Principal, Failure> {
    Principal::try_from_slice(bytes)
        .map_err(|error| Failure::Malformed(format!("not a principal: {error}")))
}
