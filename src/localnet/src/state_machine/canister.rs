//! What a canister is: a sandbox with code and memories, and what the system keeps about it.

use super::history::{Author, History};
use super::logs::LogRing;
use super::settings::Settings;
use super::snapshot::{ChunkStore, Snapshot};
use super::{Network, Origin};
use crate::engine::Sandbox;
use crate::execution::Effects;
use crate::rejection::{ErrorCode, Reject};
use candid::Principal;
use ic_management_canister_types::{ChangeDetails, CreationRecord};
use std::collections::BTreeMap;
use std::path::PathBuf;

/// One canister.
pub(crate) struct Canister {
    pub(crate) id: Principal,
    /// Number of its subnet.
    pub(crate) subnet: usize,
    /// Code and memories.
    pub(crate) sandbox: Sandbox,
    /// Where the sandbox keeps them.
    directory: PathBuf,
    /// What messages change outside the sandbox.
    pub(crate) registers: Registers,
    /// Counts changes of code, settings and state; what `canister_version` tells.
    pub(crate) version: u64,
    pub(crate) status: Status,
    pub(crate) settings: Settings,
    /// What was installed; none while empty.
    pub(crate) code: Option<Code>,
    pub(crate) chunks: ChunkStore,
    /// By snapshot id.
    pub(crate) snapshots: BTreeMap<Vec<u8>, Snapshot>,
    /// Snapshots ever taken; numbers the next one.
    pub(crate) snapshots_taken: u64,
    pub(crate) logs: LogRing,
    pub(crate) history: History,
    pub(crate) queries: QueryStatistics,
    pub(crate) low_memory: LowMemoryHook,
}

/// What a message changes outside the sandbox. Together with it they commit or roll back.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Registers {
    /// Cycles.
    pub(crate) balance: u128,
    /// At most 32 bytes.
    pub(crate) certified_data: Vec<u8>,
    /// When `canister_global_timer` runs (ns since 1970); 0 = off.
    pub(crate) global_timer: u64,
}

impl Registers {
    /// Takes over what a message wants that ended well.
    pub(crate) fn apply(&mut self, effects: &mut Effects) {
        self.balance = effects.balance;
        if let Some(data) = effects.certified_data.take() {
            self.certified_data = data;
        }
        if let Some(timer) = effects.global_timer {
            self.global_timer = timer;
        }
    }
}

/// Whether a canister takes messages.
pub(crate) enum Status {
    Running,
    /// Takes answers to its own calls only; who asked for it waits until none is open.
    Stopping(Vec<StopWaiter>),
    Stopped,
}

/// Somebody who called `stop_canister` and waits.
pub(crate) struct StopWaiter {
    pub(crate) origin: Origin,
    /// Cycles that came with the call, given back with the answer.
    pub(crate) cycles: u128,
    /// When the wait is given up (ns since 1970).
    pub(crate) deadline: u64,
}

/// What was installed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Code {
    /// SHA-256 of the bytes as they were sent.
    pub(crate) hash: [u8; 32],
    /// Bytes of plain Wasm.
    pub(crate) size: u64,
}

/// Totals over all queries a canister answered, as `canister_status` shows them.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct QueryStatistics {
    pub(crate) calls: u64,
    pub(crate) instructions: u64,
    pub(crate) request_bytes: u64,
    pub(crate) response_bytes: u64,
}

/// Whether `canister_on_low_wasm_memory` is due; it runs once each time the memory left falls below the threshold.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) enum LowMemoryHook {
    #[default]
    EnoughMemory,
    Ready,
    Executed,
}

impl Canister {
    /// The exported hook can run now: the canister is running and its module has it.
    pub(crate) fn runs_hook(&self, hook: &str) -> bool {
        let exported =
            |module: &std::sync::Arc<crate::engine::Module>| module.methods.hooks.contains(hook);
        matches!(self.status, Status::Running) && self.sandbox.module().is_some_and(exported)
    }

    /// Puts cycles on the balance.
    pub(crate) fn deposit(&mut self, cycles: u128) {
        self.registers.balance = self.registers.balance.saturating_add(cycles);
    }

    /// Whether a principal controls it.
    pub(crate) fn is_controlled_by(&self, principal: Principal) -> bool {
        self.settings.controllers.contains(&principal)
    }

