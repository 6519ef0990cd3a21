//! Which modules may be installed: valid Wasm whose imports, exports and size are a canister's.
//!
//! Rules and limits: interface specification, "WebAssembly module requirements".

use super::inspection::{Import, Inspection};
use super::{InvalidModule, Metadata, Methods, configuration, preparation};
use crate::system_api::table::{Kind, PointerWidth, SystemCall, system_call};
use std::collections::BTreeMap;
use wasmparser::{ExternalKind, FuncType, ValType, Validator};

const MAX_MODULE_BYTES: usize = 100 << 20;
const MAX_FUNCTIONS: usize = 50_000;
const MAX_GLOBALS: usize = 1000;
const MAX_EXPORTED_FUNCTIONS: usize = 1000;
const MAX_EXPORTED_NAME_BYTES: usize = 20_000;
const MAX_METADATA_SECTIONS: usize = 16;
const MAX_METADATA_BYTES: usize = 1 << 20;

/// Hooks the Internet Computer calls by name.
const HOOKS: [&str; 7] = [
    "canister_init",
    "canister_pre_upgrade",
    "canister_post_upgrade",
    "canister_inspect_message",
    "canister_heartbeat",
    "canister_global_timer",
    "canister_on_low_wasm_memory",
];

impl InvalidModule {
    pub(super) fn new(reason: impl Into<String>) -> Self {
        Self {
            reason: reason.into(),
        }
    }
}

pub(super) fn malformed(error: wasmparser::Error) -> InvalidModule {
    InvalidModule::new(format!(
        "Wasmtime failed to validate wasm module: {} (at offset {:#x}).",
        error.message(),
        error.offset()
    ))
}

/// Checks that the bytes are a valid module of the features canisters may use.
pub(super) fn validate_binary(wasm: &[u8]) -> Result<(), InvalidModule> {
    if wasm.len() > MAX_MODULE_BYTES {
        return Err(too_many("bytes", wasm.len(), MAX_MODULE_BYTES));
    }
    Validator::new_with_features(configuration::features())
        .validate_all(wasm)
        .map_err(malformed)?;
    Ok(())
}

/// Checks what is a canister's beyond being valid, and collects its methods and metadata.
pub(super) fn validate_canister(
    module: &Inspection,
) -> Result<(Methods, BTreeMap<String, Metadata>), InvalidModule> {
    let width = pointer_width(module);
    for import in &module.imports {
        validate_import(import, width)?;
    }
    validate_sizes(module)?;
    let methods = collect_methods(module)?;
    Ok((methods, collect_metadata(module)?))
}

/// The width of a module's addresses, which is the width of sizes in the system API.
pub(super) fn pointer_width(module: &Inspection) -> PointerWidth {
    match &module.memory {
        Some(memory) if memory.memory64 => PointerWidth::Wide,
        _ => PointerWidth::Narrow,
    }
}

fn validate_import(import: &Import, width: PointerWidth) -> Result<(), InvalidModule> {
    let Import { module, name, ty } = import;
    let call = Some(*module)
        .filter(|module| *module == "ic0")
        .and_then(|_| system_call(name))
        .ok_or_else(|| {
            InvalidModule::new(format!(
                "Wasm module has an invalid import section. Module imports function '{name}' from '{module}' that \
                 is not exported by the runtime."
            ))
        })?;
    if !has_type(call, width, ty) {
        return Err(InvalidModule::new(format!(
            "Wasm module has an invalid import section. Function '{name}' from '{module}' has the type {ty}, but \
             should take {:?} and give {:?}.",
            value_types(call.parameters, width),
            value_types(call.result.as_slice(), width),
        )));
    }
    Ok(())
}

fn has_type(call: &SystemCall, width: PointerWidth, ty: &FuncType) -> bool {
    ty.params() == value_types(call.parameters, width)
        && ty.results() == value_types(call.result.as_slice(), width)
}

fn value_types(kinds: &[Kind], width: PointerWidth) -> Vec<ValType> {
    let value_type = |kind: &Kind| match width.bits(*kind) {
        32 => ValType::I32,
        _ => ValType::I64,
    };
    kinds.iter().map(value_type).collect()
}

