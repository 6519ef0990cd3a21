//! A subnet as the one who signs.

use super::certificate::certificate;
use super::delegation::{Delegation, Delegator};
use super::keys::{NodeKey, bls_key, bls_public_key_der};
use super::tree::StateTree;
use candid::Principal;
use ic_verify_bls_signature::PrivateKey;

/// A subnet's keys, derived from a seed: the BLS key that signs certificates and the Ed25519 key of its one node.
#[derive(Clone)]
pub struct Authority {
    key: PrivateKey,
    public_key: Vec<u8>,
    subnet_id: Principal,
    node: NodeKey,
    delegator: Option<Box<Delegator>>,
}

impl Authority {
    /// The same seed gives the same keys.
    pub fn from_seed(seed: [u8; 32]) -> Authority {
        let key = bls_key(&seed);
        let public_key = bls_public_key_der(&key);
        Authority {
            key,
            subnet_id: Principal::self_authenticating(&public_key),
            public_key,
            node: NodeKey::from_seed(&seed),
            delegator: None,
        }
    }

    /// Makes this the authority of a subnet below `root`: from now on its certificates carry a delegation in which
    /// the root subnet certifies its key and its `ranges` (inclusive). Call it again when the ranges change.
    pub fn delegated_by(&mut self, root: &Authority, ranges: &[(Principal, Principal)]) {
        self.delegator = Some(Box::new(Delegator::new(root.clone(), ranges.to_vec())));
    }

    /// The subnet's id: self-authenticating id of its DER key.
    pub fn subnet_id(&self) -> Principal {
        self.subnet_id
    }

    /// The 133-byte DER of the BLS public key.
    pub fn public_key(&self) -> Vec<u8> {
        self.public_key.clone()
    }

    /// The key of the subnet's node, which signs answers to queries.
    pub fn node(&self) -> &NodeKey {
        &self.node
    }

    /// The delegation that certificates made at `time` (ns) carry; none for a root subnet.
    pub fn delegation(&self, time: u64) -> Option<Delegation> {
        let delegator = self.delegator.as_ref()?;
        Some(delegator.delegation(self.subnet_id, &self.public_key, time))
    }

    /// The certificate (CBOR) of a tree, signed by this subnet.
    pub fn certify(&self, tree: &StateTree) -> Vec<u8> {
        certificate(&self.key, tree, self.delegation(tree.time()).as_ref())
    }

    /// The certificate (CBOR) that `data_certificate` gives a query: `/time` and `/canister/ID/certified_data`.
    pub fn data_certificate(
        &self,
        canister: Principal,
        certified_data: &[u8],
        time: u64,
    ) -> Vec<u8> {
        let mut tree = StateTree::at(time);
        tree.insert(
            &[b"canister", canister.as_slice(), b"certified_data"],
            certified_data,
        )
        .expect("the path is the only one besides the time");
        self.certify(&tree)
    }
}
