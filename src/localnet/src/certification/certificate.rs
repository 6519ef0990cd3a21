//! A tree, its signature and, where needed, a delegation, as bytes.

use super::delegation::Delegation;
use super::encoding::self_described_cbor;
use super::tree::StateTree;
use ic_certification::Certificate;
use ic_verify_bls_signature::PrivateKey;

/// Separates signatures of state trees from all others.
const STATE_ROOT_DOMAIN: &[u8] = b"\x0Dic-state-root";

/// Certifies a tree: tagged CBOR of `{tree, signature, delegation?}`, where the 48-byte signature (a compressed point
/// of G1) covers the domain separator and the tree's root hash.
pub(super) fn certificate(
    key: &PrivateKey,
    tree: &StateTree,
    delegation: Option<&Delegation>,
) -> Vec<u8> {
    let tree = tree.hash_tree();
    let message = [STATE_ROOT_DOMAIN, &tree.digest()].concat();
    self_described_cbor(&Certificate {
        tree,
        signature: key.sign(&message).serialize().to_vec(),
        delegation: delegation.map(|delegation| ic_certification::Delegation {
            subnet_id: delegation.subnet_id.as_slice().to_vec(),
            certificate: delegation.certificate.clone(),
        }),
    })
}
