//! Certificates checked as clients check them: with the public crates, and never with our own code.

use super::*;
use candid::Principal;
use ic_certification::{Certificate, LookupResult};
use ic_http_certification::{
    CERTIFICATE_EXPRESSION_HEADER_NAME, DefaultCelBuilder, DefaultResponseCertification,
    HttpCertification, HttpCertificationPath, HttpCertificationTree, HttpCertificationTreeEntry,
    HttpRequest, HttpResponse, utils::add_v2_certificate_header,
};
use ic_response_verification::verify_request_response_pair;
use ic_verify_bls_signature::verify_bls_signature;
use proptest::prelude::*;
use sha2::{Digest, Sha256};
use std::collections::BTreeMap;

const TIME: u64 = 1_620_328_630_000_000_000;

fn canister(number: u64) -> Principal {
    let mut bytes = number.to_be_bytes().to_vec();
    bytes.extend([1, 1]);
    Principal::from_slice(&bytes)
}

fn decode(certificate: &[u8]) -> Certificate {
    serde_cbor::from_slice(certificate).expect("a certificate")
}

fn verifies(certificate: &Certificate, public_key: &[u8]) -> bool {
    let key = public_key
        .strip_prefix(&BLS_PUBLIC_KEY_DER_PREFIX)
        .expect("a DER key");
    let message = [&b"\x0Dic-state-root"[..], &certificate.tree.digest()].concat();
    verify_bls_signature(&certificate.signature, &message, key).is_ok()
}

#[test]
fn a_seed_always_gives_the_same_keys_and_ids() {
    let authority = Authority::from_seed([7; 32]);
    assert_eq!(
        authority.subnet_id().to_text(),
        "o2x4k-zhbgi-34tv3-3bqug-jvbqn-kfuj6-pxufl-tghyf-cklk2-uewjx-bae"
    );
    assert_eq!(
        authority.node().id().to_text(),
        "2lxus-36vcd-soere-4uxny-ljpj2-dqfob-old3r-z3iz2-zoobn-q4kts-4qe"
    );
    assert_eq!(authority.public_key().len(), 133);
    assert_eq!(authority.node().public_key().len(), 44);
    assert_ne!(
        authority.public_key(),
        Authority::from_seed([8; 32]).public_key()
    );
}

#[test]
fn ids_are_self_authenticating() {
    let authority = Authority::from_seed([1; 32]);
    assert_eq!(
        authority.subnet_id(),
        Principal::self_authenticating(authority.public_key())
    );
    assert_eq!(
        authority.node().id(),
        Principal::self_authenticating(authority.node().public_key())
    );
}

#[test]
fn the_node_key_signs_what_its_public_key_verifies() {
    let node = Authority::from_seed([1; 32]).node().clone();
    let public = ic_ed25519::PublicKey::deserialize_rfc8410_der(node.public_key()).unwrap();
    let signature = node.sign(b"\x0Bic-response");
    assert!(
        public
            .verify_signature(b"\x0Bic-response", &signature)
            .is_ok()
    );
    assert!(
        public
            .verify_signature(b"\x0Bic-request", &signature)
            .is_err()
    );
}

#[test]
fn a_data_certificate_keeps_its_bytes() {
    let bytes = Authority::from_seed([7; 32]).data_certificate(canister(5), &[9; 32], TIME);
    assert_eq!(
        hex::encode(&bytes[..56]),
        "d9d9f7a26474726565830183024863616e697374657283024a0000000000000005010183024e6365727469666965645f6461746182035820"
    );
    assert_eq!(
        hex::encode(Sha256::digest(&bytes)),
        "d6c523ed2dd489de972c3b8cfb968c3ca2034b9f78a9dffeb06cd66e655070cb"
    );
}

#[test]
fn a_data_certificate_holds_time_and_data_and_nothing_else() {
    let authority = Authority::from_seed([7; 32]);
    let certificate = decode(&authority.data_certificate(canister(5), &[9; 32], TIME));
    assert!(verifies(&certificate, &authority.public_key()));
    assert!(certificate.delegation.is_none());
    let id = canister(5);
    let tree = &certificate.tree;
    let path = [&b"canister"[..], id.as_slice(), b"certified_data"];
    assert_eq!(tree.lookup_path(path), LookupResult::Found(&[9; 32]));
    let LookupResult::Found(mut time) = tree.lookup_path([b"time"]) else {
        panic!("no time");
    };
    assert_eq!(leb128::read::unsigned(&mut time).unwrap(), TIME);
    assert_eq!(tree.list_paths().len(), 2);
    let other = [&b"canister"[..], id.as_slice(), b"module_hash"];
    assert_eq!(tree.lookup_path(other), LookupResult::Absent);
}

