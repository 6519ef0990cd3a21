//! A small canister and the identities that talk to it.

use candid::{CandidType, Decode, Encode, Nat, Principal};
use ic_agent::identity::{
    BasicIdentity, DelegatedIdentity, Delegation, Prime256v1Identity, Secp256k1Identity,
    SignedDelegation,
};
use ic_agent::{Agent, AgentError, Identity};
use ic_management_canister_types::{
    CanisterIdRecord, CanisterInstallMode, InstallCodeArgs, ProvisionalCreateCanisterWithCyclesArgs,
};
use tests::localnet::Localnet;

/// Counts, tells who asks, rejects, traps and keeps secrets.
const WAT: &str = r#"
(module
  (import "ic0" "msg_caller_size" (func $caller_size (result i32)))
  (import "ic0" "msg_caller_copy" (func $caller_copy (param i32 i32 i32)))
  (import "ic0" "msg_method_name_size" (func $name_size (result i32)))
  (import "ic0" "msg_reply_data_append" (func $append (param i32 i32)))
  (import "ic0" "msg_reply" (func $reply))
  (import "ic0" "msg_reject" (func $reject (param i32 i32)))
  (import "ic0" "accept_message" (func $accept))
  (import "ic0" "trap" (func $trap (param i32 i32)))
  (memory 1)
  (data (i32.const 16) "not today")
  (data (i32.const 32) "boom")
  (func (export "canister_inspect_message")
    (if (i32.ne (call $name_size) (i32.const 6)) (then (call $accept))))
  (func (export "canister_update count")
    (i32.store8 (i32.const 0) (i32.add (i32.load8_u (i32.const 0)) (i32.const 1)))
    (call $append (i32.const 0) (i32.const 1)) (call $reply))
  (func (export "canister_query counted")
    (call $append (i32.const 0) (i32.const 1)) (call $reply))
  (func (export "canister_query whoami")
    (call $caller_copy (i32.const 100) (i32.const 0) (call $caller_size))
    (call $append (i32.const 100) (call $caller_size)) (call $reply))
  (func (export "canister_update no") (call $reject (i32.const 16) (i32.const 9)))
  (func (export "canister_query refusing") (call $reject (i32.const 16) (i32.const 9)))
  (func (export "canister_update fail") (call $trap (i32.const 32) (i32.const 4)))
  (func (export "canister_update hidden") (call $reply))
  (@custom "icp:public open" "for all")
  (@custom "icp:private secret" "for few")
)"#;

/// The canister's code.
pub fn wasm() -> Vec<u8> {
    wat::parse_str(WAT).unwrap()
}

/// An agent of this network that checks everything.
pub async fn agent(network: &Localnet, identity: impl Identity + 'static) -> Agent {
    let agent = Agent::builder()
        .with_url(&network.url)
        .with_identity(identity)
        .with_verify_query_signatures(true)
        .build()
        .unwrap();
    agent.fetch_root_key().await.unwrap();
    assert_eq!(agent.read_root_key(), network.root_key);
    agent
}

/// Creates a canister that the agent's identity controls.
pub async fn create(agent: &Agent, effective: Principal) -> Result<Principal, AgentError> {
    let create = ProvisionalCreateCanisterWithCyclesArgs {
        amount: Some(Nat::from(1u128 << 100)),
        ..Default::default()
    };
    let method = "provisional_create_canister_with_cycles";
    let reply = manage(agent, effective, method, create).await?;
    Ok(Decode!(&reply, CanisterIdRecord).unwrap().canister_id)
}

/// Creates a canister and installs the notebook.
pub async fn install(agent: &Agent, effective: Principal) -> Principal {
    let canister_id = create(agent, effective).await.unwrap();
    let code = InstallCodeArgs {
        mode: CanisterInstallMode::Install,
        canister_id,
        wasm_module: wasm(),
        arg: vec![],
        sender_canister_version: None,
    };
    manage(agent, canister_id, "install_code", code)
        .await
        .unwrap();
    canister_id
}

async fn manage<T: CandidType>(
    agent: &Agent,
    effective: Principal,
    method: &str,
    argument: T,
) -> Result<Vec<u8>, AgentError> {
    agent
        .update(&Principal::management_canister(), method)
        .with_effective_canister_id(effective)
        .with_arg(Encode!(&argument).unwrap())
        .call_and_wait()
        .await
}

/// An Ed25519 identity.
pub fn key(seed: u8) -> BasicIdentity {
    BasicIdentity::from_raw_key(&[seed; 32])
}

/// An ECDSA identity on secp256k1.
pub fn secp256k1() -> Secp256k1Identity {
    Secp256k1Identity::from_private_key(k256::SecretKey::from_slice(&[5; 32]).unwrap())
}

/// An ECDSA identity on P-256.
pub fn p256() -> Prime256v1Identity {
    Prime256v1Identity::from_private_key(p256::SecretKey::from_slice(&[6; 32]).unwrap())
}

/// A session key that the P-256 identity lets sign for it, towards these canisters.
pub fn delegated(targets: Vec<Principal>) -> DelegatedIdentity {
    let (owner, session) = (p256(), key(9));
    let hour_from_now = std::time::SystemTime::now() + std::time::Duration::from_secs(3600);
    let since = hour_from_now.duration_since(std::time::UNIX_EPOCH).unwrap();
    let delegation = Delegation {
        pubkey: session.public_key().unwrap(),
        expiration: since.as_nanos() as u64,
        targets: Some(targets),
        permissions: None,
    };
    let signed = owner.sign_delegation(&delegation).unwrap();
    let signed = SignedDelegation {
        delegation,
        signature: signed.signature.unwrap(),
    };
    let owner = owner.public_key().unwrap();
    DelegatedIdentity::new(owner, Box::new(session), vec![signed]).unwrap()
}
