//! Weighs the methods of a Wasm that knows nothing of it.
//!
//! The code of the canister that ships stays as it is, byte by byte. Each metered method is exported under its name by
//! a function that is appended: it calls the real one, then reads `performance_counter` and prints the number to the
//! canister's log. The number includes that call and reading the counter (about 200 instructions), and nothing of
//! what follows.

use crate::network::{CONTROLLER, Canister};
use wasm_encoder::{
    CodeSection, ExportKind, ExportSection, Function, FunctionSection, MemArg, Module, RawSection,
};
use wasmparser::{ExternalKind, FunctionBody, Parser, Payload, TypeRef};

/// Where the number is put before it is printed: the far end of the stack, which grows down from 1 MiB.
const SCRATCH: i32 = 16;
/// A number is printed as so many letters, `A` for 0 to `P` for 15, the lowest digit first.
const LETTERS: i32 = 16;

/// What is known of a module after reading it.
#[derive(Default)]
struct Reading<'a> {
    imported: u32,
    performance_counter: Option<u32>,
    debug_print: Option<u32>,
    types: Vec<u32>,
    exports: Vec<wasmparser::Export<'a>>,
    bodies: Vec<FunctionBody<'a>>,
}

/// The Wasm with `methods` (for example `canister_update http_request_update`) metered.
///
/// # Panics
/// When it isn't a Wasm module, lacks one of them, or imports no counter or no print.
pub fn metered(wasm: &[u8], methods: &[&str]) -> Vec<u8> {
    let reading = read(wasm);
    let counter = reading
        .performance_counter
        .expect("an import of performance_counter");
    let print = reading.debug_print.expect("an import of debug_print");
    let first = reading.imported + reading.types.len() as u32;
    let targets: Vec<u32> = methods
        .iter()
        .map(|method| {
            let mut exports = reading.exports.iter();
            let export = exports.find(|export| export.name == *method);
            export.unwrap_or_else(|| panic!("no {method}")).index
        })
        .collect();
    let wrappers: Vec<Function> = targets
        .iter()
        .map(|target| wrapper(*target, counter, print))
        .collect();
    let own_type = |target: &u32| reading.types[(target - reading.imported) as usize];
    let types = reading
        .types
        .iter()
        .copied()
        .chain(targets.iter().map(own_type));
    write(wasm, &reading, types.collect(), &wrappers, |name| {
        let position = methods.iter().position(|method| *method == name)?;
        Some(first + position as u32)
    })
}

fn read(wasm: &[u8]) -> Reading<'_> {
    let mut reading = Reading::default();
    for payload in Parser::new(0).parse_all(wasm) {
        match payload.expect("a Wasm module") {
            Payload::ImportSection(section) => {
                for import in section.into_imports() {
                    let import = import.expect("an import");
                    if matches!(import.ty, TypeRef::Func(_)) {
                        match (import.module, import.name) {
                            ("ic0", "performance_counter") => {
                                reading.performance_counter = Some(reading.imported);
                            }
                            ("ic0", "debug_print") => reading.debug_print = Some(reading.imported),
                            _ => {}
                        }
                        reading.imported += 1;
                    }
                }
            }
            Payload::FunctionSection(section) => {
                let types: Result<_, _> = section.into_iter().collect();
                reading.types = types.expect("the types of functions");
            }
            Payload::ExportSection(section) => {
                let exports: Result<_, _> = section.into_iter().collect();
                reading.exports = exports.expect("exports");
            }
            Payload::CodeSectionEntry(body) => reading.bodies.push(body),
            _ => {}
        }
    }
    reading
}

/// Copies the module, with further functions at its end and exports that `moved` sends to others.
fn write(
    wasm: &[u8],
    reading: &Reading<'_>,
    types: Vec<u32>,
    wrappers: &[Function],
    moved: impl Fn(&str) -> Option<u32>,
) -> Vec<u8> {
    let mut module = Module::new();
    for payload in Parser::new(0).parse_all(wasm) {
        let payload = payload.expect("a Wasm module");
        match &payload {
            Payload::FunctionSection(_) => {
                let mut section = FunctionSection::new();
                for of in &types {
                    section.function(*of);
                }
                module.section(&section);
            }
            Payload::ExportSection(_) => {
                let mut section = ExportSection::new();
                for export in &reading.exports {
                    let index = moved(export.name).unwrap_or(export.index);
                    section.export(export.name, kind(export.kind), index);
                }
                module.section(&section);
            }
            Payload::CodeSectionStart { .. } => {
                let mut section = CodeSection::new();
                for body in &reading.bodies {
                    section.raw(&wasm[body.range()]);
                }
                for wrapper in wrappers {
                    section.function(wrapper);
                }
                module.section(&section);
            }
            Payload::CodeSectionEntry(_) => {}
            other => {
                if let Some((id, range)) = other.as_section() {
                    let data = &wasm[range];
                    module.section(&RawSection { id, data });
                }
            }
        }
    }
    module.finish()
}

fn kind(kind: ExternalKind) -> ExportKind {
    match kind {
        ExternalKind::Func | ExternalKind::FuncExact => ExportKind::Func,
        ExternalKind::Table => ExportKind::Table,
        ExternalKind::Memory => ExportKind::Memory,
        ExternalKind::Global => ExportKind::Global,
        ExternalKind::Tag => ExportKind::Tag,
    }
}

/// Calls `target`, then prints the counter.
fn wrapper(target: u32, counter: u32, print: u32) -> Function {
    let byte = MemArg {
        offset: 0,
        align: 0,
        memory_index: 0,
    };
    let mut function = Function::new([(1, wasm_encoder::ValType::I64)]);
    let mut code = function.instructions();
    code.call(target).i32_const(0).call(counter).local_set(0);
    for position in 0..LETTERS {
        code.i32_const(SCRATCH + position);
        code.local_get(0)
            .i64_const(15)
            .i64_and()
            .i64_const(65)
            .i64_add();
        code.i64_store8(byte);
        code.local_get(0).i64_const(4).i64_shr_u().local_set(0);
    }
    code.i32_const(SCRATCH).i32_const(LETTERS).call(print).end();
    function
}

/// The number that the canister's metered method printed last.
///
/// # Panics
/// When it printed none.
pub fn last(canister: &Canister) -> u64 {
    let logs = canister
        .network
        .fetch_canister_logs(canister.id, CONTROLLER);
    let logs = logs.expect("the controller may read logs");
    let printed = logs.iter().rev().find_map(|record| number(&record.content));
    printed.expect("a number in the log")
}

fn number(content: &[u8]) -> Option<u64> {
    if content.len() != LETTERS as usize {
        return None;
    }
    content.iter().rev().try_fold(0, |number, letter| {
        let digit = letter.checked_sub(b'A').filter(|digit| *digit < 16)?;
        Some(number << 4 | u64::from(digit))
    })
}

#[cfg(test)]
mod tests {
    use super::number;

    #[test]
    fn a_number_is_read_from_its_letters_alone() {
        assert_eq!(number(b"PPAAAAAAAAAAAAAA"), Some(255));
        assert_eq!(number(b"AAAAAAAAAAAAAAAB"), Some(1 << 60));
        assert_eq!(number(b"QAAAAAAAAAAAAAAA"), None);
        assert_eq!(number(b"something else"), None);
    }
}
