//! A network and projects on it: the built programs, run as a person runs them.

use std::path::{Path, PathBuf};
use std::process::{Child, Command, Output, Stdio};
use std::sync::{Arc, Mutex, Weak};
use std::time::{Duration, Instant};

use serde_json::Value;
use tempfile::TempDir;

/// How long a network may take to start before a test gives up.
const PATIENCE: Duration = Duration::from_secs(60);

/// A file that `scripts/build` made.
pub fn built(name: &str) -> PathBuf {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).parent().unwrap();
    let path = root.join("dist").join(name);
    assert!(
        path.exists(),
        "{} is missing: run scripts/build",
        path.display()
    );
    path
}

/// An embedded network; ends with the value.
pub struct Network {
    process: Child,
    /// Where it listens.
    pub port: u16,
    _folder: TempDir,
}

impl Network {
    /// Starts a network of its own on a port (0: any free one).
    pub fn start(port: u16) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let status_file = folder.path().join("status.json");
        let process = Command::new(built("localnet"))
            .args(["run", "--port", &port.to_string(), "--status-file"])
            .arg(&status_file)
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        let port = port_in(&status_file);
        Self {
            process,
            port,
            _folder: folder,
        }
    }

    /// The network that the tests running at this moment share; each has its own project, so its own canisters.
    pub fn shared() -> Arc<Self> {
        static SHARED: Mutex<Weak<Network>> = Mutex::new(Weak::new());
        let mut shared = SHARED
            .lock()
            .unwrap_or_else(|poisoned| poisoned.into_inner());
        shared.upgrade().unwrap_or_else(|| {
            let started = Arc::new(Self::start(0));
            *shared = Arc::downgrade(&started);
            started
        })
    }
}

impl Drop for Network {
    fn drop(&mut self) {
        // It is asked to end, so that it removes its files.
        let asked = Command::new("kill")
            .arg(self.process.id().to_string())
            .status();
        if !asked.is_ok_and(|status| status.success()) {
            let _ = self.process.kill();
        }
        let _ = self.process.wait();
    }
}

/// Waits for the status file and reads the port from it.
fn port_in(status_file: &Path) -> u16 {
    let start = Instant::now();
    while start.elapsed() < PATIENCE {
        let text = std::fs::read_to_string(status_file).unwrap_or_default();
        if let Ok(status) = serde_json::from_str::<Value>(&text) {
            return status["gateway_port"].as_u64().unwrap() as u16;
        }
        std::thread::sleep(Duration::from_millis(20));
    }
    panic!("the network did not start");
}

/// A project's folder, in which the command line is run.
pub struct Project {
    /// The folder.
    pub folder: TempDir,
    /// The port that every command is given.
    pub port: u16,
}

impl Project {
    /// A new project, with the built Wasm in its `dist` folder, for a network's port.
    pub fn new(port: u16) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let dist = folder.path().join("dist");
        std::fs::create_dir(&dist).unwrap();
        std::fs::write(folder.path().join("dfx.json"), "{}").unwrap();
        for name in ["orbiter.wasm", "satellite.wasm"] {
            std::fs::copy(built(name), dist.join(name)).unwrap();
        }
        Self { folder, port }
    }

    /// A path in the folder.
    pub fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    /// Runs a command on the project's network; nobody is at its standard input.
    pub fn run(&self, arguments: &[&str]) -> Output {
        let port = self.port.to_string();
        self.run_anywhere(&[&["--port", &port], arguments].concat())
    }

    /// Runs a command on the network that it names itself; nobody is at its standard input.
    pub fn run_anywhere(&self, arguments: &[&str]) -> Output {
        Command::new(built("orbiter"))
            .args(arguments)
            .current_dir(self.folder.path())
            .stdin(Stdio::null())
            .output()
            .unwrap()
    }

    /// Runs a command that must succeed, and reads the JSON it prints.
    pub fn json(&self, arguments: &[&str]) -> Value {
        let run = self.run(&[arguments, &["--json"]].concat());
        assert!(run.status.success(), "{arguments:?}: {}", said(&run));
        serde_json::from_slice(&run.stdout).unwrap()
    }

    /// Runs a command that must fail, and gives what it said on standard error.
    pub fn refused(&self, arguments: &[&str]) -> String {
        refusal(&self.run(arguments))
    }

    /// Runs a command at a terminal at which `typed` is typed; gives whether it succeeded, and what it showed.
    pub fn at_a_terminal(&self, arguments: &[&str], typed: &str) -> (bool, String) {
        use std::io::Write;
        let words = [
            built("orbiter").display().to_string(),
            format!("--port {}", self.port),
            arguments.join(" "),
        ];
        let mut terminal = Command::new("script")
            .args([
                "--quiet",
                "--return",
                "--command",
                &words.join(" "),
                "/dev/null",
            ])
            .current_dir(self.folder.path())
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .unwrap();
        terminal
            .stdin
            .take()
            .unwrap()
            .write_all(format!("{typed}\n").as_bytes())
            .unwrap();
        let shown = terminal.wait_with_output().unwrap();
        (
            shown.status.success(),
            String::from_utf8_lossy(&shown.stdout).into_owned(),
        )
    }
}

/// What a command that must have failed said on standard error.
pub fn refusal(run: &Output) -> String {
    assert_eq!(run.status.code(), Some(1), "{}", said(run));
    said(run)
}

fn said(run: &Output) -> String {
    String::from_utf8_lossy(&run.stderr).into_owned()
}
