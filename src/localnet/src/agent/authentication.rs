//! Who sent a request: signature, delegations and expiry.
//!
//! A request that names a sender other than the anonymous one carries a public key whose self-authenticating id is
//! that sender. Either this key signed the request id, or it signed a delegation to another key, and so on, and the
//! last key of the chain signed the request id.

use super::envelope::{request_id, request_type};
use super::refusal::Refusal;
use super::signature::PublicKey;
use candid::Principal;
use ic_transport_types::{
    Delegation, DelegationPermissions, Envelope, EnvelopeContent, SignedDelegation, to_request_id,
};

const REQUEST_DOMAIN: &[u8] = b"\x0Aic-request";
const DELEGATION_DOMAIN: &[u8] = b"\x1Aic-request-auth-delegation";

/// The longest chain of delegations, as replicas take it.
const MAX_DELEGATIONS: usize = 20;
/// The most targets of one delegation, as replicas take them.
const MAX_TARGETS: usize = 1000;

/// How far in the future a request may expire: five minutes, and one more for clocks that differ.
const MAX_EXPIRY_AHEAD_NANOS: u64 = 6 * 60 * 1_000_000_000;

/// A request whose sender is proven.
#[derive(Debug)]
pub(super) struct Request {
    /// What is asked.
    pub(super) content: EnvelopeContent,
    /// Its id.
    pub(super) id: [u8; 32],
    /// Bytes of the envelope.
    pub(super) size: usize,
    valid: Validity,
}

/// How long a request is good for.
#[derive(Debug)]
enum Validity {
    /// It was not checked and need not be.
    Always,
    /// Until its own expiry and that of the first of its delegations to run out (ns since 1970).
    Bounded { delegated_until: Option<u64> },
}

impl Request {
    /// A request whose sender is not checked, and which never expires.
    pub(super) fn trusted(envelope: Envelope<'_>, size: usize) -> Result<Request, Refusal> {
        let content = envelope.content.into_owned();
        Ok(Request {
            id: *request_id(&content)?,
            content,
            size,
            valid: Validity::Always,
        })
    }

    /// Who sent it.
    pub(super) fn sender(&self) -> Principal {
        *self.content.sender()
    }

    /// Checks what depends on the time `now` (ns): delegations always, the request's own expiry on a `live` network
    /// only, because any other has a time of its own that no client follows.
    pub(super) fn check_time(&self, now: u64, live: bool) -> Result<(), Refusal> {
        let Validity::Bounded { delegated_until } = self.valid else {
            return Ok(());
        };
        if let Some(expiration) = delegated_until
            && expiration < now
        {
            return Err(Refusal::DelegationExpired { expiration, now });
        }
        let provided = self.content.ingress_expiry();
        let latest = now.saturating_add(MAX_EXPIRY_AHEAD_NANOS);
        if live && !(now..=latest).contains(&provided) {
            return Err(Refusal::Expiry {
                provided,
                earliest: now,
                latest,
            });
        }
        Ok(())
    }
}

/// Proves the sender of an envelope of `size` bytes.
pub(super) fn authenticate(envelope: Envelope<'_>, size: usize) -> Result<Request, Refusal> {
    let content = envelope.content.into_owned();
    if carries_sender_info(&content) {
        return Err(Refusal::SenderInfo);
    }
    let id = request_id(&content)?;
    let proof = Proof {
        public_key: envelope.sender_pubkey,
        signature: envelope.sender_sig,
        delegations: envelope.sender_delegation.unwrap_or_default(),
    };
    let delegated_until = proof.check(&content, &[REQUEST_DOMAIN, id.as_slice()].concat())?;
    Ok(Request {
        content,
        id: *id,
        size,
        valid: Validity::Bounded { delegated_until },
    })
}

fn carries_sender_info(content: &EnvelopeContent) -> bool {
    match content {
        EnvelopeContent::Call { sender_info, .. } | EnvelopeContent::Query { sender_info, .. } => {
            sender_info.is_some()
        }
        EnvelopeContent::ReadState { .. } => false,
    }
}

