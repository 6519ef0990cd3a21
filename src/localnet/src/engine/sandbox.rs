//! A canister's code and memories over time.
//!
//! Three layers, each of which only the next outer one makes last:
//!
//! ```text
//! message     changes of the running message        ends well ─> tentative      traps ─> undone
//! tentative   changes since the last commit         commit ───> committed       roll_back ─> undone
//! committed   the files `heap` and `stable` in the directory, the code, the globals
//! ```
//!
//! Pages are changed in place, copy on write ([`crate::memory`]). Where code or a memory is replaced as a whole
//! (install, uninstall, load of an image), the new one grows in a file of its own, `heap.next` or `stable.next`,
//! which takes the old one's name on commit.

use super::failure::{no_code, no_method};
use super::image::{Frozen, FrozenMemory, SandboxImage};
use super::instance::{Live, Number, Target};
use super::preparation;
use super::tentative::Tentative;
use super::{CodeChange, Engine, Module};
use crate::execution::{Entry, Execution, Input, Trap};
use crate::memory::{
    AccessLimits, Finder, Heap, MAX_STABLE_BYTES, StableMemory, Traffic, WASM_PAGE_BYTES,
    host_failure,
};
use crate::system_api::{Message, enforced_heap_limit, heap_limit_exceeded};
use std::io;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, MutexGuard};

/// A canister's code and memories. Every change is tentative until [`Sandbox::commit`].
///
/// Memories are files in the directory given at creation; heap and stable memory are sparse there, and a message
/// costs what it touched, not what the memory holds.
pub struct Sandbox {
    directory: PathBuf,
    finder: Finder,
    program: Tentative<Program>,
    heap: Tentative<Heap>,
    stable: Tentative<Arc<Mutex<StableMemory>>>,
    /// The instance on code, heap and stable memory as they are; dropped when one of them is replaced or undone.
    live: Option<Live>,
}

/// Code and its globals.
#[derive(Clone, Default)]
struct Program {
    module: Option<Arc<Module>>,
    /// Globals after the last message that went well; none as long as they are as the module begins.
    globals: Option<Vec<Number>>,
    /// Globals at the last commit.
    committed_globals: Option<Vec<Number>>,
}

impl Program {
    fn of(module: Option<Arc<Module>>) -> Self {
        Self {
            module,
            ..Self::default()
        }
    }
}

impl Sandbox {
    /// A sandbox without code whose memories live in `directory` (created if missing). Its modules must come from
    /// this engine.
    pub fn create(_engine: Arc<Engine>, directory: PathBuf) -> io::Result<Sandbox> {
        std::fs::create_dir_all(&directory)?;
        let finder = Finder::detect();
        let heap = Heap::create(&directory.join("heap"), finder)?;
        let stable = StableMemory::create(&directory.join("stable"))?;
        Ok(Sandbox {
            directory,
            finder,
            program: Tentative::new(Program::default()),
            heap: Tentative::new(heap),
            stable: Tentative::new(Arc::new(Mutex::new(stable))),
            live: None,
        })
    }

    /// Replaces the code, tentatively.
    pub fn change_code(&mut self, module: Arc<Module>, change: CodeChange) {
        self.live = None;
        let initial = module.code.initial_heap_bytes;
        if change == CodeChange::KeepAll {
            self.heap.current_mut().grow_to(initial);
        } else {
            let mut heap = self.new_heap();
            heap.grow_to(initial);
            for segment in &module.code.segments {
                heap.write(segment.offset, &segment.bytes);
            }
            self.heap.replace(heap);
        }
        if change == CodeChange::Fresh {
            self.empty_stable_memory();
        }
        self.program.replace(Program::of(Some(module)));
    }

    /// Drops code and memories, tentatively (uninstall).
    pub fn remove_code(&mut self) {
        self.live = None;
        self.program.replace(Program::default());
        let heap = self.new_heap();
        self.heap.replace(heap);
        self.empty_stable_memory();
    }

    /// The code, tentative changes included.
    pub fn module(&self) -> Option<&Arc<Module>> {
        self.program.current().module.as_ref()
    }

    /// Runs one message on the memories as tentatively changed so far. Changes stay tentative, and a trap undoes
    /// only this message's changes to memory: a query's later callbacks go on from the state before it.
    pub fn execute(&mut self, input: Input) -> Execution {
        let Some(module) = self.module().cloned() else {
            return not_run(Err(no_code()), input);
        };
        let entry = input.entry.clone();
        let export;
        let target = match resolve(&module, &entry) {
            Ok(Some(Way::Export(name))) => {
                export = name;
                Target::Export(&export)
            }
            Ok(Some(Way::Callback(closure))) => Target::Callback(closure),
            Ok(None) => return not_run(Ok(()), input),
            Err(trap) => return not_run(Err(trap), input),
        };
        if let Some(limit) = enforced_heap_limit(&input).filter(|limit| self.heap_size() > *limit) {
            let trap = heap_limit_exceeded(limit, self.heap_size());
            return not_run(Err(trap), input);
        }
        self.run(&module, &target, input)
    }

