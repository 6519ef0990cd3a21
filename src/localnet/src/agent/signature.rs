//! The signature schemes of the Internet Computer that people sign requests with.
//!
//! Public keys travel as DER `SubjectPublicKeyInfo` (RFC 5280), whose object identifiers name the scheme. Signatures
//! are raw: 64 bytes, for ECDSA `r` and `s` over the SHA-256 of the message. Source: the interface specification,
//! section "Signatures".

use super::refusal::Refusal;
use k256::ecdsa::signature::Verifier;
use k256::pkcs8::{DecodePublicKey, ObjectIdentifier, SubjectPublicKeyInfoRef};

const ED25519: &str = "1.3.101.112";
const ELLIPTIC_CURVE: &str = "1.2.840.10045.2.1";
const SECP256K1: &str = "1.3.132.0.10";
const P256: &str = "1.2.840.10045.3.1.7";
const COSE: &str = "1.3.6.1.4.1.56387.1.1";
const CANISTER: &str = "1.3.6.1.4.1.56387.1.2";

/// A public key under which requests and delegations are signed.
#[derive(Debug)]
pub(super) enum PublicKey {
    Ed25519(ic_ed25519::PublicKey),
    Secp256k1(k256::ecdsa::VerifyingKey),
    P256(p256::ecdsa::VerifyingKey),
}

impl PublicKey {
    /// Reads the DER form of a key and refuses schemes that cannot be verified here by their names.
    pub(super) fn from_der(der: &[u8]) -> Result<PublicKey, Refusal> {
        let info = SubjectPublicKeyInfoRef::try_from(der).map_err(malformed)?;
        let algorithm = info.algorithm.oid.to_string();
        match algorithm.as_str() {
            ED25519 => ic_ed25519::PublicKey::deserialize_rfc8410_der(der)
                .map(PublicKey::Ed25519)
                .map_err(malformed),
            ELLIPTIC_CURVE => Self::on_curve(info.algorithm.parameters_oid().ok(), der),
            COSE => Err(unsupported("WebAuthn signatures (COSE keys)")),
            CANISTER => Err(unsupported("canister signatures")),
            other => Err(unsupported(format!("signatures of algorithm {other}"))),
        }
    }

    fn on_curve(curve: Option<ObjectIdentifier>, der: &[u8]) -> Result<PublicKey, Refusal> {
        let curve = curve.map(|oid| oid.to_string()).unwrap_or_default();
        match curve.as_str() {
            SECP256K1 => k256::ecdsa::VerifyingKey::from_public_key_der(der)
                .map(PublicKey::Secp256k1)
                .map_err(malformed),
            P256 => p256::ecdsa::VerifyingKey::from_public_key_der(der)
                .map(PublicKey::P256)
                .map_err(malformed),
            other => Err(unsupported(format!("ECDSA on curve `{other}`"))),
        }
    }

    fn scheme(&self) -> &'static str {
        match self {
            PublicKey::Ed25519(_) => "Ed25519",
            PublicKey::Secp256k1(_) => "ECDSA secp256k1",
            PublicKey::P256(_) => "ECDSA P-256",
        }
    }

    /// Checks the signature of a message; `what` names it for the refusal.
    pub(super) fn verify(
        &self,
        message: &[u8],
        signature: &[u8],
        what: &str,
    ) -> Result<(), Refusal> {
        let genuine = match self {
            PublicKey::Ed25519(key) => key.verify_signature(message, signature).is_ok(),
            PublicKey::Secp256k1(key) => k256::ecdsa::Signature::from_slice(signature)
                .is_ok_and(|signature| key.verify(message, &signature).is_ok()),
            PublicKey::P256(key) => p256::ecdsa::Signature::from_slice(signature)
                .is_ok_and(|signature| key.verify(message, &signature).is_ok()),
        };
        match genuine {
            true => Ok(()),
            false => Err(Refusal::Signature {
                what: what.into(),
                scheme: self.scheme(),
            }),
        }
    }
}

fn malformed(error: impl std::fmt::Display) -> Refusal {
    Refusal::PublicKey {
        reason: error.to_string(),
    }
}

fn unsupported(scheme: impl Into<String>) -> Refusal {
    Refusal::Scheme {
        scheme: scheme.into(),
    }
}
