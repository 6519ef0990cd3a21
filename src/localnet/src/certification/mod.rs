//! Keys, hash trees and certificates of a subnet. Knows no canister state: values come in as arguments.
//!
//! How the Internet Computer certifies, from the bottom up:
//!
//! 1. What is to be certified is a tree of labelled values ([`StateTree`]): `/time`, `/canister/ID/module_hash`, …
//! 2. The tree is hashed from its leaves to one root hash; a subnet signs that hash with its BLS key
//!    ([`Authority::certify`]). Tree and signature together are a certificate.
//! 3. Whoever knows the subnet's public key can check the certificate, and so each value in it. Clients know only
//!    the root key; every other subnet attaches a [`Delegation`], in which the root subnet certifies its key and the
//!    canisters it may speak for.
//!
//! A certificate here holds what its reader asked for and the time, nothing pruned: everything else reads as absent.
//!
//! Source of all formats: the Internet Computer interface specification, sections "Certification" and "The system
//! state tree".

mod authority;
mod certificate;
mod delegation;
mod encoding;
mod keys;
mod ranges;
mod tree;

#[cfg(test)]
mod tests;

pub use authority::Authority;
pub use delegation::Delegation;
pub use encoding::{blob_list, leb128};
pub use keys::{BLS_PUBLIC_KEY_DER_PREFIX, NodeKey};
pub use ranges::{canister_ranges, insert_range_shard};
pub use tree::{PathConflict, StateTree};
