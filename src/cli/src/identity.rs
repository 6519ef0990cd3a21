//! Identities: private keys in PEM files, as dfx and icp make them, and the one this program makes for local networks.

use std::io::Write;
use std::os::unix::fs::OpenOptionsExt;
use std::path::Path;

use ic_agent::Identity;
use ic_agent::identity::{BasicIdentity, PemError, Prime256v1Identity, Secp256k1Identity};
use ic_ed25519::{PrivateKey, PrivateKeyFormat};

use crate::error::{Error, Result};

/// Who signs the calls.
pub type Signer = Box<dyn Identity>;

/// Reads the identity in a PEM file: Ed25519, secp256k1 or P-256, in PKCS#8 or SEC 1.
pub fn load(path: &Path) -> Result<Signer> {
    let pem = std::fs::read_to_string(path).map_err(|source| Error::file("read", path, source))?;
    if pem.contains("ENCRYPTED") {
        return Err(Error::EncryptedPem {
            path: path.to_owned(),
        });
    }
    parse(&pem).map_err(|source| Error::Pem {
        path: path.to_owned(),
        source,
    })
}

/// Tries the kinds of key one after the other; the reason given is that of the first, the most usual.
fn parse(pem: &str) -> std::result::Result<Signer, PemError> {
    let first = match BasicIdentity::from_pem(pem) {
        Ok(identity) => return Ok(Box::new(identity)),
        Err(reason) => reason,
    };
    if let Ok(identity) = Secp256k1Identity::from_pem(pem) {
        return Ok(Box::new(identity));
    }
    Prime256v1Identity::from_pem(pem)
        .map(|identity| Box::new(identity) as Signer)
        .map_err(|_| first)
}

/// Reads the Ed25519 key in `path`, or makes a new one there that only the user may read (mode 0600).
pub fn load_or_create(path: &Path) -> Result<PrivateKey> {
    match std::fs::read_to_string(path) {
        Ok(pem) => PrivateKey::deserialize_pkcs8_pem(&pem).map_err(|reason| Error::Pem {
            path: path.to_owned(),
            source: PemError::InvalidPrivateKey(format!("{reason:?}")),
        }),
        Err(reason) if reason.kind() == std::io::ErrorKind::NotFound => create(path),
        Err(reason) => Err(Error::file("read", path, reason)),
    }
}

fn create(path: &Path) -> Result<PrivateKey> {
    if let Some(folder) = path.parent() {
        std::fs::create_dir_all(folder).map_err(|source| Error::file("create", folder, source))?;
    }
    let key = PrivateKey::generate();
    let pem = key.serialize_pkcs8_pem(PrivateKeyFormat::Pkcs8v1);
    std::fs::OpenOptions::new()
        .write(true)
        .create_new(true)
        .mode(0o600)
        .open(path)
        .and_then(|mut file| file.write_all(pem.as_bytes()))
        .map_err(|source| Error::file("create", path, source))?;
    Ok(key)
}

/// The signer that holds an Ed25519 key.
pub fn signer(key: &PrivateKey) -> BasicIdentity {
    BasicIdentity::from_raw_key(&key.serialize_raw())
}

#[cfg(test)]
mod tests {
    use std::os::unix::fs::PermissionsExt;

    use super::*;

    /// Made by `openssl ecparam -name secp256k1 -genkey`; holds nothing.
    const SECP256K1: &str = "-----BEGIN EC PARAMETERS-----
BgUrgQQACg==
-----END EC PARAMETERS-----
-----BEGIN EC PRIVATE KEY-----
MHQCAQEEIODxq++5L3szZqu+NjbW5Y7ArPhHPR9s0Wp4Xv8rOFq3oAcGBSuBBAAK
oUQDQgAElY93TBECs2FDfzKJs5wz1nTiUET3O0UwJbGiljlYEBASkkDYFHz4z26f
TS8zrNEzFCV7vC8bkN2JZb4Sh4kGVg==
-----END EC PRIVATE KEY-----
";

    #[test]
    fn a_made_identity_is_the_same_the_next_time_and_private() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("deep/identity.pem");
        let made = load_or_create(&path).unwrap();
        let again = load_or_create(&path).unwrap();
        assert_eq!(made.serialize_raw(), again.serialize_raw());
        let mode = std::fs::metadata(&path).unwrap().permissions().mode();
        assert_eq!(mode & 0o777, 0o600);
    }

    #[test]
    fn a_made_identity_is_readable_as_a_pem_file_like_any_other() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("identity.pem");
        let made = signer(&load_or_create(&path).unwrap());
        let loaded = load(&path).unwrap();
        assert_eq!(loaded.sender().unwrap(), made.sender().unwrap());
    }

    #[test]
    fn a_secp256k1_key_is_read() {
        let identity = parse(SECP256K1).unwrap();
        assert_eq!(identity.sender().unwrap().as_slice().len(), 29);
    }

    #[test]
    fn what_is_not_a_key_is_refused_with_its_path() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("not-a-key.pem");
        std::fs::write(&path, "hello").unwrap();
        assert!(matches!(load(&path), Err(Error::Pem { path: p, .. }) if p == path));
        std::fs::write(&path, "-----BEGIN ENCRYPTED PRIVATE KEY-----").unwrap();
        assert!(matches!(load(&path), Err(Error::EncryptedPem { path: p }) if p == path));
    }
}
