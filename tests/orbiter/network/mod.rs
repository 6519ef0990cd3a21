//! The built Wasm on a network: `dist/orbiter.wasm` on the PocketIC server that `POCKET_IC_BIN` names,
//! otherwise on `localnet`.

mod access_keys;
mod aggregates;
mod certified;
mod compaction;
mod entries;
mod far;
mod gateway;
mod history;
mod http;
mod inspect;
mod metadata;
mod naive;
mod satellites;
mod upgrade;

/// The engine's naive model: what it says must come out of the Wasm too.
#[path = "../../../src/engine/tests/engine/model/mod.rs"]
mod model;

use candid::utils::{ArgumentDecoder, ArgumentEncoder};
use candid::{CandidType, Principal, decode_args, encode_args, encode_one};
use pocket_ic::{PocketIc, PocketIcBuilder, RejectResponse};
use serde::de::DeserializeOwned;
use std::path::PathBuf;
use wire::{InitOrbiterArgs, OrbiterSatelliteConfig};

use crate::table;

/// Controller of the canister, with an Admin key.
pub const ADMIN: Principal = Principal::from_slice(&[30]);
/// Nobody in particular.
pub const STRANGER: Principal = Principal::from_slice(&[31]);

const CYCLES: u128 = 100_000_000_000_000;

/// An orbiter on a network of its own.
pub struct Network {
    /// The network.
    pub pic: PocketIc,
    /// The orbiter.
    pub orbiter: Principal,
}

/// The file of the built Wasm.
pub fn wasm() -> Vec<u8> {
    built("orbiter.wasm")
}

/// A file that `scripts/build tests` made.
pub fn built(name: &str) -> Vec<u8> {
    let path = root().join("dist").join(name);
    std::fs::read(&path).unwrap_or_else(|error| {
        panic!(
            "{}: {error}. Run scripts/build tests first.",
            path.display()
        )
    })
}

fn root() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("..")
}

/// A network without canisters.
pub fn network() -> PocketIc {
    let builder = PocketIcBuilder::new()
        .with_nns_subnet()
        .with_application_subnet();
    if std::env::var_os("POCKET_IC_BIN").is_some() {
        return builder.build();
    }
    let servers = ["dist/localnet", "target/debug/localnet"].map(|path| root().join(path));
    let server = servers.iter().find(|path| path.exists());
    let server = server.expect("a PocketIC server: run scripts/build first, or set POCKET_IC_BIN");
    builder.with_server_binary(server.clone()).build()
}

/// A canister of [`ADMIN`] without code.
pub fn empty_canister(pic: &PocketIc) -> Principal {
    let subnet = pic.topology().get_app_subnets()[0];
    let canister = pic.create_canister_on_subnet(Some(ADMIN), None, subnet);
    pic.add_cycles(canister, CYCLES);
    canister
}

impl Network {
    /// An orbiter installed by [`ADMIN`] with this argument.
    pub fn installed_with(argument: Vec<u8>) -> Self {
        let pic = network();
        let orbiter = empty_canister(&pic);
        pic.install_canister(orbiter, wasm(), argument, Some(ADMIN));
        Self { pic, orbiter }
    }

    /// An orbiter of [`ADMIN`].
    pub fn new() -> Self {
        let controllers = vec![ADMIN];
        let argument = encode_one(Some(InitOrbiterArgs { controllers })).expect("Candid");
        Self::installed_with(argument)
    }

    /// An orbiter of [`ADMIN`] with the table's configs.
    pub fn with_satellites() -> Self {
        let network = Self::new();
        let stored: Vec<(Principal, OrbiterSatelliteConfig)> = network
            .update(ADMIN, "set_satellite_configs", (table::configs(),))
            .expect("configs");
        assert_eq!(stored.len(), table::configs().len());
        network
    }

    /// Calls an update method with one answer.
    pub fn update<Answer: CandidType + DeserializeOwned>(
        &self,
        sender: Principal,
        method: &str,
        arguments: impl ArgumentEncoder,
    ) -> Result<Answer, String> {
        let arguments = encode_args(arguments).expect("Candid");
        let reply = self
            .pic
            .update_call(self.orbiter, sender, method, arguments);
        reply
            .map(|bytes| answer::<(Answer,)>(&bytes).0)
            .map_err(message)
    }

    /// Calls an update method that answers nothing.
    pub fn update_nothing(
        &self,
        sender: Principal,
        method: &str,
        arguments: impl ArgumentEncoder,
    ) -> Result<(), String> {
        let arguments = encode_args(arguments).expect("Candid");
        let reply = self
            .pic
            .update_call(self.orbiter, sender, method, arguments);
        reply.map(|bytes| answer::<()>(&bytes)).map_err(message)
    }

    /// Calls a query method.
    pub fn query<Answer: CandidType + DeserializeOwned>(
        &self,
        sender: Principal,
        method: &str,
        arguments: impl ArgumentEncoder,
    ) -> Result<Answer, String> {
        let arguments = encode_args(arguments).expect("Candid");
        let reply = self.pic.query_call(self.orbiter, sender, method, arguments);
        reply
            .map(|bytes| answer::<(Answer,)>(&bytes).0)
            .map_err(message)
    }
}

fn answer<Answer: for<'a> ArgumentDecoder<'a>>(bytes: &[u8]) -> Answer {
    decode_args(bytes).expect("the answer that candid/orbiter.did says")
}

fn message(reject: RejectResponse) -> String {
    reject.reject_message
}
