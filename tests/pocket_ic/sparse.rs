//! Stable memory of hundreds of gigabytes: it costs what was written to it, in time and on disk.

use crate::process::{Process, place, port};
use candid::Principal;
use pocket_ic::{PocketIc, PocketIcBuilder};
use std::os::unix::fs::MetadataExt;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::Path;

/// Pages of 64 KiB in 440 GB.
const PAGES: u64 = 440_000_000_000 >> 16;
/// The most pages there can be: 500 GiB.
const MOST_PAGES: u64 = 500 << 14;

const BEYOND_256_GIB: u64 = (256 << 30) + 4_095;
const AT_399_GB: u64 = 399_000_000_000;
/// The last eight bytes of 400 GB.
const AT_THE_END: u64 = 400_000_000_000 - 8;
/// Where an upgrade copies what is at 399 GB.
const AT_439_GB: u64 = 439_000_000_000;

/// More than everything here writes, modules and logs included, and less than 440 GB by a factor of 20,000.
const MOST_DISK_BYTES: u64 = 20 << 20;

/// A network on a server whose files are in a directory of the test's own.
struct Server {
    // In this order they end: the network says goodbye to its server.
    network: PocketIc,
    _process: Process,
    directory: tempfile::TempDir,
}

impl Server {
    fn start() -> Server {
        let directory = tempfile::tempdir().expect("a directory");
        let (_place, path, text) = place();
        let process = Process::start_in(directory.path(), &["--port-file", &text]);
        let url = format!("http://127.0.0.1:{}/", port(&path));
        let network = PocketIcBuilder::new()
            .with_server_url(url.parse().expect("is a URL"))
            .with_application_subnet()
            .build();
        Server {
            network,
            _process: process,
            directory,
        }
    }

    /// Bytes that its files occupy on disk.
    fn disk_bytes(&self) -> u64 {
        occupied(self.directory.path())
    }
}

/// Bytes that the files in a folder, and in those within it, occupy on disk.
fn occupied(path: &Path) -> u64 {
    let entries = std::fs::read_dir(path).expect("can be listed");
    entries
        .map(|entry| {
            let metadata = entry.as_ref().expect("is there").metadata();
            match metadata.expect("can be asked") {
                folder if folder.is_dir() => occupied(&entry.expect("is there").path()),
                file => file.blocks() * 512,
            }
        })
        .sum()
}

fn wasm() -> Vec<u8> {
    let text = include_str!("sparse.wat")
        .replace("${FROM}", &AT_399_GB.to_string())
        .replace("${TO}", &AT_439_GB.to_string());
    wat::parse_str(text).expect("is WebAssembly")
}

fn update(network: &PocketIc, canister: Principal, method: &str, number: u64, rest: &[u8]) -> bool {
    let argument = [&number.to_le_bytes(), rest].concat();
    network
        .update_call(canister, Principal::anonymous(), method, argument)
        .is_ok()
}

fn grow(network: &PocketIc, canister: Principal, pages: u64) -> i64 {
    let argument = pages.to_le_bytes().to_vec();
    let reply = network.update_call(canister, Principal::anonymous(), "grow", argument);
    let reply = reply.expect("answers");
    i64::from_le_bytes(reply.try_into().expect("eight bytes"))
}

fn read(network: &PocketIc, canister: Principal, offset: u64) -> [u8; 8] {
    let argument = offset.to_le_bytes().to_vec();
    let reply = network.query_call(canister, Principal::anonymous(), "read", argument);
    reply.expect("answers").try_into().expect("eight bytes")
}

#[test]
fn what_is_written_at_the_end_of_400_gb_survives_traps_upgrades_and_snapshots() {
    let server = Server::start();
    let network = &server.network;
    let canister = network.create_canister();
    network.add_cycles(canister, 1_000_000_000_000_000);
    network.install_canister(canister, wasm(), vec![], None);
    let upgrade = || network.upgrade_canister(canister, wasm(), vec![], None);

    upgrade().expect_err("the hook reads what is not there");
    assert_eq!(grow(network, canister, PAGES), 0);
    let written = [
        (BEYOND_256_GIB, b"straddle"),
        (AT_399_GB, b"far away"),
        (AT_THE_END, b"the end!"),
    ];
    for (offset, bytes) in written {
        assert!(update(network, canister, "write", offset, bytes));
        assert!(!update(
            network,
            canister,
            "write_and_trap",
            offset,
            b"undone.."
        ));
    }
    let expect_written = |at_439_gb: &[u8; 8]| {
        for (offset, bytes) in written {
            assert_eq!(read(network, canister, offset), *bytes, "at {offset}");
        }
        assert_eq!(read(network, canister, AT_439_GB), *at_439_gb);
    };
    expect_written(&[0; 8]);

    let snapshot = network.take_canister_snapshot(canister, None, None);
    let snapshot = snapshot.expect("can be taken").id;
    upgrade().expect("the hook copies from far to farther");
    expect_written(b"far away");
    assert!(update(network, canister, "write", AT_399_GB, b"changed!"));
    assert_eq!(grow(network, canister, MOST_PAGES - PAGES), PAGES as i64);
    assert_eq!(grow(network, canister, 1), -1);
    upgrade().expect("500 GiB are carried over");
    assert_eq!(read(network, canister, AT_439_GB), *b"changed!");

    let loaded = network.load_canister_snapshot(canister, None, snapshot);
    loaded.expect("can be loaded");
    expect_written(&[0; 8]);
    assert_eq!(grow(network, canister, 0), PAGES as i64);

    let all = catch_unwind(AssertUnwindSafe(|| network.get_stable_memory(canister)));
    let panic = all.expect_err("no answer carries 440 GB");
    let words = panic.downcast_ref::<String>().expect("is text");
    let limit = "more than the 1073741824 bytes that one answer carries";
    assert!(words.contains(limit), "{words}");
    expect_written(&[0; 8]);
    let disk_bytes = server.disk_bytes();
    assert!(disk_bytes < MOST_DISK_BYTES, "{disk_bytes} bytes on disk");
}
