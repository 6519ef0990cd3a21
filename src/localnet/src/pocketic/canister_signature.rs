//! Checks signatures that canisters make by certifying a tree of what they signed.
//!
//! Interface specification, "Canister signatures". The public key is the canister's id and a seed; the signature
//! is CBOR of a certificate and a tree. The certificate shows that the tree's root hash is the canister's
//! certified data; the tree shows `/sig/SHA-256(seed)/SHA-256(message)`.
//!
//! ```text
//! public key   raw: length of id | id | seed
//!              DER: 30 len  30 0c  06 0a 2b 06 01 04 01 83 b8 43 01 02  03 len 00  raw
//! ```

use candid::Principal;
use ic_certification::{Certificate, HashTree, LookupResult};
use ic_verify_bls_signature::verify_bls_signature;
use serde::Deserialize;
use serde_bytes::ByteBuf;
use sha2::{Digest, Sha256};
use thiserror::Error;

/// The algorithm identifier of canister signatures (1.3.6.1.4.1.56387.1.2) in DER.
const ALGORITHM: [u8; 14] = [
    0x30, 0x0c, 0x06, 0x0a, 0x2b, 0x06, 0x01, 0x04, 0x01, 0x83, 0xb8, 0x43, 0x01, 0x02,
];

/// Length of a BLS public key; its DER ends with it.
const ROOT_KEY_BYTES: usize = 96;

/// Why a signature does not hold.
#[derive(Debug, Error, PartialEq, Eq)]
pub enum SignatureError {
    /// The public key does not parse.
    #[error("the public key is not that of a canister signature")]
    PublicKey,
    /// The root key does not parse.
    #[error("the root key has {0} bytes; 96 or, as DER, 133 are expected")]
    RootKey(usize),
    /// The signature does not parse.
    #[error("the signature is not CBOR of a certificate and a tree: {0}")]
    Encoding(String),
    /// The certificate is not signed by the root key.
    #[error("the certificate is not signed by the root key")]
    Certificate,
    /// The subnet that the certificate comes from may not speak for the canister.
    #[error("the certificate's delegation does not cover canister {0}")]
    Delegation(Principal),
    /// The tree is not what the canister certified.
    #[error("the tree's root hash is not the certified data of canister {0}")]
    CertifiedData(Principal),
    /// Another message or another seed was signed.
    #[error("the tree does not contain the message under the seed of the public key")]
    Message,
}

#[derive(Deserialize)]
struct Signature {
    certificate: ByteBuf,
    tree: HashTree,
}

/// Checks a canister's signature on a message. Keys may be DER or raw.
pub fn verify(
    message: &[u8],
    signature: &[u8],
    public_key: &[u8],
    root_key: &[u8],
) -> Result<(), SignatureError> {
    let (canister, seed) = split(public_key).ok_or(SignatureError::PublicKey)?;
    let root_key = match root_key.len() {
        ROOT_KEY_BYTES => root_key,
        133 => &root_key[133 - ROOT_KEY_BYTES..],
        other => return Err(SignatureError::RootKey(other)),
    };
    let signature: Signature = read(signature)?;
    let certificate: Certificate = read(&signature.certificate)?;
    verify_certificate(&certificate, canister, root_key)?;
    let certified: [&[u8]; 3] = [b"canister", canister.as_slice(), b"certified_data"];
    match certificate.tree.lookup_path(certified) {
        LookupResult::Found(data) if data == signature.tree.digest() => {}
        _ => return Err(SignatureError::CertifiedData(canister)),
    }
    let (seed, message) = (Sha256::digest(seed), Sha256::digest(message));
    let signed: [&[u8]; 3] = [b"sig", &seed, &message];
    match signature.tree.lookup_path(signed) {
        LookupResult::Found(_) => Ok(()),
        _ => Err(SignatureError::Message),
    }
}

