//! A canister on a network of its own.

use candid::utils::{ArgumentDecoder, ArgumentEncoder};
use candid::{Principal, decode_args, encode_args};
use pocket_ic::{PocketIc, PocketIcBuilder};
use std::path::{Path, PathBuf};

/// Who controls the canister.
pub const CONTROLLER: Principal = Principal::from_slice(&[40]);

const CYCLES: u128 = 1_000_000_000_000_000;

/// A canister on a network of its own.
pub struct Canister {
    /// The network.
    pub network: PocketIc,
    /// The canister.
    pub id: Principal,
}

/// The repository's root.
pub fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("..")
}

/// The bytes of a file in `dist`.
///
/// # Panics
/// When it isn't built.
pub fn built(name: &str) -> Vec<u8> {
    let path = root().join("dist").join(name);
    std::fs::read(&path).unwrap_or_else(|error| {
        panic!(
            "{}: {error}. Run `scripts/build tests` first.",
            path.display()
        )
    })
}

impl Canister {
    /// Installs a Wasm on a network of its own.
    ///
    /// # Panics
    /// When there is no server, or the installation fails.
    pub fn install(wasm: Vec<u8>, argument: Vec<u8>) -> Self {
        let builder = PocketIcBuilder::new().with_application_subnet();
        let network = match std::env::var_os("POCKET_IC_BIN") {
            Some(_) => builder.build(),
            None => builder
                .with_server_binary(root().join("dist/localnet"))
                .build(),
        };
        let id = network.create_canister_with_settings(Some(CONTROLLER), None);
        network.add_cycles(id, CYCLES);
        network.install_canister(id, wasm, argument, Some(CONTROLLER));
        Self { network, id }
    }

    /// Upgrades to a Wasm.
    ///
    /// # Panics
    /// When that fails.
    pub fn upgrade(&self, wasm: Vec<u8>, argument: Vec<u8>) {
        let done = self
            .network
            .upgrade_canister(self.id, wasm, argument, Some(CONTROLLER));
        if let Err(reject) = done {
            panic!("The upgrade failed: {reject}");
        }
    }

    /// Calls an update method.
    ///
    /// # Panics
    /// When it is rejected.
    pub fn update<Answer: for<'a> ArgumentDecoder<'a>>(
        &self,
        method: &str,
        arguments: impl ArgumentEncoder,
    ) -> Answer {
        let bytes = encode_args(arguments).expect("Candid");
        let reply = self.network.update_call(self.id, CONTROLLER, method, bytes);
        let reply = reply.unwrap_or_else(|reject| panic!("{method}: {reject}"));
        decode_args(&reply).expect("the answer of the method")
    }

    /// Calls a query method.
    ///
    /// # Errors
    /// The reject message.
    pub fn query<Answer: for<'a> ArgumentDecoder<'a>>(
        &self,
        method: &str,
        arguments: impl ArgumentEncoder,
    ) -> Result<Answer, String> {
        let bytes = encode_args(arguments).expect("Candid");
        let reply = self.network.query_call(self.id, CONTROLLER, method, bytes);
        let reply = reply.map_err(|reject| reject.reject_message)?;
        Ok(decode_args(&reply).expect("the answer of the method"))
    }
}
