//! A connection to a network: calls with Candid in and out, every answer verified, every failure put into words.
//!
//! Certificates of updates and signatures of queries are checked against the network's root key. Only a local network's
//! root key is ever fetched from the network itself; elsewhere the Internet Computer's own, built into the agent, counts.

use std::time::Duration;

use candid::Principal;
use candid::utils::{ArgumentDecoder, ArgumentEncoder, decode_args, encode_args};
use ic_agent::export::reqwest::Client;
use ic_agent::{Agent, AgentError, agent::RejectResponse, agent::agent_error::HttpErrorPayload};

use crate::error::{Error, Result};
use crate::identity::Signer;
use crate::network::Network;

/// How long one HTTP request may take; installing a large module is the slowest.
const REQUEST_TIMEOUT: Duration = Duration::from_secs(360);

/// Error codes by which the Internet Computer says why it rejects a call
/// (Internet Computer interface specification, "Error codes").
mod code {
    /// The canister does not exist.
    pub const CANISTER_NOT_FOUND: &str = "IC0301";
    /// The caller is not a controller of the canister.
    pub const NOT_A_CONTROLLER: &str = "IC0512";
}

/// A network, and who calls it.
pub struct Connection {
    /// The network.
    pub network: Network,
    /// The principal that signs the calls.
    pub caller: Principal,
    agent: Agent,
}

impl Connection {
    /// Connects; on a local network this already asks it for its root key, so it fails where nothing listens.
    pub async fn open(network: Network, signer: Signer) -> Result<Self> {
        let failed = |source| Error::Agent {
            url: network.url.to_string(),
            source: Box::new(source),
        };
        let agent = Agent::builder()
            .with_url(network.url.as_str())
            .with_boxed_identity(signer)
            .with_http_client(http_client(&network)?)
            .with_verify_query_signatures(true)
            .build()
            .map_err(failed)?;
        let caller = agent
            .get_principal()
            .map_err(|reason| failed(AgentError::SigningError(reason)))?;
        if network.is_local() {
            trust_local(&network, &agent).await?;
        }
        Ok(Self {
            network,
            caller,
            agent,
        })
    }

    /// The root key that answers are checked against, DER.
    pub fn root_key(&self) -> Vec<u8> {
        self.agent.read_root_key()
    }

    /// Calls a query method.
    pub async fn query<Arguments, Reply>(
        &self,
        canister: Principal,
        method: &str,
        arguments: Arguments,
    ) -> Result<Reply>
    where
        Arguments: ArgumentEncoder,
        Reply: for<'a> ArgumentDecoder<'a>,
    {
        let arguments = encode(method, arguments)?;
        let call = self.agent.query(&canister, method).with_arg(arguments);
        let reply = call.call().await;
        decode(
            method,
            &reply.map_err(|reason| self.explain(canister, method, reason))?,
        )
    }

    /// Calls an update method and waits for its certified reply.
    pub async fn update<Arguments, Reply>(
        &self,
        canister: Principal,
        method: &str,
        arguments: Arguments,
    ) -> Result<Reply>
    where
        Arguments: ArgumentEncoder,
        Reply: for<'a> ArgumentDecoder<'a>,
    {
        self.update_for(canister, canister, method, arguments).await
    }

    /// Calls a method of the management canister on behalf of `effective`, the canister it is about.
    pub async fn manage<Arguments, Reply>(
        &self,
        effective: Principal,
        method: &str,
        arguments: Arguments,
    ) -> Result<Reply>
    where
        Arguments: ArgumentEncoder,
        Reply: for<'a> ArgumentDecoder<'a>,
    {
        self.update_for(
            Principal::management_canister(),
            effective,
            method,
            arguments,
        )
        .await
    }

    async fn update_for<Arguments, Reply>(
        &self,
        canister: Principal,
        effective: Principal,
        method: &str,
        arguments: Arguments,
    ) -> Result<Reply>
    where
        Arguments: ArgumentEncoder,
        Reply: for<'a> ArgumentDecoder<'a>,
    {
        let arguments = encode(method, arguments)?;
        let call = self.agent.update(&canister, method);
        let reply = call
            .with_effective_canister_id(effective)
            .with_arg(arguments)
            .call_and_wait()
            .await;
        decode(
            method,
            &reply.map_err(|reason| self.explain(effective, method, reason))?,
        )
    }

    /// The hash of a canister's module, which the network certifies to anyone; none if it has no module.
    pub async fn module_hash(&self, canister: Principal) -> Result<Option<Vec<u8>>> {
        match self.agent.read_state_canister_module_hash(canister).await {
            Ok(hash) => Ok(Some(hash)),
            Err(AgentError::LookupPathAbsent(_)) => Ok(None),
            Err(reason) => Err(self.explain(canister, "read_state", reason)),
        }
    }

