//! A stage for tests: a network with the real engine, played by canisters that do what their messages say.

mod script;

use super::*;
use crate::engine::testing::engine;
use candid::utils::ArgumentEncoder;
use ic_management_canister_types::{
    CanisterIdRecord, CanisterInstallMode, CanisterSettings, InstallCodeArgs,
    ProvisionalCreateCanisterWithCyclesArgs,
};
pub(crate) use script::*;

/// Cycles that test canisters begin with.
pub(crate) const CYCLES: u128 = 1_000_000;

/// A network with one application subnet and somebody who uses it.
pub(crate) struct Stage {
    pub(crate) network: Network,
    _directory: tempfile::TempDir,
}

impl Stage {
    pub(crate) fn new() -> Stage {
        Stage::with(&[SubnetKind::Application])
    }

    pub(crate) fn with(kinds: &[SubnetKind]) -> Stage {
        let directory = tempfile::tempdir().unwrap();
        let subnet = |kind: &SubnetKind| SubnetConfiguration {
            kind: *kind,
            benchmarking: false,
            free: false,
        };
        let network = Network::new(Configuration {
            subnets: kinds.iter().map(subnet).collect(),
            initial_time: GENESIS_NANOS,
            directory: directory.path().to_path_buf(),
            engine: engine(),
            seed: [7; 32],
        });
        Stage {
            network: network.unwrap(),
            _directory: directory,
        }
    }

    /// Who controls the canisters and sends the messages.
    pub(crate) fn user() -> Principal {
        Principal::self_authenticating([1; 44])
    }

    pub(crate) fn ingress(canister: Principal, method: &str, payload: Vec<u8>) -> Ingress {
        Ingress {
            sender: Stage::user(),
            canister,
            method: method.into(),
            size: payload.len(),
            payload,
            effective: None,
            sender_info: None,
            id: None,
        }
    }

    /// Submits a message and runs rounds until it is answered.
    pub(crate) fn call(
        &mut self,
        canister: Principal,
        method: &str,
        payload: Vec<u8>,
    ) -> Result<Vec<u8>, Reject> {
        self.send(Stage::ingress(canister, method, payload))
    }

    pub(crate) fn send(&mut self, ingress: Ingress) -> Result<Vec<u8>, Reject> {
        let id = self.network.submit(ingress)?;
        for _ in 0..100 {
            self.network.round();
            if let Some(answer) = self.answer(id) {
                return answer;
            }
        }
        panic!("not answered in 100 rounds");
    }

    /// The answer to a message, if there is one.
    pub(crate) fn answer(&self, id: MessageId) -> Option<Result<Vec<u8>, Reject>> {
        match self.network.ingress_status(&id) {
            Some((_, IngressStatus::Answered(answer))) => Some(answer.clone()),
            Some(_) => None,
            None => panic!("the message is not known"),
        }
    }

    /// Calls the management canister.
    pub(crate) fn manage(
        &mut self,
        method: &str,
        arguments: impl ArgumentEncoder,
    ) -> Result<Vec<u8>, Reject> {
        let payload = candid::encode_args(arguments).unwrap();
        self.call(Principal::management_canister(), method, payload)
    }

    /// Makes an empty canister.
    pub(crate) fn create(&mut self) -> Principal {
        let arguments = ProvisionalCreateCanisterWithCyclesArgs {
            amount: Some(CYCLES.into()),
            ..Default::default()
        };
        let reply = self.manage("provisional_create_canister_with_cycles", (arguments,));
        let record: CanisterIdRecord = candid::decode_one(&reply.unwrap()).unwrap();
        record.canister_id
    }

    /// Puts a module into a canister.
    pub(crate) fn install(
        &mut self,
        canister_id: Principal,
        mode: CanisterInstallMode,
        wasm_module: Vec<u8>,
        script: &[Op],
    ) -> Result<(), Reject> {
        let arguments = InstallCodeArgs {
            mode,
            canister_id,
            wasm_module,
            arg: encode(script),
            sender_canister_version: None,
        };
        self.manage("install_code", (arguments,)).map(|_| ())
    }

    /// Makes a canister with a module.
    pub(crate) fn canister_with(&mut self, wasm: Vec<u8>) -> Principal {
        let id = self.create();
        self.install(id, CanisterInstallMode::Install, wasm, &[])
            .unwrap();
        id
    }

    /// Makes a script canister.
    pub(crate) fn canister(&mut self) -> Principal {
        self.canister_with(module())
    }

    /// Has a canister run a script as an update.
    pub(crate) fn run(&mut self, canister: Principal, script: &[Op]) -> Result<Vec<u8>, Reject> {
        self.call(canister, "run", encode(script))
    }

    /// Has it run a script as a query.
    pub(crate) fn query(
        &mut self,
        canister: Principal,
        method: &str,
        script: &[Op],
    ) -> Result<Vec<u8>, Reject> {
        self.network.query(Query {
            sender: Stage::user(),
            canister,
            method: method.into(),
            payload: encode(script),
            sender_info: None,
        })
    }

    /// What a script canister holds.
    pub(crate) fn state(&mut self, canister: Principal) -> State {
        let script = [Op::AppendState, Op::ReplyAppended];
        State::of(&self.query(canister, "read", &script).unwrap())
    }

    /// What the system keeps about a canister.
    pub(crate) fn kept(&self, id: Principal) -> &Canister {
        &self.network.canisters[&id]
    }

    pub(crate) fn cycles(&self, id: Principal) -> u128 {
        self.kept(id).registers.balance
    }

    /// Changes settings.
    pub(crate) fn set(&mut self, canister_id: Principal, settings: CanisterSettings) {
        let arguments = ic_management_canister_types::UpdateSettingsArgs {
            canister_id,
            settings,
            sender_canister_version: None,
        };
        self.manage("update_settings", (arguments,)).unwrap();
    }
}

/// Replies with one byte.
pub(crate) fn ok() -> Op {
    Op::Reply(vec![1])
}

pub(crate) fn trap() -> Op {
    Op::Trap("on purpose".into())
}