    fn run(&mut self, module: &Arc<Module>, target: &Target, input: Input) -> Execution {
        self.heap.current_mut().begin_message();
        self.stable_mut().begin_message(AccessLimits {
            accessed: input.limits.stable_accessed_bytes,
            written: input.limits.stable_dirty_bytes,
        });
        let mut live = match self.take_live(module, Message::new(input)) {
            Ok(live) => live,
            Err(trap) => {
                self.undo_message();
                return Execution {
                    outcome: Err(trap),
                    instructions: 0,
                    logs: Vec::new(),
                };
            }
        };
        let (result, instructions) = live.run(target);
        let (effects, mut logs) = live.finish();
        match &result {
            Ok(()) => self.keep_message(live, module),
            Err(trap) => {
                drop(live);
                self.undo_message();
                logs.push(format!("[TRAP]: {}", trap.message));
            }
        }
        Execution {
            outcome: result.map(|()| effects),
            instructions,
            logs,
        }
    }

    /// The live instance, or a new one.
    fn take_live(&mut self, module: &Module, message: Message) -> Result<Live, Trap> {
        match self.live.take() {
            Some(mut live) => {
                live.prepare(message);
                Ok(live)
            }
            None => Live::new(
                module,
                self.heap.current().mapping().clone(),
                self.stable.current().clone(),
                message,
                self.program.current().globals.as_deref(),
            ),
        }
    }

    fn keep_message(&mut self, mut live: Live, module: &Module) {
        self.program.current_mut().globals = Some(live.globals());
        self.heap.current_mut().keep_message();
        self.stable_mut().keep_message();
        if !module.code.changes_tables {
            self.live = Some(live);
        }
    }

    /// The instance that trapped is gone, and with it its globals and tables.
    fn undo_message(&mut self) {
        self.heap.current_mut().undo_message();
        self.stable_mut().undo_message();
    }

    /// Makes all tentative changes last.
    pub fn commit(&mut self) {
        self.heap.current_mut().commit();
        self.stable_mut().commit();
        let program = self.program.current_mut();
        program.committed_globals.clone_from(&program.globals);
        self.program.commit();
        if self.heap.commit().is_some() {
            self.heap.current().rename(&self.directory.join("heap"));
        }
        if self.stable.commit().is_some() {
            let path = self.directory.join("stable");
            self.stable_mut().rename(&path);
        }
    }

    /// Undoes all tentative changes.
    pub fn roll_back(&mut self) {
        let replaced = self.roll_back_replacements();
        let shrunk = self.heap.current_mut().roll_back();
        self.stable_mut().roll_back();
        let program = self.program.current_mut();
        program.globals.clone_from(&program.committed_globals);
        if replaced || shrunk {
            self.live = None;
        }
        self.live = self.live.take().and_then(|mut live| {
            let globals = self.program.current().globals.as_deref()?;
            live.set_globals(globals).ok().map(|()| live)
        });
    }

    fn roll_back_replacements(&mut self) -> bool {
        let code = self.program.roll_back().is_some();
        let heap = self.heap.roll_back().inspect(Heap::unlink).is_some();
        let stable = self.stable.roll_back();
        if let Some(stable) = &stable {
            lock(stable).unlink();
        }
        code || heap || stable.is_some()
    }

    /// Bytes of heap.
    pub fn heap_size(&self) -> u64 {
        self.heap.current().len()
    }

    /// Bytes of stable memory (a multiple of 64 KiB).
    pub fn stable_size(&self) -> u64 {
        self.stable_mut().size()
    }

    /// All of stable memory; callers check [`Sandbox::stable_size`] first.
    pub fn stable_memory(&self) -> Vec<u8> {
        self.stable_mut().bytes().to_vec()
    }

    /// Replaces stable memory; a last part page is filled with zeros. Tentative like everything. Content beyond the
    /// 500 GiB that stable memory can hold is left out.
    pub fn set_stable_memory(&mut self, content: &[u8]) {
        self.live = None;
        self.empty_stable_memory();
        let length = content.len().min(MAX_STABLE_BYTES as usize);
        let mut stable = self.stable_mut();
        stable.begin_message(AccessLimits::default());
        stable.grow((length as u64).div_ceil(WASM_PAGE_BYTES));
        if let Err(error) = stable.write(0, &content[..length]) {
            host_failure("fill stable memory in", &self.directory, error);
        }
        stable.keep_message();
    }

