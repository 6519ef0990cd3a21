//! The server as a process: its version, its port file, its end.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, ExitStatus, Stdio};
use std::time::{Duration, Instant};
use tempfile::TempDir;
use tests::http::request;

/// Long enough for a machine that is busy with other things.
const PATIENCE: Duration = Duration::from_secs(60);

/// A server process that is ended with the test.
pub struct Process(Child);

impl Process {
    fn start(arguments: &[&str]) -> Process {
        Self::start_in(&std::env::temp_dir(), arguments)
    }

    /// A server that keeps its files in a directory.
    pub fn start_in(directory: &Path, arguments: &[&str]) -> Process {
        let mut command = Command::new(tests::server::program());
        command
            .args(arguments)
            .env("TMPDIR", directory)
            .stdout(Stdio::piped())
            .stderr(Stdio::piped());
        Process(command.spawn().expect("starts"))
    }

    fn signal(&self, name: &str) {
        let id = self.0.id().to_string();
        let sent = Command::new("kill").args(["-s", name, &id]).status();
        assert!(sent.expect("runs").success());
    }

    fn end(&mut self) -> ExitStatus {
        let mut status = None;
        wait("the process to end", || {
            status = self.0.try_wait().expect("can be asked");
            status.is_some()
        });
        status.expect("has ended")
    }

    /// What it said, once it has ended.
    fn output(mut self) -> (String, String) {
        let mut said = (String::new(), String::new());
        let streams = (self.0.stdout.take(), self.0.stderr.take());
        if let (Some(mut out), Some(mut error)) = streams {
            std::io::Read::read_to_string(&mut out, &mut said.0).expect("is text");
            std::io::Read::read_to_string(&mut error, &mut said.1).expect("is text");
        }
        said
    }
}

