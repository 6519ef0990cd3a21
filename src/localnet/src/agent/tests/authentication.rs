//! Who sent a request, and who only claims to have.

use super::signing::Key;
use crate::agent::authentication::{Request, authenticate};
use crate::agent::envelope::decode;
use crate::agent::refusal::Refusal;
use candid::Principal;
use ic_transport_types::{
    Delegation, DelegationPermissions, Envelope, EnvelopeContent, SenderInfo, SignedDelegation,
};
use proptest::prelude::*;
use std::borrow::Cow;

const NOW: u64 = 1_700_000_000_000_000_000;
const MINUTE: u64 = 60_000_000_000;

fn canister() -> Principal {
    Principal::from_slice(&[0, 0, 0, 0, 0, 0, 0, 7, 1, 1])
}

fn call(sender: Principal) -> EnvelopeContent {
    EnvelopeContent::Call {
        nonce: Some(vec![1, 2, 3]),
        ingress_expiry: NOW + 4 * MINUTE,
        sender,
        canister_id: canister(),
        method_name: "set".into(),
        arg: b"DIDL\0\0".to_vec(),
        sender_info: None,
    }
}

fn query(sender: Principal) -> EnvelopeContent {
    EnvelopeContent::Query {
        nonce: None,
        ingress_expiry: NOW + 4 * MINUTE,
        sender,
        canister_id: canister(),
        method_name: "get".into(),
        arg: b"DIDL\0\0".to_vec(),
        sender_info: None,
    }
}

/// Through the wire, as it would arrive.
fn open(envelope: &Envelope<'_>) -> Result<Request, Refusal> {
    let bytes = envelope.encode_bytes();
    authenticate(decode(&bytes)?, bytes.len())
}

fn anonymous() -> Envelope<'static> {
    Envelope {
        content: Cow::Owned(query(Principal::anonymous())),
        sender_pubkey: None,
        sender_sig: None,
        sender_delegation: None,
    }
}

fn to(key: &Key) -> Delegation {
    Delegation {
        pubkey: key.der(),
        expiration: NOW + 60 * MINUTE,
        targets: None,
        permissions: None,
    }
}

/// An envelope of `sender`, signed by `last` at the end of a chain.
fn delegated(
    content: EnvelopeContent,
    sender: &Key,
    chain: Vec<SignedDelegation>,
    last: &Key,
) -> Envelope<'static> {
    let mut envelope = last.envelope(content);
    envelope.sender_pubkey = Some(sender.der());
    envelope.sender_delegation = Some(chain);
    envelope
}

#[test]
fn each_scheme_proves_its_sender() {
    for key in Key::all(3) {
        let content = call(key.principal());
        let id = content.to_request_id();
        let request = open(&key.envelope(content)).unwrap();
        assert_eq!(request.sender(), key.principal());
        assert_eq!(request.id, *id);
    }
}

#[test]
fn the_anonymous_sender_needs_no_signature_and_may_have_none() {
    assert_eq!(open(&anonymous()).unwrap().sender(), Principal::anonymous());
    let signed = Key::ed25519(1).envelope(call(Principal::anonymous()));
    let refusal = open(&signed).unwrap_err();
    assert_eq!(
        refusal,
        Refusal::SignedAnonymously {
            field: "sender_pubkey"
        }
    );
}

#[test]
fn a_sender_without_signature_is_refused() {
    let key = Key::ed25519(1);
    let sender = key.principal();
    for (field, strip) in [("sender_pubkey", true), ("sender_sig", false)] {
        let mut envelope = key.envelope(call(sender));
        match strip {
            true => envelope.sender_pubkey = None,
            false => envelope.sender_sig = None,
        }
        let refusal = open(&envelope).unwrap_err();
        assert_eq!(refusal, Refusal::Unsigned { field, sender });
        assert_eq!(refusal.status(), 403);
    }
}

#[test]
fn nobody_signs_for_somebody_else() {
    let (owner, sender) = (Key::ed25519(1).principal(), Key::ed25519(2).principal());
    let refusal = open(&Key::ed25519(1).envelope(call(sender))).unwrap_err();
    assert_eq!(refusal, Refusal::WrongSender { owner, sender });
    assert_eq!(refusal.status(), 403);
}

