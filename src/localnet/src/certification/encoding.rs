//! How values look at the leaves of a state tree.

use candid::Principal;
use serde::Serialize;
use serde_bytes::Bytes;

/// An unsigned number in LEB128, as `/time` and `reject_code` are written.
pub fn leb128(number: u64) -> Vec<u8> {
    let mut bytes = Vec::with_capacity(10);
    leb128::write::unsigned(&mut bytes, number).expect("a vector takes every write");
    bytes
}

/// CBOR with the self-describing tag 55799 in front.
pub(super) fn self_described_cbor<T: Serialize>(value: &T) -> Vec<u8> {
    let mut serializer = serde_cbor::Serializer::new(Vec::new());
    serializer
        .self_describe()
        .and_then(|()| value.serialize(&mut serializer))
        .expect("certificates hold nothing that CBOR cannot say");
    serializer.into_inner()
}

/// Principals as `/canister/ID/controllers` holds them: a tagged CBOR array of byte strings.
pub fn blob_list(principals: &[Principal]) -> Vec<u8> {
    let blobs: Vec<&Bytes> = principals
        .iter()
        .map(|principal| Bytes::new(principal.as_slice()))
        .collect();
    self_described_cbor(&blobs)
}
