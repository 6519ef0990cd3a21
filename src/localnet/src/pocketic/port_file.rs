//! The file through which a client learns the port, and by which one of several candidates becomes the server.
//!
//! A client starts a server and reads the file until it holds a line: the port, then `\n`. Several clients may
//! start one at the same time under one name; the one that makes the file serves, the others end quietly.
//! The owner holds a lock on the file, so that a file whose owner died is told from one whose owner lives.

use std::fs::{File, OpenOptions, TryLockError};
use std::io::{self, ErrorKind, Read, Seek, SeekFrom, Write};
use std::net::{Ipv4Addr, SocketAddr, TcpStream};
use std::os::unix::fs::MetadataExt;
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

/// How long a file without a lock may stay without a port before it counts as left behind: whoever makes such
/// files without locking them writes the port within this time.
const EMPTY_GRACE: Duration = Duration::from_secs(2);

/// How long a port may take to accept a connection before nobody is believed to listen.
const PROBE: Duration = Duration::from_millis(500);

/// A port file that this process owns; dropping it removes the file.
#[derive(Debug)]
pub struct PortFile {
    path: PathBuf,
    file: File,
}

impl PortFile {
    /// Makes the file, or takes over one that was left behind. None when another server serves under this name.
    pub fn claim(path: &Path) -> io::Result<Option<PortFile>> {
        loop {
            let Some((mut file, found)) = open(path)? else {
                continue;
            };
            match file.try_lock() {
                Ok(()) => {}
                Err(TryLockError::WouldBlock) => return Ok(None),
                Err(TryLockError::Error(error)) => return Err(error),
            }
            // Its owner may have removed the file between the opening and the lock.
            if !is_at(&file, path)? {
                continue;
            }
            if found && is_served(&mut file)? {
                return Ok(None);
            }
            file.set_len(0)?;
            let path = path.to_owned();
            return Ok(Some(PortFile { path, file }));
        }
    }

    /// Where it is.
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// Tells the clients the port.
    pub fn announce(&mut self, port: u16) -> io::Result<()> {
        self.file.seek(SeekFrom::Start(0))?;
        self.file.write_all(format!("{port}\n").as_bytes())?;
        self.file.flush()
    }
}

impl Drop for PortFile {
    fn drop(&mut self) {
        // Somebody may have put another file in its place; that one is not ours to remove.
        if is_at(&self.file, &self.path).unwrap_or(false)
            && let Err(error) = std::fs::remove_file(&self.path)
        {
            eprintln!("localnet: {} stays behind: {error}", self.path.display());
        }
    }
}

/// Makes the file, or opens the one that is there (then `true`). None when it vanished in between.
fn open(path: &Path) -> io::Result<Option<(File, bool)>> {
    let mut options = OpenOptions::new();
    options.read(true).write(true);
    match options.clone().create_new(true).open(path) {
        Ok(file) => return Ok(Some((file, false))),
        Err(error) if error.kind() == ErrorKind::AlreadyExists => {}
        Err(error) => return Err(error),
    }
    match options.open(path) {
        Ok(file) => Ok(Some((file, true))),
        Err(error) if error.kind() == ErrorKind::NotFound => Ok(None),
        Err(error) => Err(error),
    }
}

/// Whether the open file is the one that the path names.
fn is_at(file: &File, path: &Path) -> io::Result<bool> {
    let open = file.metadata()?;
    match std::fs::metadata(path) {
        Ok(named) => Ok((open.dev(), open.ino()) == (named.dev(), named.ino())),
        Err(error) if error.kind() == ErrorKind::NotFound => Ok(false),
        Err(error) => Err(error),
    }
}

/// Whether a server that takes no lock (the official one) serves under a file that was found.
fn is_served(file: &mut File) -> io::Result<bool> {
    let begun = Instant::now();
    loop {
        let mut text = String::new();
        file.seek(SeekFrom::Start(0))?;
        file.read_to_string(&mut text)?;
        match text.split_once('\n') {
            Some((port, _)) => return Ok(port.trim().parse().is_ok_and(listens)),
            None if begun.elapsed() > EMPTY_GRACE => return Ok(false),
            None => std::thread::sleep(Duration::from_millis(20)),
        }
    }
}

/// Whether somebody accepts connections on a port of this machine.
fn listens(port: u16) -> bool {
    let address = SocketAddr::from((Ipv4Addr::LOCALHOST, port));
    TcpStream::connect_timeout(&address, PROBE).is_ok()
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::net::TcpListener;

    fn place() -> (tempfile::TempDir, PathBuf) {
        let directory = tempfile::tempdir().expect("a directory");
        let path = directory.path().join("server.port");
        (directory, path)
    }

    fn claim(path: &Path) -> Option<PortFile> {
        PortFile::claim(path).expect("the file can be opened")
    }

    #[test]
    fn the_owner_announces_a_line_and_removes_the_file() {
        let (_directory, path) = place();
        let mut owner = claim(&path).expect("nobody else serves");
        assert_eq!(std::fs::read_to_string(&path).expect("is there"), "");
        owner.announce(4711).expect("writes");
        assert_eq!(std::fs::read_to_string(&path).expect("is there"), "4711\n");
        drop(owner);
        assert!(!path.exists());
    }

    #[test]
    fn a_second_candidate_loses_before_and_after_the_announcement() {
        let (_directory, path) = place();
        let mut owner = claim(&path).expect("nobody else serves");
        assert!(claim(&path).is_none());
        owner.announce(4711).expect("writes");
        assert!(claim(&path).is_none());
        assert_eq!(std::fs::read_to_string(&path).expect("is there"), "4711\n");
    }

    #[test]
    fn a_file_whose_port_is_dead_is_taken_over() {
        let (_directory, path) = place();
        let dead = TcpListener::bind("127.0.0.1:0").expect("a port");
        let port = dead.local_addr().expect("an address").port();
        drop(dead);
        std::fs::write(&path, format!("{port}\n")).expect("writes");
        let mut owner = claim(&path).expect("nobody listens");
        owner.announce(9).expect("writes");
        assert_eq!(std::fs::read_to_string(&path).expect("is there"), "9\n");
    }

    #[test]
    fn a_file_whose_port_answers_is_left_alone_even_without_a_lock() {
        let (_directory, path) = place();
        let alive = TcpListener::bind("127.0.0.1:0").expect("a port");
        let line = format!("{}\n", alive.local_addr().expect("an address").port());
        std::fs::write(&path, &line).expect("writes");
        assert!(claim(&path).is_none());
        assert_eq!(std::fs::read_to_string(&path).expect("is there"), line);
    }

    #[test]
    fn a_file_without_a_number_is_taken_over() {
        let (_directory, path) = place();
        std::fs::write(&path, "not a port\n").expect("writes");
        assert!(claim(&path).is_some());
    }

    #[test]
    fn a_file_that_somebody_put_in_its_place_is_not_removed() {
        let (_directory, path) = place();
        let owner = claim(&path).expect("nobody else serves");
        std::fs::remove_file(&path).expect("is there");
        std::fs::write(&path, "1\n").expect("writes");
        drop(owner);
        assert_eq!(std::fs::read_to_string(&path).expect("is there"), "1\n");
    }
}