#[test]
fn a_signature_under_another_content_is_refused() {
    for key in Key::all(3) {
        let mut envelope = key.envelope(call(key.principal()));
        envelope.content = Cow::Owned(query(key.principal()));
        let refusal = open(&envelope).unwrap_err();
        assert!(matches!(refusal, Refusal::Signature { .. }), "{refusal}");
        assert!(
            refusal
                .to_string()
                .contains("The signature of the request does not verify")
        );
    }
}

#[test]
fn schemes_that_are_not_verified_are_refused_by_name() {
    // SubjectPublicKeyInfo of an arbitrary key under the two object identifiers of the interface specification.
    let der = |last: u8| {
        let mut der = hex::decode("3014300c060a2b0601040183b8430100030300abcd").unwrap();
        der[1] = (der.len() - 2) as u8;
        der[15] = last;
        der
    };
    for (last, name) in [(1, "WebAuthn"), (2, "canister signatures")] {
        let key = Key::ed25519(1);
        let pubkey = der(last);
        let mut envelope = key.envelope(call(Principal::self_authenticating(&pubkey)));
        envelope.sender_pubkey = Some(pubkey);
        let refusal = open(&envelope).unwrap_err();
        assert!(matches!(refusal, Refusal::Scheme { .. }), "{refusal}");
        assert!(refusal.to_string().contains(name), "{refusal}");
    }
    let rsa = hex::decode("3012300d06092a864886f70d0101010500030100").unwrap();
    let mut envelope = Key::ed25519(1).envelope(call(Principal::self_authenticating(&rsa)));
    envelope.sender_pubkey = Some(rsa);
    let refusal = open(&envelope).unwrap_err();
    assert!(
        refusal.to_string().contains("1.2.840.113549.1.1.1"),
        "{refusal}"
    );
}

#[test]
fn sender_info_is_refused_by_name() {
    let key = Key::ed25519(1);
    let mut content = call(key.principal());
    if let EnvelopeContent::Call { sender_info, .. } = &mut content {
        *sender_info = Some(SenderInfo {
            info: vec![1],
            signer: vec![2],
            sig: vec![3],
        });
    }
    assert_eq!(
        open(&key.envelope(content)).unwrap_err(),
        Refusal::SenderInfo
    );
}

#[test]
fn a_chain_of_delegations_leads_from_the_sender_to_the_signer() {
    let [root, middle, last] = [Key::p256(1), Key::secp256k1(2), Key::ed25519(3)];
    let chain = vec![root.delegate(to(&middle)), middle.delegate(to(&last))];
    let request = open(&delegated(
        call(root.principal()),
        &root,
        chain.clone(),
        &last,
    ))
    .unwrap();
    assert_eq!(request.sender(), root.principal());
    let broken = delegated(call(root.principal()), &root, chain[1..].to_vec(), &last);
    let refusal = open(&broken).unwrap_err();
    assert!(refusal.to_string().contains("delegation 0"), "{refusal}");
    let other = delegated(call(root.principal()), &root, chain, &middle);
    assert!(matches!(open(&other), Err(Refusal::Signature { .. })));
}

#[test]
fn a_delegation_holds_for_its_targets_only() {
    let (root, last) = (Key::ed25519(1), Key::ed25519(2));
    let with = |targets: Vec<Principal>| {
        let delegation = Delegation {
            targets: Some(targets),
            ..to(&last)
        };
        let chain = vec![root.delegate(delegation)];
        open(&delegated(call(root.principal()), &root, chain, &last))
    };
    assert!(with(vec![Principal::management_canister(), canister()]).is_ok());
    let refusal = with(vec![Principal::management_canister()]).unwrap_err();
    let expected = Refusal::DelegationTarget {
        index: 0,
        canister: canister(),
    };
    assert_eq!(refusal, expected);
    assert_eq!(refusal.status(), 403);
    let many = with(vec![canister(); 1001]).unwrap_err();
    assert!(matches!(
        many,
        Refusal::DelegationTargets { count: 1001, .. }
    ));
}