/// Checks a certificate against the root key, through its delegation if it has one.
fn verify_certificate(
    certificate: &Certificate,
    canister: Principal,
    root_key: &[u8],
) -> Result<(), SignatureError> {
    let Some(delegation) = &certificate.delegation else {
        return verify_root(certificate, root_key);
    };
    let parent: Certificate = read(&delegation.certificate)?;
    verify_root(&parent, root_key)?;
    let refused = || SignatureError::Delegation(canister);
    let subnet = delegation.subnet_id.as_ref();
    if parent.delegation.is_some() || !covers(&parent.tree, subnet, canister) {
        return Err(refused());
    }
    let path: [&[u8]; 3] = [b"subnet", subnet, b"public_key"];
    let LookupResult::Found(key) = parent.tree.lookup_path(path) else {
        return Err(refused());
    };
    let start = key.len().checked_sub(ROOT_KEY_BYTES).ok_or_else(refused)?;
    verify_root(certificate, &key[start..])
}

/// Checks the signature of a certificate.
fn verify_root(certificate: &Certificate, key: &[u8]) -> Result<(), SignatureError> {
    let mut signed = b"\x0dic-state-root".to_vec();
    signed.extend_from_slice(&certificate.tree.digest());
    verify_bls_signature(&certificate.signature, &signed, key)
        .map_err(|_| SignatureError::Certificate)
}

/// Whether a subnet's canister ranges, as a certificate shows them, include a canister.
fn covers(tree: &HashTree, subnet: &[u8], canister: Principal) -> bool {
    let path: [&[u8]; 3] = [b"subnet", subnet, b"canister_ranges"];
    let LookupResult::Found(encoded) = tree.lookup_path(path) else {
        return false;
    };
    let ranges: Result<Vec<(Principal, Principal)>, _> = serde_cbor::from_slice(encoded);
    ranges.is_ok_and(|ranges| {
        let mut ranges = ranges.iter();
        ranges.any(|(first, last)| (*first..=*last).contains(&canister))
    })
}

fn read<'a, T: Deserialize<'a>>(bytes: &'a [u8]) -> Result<T, SignatureError> {
    serde_cbor::from_slice(bytes).map_err(|error| SignatureError::Encoding(error.to_string()))
}

/// The canister and the seed that a public key consists of.
fn split(public_key: &[u8]) -> Option<(Principal, &[u8])> {
    let raw = match public_key.first() {
        Some(0x30) => unwrap(public_key)?,
        _ => public_key,
    };
    let (&length, rest) = raw.split_first()?;
    let (id, seed) = rest.split_at_checked(usize::from(length))?;
    Some((Principal::try_from_slice(id).ok()?, seed))
}

/// The raw key within DER.
fn unwrap(der: &[u8]) -> Option<&[u8]> {
    let content = value(0x30, der)?;
    let bits = value(0x03, content.strip_prefix(&ALGORITHM)?)?;
    bits.strip_prefix(&[0])
}

