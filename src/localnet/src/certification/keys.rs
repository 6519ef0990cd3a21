//! The two kinds of keys a subnet holds, made from a seed.

use candid::Principal;
use ic_verify_bls_signature::PrivateKey;
use sha2::{Digest, Sha256};

/// What precedes the 96 bytes of a BLS12-381 public key (a compressed point of G2) in its DER form: a sequence of
/// the algorithm (1.3.6.1.4.1.44668.5.3.1.2.1, curve 1.3.6.1.4.1.44668.5.3.2.1) and the bit string. 133 bytes in all.
pub const BLS_PUBLIC_KEY_DER_PREFIX: [u8; 37] = [
    0x30, 0x81, 0x82, 0x30, 0x1d, 0x06, 0x0d, 0x2b, 0x06, 0x01, 0x04, 0x01, 0x82, 0xdc, 0x7c, 0x05,
    0x03, 0x01, 0x02, 0x01, 0x06, 0x0c, 0x2b, 0x06, 0x01, 0x04, 0x01, 0x82, 0xdc, 0x7c, 0x05, 0x03,
    0x02, 0x01, 0x03, 0x61, 0x00,
];

/// A subnet's BLS key: the first SHA-256 of (domain, seed, counter) that is a scalar of the curve's field.
pub(super) fn bls_key(seed: &[u8; 32]) -> PrivateKey {
    (0u32..)
        .find_map(|counter| {
            let candidate = Sha256::new()
                .chain_update(b"localnet subnet key")
                .chain_update(seed)
                .chain_update(counter.to_be_bytes())
                .finalize();
            PrivateKey::deserialize(&candidate).ok()
        })
        .expect("almost every second hash is a scalar")
}

/// The DER form of the public key that belongs to a BLS key; 133 bytes.
pub(super) fn bls_public_key_der(key: &PrivateKey) -> Vec<u8> {
    [
        &BLS_PUBLIC_KEY_DER_PREFIX[..],
        &key.public_key().serialize(),
    ]
    .concat()
}

/// The Ed25519 key with which a node signs answers to queries.
#[derive(Clone)]
pub struct NodeKey {
    private: ic_ed25519::PrivateKey,
    public_key: Vec<u8>,
    id: Principal,
}

impl NodeKey {
    /// The same seed gives the same key.
    pub(super) fn from_seed(seed: &[u8; 32]) -> NodeKey {
        let secret: [u8; 32] = Sha256::new()
            .chain_update(b"localnet node key")
            .chain_update(seed)
            .finalize()
            .into();
        let private = ic_ed25519::PrivateKey::deserialize_raw_32(&secret);
        let public_key = private.public_key().serialize_rfc8410_der();
        let id = Principal::self_authenticating(&public_key);
        NodeKey {
            private,
            public_key,
            id,
        }
    }

    /// The node's id: self-authenticating id of its DER key.
    pub fn id(&self) -> Principal {
        self.id
    }

    /// The 44-byte DER of the public key (RFC 8410).
    pub fn public_key(&self) -> &[u8] {
        &self.public_key
    }

    /// Signs a message that carries its own domain separator; 64 bytes.
    pub fn sign(&self, message: &[u8]) -> [u8; 64] {
        self.private.sign_message(message)
    }
}
