//! Which canisters a subnet may speak for, as clients read it.

use super::encoding::self_described_cbor;
use super::tree::{PathConflict, StateTree};
use candid::Principal;
use serde_bytes::Bytes;

/// Inclusive ranges of canister ids as `/subnet/ID/canister_ranges` holds them: a tagged CBOR array of pairs of byte
/// strings, sorted.
pub fn canister_ranges(ranges: &[(Principal, Principal)]) -> Vec<u8> {
    let mut sorted = ranges.to_vec();
    sorted.sort();
    let pairs: Vec<(&Bytes, &Bytes)> = sorted
        .iter()
        .map(|(first, last)| (Bytes::new(first.as_slice()), Bytes::new(last.as_slice())))
        .collect();
    self_described_cbor(&pairs)
}

/// Puts ranges at `/canister_ranges/ID/FIRST`, where newer clients look, as a single shard that is labelled with the
/// lowest id: clients pick the shard before a canister, and this one comes before all. No range, no shard.
pub fn insert_range_shard(
    tree: &mut StateTree,
    subnet_id: Principal,
    ranges: &[(Principal, Principal)],
) -> Result<(), PathConflict> {
    let Some(lowest) = ranges.iter().map(|(first, _)| first).min() else {
        return Ok(());
    };
    let path: [&[u8]; 3] = [b"canister_ranges", subnet_id.as_slice(), lowest.as_slice()];
    tree.insert(&path, canister_ranges(ranges))
}
