//! Wasm files: reading them, and checking that each is the canister it should be before anything is overwritten with it.

use std::io::Read;
use std::path::Path;

use flate2::read::GzDecoder;
use sha2::{Digest, Sha256};
use wasmparser::{Parser, Payload};

use crate::error::{Error, Result};

/// The largest module the Internet Computer installs, in bytes, uncompressed; reading a compressed one stops there.
const MODULE_LIMIT: u64 = 100 * 1024 * 1024;
/// The first bytes of a gzip stream (RFC 1952), which the Internet Computer takes in place of a bare module.
const GZIP_MAGIC: [u8; 2] = [0x1f, 0x8b];

/// The canisters this program deploys.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Canister {
    /// Stores and answers.
    Orbiter,
    /// Serves the dapp and the dashboard.
    Satellite,
}

impl Canister {
    /// Its name in id files, dfx.json and icp.yaml.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Orbiter => "orbiter",
            Self::Satellite => "satellite",
        }
    }

    const fn with_article(self) -> &'static str {
        match self {
            Self::Orbiter => "an orbiter's",
            Self::Satellite => "a satellite's",
        }
    }

    /// An export that this canister has and the other has not.
    const fn telltale(self) -> &'static str {
        match self {
            Self::Orbiter => "canister_update set_satellite_configs",
            Self::Satellite => "canister_update set_orbiter",
        }
    }
}

/// A module as it is sent: bytes as in the file (compressed or not) and their hash, which is what the network reports.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Module {
    /// The file's bytes.
    pub bytes: Vec<u8>,
    /// SHA-256 of `bytes`.
    pub hash: [u8; 32],
}

/// Reads a module and checks that it is `canister`'s.
pub fn load(path: &Path, canister: Canister) -> Result<Module> {
    let bytes = read(path)?;
    let not_wasm = |reason: String| Error::NotWasm {
        path: path.to_owned(),
        reason,
    };
    let exports = exports(&bytes).map_err(not_wasm)?;
    if !exports.iter().any(|name| name == canister.telltale()) {
        return Err(Error::WrongWasm {
            path: path.to_owned(),
            canister: canister.with_article(),
            difference: format!("has no `{}`", canister.telltale()),
        });
    }
    let hash = Sha256::digest(&bytes).into();
    Ok(Module { bytes, hash })
}

/// The hash of a module's file, or none if there is no such file.
pub fn hash_of(path: &Path) -> Result<Option<[u8; 32]>> {
    match read(path) {
        Ok(bytes) => Ok(Some(Sha256::digest(bytes).into())),
        Err(Error::WasmMissing { .. }) => Ok(None),
        Err(other) => Err(other),
    }
}

fn read(path: &Path) -> Result<Vec<u8>> {
    std::fs::read(path).map_err(|reason| match reason.kind() {
        std::io::ErrorKind::NotFound => Error::WasmMissing {
            path: path.to_owned(),
        },
        _ => Error::file("read", path, reason),
    })
}

/// The names a module exports, or where reading it ended.
fn exports(bytes: &[u8]) -> std::result::Result<Vec<String>, String> {
    let plain = if bytes.starts_with(&GZIP_MAGIC) {
        let mut plain = Vec::new();
        let mut stream = GzDecoder::new(bytes).take(MODULE_LIMIT);
        stream
            .read_to_end(&mut plain)
            .map_err(|reason| reason.to_string())?;
        plain
    } else {
        bytes.to_vec()
    };
    let mut names = Vec::new();
    for payload in Parser::new(0).parse_all(&plain) {
        if let Payload::ExportSection(section) = payload.map_err(|reason| reason.to_string())? {
            for export in section {
                names.push(export.map_err(|reason| reason.to_string())?.name.to_owned());
            }
        }
    }
    Ok(names)
}

#[cfg(test)]
mod tests {
    use std::io::Write;

    use flate2::{Compression, write::GzEncoder};

    use super::*;

    /// A module whose only function is exported under `name`; sections as the Wasm core specification 5.5 draws them.
    fn module_exporting(name: &str) -> Vec<u8> {
        let mut export = vec![1, name.len() as u8];
        export.extend_from_slice(name.as_bytes());
        export.extend_from_slice(&[0, 0]);
        let mut module = b"\0asm\x01\0\0\0".to_vec();
        module.extend_from_slice(&[1, 4, 1, 0x60, 0, 0]);
        module.extend_from_slice(&[3, 2, 1, 0]);
        module.extend_from_slice(&[7, export.len() as u8]);
        module.extend_from_slice(&export);
        module.extend_from_slice(&[10, 4, 1, 2, 0, 0x0b]);
        module
    }

    fn load_bytes(bytes: &[u8], canister: Canister) -> Result<Module> {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("a.wasm");
        std::fs::write(&path, bytes).unwrap();
        load(&path, canister)
    }

    #[test]
    fn a_module_is_known_by_what_it_exports() {
        for canister in [Canister::Orbiter, Canister::Satellite] {
            let bytes = module_exporting(canister.telltale());
            let module = load_bytes(&bytes, canister).unwrap();
            assert_eq!(module.hash, <[u8; 32]>::from(Sha256::digest(&bytes)));
        }
    }

    #[test]
    fn a_compressed_module_is_looked_into_and_hashed_as_it_is() {
        let mut encoder = GzEncoder::new(Vec::new(), Compression::default());
        encoder
            .write_all(&module_exporting(Canister::Orbiter.telltale()))
            .unwrap();
        let compressed = encoder.finish().unwrap();
        let module = load_bytes(&compressed, Canister::Orbiter).unwrap();
        assert_eq!(module.bytes, compressed);
        assert_eq!(module.hash, <[u8; 32]>::from(Sha256::digest(&compressed)));
    }

    #[test]
    fn the_other_canisters_module_is_refused() {
        let bytes = module_exporting(Canister::Satellite.telltale());
        let refused = load_bytes(&bytes, Canister::Orbiter);
        assert!(matches!(
            refused,
            Err(Error::WrongWasm {
                canister: "an orbiter's",
                ..
            })
        ));
    }

    #[test]
    fn what_is_no_module_is_refused() {
        let whole = module_exporting(Canister::Orbiter.telltale());
        for bytes in [
            &b"hello, world"[..],
            &whole[..whole.len() - 1],
            &GZIP_MAGIC[..],
            b"",
        ] {
            let refused = load_bytes(bytes, Canister::Orbiter);
            assert!(matches!(refused, Err(Error::NotWasm { .. })), "{bytes:?}");
        }
    }

    #[test]
    fn a_missing_file_has_no_hash_and_cannot_be_loaded() {
        let path = Path::new("no/such/file.wasm");
        assert_eq!(hash_of(path).unwrap(), None);
        assert!(matches!(
            load(path, Canister::Orbiter),
            Err(Error::WasmMissing { .. })
        ));
    }
}
