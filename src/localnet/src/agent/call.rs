//! `call`: submits an update and, in versions 3 and 4, waits for its answer.

use super::authentication::Request;
use super::effective::Effective;
use super::envelope::request_type;
use super::refusal::Refusal;
use super::reply::{Cbor, CertifiedReply, NonReplicatedRejection};
use super::state::certify_status;
use super::{Body, Service};
use crate::rejection::Reject;
use crate::state_machine::{Ingress, MessageId, Network};
use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use ic_transport_types::EnvelopeContent;
use std::time::Duration;

/// How long a call waits for its answer before the client is told to ask again; replicas do the same.
const PATIENCE: Duration = Duration::from_secs(10);

/// How many rounds a network that is not live is run for one message.
const ROUNDS: usize = 100;

pub(super) async fn canister_asynchronous(
    State(service): State<Service>,
    Path(id): Path<String>,
    body: Body,
) -> Result<Response, Refusal> {
    match submit(&service, Effective::canister(&id)?, body).await? {
        Submission::Taken(message) => {
            // A network that is not live runs only while somebody waits.
            tokio::spawn(async move { service.instance.answer(message, ROUNDS).await });
            Ok(StatusCode::ACCEPTED.into_response())
        }
        Submission::Rejected(reject) => Ok(rejection(reject)),
    }
}

pub(super) async fn canister(
    State(service): State<Service>,
    Path(id): Path<String>,
    body: Body,
) -> Result<Response, Refusal> {
    call(service, Effective::canister(&id)?, body).await
}

pub(super) async fn subnet(
    State(service): State<Service>,
    Path(id): Path<String>,
    body: Body,
) -> Result<Response, Refusal> {
    call(service, Effective::subnet(&id)?, body).await
}

async fn call(service: Service, effective: Effective, body: Body) -> Result<Response, Refusal> {
    let message = match submit(&service, effective, body).await? {
        Submission::Taken(message) => message,
        Submission::Rejected(reject) => return Ok(rejection(reject)),
    };
    let waiting = service.instance.answer(message, ROUNDS);
    if !matches!(tokio::time::timeout(PATIENCE, waiting).await, Ok(Some(_))) {
        return Ok(StatusCode::ACCEPTED.into_response());
    }
    let certificate = service
        .instance
        .with(move |network| certify_status(network, effective, &message))
        .await?;
    let certificate = service.options.faults.certificate(certificate);
    Ok(Cbor::new(&CertifiedReply::new(certificate)).into_response())
}

fn rejection(reject: Reject) -> Response {
    Cbor::new(&NonReplicatedRejection::new(reject)).into_response()
}

/// What became of a call at the door.
enum Submission {
    Taken(MessageId),
    Rejected(Reject),
}

async fn submit(
    service: &Service,
    effective: Effective,
    body: Body,
) -> Result<Submission, Refusal> {
    let request = service.open(body)?;
    let live = service.instance.is_live().await;
    service
        .instance
        .with(move |network| take(network, request, effective, live))
        .await
}

/// Hands a message to the network. One that is known already is not run again: who sends it twice gets its answer
/// twice.
fn take(
    network: &mut Network,
    request: Request,
    effective: Effective,
    live: bool,
) -> Result<Submission, Refusal> {
    request.check_time(network.time(), live)?;
    let id = request.id;
    let ingress = ingress_of(request, effective)?;
    effective.check_destination(ingress.canister)?;
    effective.responsible(network)?;
    if network.ingress_status(&id).is_some() {
        return Ok(Submission::Taken(id));
    }
    Ok(match network.submit(ingress) {
        Ok(id) => Submission::Taken(id),
        Err(reject) => Submission::Rejected(reject),
    })
}

fn ingress_of(request: Request, effective: Effective) -> Result<Ingress, Refusal> {
    let (id, size) = (request.id, request.size);
    match request.content {
        EnvelopeContent::Call {
            sender,
            canister_id,
            method_name,
            arg,
            ..
        } => Ok(Ingress {
            sender,
            canister: canister_id,
            method: method_name,
            payload: arg,
            effective: effective.canister_id(),
            sender_info: None,
            id: Some(id),
            size,
        }),
        other => Err(Refusal::WrongType {
            expected: "call",
            found: request_type(&other),
        }),
    }
}
