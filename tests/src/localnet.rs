//! A network of its own for a test: `localnet run` on a free port, ended when the test is.

use crate::server::program;
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

/// How long a network may take to come up.
const PATIENCE: Duration = Duration::from_secs(30);

/// A running network; dropping it ends the process.
pub struct Localnet {
    process: Child,
    /// Where agents find it, without a slash at the end.
    pub url: String,
    /// The DER root key.
    pub root_key: Vec<u8>,
    /// The effective canister id for creating canisters.
    pub default_canister: candid::Principal,
    _directory: tempfile::TempDir,
}

/// What the network writes to its status file.
#[derive(serde::Deserialize)]
struct Status {
    url: String,
    root_key: String,
    default_effective_canister_id: candid::Principal,
}

impl Localnet {
    /// Starts a network with further arguments for `localnet run`.
    ///
    /// # Panics
    /// When the program is not built or does not come up.
    pub fn start(arguments: &[&str]) -> Localnet {
        let directory = tempfile::tempdir().expect("a temporary directory");
        let status_file = directory.path().join("status.json");
        let program = program();
        let mut process = Command::new(&program)
            .args(["run", "--port", "0", "--status-file"])
            .arg(&status_file)
            .args(arguments)
            .stdout(Stdio::null())
            .spawn()
            .unwrap_or_else(|error| panic!("{}: {error}", program.display()));
        let status = wait_for(&status_file, &mut process);
        Localnet {
            process,
            url: status.url,
            root_key: hex::decode(status.root_key).expect("the root key is hexadecimal"),
            default_canister: status.default_effective_canister_id,
            _directory: directory,
        }
    }
}

impl Drop for Localnet {
    fn drop(&mut self) {
        // It may have ended by itself, which its own test would have seen.
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

fn wait_for(status_file: &Path, process: &mut Child) -> Status {
    let start = Instant::now();
    while start.elapsed() < PATIENCE {
        if let Ok(text) = std::fs::read_to_string(status_file) {
            return serde_json::from_str(&text).expect("the status file is JSON");
        }
        if let Ok(Some(ended)) = process.try_wait() {
            panic!("localnet ended instead of coming up: {ended}");
        }
        std::thread::sleep(Duration::from_millis(20));
    }
    let _ = process.kill();
    panic!("localnet did not come up within {PATIENCE:?}");
}
