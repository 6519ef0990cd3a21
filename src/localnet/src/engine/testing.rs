//! A canister on a test bench: text format in, executions out.

use super::{CodeChange, Engine, Sandbox};
use crate::execution::{
    Context, Effects, Entry, Environment, Execution, Input, Limits, Prices, Trap,
};
use candid::Principal;
use std::sync::{Arc, LazyLock};

static ENGINE: LazyLock<Arc<Engine>> = LazyLock::new(Engine::new);

/// The engine that all tests share.
pub(crate) fn engine() -> Arc<Engine> {
    ENGINE.clone()
}

/// A sandbox with its directory.
pub(crate) struct Bench {
    pub sandbox: Sandbox,
    _directory: tempfile::TempDir,
}

impl Bench {
    /// An empty sandbox.
    pub fn empty() -> Self {
        let directory = tempfile::tempdir().unwrap();
        let sandbox = Sandbox::create(engine(), directory.path().join("canister")).unwrap();
        Self {
            sandbox,
            _directory: directory,
        }
    }

    /// A committed installation of a module in text format.
    pub fn install(wat: &str) -> Self {
        let mut bench = Self::empty();
        bench.change(wat, CodeChange::Fresh);
        bench.sandbox.commit();
        bench
    }

    /// Changes the code, tentatively.
    pub fn change(&mut self, wat: &str, change: CodeChange) {
        let module = engine().compile(&wat::parse_str(wat).unwrap()).unwrap();
        self.sandbox.change_code(module, change);
    }

    /// Runs an update method; its changes stay tentative.
    pub fn run(&mut self, method: &str) -> Execution {
        self.sandbox.execute(update(method))
    }

    /// Runs an update method and commits or, if it trapped, rolls back.
    pub fn update(&mut self, method: &str) -> Result<Effects, Trap> {
        let outcome = self.run(method).outcome;
        match outcome {
            Ok(_) => self.sandbox.commit(),
            Err(_) => self.sandbox.roll_back(),
        }
        outcome
    }

    /// Runs an update method that replies, commits, and gives the reply.
    pub fn reply(&mut self, method: &str) -> Vec<u8> {
        reply(self.update(method))
    }

    /// The reply of a method as a little-endian number; rolled back.
    pub fn number(&mut self, method: &str) -> u64 {
        let outcome = self.run(method).outcome;
        self.sandbox.roll_back();
        little_endian(&reply(outcome))
    }
}

/// Bytes as a little-endian number.
pub(crate) fn little_endian(bytes: &[u8]) -> u64 {
    let digits = bytes.iter().rev();
    digits.fold(0, |number, byte| number << 8 | u64::from(*byte))
}

/// The reply in an outcome.
pub(crate) fn reply(outcome: Result<Effects, Trap>) -> Vec<u8> {
    match outcome.unwrap().response {
        Some(crate::execution::Response::Reply(data)) => data,
        other => panic!("no reply but {other:?}"),
    }
}

/// An update call without argument.
pub(crate) fn update(method: &str) -> Input {
    message(Context::Update, Entry::Update(method.into()))
}

/// A message with generous limits from an anonymous caller.
pub(crate) fn message(context: Context, entry: Entry) -> Input {
    Input {
        context,
        entry,
        caller: Principal::anonymous(),
        payload: Vec::new(),
        method_name: "method".into(),
        reject: None,
        deadline: None,
        cycles_available: 0,
        cycles_refunded: 0,
        responded: false,
        sender_info: None,
        context_instructions: 0,
        environment: environment(),
        limits: Limits {
            instructions: 40_000_000_000,
            stable_accessed_bytes: 2 << 30,
            stable_dirty_bytes: 2 << 30,
            reply_bytes: 2 << 20,
            heap_bytes: None,
        },
    }
}

/// A running canister with a thousand cycles.
pub(crate) fn environment() -> Environment {
    Environment {
        time: 1_620_328_630_000_000_000,
        canister: Principal::from_slice(&[255, 255, 255, 255, 255, 224, 0, 0, 1, 1]),
        subnet: Principal::self_authenticating([7; 44]),
        version: 3,
        status: 1,
        controllers: vec![Principal::anonymous()],
        balance: 1000,
        frozen: 0,
        global_timer: 0,
        variables: [("A", "first"), ("Z", "last")]
            .map(|(name, value)| (name.into(), value.into()))
            .into(),
        root_key: Arc::from([9; 133]),
        data_certificate: None,
        replicated: true,
        prices: Prices::default(),
    }
}
