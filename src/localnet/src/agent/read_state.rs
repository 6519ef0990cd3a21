//! `read_state`: a certificate of the paths that were asked for.

use super::authentication::Request;
use super::effective::Effective;
use super::envelope::request_type;
use super::paths::{StatePath, parse_all};
use super::refusal::Refusal;
use super::reply::{Cbor, CertificateReply};
use super::state::{Reader, certify};
use super::{Body, Service};
use crate::state_machine::Network;
use axum::extract::{Path, State};
use ic_transport_types::EnvelopeContent;

pub(super) async fn canister(
    State(service): State<Service>,
    Path(id): Path<String>,
    body: Body,
) -> Result<Cbor, Refusal> {
    read_state(service, Effective::canister(&id)?, body).await
}

pub(super) async fn subnet(
    State(service): State<Service>,
    Path(id): Path<String>,
    body: Body,
) -> Result<Cbor, Refusal> {
    read_state(service, Effective::subnet(&id)?, body).await
}

async fn read_state(service: Service, effective: Effective, body: Body) -> Result<Cbor, Refusal> {
    let request = service.open(body)?;
    let live = service.instance.is_live().await;
    let certificate = service
        .instance
        .with(move |network| read(network, &request, effective, live))
        .await?;
    let certificate = service.options.faults.certificate(certificate);
    Ok(Cbor::new(&CertificateReply::new(certificate)))
}

fn read(
    network: &Network,
    request: &Request,
    effective: Effective,
    live: bool,
) -> Result<Vec<u8>, Refusal> {
    request.check_time(network.time(), live)?;
    let paths = paths_of(&request.content)?;
    let reader = Reader {
        sender: request.sender(),
        effective,
    };
    certify(network, reader, &paths)
}

fn paths_of(content: &EnvelopeContent) -> Result<Vec<StatePath>, Refusal> {
    match content {
        EnvelopeContent::ReadState { paths, .. } => parse_all(paths),
        other => Err(Refusal::WrongType {
            expected: "read_state",
            found: request_type(other),
        }),
    }
}