#[test]
fn another_subnets_key_does_not_verify() {
    let certificate = Authority::from_seed([1; 32]).certify(&StateTree::at(TIME));
    let other = Authority::from_seed([2; 32]).public_key();
    assert!(!verifies(&decode(&certificate), &other));
}

#[test]
fn a_value_cannot_stand_above_or_below_another() {
    let mut tree = StateTree::at(TIME);
    tree.insert(&[b"a", b"b"], "value").unwrap();
    let before = tree.clone();
    for path in [&[&b"a"[..]][..], &[b"a", b"b", b"c"], &[b"time", b"x"], &[]] {
        let conflict = tree.insert(path, "other").unwrap_err();
        assert_eq!(conflict.path.len(), path.len());
    }
    assert_eq!(tree, before);
}

#[test]
fn ranges_are_written_sorted_as_tagged_pairs() {
    let ranges = [(canister(7), canister(8)), (canister(1), canister(2))];
    assert_eq!(
        hex::encode(canister_ranges(&ranges)),
        "d9d9f782\
         824a000000000000000101014a00000000000000020101\
         824a000000000000000701014a00000000000000080101"
    );
    assert_eq!(
        hex::encode(blob_list(&[Principal::anonymous()])),
        "d9d9f7814104"
    );
}

/// A page with its certification, as a canister behind `authority` would answer it.
fn certified_page(
    authority: &Authority,
    id: Principal,
) -> (HttpRequest<'static>, HttpResponse<'static>) {
    let expression = DefaultCelBuilder::response_only_certification()
        .with_response_certification(DefaultResponseCertification::response_header_exclusions(
            vec![],
        ))
        .build();
    let request = HttpRequest::get("/page").build();
    let mut response = HttpResponse::ok(
        b"hello".to_vec(),
        vec![(
            CERTIFICATE_EXPRESSION_HEADER_NAME.into(),
            expression.to_string(),
        )],
    )
    .build();
    let certification = HttpCertification::response_only(&expression, &response, None).unwrap();
    let path = HttpCertificationPath::exact("/page");
    let entry = HttpCertificationTreeEntry::new(path.clone(), certification);
    let mut tree = HttpCertificationTree::default();
    tree.insert(&entry);
    let certificate = authority.data_certificate(id, &tree.root_hash(), TIME);
    let witness = tree.witness(&entry, "/page").unwrap();
    add_v2_certificate_header(&certificate, &mut response, &witness, &path.to_expr_path());
    (request, response)
}

fn page_verifies(
    authority: &Authority,
    id: Principal,
    root_key: &[u8],
    now: u64,
) -> Result<(), String> {
    let (request, response) = certified_page(authority, id);
    let offset = 300_000_000_000;
    verify_request_response_pair(
        request,
        response,
        id.as_slice(),
        now.into(),
        offset,
        root_key,
        2,
    )
    .map(|info| assert_eq!(info.response.expect("a certified body").body, b"hello"))
    .map_err(|error| format!("{error:?}"))
}

#[test]
fn response_verification_accepts_a_page_and_minds_key_and_time() {
    let authority = Authority::from_seed([1; 32]);
    let key = authority.public_key();
    assert_eq!(page_verifies(&authority, canister(1), &key, TIME), Ok(()));
    let stale = page_verifies(&authority, canister(1), &key, TIME + 301_000_000_000);
    assert!(stale.unwrap_err().contains("TooFarInThePast"));
    let other = Authority::from_seed([2; 32]).public_key();
    assert!(page_verifies(&authority, canister(1), &other, TIME).is_err());
}

#[test]
fn a_delegation_speaks_for_its_canisters_only() {
    let root = Authority::from_seed([1; 32]);
    let mut subnet = Authority::from_seed([2; 32]);
    subnet.delegated_by(&root, &[(canister(10), canister(19))]);
    let key = root.public_key();
    assert_eq!(page_verifies(&subnet, canister(10), &key, TIME), Ok(()));
    assert_eq!(page_verifies(&subnet, canister(19), &key, TIME), Ok(()));
    let outside = page_verifies(&subnet, canister(20), &key, TIME).unwrap_err();
    assert!(outside.contains("PrincipalOutOfRange"), "{outside}");
    let own_key = page_verifies(&subnet, canister(10), &subnet.public_key(), TIME);
    assert!(own_key.is_err(), "the root key is the only one to trust");
}

