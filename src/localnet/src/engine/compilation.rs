//! Compiles modules, once each.

use super::inspection::Inspection;
use super::preparation::{Segment, prepare};
use super::{InvalidModule, Metadata, Methods, configuration, validation};
use crate::system_api::table::PointerWidth;
use crate::system_api::{self, Host};
use sha2::{Digest, Sha256};
use std::collections::{BTreeMap, HashMap};
use std::sync::{Arc, Mutex, MutexGuard};
use wasmtime::{InstancePre, Linker};

/// Modules kept compiled. A test suite installs a handful again and again; each takes some megabytes.
const CACHED_MODULES: usize = 64;

/// Compiles modules and keeps them by their hash; one per process, shared by all networks.
pub struct Engine {
    narrow: Linker<Host>,
    wide: Linker<Host>,
    cache: Mutex<Cache>,
}

/// A module that was validated, prepared and compiled.
pub struct Module {
    /// Names of the methods by kind.
    pub methods: Methods,
    /// Custom sections `icp:public NAME` and `icp:private NAME`, by name.
    pub metadata: BTreeMap<String, Metadata>,
    /// Whether the module asks to keep its heap over upgrades (`enhanced-orthogonal-persistence`).
    pub keeps_heap: bool,
    pub(super) code: Code,
}

/// What a sandbox needs to run a module.
pub(super) struct Code {
    pub template: InstancePre<Host>,
    pub width: PointerWidth,
    /// Whether there is a start function.
    pub starts: bool,
    /// Bytes of heap the module begins with.
    pub initial_heap_bytes: u64,
    /// What a fresh heap begins with.
    pub segments: Vec<Segment>,
    /// Names under which the mutable globals are exported.
    pub globals: Vec<String>,
    /// The module may change its tables or drop segments. The Internet Computer does not keep that between messages:
    /// such a module gets a new instance for each.
    pub changes_tables: bool,
}

impl Engine {
    /// An engine with the instruction weights of the Internet Computer.
    pub fn new() -> Arc<Engine> {
        Arc::new(Engine {
            narrow: linker(PointerWidth::Narrow),
            wide: linker(PointerWidth::Wide),
            cache: Mutex::default(),
        })
    }

    /// Validates, prepares and compiles plain (unzipped) Wasm, or takes it from the cache by its SHA-256.
    pub fn compile(&self, wasm: &[u8]) -> Result<Arc<Module>, InvalidModule> {
        let hash = Sha256::digest(wasm).into();
        if let Some(module) = self.cache().get(&hash) {
            return Ok(module);
        }
        let module = Arc::new(self.compile_anew(wasm)?);
        self.cache().insert(hash, module.clone());
        Ok(module)
    }

    fn compile_anew(&self, wasm: &[u8]) -> Result<Module, InvalidModule> {
        validation::validate_binary(wasm)?;
        let inspection = Inspection::of(wasm)?;
        let (methods, metadata) = validation::validate_canister(&inspection)?;
        let prepared = prepare(wasm, &inspection)?;
        let width = validation::pointer_width(&inspection);
        let linker = match width {
            PointerWidth::Narrow => &self.narrow,
            PointerWidth::Wide => &self.wide,
        };
        let template = wasmtime::Module::new(linker.engine(), &prepared.wasm)
            .and_then(|module| linker.instantiate_pre(&module))
            .map_err(|error| {
                InvalidModule::new(format!("Wasmtime failed to compile: {error:#}"))
            })?;
        Ok(Module {
            methods,
            keeps_heap: metadata.contains_key("enhanced-orthogonal-persistence"),
            metadata,
            code: Code {
                template,
                width,
                starts: inspection.start.is_some(),
                initial_heap_bytes: prepared.initial_heap_bytes,
                segments: prepared.segments,
                globals: prepared.globals,
                changes_tables: inspection.changes_tables,
            },
        })
    }

    fn cache(&self) -> MutexGuard<'_, Cache> {
        // Whoever panicked here left whole entries behind.
        self.cache
            .lock()
            .unwrap_or_else(|poisoned| poisoned.into_inner())
    }
}

/// An engine and the system calls for one pointer width.
fn linker(width: PointerWidth) -> Linker<Host> {
    let linked = wasmtime::Engine::new(&configuration::configuration(width)).and_then(|engine| {
        let mut linker = Linker::new(&engine);
        system_api::link(&mut linker, width)?;
        Ok(linker)
    });
    // Depends on the host's processor and this source alone, not on any input.
    linked.unwrap_or_else(|error| panic!("this host cannot run WebAssembly: {error:#}"))
}

/// Compiled modules by hash, the least recently used of which goes first.
#[derive(Default)]
struct Cache {
    modules: HashMap<[u8; 32], (Arc<Module>, u64)>,
    uses: u64,
}

impl Cache {
    fn get(&mut self, hash: &[u8; 32]) -> Option<Arc<Module>> {
        self.uses += 1;
        let (module, used) = self.modules.get_mut(hash)?;
        *used = self.uses;
        Some(module.clone())
    }

    fn insert(&mut self, hash: [u8; 32], module: Arc<Module>) {
        self.uses += 1;
        self.modules.insert(hash, (module, self.uses));
        if self.modules.len() > CACHED_MODULES {
            let by_use = self.modules.iter().min_by_key(|(_, (_, used))| *used);
            let oldest = by_use.map(|(hash, _)| *hash);
            oldest.map(|hash| self.modules.remove(&hash));
        }
    }
}
