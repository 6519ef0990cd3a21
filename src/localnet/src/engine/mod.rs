//! Runs Wasm as the Internet Computer does: validation, instruction weights, memories that commit or roll back.

use crate::execution::{Execution, Input};
use std::collections::{BTreeMap, BTreeSet};
use std::path::PathBuf;
use std::sync::Arc;

/// Compiles modules and keeps them by their hash; one per process, shared by all networks.
pub struct Engine {}

/// A module that was validated, prepared and compiled.
pub struct Module {
    /// Names of the methods by kind.
    pub methods: Methods,
    /// Custom sections `icp:public NAME` and `icp:private NAME`, by name.
    pub metadata: BTreeMap<String, Metadata>,
    /// Whether the module asks to keep its heap over upgrades (`enhanced-orthogonal-persistence`).
    pub keeps_heap: bool,
}

/// The methods and hooks that a module exports.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Methods {
    /// `canister_update NAME`.
    pub updates: BTreeSet<String>,
    /// `canister_query NAME`.
    pub queries: BTreeSet<String>,
    /// `canister_composite_query NAME`.
    pub composite_queries: BTreeSet<String>,
    /// Lifecycle and system hooks, by export name (`canister_init`, `canister_heartbeat`, …).
    pub hooks: BTreeSet<String>,
}

/// A custom section that read_state can show.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Metadata {
    /// Whether everybody may read it; else controllers only.
    pub public: bool,
    /// Its content.
    pub content: Vec<u8>,
}

/// Why a module is refused; the sentence goes to the installer as `CanisterInvalidWasm`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct InvalidModule {
    /// What is wrong, naming the import, export or feature.
    pub reason: String,
}

/// How a sandbox changes its code.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum CodeChange {
    /// Fresh heap, stable memory emptied (install and reinstall).
    Fresh,
    /// Fresh heap, stable memory kept (upgrade).
    KeepStable,
    /// Heap and stable memory kept (upgrade of a module that asks for it).
    KeepAll,
}

/// A canister's code and memories. Every change is tentative until [`Sandbox::commit`].
///
/// Memories are files in the directory given at creation; heap and stable memory are sparse there, and a message
/// costs what it touched, not what the memory holds.
pub struct Sandbox {}

/// Frozen memories and code of a sandbox, for snapshots.
#[derive(Clone)]
pub struct SandboxImage {}

#[allow(unused_variables, missing_docs)]
impl Engine {
    /// An engine with the instruction weights of the Internet Computer.
    pub fn new() -> Arc<Engine> {
        todo!()
    }
    /// Validates, prepares and compiles plain (unzipped) Wasm, or takes it from the cache by its SHA-256.
    pub fn compile(&self, wasm: &[u8]) -> Result<Arc<Module>, InvalidModule> {
        todo!()
    }
}

#[allow(unused_variables, missing_docs)]
impl Sandbox {
    /// A sandbox without code whose memories live in `directory` (created if missing).
    pub fn create(engine: Arc<Engine>, directory: PathBuf) -> std::io::Result<Sandbox> {
        todo!()
    }
    /// Replaces the code, tentatively.
    pub fn change_code(&mut self, module: Arc<Module>, change: CodeChange) {
        todo!()
    }
    /// Drops code and memories, tentatively (uninstall).
    pub fn remove_code(&mut self) {
        todo!()
    }
    /// The code, tentative changes included.
    pub fn module(&self) -> Option<&Arc<Module>> {
        todo!()
    }
    /// Runs one message on the memories as tentatively changed so far. Changes stay tentative, and a trap undoes
    /// only this message's changes to memory: a query's later callbacks go on from the state before it.
    pub fn execute(&mut self, input: Input) -> Execution {
        todo!()
    }
    /// Makes all tentative changes last.
    pub fn commit(&mut self) {
        todo!()
    }
    /// Undoes all tentative changes.
    pub fn roll_back(&mut self) {
        todo!()
    }
    /// Bytes of heap.
    pub fn heap_size(&self) -> u64 {
        todo!()
    }
    /// Bytes of stable memory (a multiple of 64 KiB).
    pub fn stable_size(&self) -> u64 {
        todo!()
    }
    /// All of stable memory; callers check [`Sandbox::stable_size`] first.
    pub fn stable_memory(&self) -> Vec<u8> {
        todo!()
    }
    /// Replaces stable memory; a last part page is filled with zeros. Tentative like everything.
    pub fn set_stable_memory(&mut self, content: &[u8]) {
        todo!()
    }
    /// Committed code, heap, globals and stable memory.
    pub fn image(&self) -> SandboxImage {
        todo!()
    }
    /// Goes back to an image, tentatively.
    pub fn load_image(&mut self, image: &SandboxImage) {
        todo!()
    }
}
