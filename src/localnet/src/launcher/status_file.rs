//! The file that tells scripts where a network is.

use candid::Principal;
use serde::Serialize;
use std::io;
use std::path::{Path, PathBuf};

/// What the file says, as JSON on one line.
#[derive(Clone, Debug, Serialize)]
pub struct Status {
    /// Where agents and browsers find the network.
    pub url: String,
    /// The gateway's port on 127.0.0.1.
    pub gateway_port: u16,
    /// The DER root key in hexadecimal.
    pub root_key: String,
    /// The first application subnet.
    pub application_subnet: Option<Principal>,
    /// What clients without an opinion send as effective canister id.
    pub default_effective_canister_id: Principal,
    /// The process to end.
    pub process_id: u32,
}

/// A status file that was written; dropping it removes the file.
#[derive(Debug)]
pub struct StatusFile(PathBuf);

impl StatusFile {
    /// Removes what an earlier run left, so that nobody who waits reads it.
    pub fn prepare(path: &Path) -> io::Result<()> {
        match std::fs::remove_file(path) {
            Err(error) if error.kind() != io::ErrorKind::NotFound => Err(error),
            _ => Ok(()),
        }
    }

    /// Writes the file, whole at once.
    pub fn write(path: &Path, status: &Status) -> io::Result<StatusFile> {
        let directory = match path.parent() {
            Some(parent) if !parent.as_os_str().is_empty() => parent,
            _ => Path::new("."),
        };
        let mut file = tempfile::NamedTempFile::new_in(directory)?;
        serde_json::to_writer(&mut file, status)?;
        io::Write::write_all(&mut file, b"\n")?;
        file.persist(path)?;
        Ok(StatusFile(path.to_owned()))
    }
}

impl Drop for StatusFile {
    fn drop(&mut self) {
        if let Err(error) = std::fs::remove_file(&self.0) {
            eprintln!("localnet: {} stays behind: {error}", self.0.display());
        }
    }
}
