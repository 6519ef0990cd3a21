//! Finds the PocketIC server that tests run against.

use pocket_ic::{PocketIc, PocketIcBuilder};
use std::path::{Path, PathBuf};

/// The top of the repository.
pub fn repository() -> PathBuf {
    let own = Path::new(env!("CARGO_MANIFEST_DIR"));
    own.parent().unwrap_or(own).to_owned()
}

/// The server's program: what `POCKET_IC_BIN` names, else `dist/localnet`, else `target/debug/localnet`.
///
/// # Panics
/// When there is none.
pub fn program() -> PathBuf {
    if let Some(named) = std::env::var_os("POCKET_IC_BIN") {
        return named.into();
    }
    let repository = repository();
    let built = ["dist/localnet", "target/debug/localnet"].map(|path| repository.join(path));
    let found = built.iter().find(|path| path.exists());
    found
        .unwrap_or_else(|| {
            panic!("there is no server: run scripts/build, or set POCKET_IC_BIN to one")
        })
        .clone()
}

/// A builder for networks on [`program`]; all networks of a test process share one server process.
pub fn builder() -> PocketIcBuilder {
    PocketIcBuilder::new().with_server_binary(program())
}

/// A network with one application subnet.
pub fn network() -> PocketIc {
    builder().with_application_subnet().build()
}
