//! Rewrites a valid module so that a sandbox can run it message by message.
//!
//! | in the module | becomes | because |
//! |---|---|---|
//! | mutable globals, table 0, memory 0 | exported under reserved names | the sandbox keeps the globals, calls callbacks through the table, and copies to the memory |
//! | the start function | an export | it must run as a message: counted, limited, undone when it traps |
//! | active data segments | empty passive ones; their content is laid into a fresh heap by the sandbox | instantiating over a heap that is in use must not write to it |
//! | custom sections | dropped | nothing here reads them any more |
//!
//! An active segment counts as dropped once it was applied, and a dropped segment is as good as an empty one: code
//! that names one by `memory.init` or `data.drop` sees no difference.

use super::inspection::Inspection;
use super::{InvalidModule, constant};
use crate::memory::{MAX_HEAP_BYTES, WASM_PAGE_BYTES};
use wasm_encoder::{DataSection, ExportKind, ExportSection, RawSection};
use wasmparser::{DataKind, ExternalKind, Parser, ValType};

/// Names with this beginning are ours.
pub(super) const RESERVED: &str = "localnet ";
/// Memory 0.
pub(super) const MEMORY: &str = "localnet memory";
/// Table 0.
pub(super) const TABLE: &str = "localnet table";
/// The start function.
pub(super) const START: &str = "localnet start";

/// The reserved name of a mutable global.
pub(super) fn global_name(index: usize) -> String {
    format!("localnet global {index}")
}

/// Bytes that a fresh heap begins with.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Segment {
    pub offset: u64,
    pub bytes: Vec<u8>,
}

/// A module ready to be compiled.
pub(super) struct Prepared {
    pub wasm: Vec<u8>,
    /// Bytes of heap the module begins with.
    pub initial_heap_bytes: u64,
    pub segments: Vec<Segment>,
    /// Names under which the mutable globals are exported.
    pub globals: Vec<String>,
}

/// Rewrites the module that `module` was taken from.
pub(super) fn prepare(wasm: &[u8], module: &Inspection) -> Result<Prepared, InvalidModule> {
    let initial_heap_bytes = initial_heap_bytes(module)?;
    Ok(Prepared {
        wasm: rewrite(wasm, module)?,
        initial_heap_bytes,
        segments: segments(module, initial_heap_bytes)?,
        globals: mutable_globals(module)?,
    })
}

fn initial_heap_bytes(module: &Inspection) -> Result<u64, InvalidModule> {
    let pages = module.memory.map_or(0, |memory| memory.initial);
    let bytes = pages.saturating_mul(WASM_PAGE_BYTES);
    if bytes > MAX_HEAP_BYTES {
        return Err(InvalidModule::new(format!(
            "Wasm module asks for {bytes} bytes of memory, which exceeds the maximum of {MAX_HEAP_BYTES}."
        )));
    }
    Ok(bytes)
}

fn segments(module: &Inspection, heap_bytes: u64) -> Result<Vec<Segment>, InvalidModule> {
    let mut segments = Vec::new();
    for (index, (kind, data)) in module.data.iter().enumerate() {
        let DataKind::Active { offset_expr, .. } = kind else {
            continue;
        };
        let offset = constant::evaluate(offset_expr);
        let fits = |offset: &u64| {
            let end = offset.checked_add(data.len() as u64);
            end.is_some_and(|end| end <= heap_bytes)
        };
        let Some(offset) = offset.filter(fits) else {
            return Err(InvalidModule::new(format!(
                "Data segment {index} does not fit the initial memory of {heap_bytes} bytes."
            )));
        };
        segments.push(Segment {
            offset,
            bytes: data.to_vec(),
        });
    }
    Ok(segments)
}

fn mutable_globals(module: &Inspection) -> Result<Vec<String>, InvalidModule> {
    let mut names = Vec::new();
    for (index, global) in module.globals.iter().enumerate() {
        if !global.mutable {
            continue;
        }
        if let ValType::Ref(reference) = global.content_type {
            return Err(InvalidModule::new(format!(
                "Global {index} is a mutable {reference}: only numbers can be kept between messages."
            )));
        }
        names.push(global_name(index));
    }
    Ok(names)
}

const CUSTOM_SECTION: u8 = 0;
const EXPORT_SECTION: u8 = 7;
const START_SECTION: u8 = 8;
const DATA_SECTION: u8 = 11;

fn rewrite(wasm: &[u8], module: &Inspection) -> Result<Vec<u8>, InvalidModule> {
    let mut output = wasm_encoder::Module::new();
    let exports = exports(module);
    let mut exported = false;
    for payload in Parser::new(0).parse_all(wasm) {
        let payload = payload.map_err(super::validation::malformed)?;
        let Some((id, range)) = payload.as_section() else {
            continue;
        };
        if id >= EXPORT_SECTION && !exported {
            output.section(&exports);
            exported = true;
        }
        match id {
            CUSTOM_SECTION | EXPORT_SECTION | START_SECTION => {}
            DATA_SECTION => {
                output.section(&data(module));
            }
            id => {
                let data = &wasm[range];
                output.section(&RawSection { id, data });
            }
        }
    }
    if !exported {
        output.section(&exports);
    }
    Ok(output.finish())
}

fn exports(module: &Inspection) -> ExportSection {
    let mut exports = ExportSection::new();
    for export in &module.exports {
        exports.export(export.name, export_kind(export.kind), export.index);
    }
    if module.memory.is_some() {
        exports.export(MEMORY, ExportKind::Memory, 0);
    }
    if !module.tables.is_empty() {
        exports.export(TABLE, ExportKind::Table, 0);
    }
    if let Some(start) = module.start {
        exports.export(START, ExportKind::Func, start);
    }
    for (index, global) in module.globals.iter().enumerate() {
        if global.mutable {
            exports.export(&global_name(index), ExportKind::Global, index as u32);
        }
    }
    exports
}

fn export_kind(kind: ExternalKind) -> ExportKind {
    match kind {
        ExternalKind::Func | ExternalKind::FuncExact => ExportKind::Func,
        ExternalKind::Table => ExportKind::Table,
        ExternalKind::Memory => ExportKind::Memory,
        ExternalKind::Global => ExportKind::Global,
        ExternalKind::Tag => ExportKind::Tag,
    }
}

fn data(module: &Inspection) -> DataSection {
    let mut section = DataSection::new();
    for (kind, data) in &module.data {
        let content: &[u8] = match kind {
            DataKind::Passive => data,
            DataKind::Active { .. } => &[],
        };
        section.passive(content.iter().copied());
    }
    section
}
