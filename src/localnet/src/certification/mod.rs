//! Keys, hash trees and certificates of a subnet. Knows no canister state: values come in as arguments.

use candid::Principal;

/// A subnet's keys, derived from a seed: the BLS key that signs certificates and the Ed25519 key of its one node.
#[derive(Clone)]
pub struct Authority {}

#[allow(unused_variables, missing_docs)]
impl Authority {
    /// The same seed gives the same keys.
    pub fn from_seed(seed: [u8; 32]) -> Authority {
        todo!()
    }
    /// The subnet's id: self-authenticating id of its DER key.
    pub fn subnet_id(&self) -> Principal {
        todo!()
    }
    /// The 133-byte DER of the BLS public key.
    pub fn public_key(&self) -> Vec<u8> {
        todo!()
    }
    /// The certificate (CBOR) that `data_certificate` gives a query: `/time` and `/canister/ID/certified_data`.
    pub fn data_certificate(
        &self,
        canister: Principal,
        certified_data: &[u8],
        time: u64,
    ) -> Vec<u8> {
        todo!()
    }
}