#[test]
fn a_delegation_holds_ranges_where_old_and_new_clients_look() {
    let root = Authority::from_seed([1; 32]);
    let mut subnet = Authority::from_seed([2; 32]);
    let ranges = [(canister(30), canister(31)), (canister(10), canister(19))];
    subnet.delegated_by(&root, &ranges);
    let delegation = subnet.delegation(TIME).unwrap();
    let certificate = decode(&delegation.certificate);
    assert!(verifies(&certificate, &root.public_key()));
    let (id, encoded) = (subnet.subnet_id(), canister_ranges(&ranges));
    for path in [
        [&b"subnet"[..], id.as_slice(), b"canister_ranges"],
        [b"canister_ranges", id.as_slice(), canister(10).as_slice()],
    ] {
        assert_eq!(
            certificate.tree.lookup_path(path),
            LookupResult::Found(&encoded)
        );
    }
}

#[test]
fn a_delegation_is_kept_for_a_day_and_then_renewed() {
    let day = 86_400_000_000_000;
    let mut subnet = Authority::from_seed([2; 32]);
    assert_eq!(subnet.delegation(TIME), None);
    subnet.delegated_by(&Authority::from_seed([1; 32]), &[]);
    let first = subnet.delegation(TIME);
    assert_eq!(subnet.delegation(TIME + day - 1), first);
    let renewed = subnet.delegation(TIME + day);
    assert_ne!(renewed, first);
    assert_ne!(
        subnet.delegation(TIME - 1),
        renewed,
        "never from the future"
    );
}

type Paths = BTreeMap<Vec<Vec<u8>>, Vec<u8>>;

/// Paths of a few short labels, so that they share prefixes and collide.
fn paths() -> impl Strategy<Value = Paths> {
    let label = proptest::collection::vec(0u8..4, 0..3);
    let path = proptest::collection::vec(label, 1..4);
    proptest::collection::btree_map(path, proptest::collection::vec(any::<u8>(), 0..40), 0..24)
}

fn tree_of(paths: &Paths) -> (StateTree, Paths) {
    let mut tree = StateTree::at(TIME);
    let mut taken = Paths::new();
    for (path, value) in paths {
        let labels: Vec<&[u8]> = path.iter().map(Vec::as_slice).collect();
        if tree.insert(&labels, value.clone()).is_ok() {
            taken.insert(path.clone(), value.clone());
        }
    }
    (tree, taken)
}

proptest! {
    #[test]
    fn every_value_is_found_and_every_other_path_is_absent(all in paths(), probes in paths()) {
        let (tree, taken) = tree_of(&all);
        let hash_tree = tree.hash_tree();
        for (path, value) in &taken {
            prop_assert_eq!(hash_tree.lookup_path(path), LookupResult::Found(value));
        }
        for path in probes.keys().filter(|path| !taken.contains_key(*path)) {
            let runs_above = taken.keys().any(|other| other.starts_with(path));
            match hash_tree.lookup_path(path) {
                LookupResult::Absent => prop_assert!(!runs_above),
                LookupResult::Error => prop_assert!(runs_above),
                other => prop_assert!(false, "{:?} for a path without value", other),
            }
        }
    }

    #[test]
    fn paths_left_out_are_those_that_conflict(all in paths()) {
        let (_, taken) = tree_of(&all);
        for path in all.keys().filter(|path| !taken.contains_key(*path)) {
            let conflicts = |other: &Vec<Vec<u8>>| path.starts_with(other) || other.starts_with(path);
            prop_assert!(taken.keys().any(conflicts));
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn a_flipped_bit_never_verifies(all in paths(), place in any::<prop::sample::Index>(), bit in 0u8..8) {
        let authority = Authority::from_seed([7; 32]);
        let (tree, _) = tree_of(&all);
        let mut bytes = authority.certify(&tree);
        let genuine = decode(&bytes);
        prop_assert!(verifies(&genuine, &authority.public_key()));
        let place = place.index(bytes.len());
        bytes[place] ^= 1u8 << bit;
        // A flip that only changes how CBOR spells the same content is not a forgery.
        if let Ok(forged) = serde_cbor::from_slice::<Certificate>(&bytes) {
            prop_assert!(forged == genuine || !verifies(&forged, &authority.public_key()));
        }
    }
}