    /// Updates the low-memory hook after heap or settings changed: due when the heap that is left below the memory
    /// limit is less than the threshold.
    pub(crate) fn watch_memory(&mut self) {
        let limit = self.settings.heap_limit();
        let left = limit.saturating_sub(self.sandbox.heap_size());
        self.low_memory = match (left < self.settings.wasm_memory_threshold, self.low_memory) {
            (false, _) => LowMemoryHook::EnoughMemory,
            (true, LowMemoryHook::EnoughMemory) => LowMemoryHook::Ready,
            (true, already) => already,
        };
    }

    /// Fails unless the canister is running: only then does it take calls and queries.
    pub(crate) fn require_running(&self) -> Result<(), Reject> {
        match self.status {
            Status::Running => Ok(()),
            Status::Stopping(_) => Err(Reject::new(
                ErrorCode::CanisterStopping,
                format!("Canister {} is stopping", self.id),
            )),
            Status::Stopped => Err(Reject::new(
                ErrorCode::CanisterStopped,
                format!("Canister {} is stopped", self.id),
            )),
        }
    }

    /// The code, which a message needs.
    pub(crate) fn require_module(&self) -> Result<&crate::engine::Module, Reject> {
        self.sandbox
            .module()
            .map(|module| &**module)
            .ok_or_else(|| {
                self.error(
                    ErrorCode::CanisterWasmModuleNotFound,
                    "Attempted to execute a message, but the canister contains no Wasm module",
                )
            })
    }

    /// A rejection in the words in which clients expect an error of a canister.
    pub(crate) fn error(&self, error: ErrorCode, message: impl std::fmt::Display) -> Reject {
        Reject::new(error, format!("Error from Canister {}: {message}", self.id))
    }

    /// Bytes it occupies: memories, code, chunks, snapshots and logs.
    pub(crate) fn memory_size(&self) -> u64 {
        self.sandbox.heap_size()
            + self.sandbox.stable_size()
            + self.code.as_ref().map_or(0, |code| code.size)
            + self.chunks.size()
            + self.snapshots_size()
            + self.logs.size()
    }

    /// Bytes of its snapshots.
    pub(crate) fn snapshots_size(&self) -> u64 {
        self.snapshots.values().map(|snapshot| snapshot.size).sum()
    }
}

impl Network {
    /// Makes an empty running canister with an id that is free and lies in the subnet's ranges.
    pub(crate) fn create_canister(
        &mut self,
        id: Principal,
        subnet: usize,
        cycles: u128,
        settings: Settings,
        author: Author,
    ) -> Result<(), Reject> {
        if self.canisters.contains_key(&id) {
            return Err(Reject::new(
                ErrorCode::CanisterIdAlreadyExists,
                format!("Canister {id} is already installed"),
            ));
        }
        let directory = self.directory.join(id.to_text());
        let sandbox = empty_sandbox(self, &directory).map_err(|error| {
            let message = format!("cannot make the memories of canister {id}: {error}");
            Reject::new(ErrorCode::CanisterWasmEngineError, message)
        })?;
        let mut canister = Canister {
            id,
            subnet,
            sandbox,
            directory,
            registers: Registers {
                balance: cycles,
                ..Registers::default()
            },
            version: 0,
            status: Status::Running,
            settings,
            code: None,
            chunks: ChunkStore::default(),
            snapshots: BTreeMap::new(),
            snapshots_taken: 0,
            logs: LogRing::default(),
            history: History::default(),
            queries: QueryStatistics::default(),
            low_memory: LowMemoryHook::default(),
        };
        let creation = ChangeDetails::Creation(CreationRecord {
            controllers: canister.settings.controllers.clone(),
            environment_variables_hash: None,
        });
        canister.history.record(self.time, 0, author, creation);
        self.canisters.insert(id, canister);
        Ok(())
    }

    /// Forgets a canister with all it had; its cycles are gone.
    pub(crate) fn delete_canister(&mut self, id: Principal) {
        let Some(canister) = self.canisters.remove(&id) else {
            return;
        };
        self.deleted.insert(id);
        let directory = canister.directory.clone();
        drop(canister);
        if let Err(error) = std::fs::remove_dir_all(&directory) {
            // The canister is gone all the same; what is left on disk belongs to the network's directory.
            eprintln!("localnet: cannot remove {}: {error}", directory.display());
        }
    }
}

/// A sandbox in a directory that holds nothing from before.
fn empty_sandbox(network: &Network, directory: &PathBuf) -> std::io::Result<Sandbox> {
    if directory.exists() {
        std::fs::remove_dir_all(directory)?;
    }
    Sandbox::create(network.engine().clone(), directory.clone())
}
