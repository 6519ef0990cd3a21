//! Networks of several subnets, and where canisters live.

use crate::probe::{install, network, update, wasm};
use candid::Principal;
use pocket_ic::common::rest::{RawEffectivePrincipal, SubnetKind};

#[test]
fn the_first_canister_has_the_id_that_tests_paste() {
    let (_network, canister) = network();
    assert_eq!(canister.to_text(), "lxzze-o7777-77777-aaaaa-cai");
}

#[test]
fn the_topology_has_what_was_asked_for_and_nothing_else() {
    let network = tests::server::builder()
        .with_nns_subnet()
        .with_ii_subnet()
        .with_system_subnet()
        .with_application_subnet()
        .with_benchmarking_application_subnet()
        .build();
    let topology = network.topology();
    let mut kinds: Vec<SubnetKind> = topology
        .subnet_configs
        .values()
        .map(|subnet| subnet.subnet_kind)
        .collect();
    kinds.sort();
    use SubnetKind::{Application, II, NNS, System};
    assert_eq!(kinds, [Application, Application, II, NNS, System]);
    assert_eq!(topology.get_benchmarking_app_subnets().len(), 1);
    let default = Principal::from_slice(&topology.default_effective_canister_id.canister_id);
    let subnet = topology.get_subnet(default).expect("is in a range");
    assert!(topology.get_app_subnets().contains(&subnet));
}

#[test]
fn the_root_key_is_that_of_the_nns_if_there_is_one() {
    assert_eq!(tests::server::network().root_key(), None);
    let network = tests::server::builder()
        .with_nns_subnet()
        .with_application_subnet()
        .build();
    let key = network.root_key().expect("there is an NNS subnet");
    assert_eq!(key.len(), 133);
    let nns = network.topology().get_nns();
    assert_eq!(nns, Some(Principal::self_authenticating(key)));
}

#[test]
fn a_canister_is_made_where_its_creator_says() {
    let network = tests::server::builder()
        .with_nns_subnet()
        .with_application_subnet()
        .with_application_subnet()
        .build();
    let topology = network.topology();
    for subnet in topology.subnet_configs.keys().copied() {
        let canister = network.create_canister_on_subnet(None, None, subnet);
        assert_eq!(network.get_subnet(canister), Some(subnet));
        assert_eq!(topology.get_subnet(canister), Some(subnet));
    }
    let nns = Principal::from_text("rrkah-fqaaa-aaaaa-aaaaq-cai").expect("an id");
    let made = network.create_canister_with_id(None, None, nns);
    assert_eq!(made, Ok(nns));
    assert_eq!(network.get_subnet(nns), topology.get_nns());
    let twice = network.create_canister_with_id(None, None, nns);
    assert!(twice.is_err(), "the id is taken");
}

#[test]
fn a_canister_that_does_not_exist_is_on_no_subnet() {
    let (network, canister) = network();
    assert!(network.canister_exists(canister));
    let next = Principal::from_slice(&[0xff, 0xff, 0xff, 0xff, 0xff, 0xe0, 0, 9, 1, 1]);
    assert!(!network.canister_exists(next));
    assert_eq!(network.get_subnet(next), None);
}

#[test]
fn a_message_id_says_where_the_message_went() {
    let (network, canister) = network();
    let anonymous = Principal::anonymous();
    let id = network.submit_call_with_effective_principal(
        canister,
        RawEffectivePrincipal::None,
        anonymous,
        "increment",
        vec![],
    );
    let id = id.expect("is taken");
    let expected = RawEffectivePrincipal::CanisterId(canister.as_slice().to_vec());
    assert_eq!(id.effective_principal, expected);
    let reply = network.await_call(id);
    assert_eq!(reply, Ok(1_u32.to_le_bytes().to_vec()));
}

#[test]
fn an_upgrade_by_an_unmodified_client_goes_through_the_management_canister() {
    let (network, canister) = network();
    let second = install(&network);
    assert_ne!(canister, second);
    update(&network, second, "increment", []).expect("answers");
    network
        .upgrade_canister(canister, wasm(2), vec![], None)
        .expect("upgrades");
    assert_eq!(crate::probe::version(&network, canister), 2);
    assert_eq!(crate::probe::version(&network, second), 1);
    assert_eq!(crate::probe::counter(&network, second), 1);
}

#[test]
fn a_signature_that_does_not_hold_is_an_answer_and_no_failure() {
    let network = tests::server::network();
    let checked = network.verify_canister_signature(vec![], vec![], vec![9], vec![0; 96]);
    let why = "the public key is not that of a canister signature";
    assert_eq!(checked, Err(why.to_owned()));
}