/// What stands around the content of an envelope.
struct Proof {
    public_key: Option<Vec<u8>>,
    signature: Option<Vec<u8>>,
    delegations: Vec<SignedDelegation>,
}

impl Proof {
    /// Checks the proof for a content and its signed message; gives the earliest expiration of its delegations.
    fn check(&self, content: &EnvelopeContent, message: &[u8]) -> Result<Option<u64>, Refusal> {
        let sender = *content.sender();
        if sender == Principal::anonymous() {
            return self.check_absent().map(|()| None);
        }
        let missing = |field| Refusal::Unsigned { field, sender };
        let public_key = self.public_key.as_ref().ok_or(missing("sender_pubkey"))?;
        let signature = self.signature.as_ref().ok_or(missing("sender_sig"))?;
        let owner = Principal::self_authenticating(public_key);
        if owner != sender {
            return Err(Refusal::WrongSender { owner, sender });
        }
        let key = self.follow_delegations(PublicKey::from_der(public_key)?, content)?;
        key.verify(message, signature, "the request")?;
        let expirations = self
            .delegations
            .iter()
            .map(|signed| signed.delegation.expiration);
        Ok(expirations.min())
    }

    fn check_absent(&self) -> Result<(), Refusal> {
        let present = [
            ("sender_pubkey", self.public_key.is_some()),
            ("sender_sig", self.signature.is_some()),
            ("sender_delegation", !self.delegations.is_empty()),
        ];
        match present.into_iter().find(|(_, present)| *present) {
            Some((field, _)) => Err(Refusal::SignedAnonymously { field }),
            None => Ok(()),
        }
    }

    /// Walks the chain from the sender's own key to the one that signs the request.
    fn follow_delegations(
        &self,
        mut key: PublicKey,
        content: &EnvelopeContent,
    ) -> Result<PublicKey, Refusal> {
        let count = self.delegations.len();
        if count > MAX_DELEGATIONS {
            return Err(Refusal::DelegationChain {
                count,
                limit: MAX_DELEGATIONS,
            });
        }
        for (index, signed) in self.delegations.iter().enumerate() {
            check_scope(index, &signed.delegation, content)?;
            let message = delegation_message(&signed.delegation)?;
            key.verify(&message, &signed.signature, &format!("delegation {index}"))?;
            key = PublicKey::from_der(&signed.delegation.pubkey)?;
        }
        Ok(key)
    }
}

fn delegation_message(delegation: &Delegation) -> Result<Vec<u8>, Refusal> {
    let hash = to_request_id(delegation).map_err(|error| Refusal::Malformed {
        reason: error.to_string(),
    })?;
    Ok([DELEGATION_DOMAIN, hash.as_slice()].concat())
}

/// Checks that a delegation covers this kind of request and its canister. Reading the state is never limited by
/// targets: it shows what is public, or the sender's own requests.
fn check_scope(
    index: usize,
    delegation: &Delegation,
    content: &EnvelopeContent,
) -> Result<(), Refusal> {
    let queries_only = delegation.permissions == Some(DelegationPermissions::Queries);
    if queries_only && request_type(content) == "call" {
        return Err(Refusal::DelegationPermissions { index });
    }
    let Some(targets) = &delegation.targets else {
        return Ok(());
    };
    if targets.len() > MAX_TARGETS {
        return Err(Refusal::DelegationTargets {
            index,
            count: targets.len(),
            limit: MAX_TARGETS,
        });
    }
    match content {
        EnvelopeContent::Call { canister_id, .. } | EnvelopeContent::Query { canister_id, .. }
            if !targets.contains(canister_id) =>
        {
            Err(Refusal::DelegationTarget {
                index,
                canister: *canister_id,
            })
        }
        _ => Ok(()),
    }
}