    /// Committed code, heap, globals and stable memory.
    pub fn image(&self) -> SandboxImage {
        let program = self.program.committed();
        let heap = self.heap.committed();
        let stable = lock(self.stable.committed());
        SandboxImage {
            frozen: Arc::new(Frozen {
                module: program.module.clone(),
                globals: program.committed_globals.clone(),
                heap: self.freeze(|file| heap.freeze(file)),
                stable: self.freeze(|file| stable.freeze(file)),
            }),
        }
    }

    fn freeze(&self, freeze: impl FnOnce(&std::fs::File) -> io::Result<u64>) -> FrozenMemory {
        let frozen = tempfile::tempfile_in(&self.directory)
            .and_then(|file| freeze(&file).map(|len| FrozenMemory { file, len }));
        frozen.unwrap_or_else(|error| host_failure("make an image in", &self.directory, error))
    }

    /// Goes back to an image, tentatively.
    pub fn load_image(&mut self, image: &SandboxImage) {
        self.live = None;
        let Frozen {
            module,
            globals,
            heap,
            stable,
        } = &*image.frozen;
        let path = self.directory.join("heap.next");
        let heap = Heap::load(&path, self.finder, &heap.file, heap.len);
        self.heap.replace(made(heap, &path));
        let path = self.directory.join("stable.next");
        let stable = StableMemory::load(&path, &stable.file, stable.len);
        self.stable
            .replace(Arc::new(Mutex::new(made(stable, &path))));
        self.program.replace(Program {
            module: module.clone(),
            globals: globals.clone(),
            committed_globals: globals.clone(),
        });
    }

    /// The heap, tentative changes included.
    #[cfg(test)]
    pub(crate) fn heap_bytes(&self) -> &[u8] {
        self.heap.current().mapping().bytes()
    }

    /// Pages of the heap that were moved since it was made: what its messages cost.
    pub fn heap_traffic(&self) -> Traffic {
        self.heap.current().traffic()
    }

    /// Chooses how changed pages of the heap are found; the fastest way of this host unless set.
    pub fn set_finder(&mut self, finder: Finder) {
        self.finder = finder;
        self.heap.current_mut().set_finder(finder);
    }

    fn new_heap(&self) -> Heap {
        let path = self.directory.join("heap.next");
        made(Heap::create(&path, self.finder), &path)
    }

    fn empty_stable_memory(&mut self) {
        let path = self.directory.join("stable.next");
        let stable = made(StableMemory::create(&path), &path);
        self.stable.replace(Arc::new(Mutex::new(stable)));
    }

    fn stable_mut(&self) -> MutexGuard<'_, StableMemory> {
        lock(self.stable.current())
    }
}

fn lock(stable: &Mutex<StableMemory>) -> MutexGuard<'_, StableMemory> {
    stable
        .lock()
        .unwrap_or_else(|poisoned| poisoned.into_inner())
}

fn made<T>(made: io::Result<T>, path: &Path) -> T {
    made.unwrap_or_else(|error| host_failure("create", path, error))
}

/// How an entry is reached.
enum Way {
    Export(String),
    Callback(crate::execution::Closure),
}

/// Finds an entry; none when it is optional and missing.
fn resolve(module: &Module, entry: &Entry) -> Result<Option<Way>, Trap> {
    let methods = &module.methods;
    let method =
        |names: &std::collections::BTreeSet<String>, prefix: &str, kind: &str, name: &str| {
            if !names.contains(name) {
                return Err(no_method(kind, name));
            }
            Ok(Some(Way::Export(format!("{prefix} {name}"))))
        };
    match entry {
        Entry::Start => Ok((module.code.starts).then(|| Way::Export(preparation::START.into()))),
        Entry::Hook(name) => Ok(methods
            .hooks
            .contains(*name)
            .then(|| Way::Export((*name).into()))),
        Entry::Update(name) => method(&methods.updates, "canister_update", "update", name),
        Entry::Query(name) => method(&methods.queries, "canister_query", "query", name),
        Entry::CompositeQuery(name) => {
            let names = &methods.composite_queries;
            method(names, "canister_composite_query", "composite query", name)
        }
        Entry::Callback(closure) => Ok(Some(Way::Callback(*closure))),
    }
}

/// A message that ended before any Wasm ran.
fn not_run(outcome: Result<(), Trap>, input: Input) -> Execution {
    let logs = outcome.as_ref().err();
    let logs = logs.map(|trap| format!("[TRAP]: {}", trap.message));
    let (effects, _) = Message::new(input).finish();
    Execution {
        logs: logs.into_iter().collect(),
        outcome: outcome.map(|()| effects),
        instructions: 0,
    }
}