impl Drop for Process {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

fn wait(what: &str, mut until: impl FnMut() -> bool) {
    let begun = Instant::now();
    while !until() {
        assert!(begun.elapsed() < PATIENCE, "waited in vain for {what}");
        std::thread::sleep(Duration::from_millis(20));
    }
}

/// A path for a port file; it goes with the directory.
pub fn place() -> (TempDir, PathBuf, String) {
    let directory = tempfile::tempdir().expect("a directory");
    let path = directory.path().join("server.port");
    let text = path.to_str().expect("is text").to_owned();
    (directory, path, text)
}

/// The port in a port file, once there is one.
pub fn port(path: &Path) -> u16 {
    let mut port = None;
    wait("the port", || {
        let text = fs::read_to_string(path).unwrap_or_default();
        port = text
            .strip_suffix('\n')
            .map(|text| text.parse().expect("is a port"));
        port.is_some()
    });
    port.expect("was found")
}

fn answers(port: u16) -> bool {
    request(port, "GET", "/status", "", b"").status == 200
}

#[test]
fn the_version_is_the_one_line_that_clients_compare() {
    let program = tests::server::program();
    let said = Command::new(program).arg("--version").output();
    let said = said.expect("runs");
    assert!(said.status.success());
    let line = String::from_utf8(said.stdout).expect("is text");
    assert_eq!(line, "pocket-ic-server 16.1.0\n");
}

#[test]
fn signals_end_the_server_and_remove_its_port_file() {
    for signal in ["TERM", "INT"] {
        let (_directory, path, text) = place();
        let mut server = Process::start(&["--port-file", &text]);
        assert!(answers(port(&path)));
        server.signal(signal);
        assert!(server.end().success(), "SIG{signal}");
        assert!(!path.exists(), "SIG{signal}");
    }
}

#[test]
fn an_idle_server_ends_by_itself_and_a_used_one_does_not() {
    let (_directory, path, text) = place();
    let mut server = Process::start(&["--port-file", &text, "--ttl", "2"]);
    let port = port(&path);
    let begun = Instant::now();
    while begun.elapsed() < Duration::from_secs(5) {
        assert!(answers(port));
        std::thread::sleep(Duration::from_millis(100));
    }
    assert!(server.end().success());
    assert!(!path.exists());
}

#[test]
fn a_hard_limit_ends_even_a_server_that_is_used() {
    let (_directory, path, text) = place();
    let mut server = Process::start(&["--port-file", &text, "--hard-ttl", "2"]);
    assert!(answers(port(&path)));
    assert!(server.end().success());
    assert!(!path.exists());
}

#[test]
fn of_several_candidates_one_serves_and_the_others_end_quietly() {
    let (_directory, path, text) = place();
    let mut candidates: Vec<Process> = (0..5)
        .map(|_| Process::start(&["--port-file", &text]))
        .collect();
    assert!(answers(port(&path)));
    let mut ended = 0;
    wait("four candidates to end", || {
        let states = candidates.iter_mut();
        ended = states
            .filter_map(|it| it.0.try_wait().expect("can be asked"))
            .count();
        ended == 4
    });
    for mut candidate in candidates {
        if let Some(status) = candidate.0.try_wait().expect("can be asked") {
            assert!(status.success());
            assert_eq!(candidate.output(), (String::new(), String::new()));
        } else {
            assert!(answers(port(&path)), "the one that is left serves");
            candidate.signal("TERM");
            assert!(candidate.end().success());
        }
    }
    assert!(!path.exists());
}

#[test]
fn a_port_file_of_a_killed_server_is_taken_over() {
    let (_directory, path, text) = place();
    let mut first = Process::start(&["--port-file", &text]);
    port(&path);
    first.signal("KILL");
    first.end();
    assert!(path.exists(), "nobody could remove it");
    let dead = fs::read_to_string(&path).expect("is there");
    let _second = Process::start(&["--port-file", &text]);
    wait("another port", || {
        let text = fs::read_to_string(&path).unwrap_or_default();
        text.ends_with('\n') && text != dead
    });
    assert!(answers(port(&path)));
}

#[test]
fn what_the_server_cannot_do_is_one_sentence_and_exit_code_1() {
    let taken = std::net::TcpListener::bind("127.0.0.1:0").expect("a port");
    let port = taken.local_addr().expect("an address").port().to_string();
    for (arguments, words) in [
        (
            vec!["run", "--port", &port],
            format!("port {port} on 127.0.0.1 is in use"),
        ),
        (
            vec!["--port", &port],
            format!("port {port} on 127.0.0.1 cannot be had"),
        ),
        (
            vec!["--port-file", "/nowhere/at/all.port"],
            "/nowhere/at/all.port".to_owned(),
        ),
        (
            vec!["--interface-version", "1", "--status-dir", "/tmp"],
            "--interface-version is not supported".to_owned(),
        ),
    ] {
        let mut process = Process::start(&arguments);
        assert_eq!(process.end().code(), Some(1), "{arguments:?}");
        let (out, error) = process.output();
        assert_eq!(out, "");
        assert_eq!(error.lines().count(), 1, "{error}");
        assert!(
            error.starts_with("localnet: ") && error.contains(&words),
            "{error}"
        );
    }
}

#[test]
fn run_keeps_a_live_network_up_until_ctrl_c_and_tells_scripts_where() {
    let directory = tempfile::tempdir().expect("a directory");
    let path = directory.path().join("status.json");
    fs::write(&path, "left by an earlier run").expect("writes");
    let memories = directory.path().join("memories");
    let text = |path: &Path| path.to_str().expect("is text").to_owned();
    let mut process = Process::start(&[
        "run",
        "--port",
        "0",
        "--status-file",
        &text(&path),
        "--directory",
        &text(&memories),
    ]);
    let mut status = None;
    wait("the status file", || {
        let read = fs::read(&path).unwrap_or_default();
        status = serde_json::from_slice::<serde_json::Value>(&read).ok();
        status.is_some()
    });
    let status = status.expect("was found");
    let port = status["gateway_port"].as_u64().expect("a port") as u16;
    assert_eq!(status["url"], format!("http://127.0.0.1:{port}"));
    let key = hex::decode(status["root_key"].as_str().expect("is text")).expect("is hex");
    assert_eq!(key.len(), 133);
    let subnet = status["application_subnet"].as_str().expect("is text");
    let own = candid::Principal::self_authenticating(&key).to_text();
    assert_eq!(subnet, own, "a lone subnet signs for itself");
    assert_eq!(request(port, "GET", "/api/v2/status", "", b"").status, 200);
    let topology = request(port, "GET", "/_/topology", "", b"");
    let topology: serde_json::Value = serde_json::from_slice(&topology.body).expect("is JSON");
    assert_eq!(
        topology["subnet_configs"][subnet]["subnet_kind"],
        "Application"
    );
    assert!(memories.is_dir());

    process.signal("INT");
    assert!(process.end().success());
    assert!(!path.exists());
    let (out, error) = process.output();
    assert!(out.contains(&format!("http://127.0.0.1:{port}")), "{out}");
    assert!(
        out.contains(status["root_key"].as_str().expect("is text")),
        "{out}"
    );
    assert!(out.contains("cannot restore"), "{out}");
    assert_eq!(error, "");
}