/// The value of the one DER element that `der` consists of. Lengths up to 65535.
fn value(tag: u8, der: &[u8]) -> Option<&[u8]> {
    let (length, rest) = match der.strip_prefix(&[tag])? {
        [0x81, length, rest @ ..] => (usize::from(*length), rest),
        [0x82, high, low, rest @ ..] => (usize::from(u16::from_be_bytes([*high, *low])), rest),
        [length @ 0..=0x7f, rest @ ..] => (usize::from(*length), rest),
        _ => return None,
    };
    (rest.len() == length).then_some(rest)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::certification::{Authority, StateTree};
    use ic_certification::{labeled, leaf};
    use serde::Serialize;

    const SEED: &[u8] = b"of the key";
    const MESSAGE: &[u8] = b"\x1aic-request-auth-delegation and so on";

    fn canister() -> Principal {
        Principal::from_slice(&[0, 0, 0, 0, 0, 0, 0, 7, 1, 1])
    }

    /// The public key of [`canister`], raw.
    fn key() -> Vec<u8> {
        [&[10], canister().as_slice(), SEED].concat()
    }

    fn sign(authority: &Authority, message: &[u8]) -> Vec<u8> {
        #[derive(Serialize)]
        struct Signature {
            certificate: ByteBuf,
            tree: HashTree,
        }
        let (seed, hash) = (Sha256::digest(SEED).to_vec(), Sha256::digest(message));
        let tree = labeled("sig", labeled(seed, labeled(hash.to_vec(), leaf(""))));
        let mut state = StateTree::at(1);
        let canister = canister();
        let path: [&[u8]; 3] = [b"canister", canister.as_slice(), b"certified_data"];
        state
            .insert(&path, tree.digest().to_vec())
            .expect("the path is free");
        let certificate = ByteBuf::from(authority.certify(&state));
        serde_cbor::to_vec(&Signature { certificate, tree }).expect("encodes")
    }

    #[test]
    fn what_a_canister_signed_holds_under_der_and_raw_keys() {
        let authority = Authority::from_seed([1; 32]);
        let signature = sign(&authority, MESSAGE);
        let der = authority.public_key();
        let wrapped = [
            &[0x30, 16 + 3 + key().len() as u8][..],
            &ALGORITHM,
            &[0x03, 1 + key().len() as u8, 0],
            &key(),
        ];
        // Outer length: the algorithm (14), two bytes of header, one of padding, the key.
        let mut wrapped = wrapped.concat();
        wrapped[1] = (wrapped.len() - 2) as u8;
        assert_eq!(verify(MESSAGE, &signature, &key(), &der), Ok(()));
        assert_eq!(verify(MESSAGE, &signature, &wrapped, &der[37..]), Ok(()));
    }

    #[test]
    fn a_subnet_may_sign_for_its_canisters_and_no_others() {
        let root = Authority::from_seed([1; 32]);
        let id = |n| Principal::from_slice(&[0, 0, 0, 0, 0, 0, 0, n, 1, 1]);
        let mut subnet = Authority::from_seed([2; 32]);
        subnet.delegated_by(&root, &[(id(0), id(9))]);
        let signature = sign(&subnet, MESSAGE);
        let checked = verify(MESSAGE, &signature, &key(), &root.public_key());
        assert_eq!(checked, Ok(()));
        subnet.delegated_by(&root, &[(id(8), id(9))]);
        let signature = sign(&subnet, MESSAGE);
        let checked = verify(MESSAGE, &signature, &key(), &root.public_key());
        assert_eq!(checked, Err(SignatureError::Delegation(canister())));
    }

    #[test]
    fn anything_else_does_not_hold_and_says_why() {
        let authority = Authority::from_seed([1; 32]);
        let root = authority.public_key();
        let signature = sign(&authority, MESSAGE);
        let other_root = Authority::from_seed([2; 32]).public_key();
        let other_seed = [&[10], canister().as_slice(), b"another"].concat();
        let other_canister = [&[10], &[9; 10][..], SEED].concat();
        let nine = Principal::from_slice(&[9; 10]);
        for (checked, error) in [
            (
                verify(b"x", &signature, &key(), &root),
                SignatureError::Message,
            ),
            (
                verify(MESSAGE, &signature, &other_seed, &root),
                SignatureError::Message,
            ),
            (
                verify(MESSAGE, &signature, &other_canister, &root),
                SignatureError::CertifiedData(nine),
            ),
            (
                verify(MESSAGE, &signature, &key(), &other_root),
                SignatureError::Certificate,
            ),
            (
                verify(MESSAGE, &signature, &[200, 1], &root),
                SignatureError::PublicKey,
            ),
            (
                verify(MESSAGE, &signature, &key(), &root[1..]),
                SignatureError::RootKey(132),
            ),
        ] {
            assert_eq!(checked, Err(error));
        }
        let garbage = verify(MESSAGE, b"garbage", &key(), &root);
        assert!(matches!(garbage, Err(SignatureError::Encoding(_))));
    }
}
