//! localnet as the unmodified Rust agent sees it, with all checks of the agent on.

mod notebook;

use candid::Principal;
use ic_agent::identity::{AnonymousIdentity, BasicIdentity};
use ic_agent::{Agent, AgentError, Identity};
use notebook::{agent, install};
use sha2::{Digest, Sha256};
use tests::localnet::Localnet;

#[tokio::test]
async fn every_kind_of_identity_updates_and_queries_under_its_own_name() {
    let network = Localnet::start(&[]);
    let owner = agent(&network, notebook::key(1)).await;
    let canister = install(&owner, network.default_canister).await;
    let identities: Vec<Box<dyn Identity>> = vec![
        Box::new(AnonymousIdentity),
        Box::new(notebook::key(2)),
        Box::new(notebook::secp256k1()),
        Box::new(notebook::p256()),
        Box::new(notebook::delegated(vec![canister])),
    ];
    for (index, identity) in identities.into_iter().enumerate() {
        let sender = identity.sender().unwrap();
        let agent = agent(&network, identity).await;
        let caller = agent.query(&canister, "whoami").call().await.unwrap();
        assert_eq!(Principal::from_slice(&caller), sender);
        let count = agent
            .update(&canister, "count")
            .call_and_wait()
            .await
            .unwrap();
        assert_eq!(count, [index as u8 + 1]);
    }
}

#[tokio::test]
async fn rejections_arrive_with_code_and_words() {
    let network = Localnet::start(&[]);
    let agent = agent(&network, notebook::key(1)).await;
    let canister = install(&agent, network.default_canister).await;
    let update = async |method: &str| agent.update(&canister, method).call_and_wait().await;
    let Err(AgentError::CertifiedReject { reject, .. }) = update("no").await else {
        panic!("a rejection of the canister is certified");
    };
    assert_eq!(reject.reject_message, "not today");
    assert_eq!(reject.error_code.as_deref(), Some("IC0406"));
    let Err(AgentError::CertifiedReject { reject, .. }) = update("fail").await else {
        panic!("a trap is certified");
    };
    assert!(
        reject.reject_message.contains("boom"),
        "{}",
        reject.reject_message
    );
    let Err(AgentError::UncertifiedReject { reject, .. }) = update("hidden").await else {
        panic!("what inspection turns away never runs");
    };
    assert!(!reject.reject_message.is_empty());
    let refused = agent.query(&canister, "refusing").call().await;
    let Err(AgentError::UncertifiedReject { reject, .. }) = refused else {
        panic!("a query is rejected");
    };
    assert_eq!(reject.reject_message, "not today");
}

#[tokio::test]
async fn state_is_read_with_certificates_and_private_parts_by_controllers_only() {
    let network = Localnet::start(&[]);
    let owner = agent(&network, notebook::key(1)).await;
    let canister = install(&owner, network.default_canister).await;
    let stranger = agent(&network, notebook::key(2)).await;
    let controllers = stranger
        .read_state_canister_controllers(canister)
        .await
        .unwrap();
    assert_eq!(controllers, [owner.get_principal().unwrap()]);
    let hash = stranger
        .read_state_canister_module_hash(canister)
        .await
        .unwrap();
    assert_eq!(hash, Sha256::digest(notebook::wasm()).to_vec());
    let open = stranger
        .read_state_canister_metadata(canister, "open")
        .await
        .unwrap();
    assert_eq!(open, b"for all");
    let secret = owner
        .read_state_canister_metadata(canister, "secret")
        .await
        .unwrap();
    assert_eq!(secret, b"for few");
    let refused = stranger
        .read_state_canister_metadata(canister, "secret")
        .await;
    assert!(
        refused
            .unwrap_err()
            .to_string()
            .contains("only its controllers may read it")
    );
}

#[tokio::test]
async fn the_subnet_is_found_by_canister_and_by_id() {
    let network = Localnet::start(&[]);
    let agent = agent(&network, notebook::key(1)).await;
    let id = Principal::self_authenticating(&network.root_key);
    for subnet in [
        agent
            .get_subnet_by_canister(&network.default_canister)
            .await
            .unwrap(),
        agent.get_subnet_by_id(&id).await.unwrap(),
    ] {
        assert_eq!(subnet.id(), id);
        assert!(subnet.contains_canister(&network.default_canister));
        assert_eq!(subnet.iter_nodes().count(), 1);
    }
}

/// An identity whose signatures are wrong in one bit.
struct Forger(BasicIdentity);

impl Identity for Forger {
    fn sender(&self) -> Result<Principal, String> {
        self.0.sender()
    }

    fn public_key(&self) -> Option<Vec<u8>> {
        self.0.public_key()
    }

    fn sign(
        &self,
        content: &ic_agent::agent::EnvelopeContent,
    ) -> Result<ic_agent::Signature, String> {
        let mut signature = self.0.sign(content)?;
        if let Some(bytes) = &mut signature.signature {
            bytes[10] ^= 1;
        }
        Ok(signature)
    }
}

#[tokio::test]
async fn a_wrong_signature_is_refused_and_nothing_runs() {
    let network = Localnet::start(&[]);
    let owner = agent(&network, notebook::key(1)).await;
    let canister = install(&owner, network.default_canister).await;
    let forger = agent(&network, Forger(notebook::key(1))).await;
    let refused = forger.update(&canister, "count").call_and_wait().await;
    assert!(refused.unwrap_err().to_string().contains("does not verify"));
    let refused = forger.query(&canister, "whoami").call().await;
    assert!(refused.unwrap_err().to_string().contains("does not verify"));
    assert_eq!(owner.query(&canister, "counted").call().await.unwrap(), [0]);
}

#[tokio::test]
async fn a_delegation_for_other_canisters_is_refused() {
    let network = Localnet::start(&[]);
    let owner = agent(&network, notebook::key(1)).await;
    let canister = install(&owner, network.default_canister).await;
    let elsewhere = notebook::delegated(vec![Principal::management_canister()]);
    let agent = agent(&network, elsewhere).await;
    let refused = agent.update(&canister, "count").call_and_wait().await;
    assert!(
        refused
            .unwrap_err()
            .to_string()
            .contains("does not cover canister")
    );
}

#[tokio::test]
async fn a_request_that_ran_out_is_refused_in_the_words_agents_know() {
    let network = Localnet::start(&[]);
    let agent = agent(&network, notebook::key(1)).await;
    let canister = install(&agent, network.default_canister).await;
    let long_ago = std::time::SystemTime::UNIX_EPOCH + std::time::Duration::from_secs(1);
    let refused = agent
        .query(&canister, "counted")
        .expire_at(long_ago)
        .call()
        .await;
    assert!(
        refused
            .unwrap_err()
            .to_string()
            .contains("Invalid request expiry: ")
    );
}

#[tokio::test]
async fn an_agent_notices_when_the_network_lies() {
    let network = Localnet::start(&["--fault", "flip-query-signature"]);
    let honest_about_updates = agent(&network, notebook::key(1)).await;
    let canister = install(&honest_about_updates, network.default_canister).await;
    let lie = honest_about_updates
        .query(&canister, "counted")
        .call()
        .await;
    assert!(
        matches!(lie, Err(AgentError::QuerySignatureVerificationFailed)),
        "{lie:?}"
    );
    let network = Localnet::start(&["--fault", "flip-certificate-byte"]);
    let agent: Agent = agent(&network, notebook::key(1)).await;
    let lie = notebook::create(&agent, network.default_canister).await;
    assert!(
        matches!(lie, Err(AgentError::CertificateVerificationFailed())),
        "{lie:?}"
    );
}
