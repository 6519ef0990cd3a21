//! The house rules, held by tests: who may depend on whom, what the documents name, how sources and scripts look, and
//! what does not belong in a public repository.
//!
//! Each rule is a checker over plain values that lists what it finds, with its lists as data at the top of its file and
//! its own tests on made-up input; the tests below run the checkers on the repository itself.

mod dependencies;
mod documents;
mod leaks;
mod manifests;
mod sources;

use std::path::{Path, PathBuf};
use std::process::Command;

/// The repository's root.
fn root() -> PathBuf {
    let tests = Path::new(env!("CARGO_MANIFEST_DIR"));
    tests.parent().unwrap().to_owned()
}

/// What a program prints, run in the root.
fn output(program: &str, arguments: &[&str]) -> String {
    let run = Command::new(program)
        .args(arguments)
        .current_dir(root())
        .output();
    let run = run.unwrap_or_else(|reason| panic!("{program} does not start: {reason}"));
    assert!(
        run.status.success(),
        "{program} {arguments:?} failed: {}",
        String::from_utf8_lossy(&run.stderr)
    );
    String::from_utf8(run.stdout).unwrap()
}

/// The repository's files, those about to be added included: path from the root, and text. Binary files are left out.
fn files() -> Vec<(String, String)> {
    let listed = output(
        "git",
        &["ls-files", "--cached", "--others", "--exclude-standard"],
    );
    let read = |path: &str| {
        let text = std::fs::read_to_string(root().join(path)).ok()?;
        Some((path.to_owned(), text))
    };
    listed.lines().filter_map(read).collect()
}

/// The paths of the repository's files.
fn paths() -> Vec<String> {
    files().into_iter().map(|(path, _)| path).collect()
}

fn assert_none(found: &[String]) {
    assert!(found.is_empty(), "\n  {}\n", found.join("\n  "));
}

/// What cargo knows about the workspace as it is built here. Other platforms are left out: their crates need not be on
/// this machine.
fn metadata() -> serde_json::Value {
    let rustc = output("rustc", &["-vV"]);
    let host = rustc.lines().find_map(|line| line.strip_prefix("host: "));
    let platform = ["--filter-platform", host.unwrap()];
    let arguments = ["metadata", "--format-version", "1", "--locked"];
    serde_json::from_str(&output("cargo", &[&arguments[..], &platform].concat())).unwrap()
}

#[test]
fn dependencies_point_in_the_directions_of_the_architecture() {
    let metadata = metadata();
    assert_none(&dependencies::check(&metadata));
    // What is looked for is looked for in something.
    assert!(dependencies::reached(&metadata, "engine").contains("ic-stable-structures"));
    assert!(dependencies::reached(&metadata, "orbiter").contains("candid"));
}

#[test]
fn the_manifests_of_the_platforms_tools_name_both_canisters() {
    let dfx = std::fs::read_to_string(root().join("dfx.json")).unwrap();
    let dfx = serde_json::from_str(&dfx).unwrap();
    assert_none(&manifests::check_dfx(&dfx, &paths()));
    let icp = std::fs::read_to_string(root().join("icp.yaml")).unwrap();
    assert_none(&manifests::check_icp(&icp));
}

#[test]
fn every_path_that_the_documents_name_exists() {
    let paths = paths();
    let mut found = Vec::new();
    for name in documents::DOCUMENTS {
        match std::fs::read_to_string(root().join(name)) {
            Ok(text) => found.extend(documents::check(name, &text, &paths)),
            Err(reason) => found.push(format!("{name} cannot be read: {reason}")),
        }
    }
    assert_none(&found);
}

#[test]
fn scripts_stay_short() {
    assert_none(&sources::check_scripts(&files()));
}

#[test]
fn every_source_file_says_what_it_is() {
    assert_none(&sources::check_headers(&files()));
}

#[test]
fn nothing_of_anybodys_machine_or_workplace_is_in_the_repository() {
    assert_none(&leaks::check(&files()));
}
