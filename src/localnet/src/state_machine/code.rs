//! Changing a canister's code: install, reinstall, upgrade, uninstall. All of a change lasts or none of it.

use super::canister::{Code, Registers};
use super::environment::Ended;
use super::{Author, Charge, Network};
use crate::engine::{CodeChange, InvalidModule, Module};
use crate::execution::{Context, Entry, Input};
use crate::rejection::{ErrorCode, Reject};
use candid::Principal;
use flate2::read::GzDecoder;
use ic_management_canister_types::{ChangeDetails, CodeDeploymentMode, CodeDeploymentRecord};
use sha2::{Digest, Sha256};
use std::io::Read;
use std::sync::Arc;

/// Bytes a plain module may have.
const MAX_MODULE: u64 = 100 << 20;
/// How zipped data begins.
const GZIP: [u8; 3] = [0x1f, 0x8b, 0x08];

/// How code is put into a canister.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Mode {
    Install,
    Reinstall,
    Upgrade {
        /// Do not run `canister_pre_upgrade`.
        skip_pre_upgrade: bool,
        /// What the installer wants done with the heap; none if it did not say.
        keep_heap: Option<bool>,
    },
}

/// New code and what it is started with.
pub(crate) struct CodeSource {
    /// As it was sent: plain or zipped Wasm.
    pub(crate) wasm: Vec<u8>,
    /// The argument of `canister_init` or `canister_post_upgrade`.
    pub(crate) argument: Vec<u8>,
    /// Whom these hooks see as caller.
    pub(crate) caller: Principal,
}

/// A code change while it runs.
struct Change<'a> {
    id: Principal,
    source: &'a CodeSource,
    /// The version the canister will have.
    version: u64,
    /// Instructions used so far; they share one limit.
    instructions: u64,
    /// What the old code printed, by the index of the record that follows it.
    old_logs_end: u64,
}

impl Network {
    /// Changes a canister's code; gives the result and the instructions used. The canister exists.
    pub(crate) fn install_code(
        &mut self,
        id: Principal,
        mode: Mode,
        source: &CodeSource,
        author: Author,
    ) -> (Result<(), Reject>, u64) {
        let (module, code) = match self.prepare(id, mode, source) {
            Ok(prepared) => prepared,
            Err(reject) => return (Err(reject), 0),
        };
        let Ok(canister) = self.canister_ref(id) else {
            return (Err(super::not_found(id)), 0);
        };
        let before = canister.registers.clone();
        let mut change = Change {
            id,
            source,
            version: canister.version + 1,
            instructions: 0,
            old_logs_end: canister.logs.next_index(),
        };
        let result = match mode {
            Mode::Install | Mode::Reinstall => self.install_fresh(&mut change, module),
            Mode::Upgrade {
                skip_pre_upgrade, ..
            } => self.upgrade(&mut change, module, mode.code_change(), skip_pre_upgrade),
        };
        let instructions = change.instructions;
        match &result {
            Ok(()) => self.commit_code(change, mode, code, author),
            Err(_) => self.roll_back_code(id, before),
        }
        self.charge(id, Charge::Execution { instructions });
        (result, instructions)
    }

    /// Checks what can be checked before anything runs.
    fn prepare(
        &self,
        id: Principal,
        mode: Mode,
        source: &CodeSource,
    ) -> Result<(Arc<Module>, Code), Reject> {
        let canister = self.canister_ref(id)?;
        match (mode, canister.code.is_some()) {
            (Mode::Install, true) => {
                let message = format!("Canister {id} is not empty: use reinstall or upgrade");
                return Err(Reject::new(ErrorCode::CanisterNonEmpty, message));
            }
            (Mode::Upgrade { .. }, false) => {
                canister.require_module()?;
            }
            _ => (),
        }
        let invalid = |reason: String| {
            let message = format!("Canister's Wasm module is not valid: {reason}");
            canister.error(ErrorCode::CanisterInvalidWasm, message)
        };
        let wasm = unzip(&source.wasm).map_err(|error| invalid(error.to_string()))?;
        let module = self
            .engine
            .compile(&wasm)
            .map_err(|InvalidModule { reason }| invalid(reason))?;
        let old_keeps = canister.sandbox.module().is_some_and(|old| old.keeps_heap);
        mode.check_heap(old_keeps, module.keeps_heap)
            .map_err(|reason| canister.error(ErrorCode::CanisterContractViolation, reason))?;
        let code = Code {
            hash: Sha256::digest(&source.wasm).into(),
            size: wasm.len() as u64,
        };
        Ok((module, code))
    }

    /// New code on empty memories.
    fn install_fresh(&mut self, change: &mut Change, module: Arc<Module>) -> Result<(), Reject> {
        let canister = self.canister_mut(change.id)?;
        canister.sandbox.change_code(module, CodeChange::Fresh);
        canister.registers.certified_data.clear();
        canister.registers.global_timer = 0;
        self.code_step(change, Context::Start, Entry::Start)?;
        self.code_step(change, Context::Init, Entry::Hook("canister_init"))
    }