#[test]
fn a_delegation_for_queries_does_not_permit_calls() {
    let (root, last) = (Key::ed25519(1), Key::ed25519(2));
    let delegation = Delegation {
        permissions: Some(DelegationPermissions::Queries),
        ..to(&last)
    };
    let chain = vec![root.delegate(delegation)];
    let asking = delegated(query(root.principal()), &root, chain.clone(), &last);
    assert!(open(&asking).is_ok());
    let calling = delegated(call(root.principal()), &root, chain, &last);
    assert_eq!(
        open(&calling).unwrap_err(),
        Refusal::DelegationPermissions { index: 0 }
    );
}

#[test]
fn too_long_a_chain_is_refused() {
    let key = Key::ed25519(1);
    let chain = vec![key.delegate(to(&key)); 21];
    let refusal = open(&delegated(call(key.principal()), &key, chain, &key)).unwrap_err();
    assert_eq!(
        refusal,
        Refusal::DelegationChain {
            count: 21,
            limit: 20
        }
    );
}

#[test]
fn delegations_run_out_whether_or_not_the_network_is_live() {
    let (root, last) = (Key::ed25519(1), Key::ed25519(2));
    let delegation = Delegation {
        expiration: NOW,
        ..to(&last)
    };
    let chain = vec![root.delegate(delegation)];
    let request = open(&delegated(call(root.principal()), &root, chain, &last)).unwrap();
    assert_eq!(request.check_time(NOW, false), Ok(()));
    let late = request.check_time(NOW + 1, false);
    let expected = Refusal::DelegationExpired {
        expiration: NOW,
        now: NOW + 1,
    };
    assert_eq!(late, Err(expected));
}

#[test]
fn requests_expire_on_live_networks_in_words_that_agents_look_for() {
    let request = open(&anonymous()).unwrap();
    let expiry = NOW + 4 * MINUTE;
    assert_eq!(request.check_time(NOW, true), Ok(()));
    assert_eq!(request.check_time(expiry, true), Ok(()));
    for now in [expiry + 1, expiry - 6 * MINUTE - 1] {
        let refusal = request.check_time(now, true).unwrap_err();
        assert_eq!(refusal.status(), 400);
        assert!(
            refusal.to_string().contains("Invalid request expiry: "),
            "{refusal}"
        );
        assert_eq!(request.check_time(now, false), Ok(()));
    }
}

#[test]
fn a_trusting_interface_takes_the_sender_at_its_word() {
    let sender = Key::ed25519(2).principal();
    let envelope = Key::ed25519(1).envelope(call(sender));
    let request = Request::trusted(envelope, 1).unwrap();
    assert_eq!(request.sender(), sender);
    assert_eq!(request.check_time(u64::MAX, true), Ok(()));
}

proptest! {
    #[test]
    fn random_bytes_are_refused_in_words(bytes in proptest::collection::vec(any::<u8>(), 0..200)) {
        let refusal = decode(&bytes).expect_err("nobody signed this");
        prop_assert_eq!(refusal.status(), 400);
        prop_assert!(refusal.to_string().contains("CBOR envelope"));
    }

    #[test]
    fn a_flipped_bit_proves_nothing_else(
        scheme in 0usize..3,
        long in any::<bool>(),
        place in any::<prop::sample::Index>(),
        bit in 0u8..8,
    ) {
        let [key, last] = [&Key::all(5)[scheme], &Key::ed25519(6)];
        let content = call(key.principal());
        let id = *content.to_request_id();
        let envelope = match long {
            true => delegated(content, key, vec![key.delegate(to(last))], last),
            false => key.envelope(content),
        };
        let mut bytes = envelope.encode_bytes();
        let place = place.index(bytes.len());
        bytes[place] ^= 1u8 << bit;
        // A flip that only changes how CBOR spells the same request is no forgery.
        if let Ok(request) = decode(&bytes).and_then(|envelope| authenticate(envelope, 0)) {
            prop_assert_eq!(request.id, id);
            prop_assert_eq!(request.sender(), key.principal());
        }
    }

    #[test]
    fn keys_of_any_shape_never_panic(der in proptest::collection::vec(any::<u8>(), 0..120)) {
        let sender = Principal::self_authenticating(&der);
        let mut envelope = Key::ed25519(1).envelope(call(sender));
        envelope.sender_pubkey = Some(der);
        prop_assert!(open(&envelope).is_err());
    }
}
