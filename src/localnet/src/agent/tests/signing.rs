//! Identities that sign envelopes as agents do.

use crate::agent::envelope::request_id;
use candid::Principal;
use ic_transport_types::{Delegation, Envelope, EnvelopeContent, SignedDelegation, to_request_id};
use k256::ecdsa::signature::Signer;
use k256::pkcs8::EncodePublicKey;
use std::borrow::Cow;

/// A private key of each scheme, made from a seed byte.
pub enum Key {
    Ed25519(ic_ed25519::PrivateKey),
    Secp256k1(k256::ecdsa::SigningKey),
    P256(p256::ecdsa::SigningKey),
}

impl Key {
    pub fn ed25519(seed: u8) -> Key {
        Key::Ed25519(ic_ed25519::PrivateKey::deserialize_raw_32(&[seed; 32]))
    }

    pub fn secp256k1(seed: u8) -> Key {
        Key::Secp256k1(k256::ecdsa::SigningKey::from_slice(&[seed; 32]).unwrap())
    }

    pub fn p256(seed: u8) -> Key {
        Key::P256(p256::ecdsa::SigningKey::from_slice(&[seed; 32]).unwrap())
    }

    /// One of each.
    pub fn all(seed: u8) -> [Key; 3] {
        [Key::ed25519(seed), Key::secp256k1(seed), Key::p256(seed)]
    }

    pub fn der(&self) -> Vec<u8> {
        match self {
            Key::Ed25519(key) => key.public_key().serialize_rfc8410_der(),
            Key::Secp256k1(key) => key.verifying_key().to_public_key_der().unwrap().into_vec(),
            Key::P256(key) => key.verifying_key().to_public_key_der().unwrap().into_vec(),
        }
    }

    pub fn principal(&self) -> Principal {
        Principal::self_authenticating(self.der())
    }

    pub fn sign(&self, message: &[u8]) -> Vec<u8> {
        match self {
            Key::Ed25519(key) => key.sign_message(message).to_vec(),
            Key::Secp256k1(key) => {
                let signature: k256::ecdsa::Signature = key.sign(message);
                signature.to_vec()
            }
            Key::P256(key) => {
                let signature: p256::ecdsa::Signature = key.sign(message);
                signature.to_vec()
            }
        }
    }

    /// Signs a content under this key, which need not be the sender's.
    pub fn envelope(&self, content: EnvelopeContent) -> Envelope<'static> {
        let id = request_id(&content).unwrap();
        Envelope {
            content: Cow::Owned(content),
            sender_pubkey: Some(self.der()),
            sender_sig: Some(self.sign(&[b"\x0Aic-request", id.as_slice()].concat())),
            sender_delegation: None,
        }
    }

    /// Lets `other` sign for this key.
    pub fn delegate(&self, delegation: Delegation) -> SignedDelegation {
        let hash = to_request_id(&delegation).unwrap();
        let message = [&b"\x1Aic-request-auth-delegation"[..], hash.as_slice()].concat();
        SignedDelegation {
            signature: self.sign(&message),
            delegation,
        }
    }
}
