//! Networks with canisters, made without any HTTP.

use crate::engine::Engine;
use crate::host::Instance;
use crate::state_machine::{
    Configuration, GENESIS_NANOS, Ingress, IngressStatus, Network, SubnetConfiguration, SubnetKind,
};
use candid::{CandidType, Decode, Principal, encode_one};
use ic_management_canister_types::{
    CanisterIdRecord, CanisterInstallMode, InstallCodeArgs, ProvisionalCreateCanisterWithCyclesArgs,
};

/// A network with these subnets whose memories go when its last handle does.
pub fn network(kinds: &[SubnetKind]) -> (Network, tempfile::TempDir) {
    let directory = tempfile::tempdir().unwrap();
    let subnet = |kind: &SubnetKind| SubnetConfiguration {
        kind: *kind,
        benchmarking: false,
        free: false,
    };
    let network = Network::new(Configuration {
        subnets: kinds.iter().map(subnet).collect(),
        initial_time: GENESIS_NANOS,
        directory: directory.path().to_owned(),
        engine: Engine::new(),
        seed: [3; 32],
    });
    (network.unwrap(), directory)
}

/// Starts a network with one application subnet and this canister, controlled by `controller`.
pub fn start_with(wat: &str, controller: Principal) -> (Instance, Principal) {
    let (mut network, directory) = network(&[SubnetKind::Application]);
    let canister = install(&mut network, wat, controller);
    (Instance::start_temporary(network, directory), canister)
}

/// Creates a canister and installs a module in text form.
pub fn install(network: &mut Network, wat: &str, controller: Principal) -> Principal {
    let create = ProvisionalCreateCanisterWithCyclesArgs {
        amount: Some(candid::Nat::from(1u128 << 100)),
        ..Default::default()
    };
    let reply = manage(
        network,
        controller,
        "provisional_create_canister_with_cycles",
        &create,
    );
    let canister_id = Decode!(&reply, CanisterIdRecord).unwrap().canister_id;
    install_code(
        network,
        canister_id,
        wat,
        CanisterInstallMode::Install,
        controller,
    );
    canister_id
}

/// Gives a canister of the anonymous principal other code, from the start.
pub fn reinstall(network: &mut Network, canister: Principal, wat: &str) {
    let mode = CanisterInstallMode::Reinstall;
    install_code(network, canister, wat, mode, Principal::anonymous());
}

fn install_code(
    network: &mut Network,
    canister_id: Principal,
    wat: &str,
    mode: CanisterInstallMode,
    controller: Principal,
) {
    let code = InstallCodeArgs {
        mode,
        canister_id,
        wasm_module: wat::parse_str(wat).unwrap(),
        arg: vec![],
        sender_canister_version: None,
    };
    manage(network, controller, "install_code", &code);
}

/// Has the management canister do something and gives its reply.
pub fn manage<T: CandidType>(
    network: &mut Network,
    sender: Principal,
    method: &str,
    argument: &T,
) -> Vec<u8> {
    let payload = encode_one(argument).unwrap();
    let ingress = Ingress {
        sender,
        canister: Principal::management_canister(),
        method: method.into(),
        size: payload.len(),
        payload,
        effective: None,
        sender_info: None,
        id: None,
    };
    let id = network.submit(ingress).unwrap();
    for _ in 0..10 {
        network.round();
        if let Some((_, IngressStatus::Answered(answer))) = network.ingress_status(&id) {
            return answer.clone().unwrap();
        }
    }
    panic!("{method} was not answered");
}

/// Counts, tells who asks, rejects, traps and keeps secrets: something of everything that agents can see.
pub const NOTEBOOK: &str = r#"
(module
  (import "ic0" "msg_arg_data_size" (func $arg_size (result i32)))
  (import "ic0" "msg_arg_data_copy" (func $arg_copy (param i32 i32 i32)))
  (import "ic0" "msg_caller_size" (func $caller_size (result i32)))
  (import "ic0" "msg_caller_copy" (func $caller_copy (param i32 i32 i32)))
  (import "ic0" "msg_method_name_size" (func $name_size (result i32)))
  (import "ic0" "msg_reply_data_append" (func $append (param i32 i32)))
  (import "ic0" "msg_reply" (func $reply))
  (import "ic0" "msg_reject" (func $reject (param i32 i32)))
  (import "ic0" "accept_message" (func $accept))
  (import "ic0" "trap" (func $trap (param i32 i32)))
  (import "ic0" "certified_data_set" (func $certify (param i32 i32)))
  (memory 1)
  (data (i32.const 0) "\00")
  (data (i32.const 16) "not today")
  (data (i32.const 32) "boom")
  (func (export "canister_init") (call $certify (i32.const 16) (i32.const 9)))
  (func (export "canister_inspect_message")
    (if (i32.ne (call $name_size) (i32.const 6)) (then (call $accept))))
  (func (export "canister_update count")
    (i32.store8 (i32.const 0) (i32.add (i32.load8_u (i32.const 0)) (i32.const 1)))
    (call $append (i32.const 0) (i32.const 1)) (call $reply))
  (func (export "canister_query counted")
    (call $append (i32.const 0) (i32.const 1)) (call $reply))
  (func (export "canister_query echo")
    (call $arg_copy (i32.const 100) (i32.const 0) (call $arg_size))
    (call $append (i32.const 100) (call $arg_size)) (call $reply))
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
