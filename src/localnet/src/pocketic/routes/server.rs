//! What concerns no instance: being there, blobs, signatures, and the paths for polling that nobody needs.

use crate::pocketic::canister_signature;
use crate::pocketic::failure::Failure;
use crate::pocketic::request::Body;
use crate::pocketic::server::Server;
use crate::pocketic::shapes::VerifySignature;
use axum::body::Bytes;
use axum::extract::{Path, State};
use axum::http::header::CONTENT_ENCODING;
use axum::http::{HeaderMap, StatusCode};
use axum::routing::{delete, get, post};
use axum::{Json, Router};

pub fn routes() -> Router<Server> {
    Router::new()
        .route("/status", get(async || StatusCode::OK))
        .route("/blobstore", post(store_blob))
        .route("/blobstore/{id}", get(blob))
        .route("/verify_signature", post(verify_signature))
        .route("/read_graph/{label}/{operation}", get(read_graph))
        .route(
            "/prune_graph/{label}/{operation}",
            delete(async || StatusCode::OK),
        )
}

async fn store_blob(
    State(server): State<Server>,
    headers: HeaderMap,
    body: Bytes,
) -> Result<String, Failure> {
    let zipped = match headers.get(CONTENT_ENCODING).map(|value| value.as_bytes()) {
        None | Some(b"identity") => false,
        Some(b"gzip") => true,
        Some(other) => {
            let name = String::from_utf8_lossy(other);
            return Err(Failure::Unsupported(format!("content encoding {name}")));
        }
    };
    server.blobs().store(body.into(), zipped).map(hex::encode)
}

async fn blob(State(server): State<Server>, Path(id): Path<String>) -> Result<Vec<u8>, Failure> {
    let name = hex::decode(&id).map_err(|_| Failure::NoBlob(id))?;
    Ok(server.blobs().get(&name)?.to_vec())
}

/// `{"Ok": null}` or `{"Err": why}`: the request itself succeeds either way.
async fn verify_signature(Body(asked): Body<VerifySignature>) -> Json<Result<(), String>> {
    let checked =
        canister_signature::verify(&asked.msg, &asked.sig, &asked.pubkey, &asked.root_pubkey);
    Json(checked.map_err(|error| error.to_string()))
}

/// Results are never left for later here; the clients take 404 for "not yet".
async fn read_graph(Path((label, operation)): Path<(String, String)>) -> (StatusCode, String) {
    (
        StatusCode::NOT_FOUND,
        format!("no operation {operation} on state {label}"),
    )
}
