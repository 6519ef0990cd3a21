//! A canister made with ic-cdk finds on the network what it would find on the Internet Computer: `dist/probe.wasm` on
//! the PocketIC server that `POCKET_IC_BIN` names, otherwise on `localnet`.

use candid::utils::{ArgumentDecoder, ArgumentEncoder};
use candid::{CandidType, Principal, decode_args, encode_args, encode_one};
use pocket_ic::{PocketIc, PocketIcBuilder, RejectResponse};
use serde::de::DeserializeOwned;
use std::path::PathBuf;
use std::time::Duration;

const CYCLES: u128 = 1_000_000_000_000;

fn built(name: &str) -> PathBuf {
    let path = PathBuf::from(env!("CARGO_MANIFEST_DIR"))
        .join("../dist")
        .join(name);
    assert!(
        path.exists(),
        "{} is missing: run scripts/build tests",
        path.display()
    );
    path
}

fn wasm() -> Vec<u8> {
    std::fs::read(built("probe.wasm")).unwrap()
}

/// A network with probes.
struct Probes {
    pic: PocketIc,
}

impl Probes {
    fn new() -> Self {
        let builder = PocketIcBuilder::new().with_application_subnet();
        let builder = match std::env::var_os("POCKET_IC_BIN") {
            Some(_) => builder,
            None => builder.with_server_binary(built("localnet")),
        };
        Self {
            pic: builder.build(),
        }
    }

    /// A probe that has started.
    fn probe(&self) -> Principal {
        let id = self.pic.create_canister();
        self.pic.add_cycles(id, CYCLES);
        let argument = encode_args(()).unwrap();
        self.pic.install_canister(id, wasm(), argument, None);
        id
    }

    fn update<R: for<'a> ArgumentDecoder<'a>>(
        &self,
        id: Principal,
        method: &str,
        arguments: impl ArgumentEncoder,
    ) -> Result<R, RejectResponse> {
        let payload = encode_args(arguments).unwrap();
        let reply = self
            .pic
            .update_call(id, Principal::anonymous(), method, payload)?;
        Ok(decode_args(&reply).unwrap())
    }

    /// An update that must not fail.
    fn call(&self, id: Principal, method: &str, arguments: impl ArgumentEncoder) {
        self.update::<()>(id, method, arguments).unwrap();
    }

    fn query<T: CandidType + DeserializeOwned>(
        &self,
        id: Principal,
        method: &str,
        arguments: impl ArgumentEncoder,
    ) -> T {
        let payload = encode_args(arguments).unwrap();
        let reply = self
            .pic
            .query_call(id, Principal::anonymous(), method, payload)
            .unwrap();
        decode_args::<(T,)>(&reply).unwrap().0
    }

    fn ticks(&self, id: Principal) -> Vec<String> {
        self.query(id, "ticks", ())
    }

    fn pass(&self, seconds: u64) {
        self.pic.advance_time(Duration::from_secs(seconds));
        for _ in 0..3 {
            self.pic.tick();
        }
    }
}

#[test]
fn timers_run_when_their_time_has_come() {
    let probes = Probes::new();
    let id = probes.probe();
    probes.pass(1);
    assert_eq!(probes.ticks(id), ["init"]);
    probes.call(id, "start_timer", (10u64, "once"));
    probes.call(id, "start_interval", (60u64, "often"));
    probes.pass(5);
    assert_eq!(probes.ticks(id), ["init"]);
    probes.pass(10);
    assert_eq!(probes.ticks(id), ["init", "once"]);
    probes.pass(60);
    probes.pass(60);
    assert_eq!(probes.ticks(id), ["init", "once", "often", "often"]);
}

#[test]
fn probes_call_each_other_and_move_cycles() {
    let probes = Probes::new();
    let (id, other) = (probes.probe(), probes.probe());
    probes.call(other, "set_number", (5u64,));
    let copied: (Result<u64, String>,) = probes.update(id, "copy_number", (other,)).unwrap();
    assert_eq!(copied.0, Ok(5));
    let nobody = Principal::management_canister();
    let failed: (Result<u64, String>,) = probes.update(id, "copy_number", (nobody,)).unwrap();
    assert!(failed.0.is_err());
    let before = probes.pic.cycle_balance(other);
    let given: (u128,) = probes.update(id, "give_cycles", (other, 1000u128)).unwrap();
    assert_eq!(given, (1000,));
    assert_eq!(probes.pic.cycle_balance(other), before + 1000);
}

#[test]
fn a_trap_in_a_callback_keeps_what_came_before_the_call_and_drops_the_future() {
    let probes = Probes::new();
    let (id, other) = (probes.probe(), probes.probe());
    let reject = probes.update::<()>(id, "trap_after_call", (other,));
    let message = reject.unwrap_err().reject_message;
    assert!(message.contains("after the call"), "{message}");
    assert_eq!(probes.query::<u64>(id, "number", ()), 1);
    assert_eq!(probes.query::<u64>(id, "dropped", ()), 1);
}

#[test]
fn a_composite_query_asks_other_canisters() {
    let probes = Probes::new();
    let (id, other) = (probes.probe(), probes.probe());
    probes.call(other, "set_number", (7u64,));
    assert_eq!(probes.query::<u64>(id, "sum", (vec![other, other],)), 14);
}

#[test]
fn certified_data_has_a_certificate_in_queries() {
    let probes = Probes::new();
    let id = probes.probe();
    probes.call(id, "certify", (vec![7u8; 32],));
    let certificate: Option<Vec<u8>> = probes.query(id, "certificate", ());
    let certificate = certificate.unwrap();
    let found = certificate.windows(32).any(|bytes| bytes == [7; 32]);
    assert!(found, "the certificate does not hold the data");
}

#[test]
fn randomness_differs_from_call_to_call() {
    let probes = Probes::new();
    let id = probes.probe();
    let draw = || probes.update::<(Vec<u8>,)>(id, "randomness", ()).unwrap().0;
    let (first, second) = (draw(), draw());
    assert_eq!((first.len(), second.len()), (32, 32));
    assert_ne!(first, second);
}

#[test]
fn an_upgrade_keeps_stable_memory_and_a_failed_one_changes_nothing() {
    let probes = Probes::new();
    let id = probes.probe();
    probes.pass(1);
    probes.call(id, "set_number", (9u64,));
    let upgrade = |fail: bool| {
        let argument = encode_one(fail).unwrap();
        probes.pic.upgrade_canister(id, wasm(), argument, None)
    };
    let message = upgrade(true).unwrap_err().reject_message;
    assert!(message.contains("told to fail"), "{message}");
    assert_eq!(probes.ticks(id), ["init"]);
    upgrade(false).unwrap();
    probes.pass(1);
    assert_eq!(probes.query::<u64>(id, "number", ()), 9);
    assert_eq!(probes.ticks(id), ["post_upgrade"]);
}
