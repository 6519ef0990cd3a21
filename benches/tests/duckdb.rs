//! Every aggregate that `dist/orbiter.wasm` gives equals what DuckDB counts over the lines that were sent.

use benches::{answers, network};
use std::path::PathBuf;
use std::process::Command;

/// Where `scripts/setup test` puts Python with DuckDB.
fn python() -> PathBuf {
    let python = network::root().join("target/duckdb/bin/python");
    assert!(
        python.exists(),
        "{} is missing: run scripts/setup test",
        python.display()
    );
    python
}

#[test]
fn every_aggregate_equals_what_duckdb_counts() {
    let python = python();
    let folder = PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join("duckdb");
    std::fs::create_dir_all(&folder).expect("a folder");
    answers::write(&folder).expect("two files");
    let run = Command::new(python)
        .arg("-B")
        .arg(network::root().join("benches/duckdb/check.py"))
        .arg(&folder)
        .output()
        .expect("Python starts");
    let (said, complained) = (
        String::from_utf8_lossy(&run.stdout),
        String::from_utf8_lossy(&run.stderr),
    );
    assert!(run.status.success(), "{said}\n{complained}");
}