    /// New code on the stable memory, and perhaps the heap, of the old code.
    fn upgrade(
        &mut self,
        change: &mut Change,
        module: Arc<Module>,
        code_change: CodeChange,
        skip_pre_upgrade: bool,
    ) -> Result<(), Reject> {
        if !skip_pre_upgrade {
            let hook = Entry::Hook("canister_pre_upgrade");
            self.code_step(change, Context::PreUpgrade, hook)?;
        }
        let canister = self.canister_mut(change.id)?;
        canister.sandbox.change_code(module, code_change);
        canister.registers.global_timer = 0;
        self.code_step(change, Context::Start, Entry::Start)?;
        self.code_step(change, Context::Init, Entry::Hook("canister_post_upgrade"))
    }

    /// Runs one entry of a code change on what the steps before left.
    fn code_step(
        &mut self,
        change: &mut Change,
        context: Context,
        entry: Entry,
    ) -> Result<(), Reject> {
        let canister = self.canister_ref(change.id)?;
        let mut input = Input {
            payload: change.source.argument.clone(),
            ..self.input(canister, context, entry, change.source.caller)
        };
        let limit = &mut input.limits.instructions;
        *limit = limit.saturating_sub(change.instructions);
        if context != Context::PreUpgrade {
            input.environment.version = change.version;
        }
        let Ended {
            outcome,
            instructions,
        } = self.execute(change.id, input);
        change.instructions += instructions;
        let mut effects = outcome?;
        self.canister_mut(change.id)?.registers.apply(&mut effects);
        Ok(())
    }

    fn commit_code(&mut self, change: Change, mode: Mode, code: Code, author: Author) {
        let (id, module_hash) = (change.id, code.hash.to_vec());
        if let Ok(canister) = self.canister_mut(id) {
            canister.sandbox.commit();
            canister.code = Some(code);
            if mode == Mode::Reinstall {
                canister.logs.drop_before(change.old_logs_end);
            }
            canister.watch_memory();
        }
        let mode = match mode {
            Mode::Install => CodeDeploymentMode::Install,
            Mode::Reinstall => CodeDeploymentMode::Reinstall,
            Mode::Upgrade { .. } => CodeDeploymentMode::Upgrade,
        };
        let record = CodeDeploymentRecord { mode, module_hash };
        self.record_change(id, author, ChangeDetails::CodeDeployment(record));
    }

    /// The canister is as it was before the change began.
    fn roll_back_code(&mut self, id: Principal, before: Registers) {
        if let Ok(canister) = self.canister_mut(id) {
            canister.sandbox.roll_back();
            canister.registers = before;
        }
    }

    /// Empties a canister. Calls it owes an answer are rejected.
    pub(crate) fn uninstall_code(&mut self, id: Principal, author: Author) -> Result<(), Reject> {
        let canister = self.canister_mut(id)?;
        canister.sandbox.remove_code();
        canister.sandbox.commit();
        canister.code = None;
        canister.registers.certified_data.clear();
        canister.registers.global_timer = 0;
        canister.chunks.clear();
        canister.logs.clear();
        canister.watch_memory();
        self.abandon_contexts(id);
        self.record_change(id, author, ChangeDetails::CodeUninstall);
        Ok(())
    }
}

impl Mode {
    /// What becomes of the memories.
    fn code_change(self) -> CodeChange {
        match self {
            Mode::Upgrade {
                keep_heap: Some(true),
                ..
            } => CodeChange::KeepAll,
            Mode::Upgrade { .. } => CodeChange::KeepStable,
            Mode::Install | Mode::Reinstall => CodeChange::Fresh,
        }
    }

    /// A heap is kept only by modules made for it, and never lost by not saying what to do with it.
    fn check_heap(self, old_keeps: bool, new_keeps: bool) -> Result<(), &'static str> {
        match self {
            Mode::Upgrade {
                keep_heap: Some(true),
                ..
            } if !new_keeps => Err(
                "wasm_memory_persistence is keep, but the module has no custom section enhanced-orthogonal-persistence",
            ),
            Mode::Upgrade {
                keep_heap: None, ..
            } if old_keeps => Err(
                "the canister keeps its heap over upgrades: say wasm_memory_persistence keep or replace",
            ),
            _ => Ok(()),
        }
    }
}

/// Plain Wasm of plain or zipped Wasm.
fn unzip(sent: &[u8]) -> std::io::Result<Vec<u8>> {
    if !sent.starts_with(&GZIP) {
        return Ok(sent.to_vec());
    }
    let mut plain = Vec::new();
    GzDecoder::new(sent)
        .take(MAX_MODULE + 1)
        .read_to_end(&mut plain)?;
    if plain.len() as u64 > MAX_MODULE {
        return Err(std::io::Error::other(format!(
            "unzipped it has more than {MAX_MODULE} bytes"
        )));
    }
    Ok(plain)
}