fn validate_sizes(module: &Inspection) -> Result<(), InvalidModule> {
    let own_functions = module.functions.len() - module.imports.len();
    if own_functions > MAX_FUNCTIONS {
        return Err(too_many("functions", own_functions, MAX_FUNCTIONS));
    }
    if module.globals.len() > MAX_GLOBALS {
        return Err(too_many("globals", module.globals.len(), MAX_GLOBALS));
    }
    let exported = || {
        let exports = module.exports.iter();
        exports.filter(|export| export.kind == ExternalKind::Func)
    };
    if exported().count() > MAX_EXPORTED_FUNCTIONS {
        let count = exported().count();
        return Err(too_many(
            "exported functions",
            count,
            MAX_EXPORTED_FUNCTIONS,
        ));
    }
    let bytes = exported().map(|export| export.name.len()).sum();
    if bytes > MAX_EXPORTED_NAME_BYTES {
        let what = "bytes in the names of exported functions";
        return Err(too_many(what, bytes, MAX_EXPORTED_NAME_BYTES));
    }
    Ok(())
}

fn too_many(what: &str, count: usize, limit: usize) -> InvalidModule {
    InvalidModule::new(format!(
        "Wasm module has {count} {what}, which exceeds the maximum of {limit}."
    ))
}

fn collect_methods(module: &Inspection) -> Result<Methods, InvalidModule> {
    let mut methods = Methods::default();
    for export in &module.exports {
        if export.name.starts_with(preparation::RESERVED) {
            return Err(InvalidModule::new(format!(
                "Wasm module exports '{}', a name that is reserved for the system.",
                export.name
            )));
        }
        if export.kind == ExternalKind::Func && export.name.starts_with("canister_") {
            add_method(&mut methods, export.name)?;
            let ty = module.function_type(export.index);
            if !ty.params().is_empty() || !ty.results().is_empty() {
                return Err(InvalidModule::new(format!(
                    "Wasm module has an invalid exported function '{}': it takes parameters or gives results, but \
                     methods and hooks must do neither.",
                    export.name
                )));
            }
        }
    }
    Ok(methods)
}

fn add_method(methods: &mut Methods, export: &str) -> Result<(), InvalidModule> {
    if HOOKS.contains(&export) {
        methods.hooks.insert(export.to_owned());
        return Ok(());
    }
    let (kind, name) = match export.split_once(' ') {
        Some(("canister_update", name)) => (&mut methods.updates, name),
        Some(("canister_query", name)) => (&mut methods.queries, name),
        Some(("canister_composite_query", name)) => (&mut methods.composite_queries, name),
        _ => {
            return Err(InvalidModule::new(format!(
                "Wasm module has an invalid export section. Exporting reserved function '{export}' with \
                 \"canister_\" prefix."
            )));
        }
    };
    kind.insert(name.to_owned());
    let kinds = [
        &methods.updates,
        &methods.queries,
        &methods.composite_queries,
    ];
    if kinds.iter().filter(|kind| kind.contains(name)).count() > 1 {
        return Err(InvalidModule::new(format!(
            "Wasm module has an invalid export section. Duplicate function '{name}' exported multiple times with \
             different call types: update, query, or composite_query."
        )));
    }
    Ok(())
}

fn collect_metadata(module: &Inspection) -> Result<BTreeMap<String, Metadata>, InvalidModule> {
    let mut metadata = BTreeMap::new();
    let mut bytes = 0;
    for (section, content) in &module.custom {
        let Some(rest) = section.strip_prefix("icp:") else {
            continue;
        };
        let (public, name) = match rest.split_once(' ') {
            Some(("public", name)) => (true, name),
            Some(("private", name)) => (false, name),
            _ => {
                return Err(InvalidModule::new(format!(
                    "Wasm module has an invalid custom section '{section}': it must be named 'icp:public NAME' or \
                     'icp:private NAME'."
                )));
            }
        };
        bytes += name.len() + content.len();
        let content = content.to_vec();
        if metadata
            .insert(name.to_owned(), Metadata { public, content })
            .is_some()
        {
            return Err(InvalidModule::new(format!(
                "Wasm module has an invalid custom section: the name '{name}' is used more than once."
            )));
        }
    }
    if metadata.len() > MAX_METADATA_SECTIONS {
        let count = metadata.len();
        return Err(too_many(
            "custom sections named 'icp:'",
            count,
            MAX_METADATA_SECTIONS,
        ));
    }
    if bytes > MAX_METADATA_BYTES {
        let what = "bytes in custom sections named 'icp:'";
        return Err(too_many(what, bytes, MAX_METADATA_BYTES));
    }
    Ok(metadata)
}