    fn explain(&self, canister: Principal, method: &str, reason: AgentError) -> Error {
        match reason {
            AgentError::CertifiedReject { reject, .. }
            | AgentError::UncertifiedReject { reject, .. } => {
                self.explain_reject(canister, method, reject)
            }
            AgentError::TransportError(transport) => not_running(&self.network, &transport),
            AgentError::HttpError(HttpErrorPayload { status: 404, .. }) => not_running(
                &self.network,
                &"what listens there is not the Internet Computer",
            ),
            unverified @ (AgentError::CertificateVerificationFailed()
            | AgentError::QuerySignatureVerificationFailed
            | AgentError::CertificateNotAuthorized()
            | AgentError::CertificateOutdated(_)
            | AgentError::MissingSignature
            | AgentError::MalformedSignature) => Error::Unverified {
                method: method.to_owned(),
                source: Box::new(unverified),
            },
            other => Error::Call {
                canister,
                method: method.to_owned(),
                source: Box::new(other),
            },
        }
    }

    fn explain_reject(&self, canister: Principal, method: &str, reject: RejectResponse) -> Error {
        match reject.error_code.as_deref() {
            Some(code::CANISTER_NOT_FOUND) => Error::CanisterMissing {
                canister,
                network: self.network.name.clone(),
            },
            Some(code::NOT_A_CONTROLLER) => Error::NotController {
                canister,
                caller: self.caller,
            },
            _ => Error::Rejected {
                canister,
                method: method.to_owned(),
                message: reject.reject_message,
            },
        }
    }
}

/// A local network is reached directly and speaks plain HTTP: no proxy, no certificates of the system.
fn http_client(network: &Network) -> Result<Client> {
    let builder = Client::builder().timeout(REQUEST_TIMEOUT);
    let builder = match network.is_local() {
        true => builder.no_proxy().tls_certs_only([]),
        false => builder,
    };
    builder
        .build()
        .map_err(|reason| not_running(network, &reason))
}

async fn trust_local(network: &Network, agent: &Agent) -> Result<()> {
    if let Some(root_key) = &network.status.root_key {
        agent.set_root_key(root_key.clone());
    }
    let status = agent.status().await.map_err(|reason| match reason {
        AgentError::TransportError(transport) => not_running(network, &transport),
        other => not_running(network, &other),
    })?;
    match (status.root_key, &network.status.root_key) {
        (_, Some(_)) => Ok(()),
        (Some(root_key), None) => {
            agent.set_root_key(root_key);
            Ok(())
        }
        (None, None) => Err(not_running(network, &"its status has no root key")),
    }
}

fn not_running(network: &Network, reason: &dyn std::fmt::Display) -> Error {
    Error::NotRunning {
        url: network.url.to_string(),
        local: network.is_local(),
        reason: reason.to_string(),
    }
}

fn encode(method: &str, arguments: impl ArgumentEncoder) -> Result<Vec<u8>> {
    encode_args(arguments).map_err(|source| Error::Candid {
        method: method.to_owned(),
        source,
    })
}

fn decode<Reply: for<'a> ArgumentDecoder<'a>>(method: &str, bytes: &[u8]) -> Result<Reply> {
    decode_args(bytes).map_err(|source| Error::Candid {
        method: method.to_owned(),
        source,
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::identity;
    use ic_agent::agent::RejectCode;
    use ic_ed25519::PrivateKey;

    fn signer() -> Signer {
        Box::new(identity::signer(&PrivateKey::generate_from_seed(b"test")))
    }

    fn at(address: &str) -> Network {
        Network::from_flags(address, None, None).unwrap()
    }

    fn rejected(error_code: Option<&str>) -> RejectResponse {
        RejectResponse {
            reject_code: RejectCode::CanisterReject,
            reject_message: "no".to_owned(),
            error_code: error_code.map(str::to_owned),
        }
    }

    #[tokio::test]
    async fn a_network_that_is_not_running_is_said_to_be_so() {
        let listener = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
        let port = listener.local_addr().unwrap().port();
        drop(listener);
        let opened = Connection::open(at(&format!("http://127.0.0.1:{port}")), signer()).await;
        let Err(Error::NotRunning { url, local, .. }) = opened else {
            panic!("connected to nothing");
        };
        assert_eq!(url, format!("http://127.0.0.1:{port}/"));
        assert!(local);
    }

    #[tokio::test]
    async fn the_internet_computers_root_key_is_never_fetched() {
        let built_in = Agent::builder()
            .with_url("https://icp-api.io")
            .build()
            .unwrap();
        let connection = Connection::open(at("ic"), signer()).await.unwrap();
        assert_eq!(connection.root_key(), built_in.read_root_key());
    }

    #[tokio::test]
    async fn a_rejection_is_told_by_its_code() {
        let connection = Connection::open(at("ic"), signer()).await.unwrap();
        let canister = Principal::management_canister();
        let told = |code| connection.explain_reject(canister, "canister_status", rejected(code));
        assert!(matches!(
            told(Some("IC0301")),
            Error::CanisterMissing { .. }
        ));
        assert!(matches!(told(Some("IC0512")), Error::NotController { .. }));
        assert!(matches!(told(Some("IC0406")), Error::Rejected { message, .. } if message == "no"));
        assert!(matches!(told(None), Error::Rejected { .. }));
    }
}
