//! Where a process keeps the memories of its networks: a temporary directory that goes when the process ends.
//!
//! A process that is killed cannot remove its directory, and memories can be large. So each directory holds a file
//! `owner` that its process keeps locked, and whoever makes a new one removes those whose owner is gone.

use std::fs::{self, File};
use std::io;
use std::path::{Path, PathBuf};
use std::time::Duration;
use tempfile::{Builder, TempDir};

/// How directories of this kind begin.
const PREFIX: &str = "localnet-";

/// The file by which an owner shows that it lives.
const OWNER: &str = "owner";

/// How often removal is tried: the thread of a network may be writing a last file.
const ATTEMPTS: usize = 10;

/// A directory of this process; dropping it removes it with everything in it.
#[derive(Debug)]
pub struct Home {
    directory: TempDir,
    _owner: File,
}

impl Home {
    /// Makes a directory among the temporary ones, and removes those left behind there.
    pub fn new() -> io::Result<Home> {
        Self::within(&std::env::temp_dir())
    }

    fn within(parent: &Path) -> io::Result<Home> {
        sweep(parent);
        let directory = Builder::new().prefix(PREFIX).tempdir_in(parent)?;
        let owner = File::create_new(directory.path().join(OWNER))?;
        owner.lock()?;
        Ok(Home {
            directory,
            _owner: owner,
        })
    }

    /// Where it is.
    pub fn path(&self) -> &Path {
        self.directory.path()
    }
}

impl Drop for Home {
    fn drop(&mut self) {
        let path = self.directory.path();
        for _ in 0..ATTEMPTS {
            match fs::remove_dir_all(path) {
                Err(error) if error.kind() != io::ErrorKind::NotFound => {
                    std::thread::sleep(Duration::from_millis(20));
                }
                _ => return,
            }
        }
        eprintln!(
            "localnet: {} stays behind; the next start removes it",
            path.display()
        );
    }
}

/// Removes directories whose owner is gone. What cannot be removed, or belongs to somebody else, stays.
fn sweep(parent: &Path) {
    let entries = fs::read_dir(parent).into_iter().flatten().flatten();
    for entry in entries {
        let ours = entry.file_name().to_string_lossy().starts_with(PREFIX);
        if ours && let Some(_owner) = abandoned(entry.path()) {
            let _ = fs::remove_dir_all(entry.path());
        }
    }
}

/// The owner's file, locked, if nobody else holds the lock.
fn abandoned(directory: PathBuf) -> Option<File> {
    let owner = File::open(directory.join(OWNER)).ok()?;
    owner.try_lock().ok()?;
    Some(owner)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_home_goes_with_its_owner_and_everything_in_it() {
        let parent = tempfile::tempdir().expect("a directory");
        let home = Home::within(parent.path()).expect("can be made");
        fs::create_dir(home.path().join("memories")).expect("can be made");
        fs::write(home.path().join("memories/heap"), "x").expect("writes");
        let path = home.path().to_owned();
        drop(home);
        assert!(!path.exists());
    }

    #[test]
    fn a_new_home_removes_those_of_dead_owners_and_no_others() {
        let parent = tempfile::tempdir().expect("a directory");
        let alive = Home::within(parent.path()).expect("can be made");
        let dead = parent.path().join("localnet-dead");
        fs::create_dir(&dead).expect("can be made");
        fs::write(dead.join(OWNER), "").expect("writes");
        let unknown = parent.path().join("localnet-of-somebody");
        fs::create_dir(&unknown).expect("can be made");
        let _new = Home::within(parent.path()).expect("can be made");
        assert!(alive.path().exists());
        assert!(!dead.exists());
        assert!(unknown.exists());
    }
}
