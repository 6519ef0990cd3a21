//! Stable memory as an earlier release wrote it: it is opened, read and upgraded for ever.
//!
//! For each layout there are two files: `vN.memory.gz`, the stable memory after some rows of the HTTP
//! table, and `vN.answers`, what the orbiter that wrote it answered. They are recorded once per layout by
//!
//! ```text
//! RECORD_FROZEN=yes cargo test -p tests --test orbiter record_the_frozen_memory -- --ignored
//! ```
//!
//! and never again: whoever changes the bytes that are written adds a layout version and its two files.

pub mod answers;

use crate::native::Native;
use crate::table;
use candid::Principal;
use engine::AccessKeyScope;
use flate2::Compression;
use flate2::read::GzDecoder;
use flate2::write::GzEncoder;
use ic_stable_structures::VectorMemory;
use orbiter::memory::{self, Expected};
use std::cell::RefCell;
use std::io::{Read, Write};
use std::path::PathBuf;
use std::rc::Rc;

/// Every layout there was, with its files.
pub const LAYOUTS: [u32; 2] = [1, 2];

/// The Admin and the Write key of the frozen orbiters.
pub const ADMIN: Principal = Principal::from_slice(&[20]);
const WRITER: Principal = Principal::from_slice(&[21]);

fn file(layout: u32, name: &str) -> PathBuf {
    let folder = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("orbiter/frozen");
    folder.join(format!("v{layout}.{name}"))
}

/// The memory of a layout, uncompressed.
pub fn memory_of(layout: u32) -> Vec<u8> {
    let file = std::fs::File::open(file(layout, "memory.gz")).expect("a frozen memory");
    let mut bytes = Vec::new();
    GzDecoder::new(file).read_to_end(&mut bytes).expect("gzip");
    bytes
}

/// The answers of a layout.
pub fn answers_of(layout: u32) -> String {
    std::fs::read_to_string(file(layout, "answers")).expect("frozen answers")
}

/// A small orbiter with everything in it that can be stored.
fn recorded() -> Native {
    let mut native = Native::new();
    native.give_key(ADMIN, AccessKeyScope::Admin, None);
    native.give_key(WRITER, AccessKeyScope::Write, Some(u64::MAX));
    let mut rows = table::rows();
    // A thousand entries alike show nothing that a few don't.
    rows.retain(|row| row.stores.len() < 100);
    table::run_some(&mut native, rows);
    native
}

#[test]
fn every_frozen_memory_opens_and_answers_as_it_did() {
    assert_eq!(LAYOUTS.last(), Some(&engine::LAYOUT_VERSION));
    for layout in LAYOUTS {
        let bytes: VectorMemory = Rc::new(RefCell::new(memory_of(layout)));
        let orbiter = memory::open(bytes, Expected::AnOrbiter).expect("a known layout");
        assert_eq!(answers::of(&orbiter), answers_of(layout), "layout {layout}");
    }
}

#[test]
#[ignore = "writes the files that other tests read: once per layout"]
fn record_the_frozen_memory() {
    assert_eq!(std::env::var("RECORD_FROZEN").as_deref(), Ok("yes"));
    let native = recorded();
    let mut gzip = GzEncoder::new(Vec::new(), Compression::best());
    gzip.write_all(&native.stable.borrow()).expect("gzip");
    let layout = engine::LAYOUT_VERSION;
    std::fs::write(file(layout, "memory.gz"), gzip.finish().expect("gzip")).expect("a file");
    std::fs::write(file(layout, "answers"), answers::of(&native.orbiter)).expect("a file");
}
