//! One page: the calls it takes to have a canister answer.

use super::candid_interface::{Answer, Request};
use super::failure::Failure;
use super::resolution::Target;
use super::streaming;
use super::verification::{Evidence, garble_certificate, verify};
use crate::agent::Faults;
use crate::host::Instance;
use crate::state_machine::{Ingress, Network, Query};
use candid::Principal;
use std::time::Duration;

/// How long a browser waits for an update.
const PATIENCE: Duration = Duration::from_secs(60);

/// How many rounds a network that is not live is run for one update.
const ROUNDS: usize = 100;

const QUERY: &str = "http_request";
const UPDATE: &str = "http_request_update";

/// Where a page is asked for.
pub(super) struct Exchange {
    pub(super) instance: Instance,
    pub(super) canister: Principal,
    pub(super) faults: Faults,
}

impl Exchange {
    /// Asks for a page, all of it, and checks it unless it was asked for raw or comes from an update.
    pub(super) async fn run(&self, request: &Request, target: Target) -> Result<Answer, Failure> {
        let (mut answer, evidence) = self.query(request).await?;
        if answer.upgrade {
            answer = self.update(request).await?;
            return streaming::collect(self, answer).await;
        }
        let mut answer = streaming::collect(self, answer).await?;
        if self.faults.certificate {
            garble_certificate(&mut answer.headers, self.faults);
        }
        if !target.raw {
            verify(request, &answer, self.canister, &evidence)?;
        }
        Ok(answer)
    }

    async fn query(&self, request: &Request) -> Result<(Answer, Evidence), Failure> {
        let query = anonymous_query(self.canister, QUERY, request.query_argument());
        let canister = self.canister;
        let (result, evidence) = self
            .instance
            .with(move |network| (network.query(query), evidence(network, canister)))
            .await;
        let bytes = result.map_err(|reject| Failure::rejected(canister, QUERY, reject))?;
        Ok((Answer::decode(QUERY, &bytes)?, evidence))
    }

    /// Asks a streaming callback for the next part; gives its undecoded answer.
    pub(super) async fn call_back(
        &self,
        canister: Principal,
        method: &str,
        argument: Vec<u8>,
    ) -> Result<Vec<u8>, Failure> {
        let query = anonymous_query(canister, method, argument);
        let result = self
            .instance
            .with(move |network| network.query(query))
            .await;
        result.map_err(|reject| Failure::rejected(canister, method, reject))
    }

    async fn update(&self, request: &Request) -> Result<Answer, Failure> {
        let argument = request.update_argument();
        let rejected = |reject| Failure::rejected(self.canister, UPDATE, reject);
        let ingress = Ingress {
            sender: Principal::anonymous(),
            canister: self.canister,
            method: UPDATE.into(),
            size: argument.len(),
            payload: argument,
            effective: Some(self.canister),
            sender_info: None,
            id: None,
        };
        let submitted = self
            .instance
            .with(move |network| network.submit(ingress))
            .await;
        let waiting = self.instance.answer(submitted.map_err(rejected)?, ROUNDS);
        match tokio::time::timeout(PATIENCE, waiting).await {
            Ok(Some(result)) => Answer::decode(UPDATE, &result.map_err(rejected)?),
            _ => Err(Failure::TimedOut {
                seconds: PATIENCE.as_secs(),
            }),
        }
    }
}

fn anonymous_query(canister: Principal, method: &str, payload: Vec<u8>) -> Query {
    Query {
        sender: Principal::anonymous(),
        canister,
        method: method.into(),
        payload,
        sender_info: None,
    }
}

/// What a certificate of this canister is checked against, at the time of its query.
fn evidence(network: &Network, canister: Principal) -> Evidence {
    let time = network.time();
    let own_key = network
        .subnet_for(canister)
        .map(|subnet| &subnet.authority)
        .filter(|authority| authority.delegation(time).is_none())
        .map(|authority| authority.public_key());
    Evidence {
        time,
        key: own_key.unwrap_or_else(|| network.root_key()),
    }
}
