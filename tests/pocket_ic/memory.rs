//! Cycles, stable memory from outside, and logs.

use crate::probe::{network, query, update};
use candid::Principal;
use pocket_ic::common::rest::BlobCompression;
use std::io::Write;

#[test]
fn cycles_are_counted_exactly_beyond_64_bits() {
    let network = tests::server::network();
    let canister = network.create_canister();
    let before = network.cycle_balance(canister);
    let much = u128::from(u64::MAX) + 5;
    assert_eq!(network.add_cycles(canister, much), before + much);
    assert_eq!(network.cycle_balance(canister), before + much);
}

#[test]
fn stable_memory_is_read_and_replaced_plain_and_zipped() {
    let (network, canister) = network();
    update(&network, canister, "store", b"from the inside.").expect("answers");
    let read = network.get_stable_memory(canister);
    assert_eq!(read.len(), 65536);
    assert_eq!(&read[..16], b"from the inside.");

    let mut content = vec![0; 65536];
    content[..16].copy_from_slice(b"from the outside");
    network.set_stable_memory(canister, content.clone(), BlobCompression::NoCompression);
    assert_eq!(
        query(&network, canister, "load"),
        Ok(content[..16].to_vec())
    );

    content[..16].copy_from_slice(b"from the zip....");
    let mut zip = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
    zip.write_all(&content).expect("writes to memory");
    let zipped = zip.finish().expect("writes to memory");
    network.set_stable_memory(canister, zipped, BlobCompression::Gzip);
    assert_eq!(network.get_stable_memory(canister), content);
}

#[test]
fn what_a_canister_prints_is_in_its_log() {
    let (network, canister) = network();
    update(&network, canister, "log", []).expect("answers");
    let records = network
        .fetch_canister_logs(canister, Principal::anonymous())
        .expect("the controller may read");
    let last = records.last().expect("one line");
    assert_eq!(last.content, b"a line for the log");
}
