//! What a module consists of, as far as running it as a canister depends on it.

use super::constant::evaluate;
use super::{InvalidModule, validation};
use wasmparser::{
    DataKind, ElementKind, Export, FuncType, FunctionBody, GlobalType, MemoryType, Operator,
    Parser, Payload, TableType, TypeRef,
};

/// A function import.
pub(super) struct Import<'a> {
    pub module: &'a str,
    pub name: &'a str,
    pub ty: FuncType,
}

/// A module taken apart. Borrowed from the (validated) binary.
#[derive(Default)]
pub(super) struct Inspection<'a> {
    pub types: Vec<FuncType>,
    pub imports: Vec<Import<'a>>,
    /// Type of every function, imports first.
    pub functions: Vec<u32>,
    pub tables: Vec<TableType>,
    pub memory: Option<MemoryType>,
    pub globals: Vec<GlobalType>,
    pub exports: Vec<Export<'a>>,
    pub start: Option<u32>,
    pub data: Vec<(DataKind<'a>, &'a [u8])>,
    /// Custom sections by name.
    pub custom: Vec<(&'a str, &'a [u8])>,
    /// Running the module may change its tables or drop segments, which is not kept between messages.
    pub changes_tables: bool,
}

impl<'a> Inspection<'a> {
    /// Takes a valid module apart.
    pub fn of(wasm: &'a [u8]) -> Result<Self, InvalidModule> {
        let mut inspection = Inspection::default();
        for payload in Parser::new(0).parse_all(wasm) {
            inspection.visit(payload.map_err(validation::malformed)?)?;
        }
        Ok(inspection)
    }

    fn visit(&mut self, payload: Payload<'a>) -> Result<(), InvalidModule> {
        match payload {
            Payload::TypeSection(types) => {
                for ty in types.into_iter_err_on_gc_types() {
                    self.types.push(ty.map_err(validation::malformed)?);
                }
            }
            Payload::ImportSection(imports) => {
                for import in imports.into_imports() {
                    self.visit_import(import.map_err(validation::malformed)?)?;
                }
            }
            Payload::FunctionSection(functions) => collect(functions, &mut self.functions)?,
            Payload::TableSection(tables) => {
                for table in tables {
                    self.tables.push(table.map_err(validation::malformed)?.ty);
                }
            }
            Payload::MemorySection(memories) => {
                for memory in memories {
                    self.memory = Some(memory.map_err(validation::malformed)?);
                }
            }
            Payload::GlobalSection(globals) => {
                for global in globals {
                    self.globals.push(global.map_err(validation::malformed)?.ty);
                }
            }
            Payload::ExportSection(exports) => collect(exports, &mut self.exports)?,
            Payload::StartSection { func, .. } => self.start = Some(func),
            Payload::ElementSection(elements) => self.visit_elements(elements)?,
            Payload::DataSection(segments) => {
                for segment in segments {
                    let segment = segment.map_err(validation::malformed)?;
                    self.data.push((segment.kind, segment.data));
                }
            }
            Payload::CodeSectionEntry(body) => self.visit_code(&body)?,
            Payload::CustomSection(section) => self.custom.push((section.name(), section.data())),
            _ => {}
        }
        Ok(())
    }

    fn visit_import(&mut self, import: wasmparser::Import<'a>) -> Result<(), InvalidModule> {
        let (module, name) = (import.module, import.name);
        let (TypeRef::Func(index) | TypeRef::FuncExact(index)) = import.ty else {
            return Err(InvalidModule::new(format!(
                "Module imports '{name}' from '{module}', which is not a function. Only functions of 'ic0' can be \
                 imported."
            )));
        };
        self.functions.push(index);
        self.imports.push(Import {
            module,
            name,
            ty: self.types[index as usize].clone(),
        });
        Ok(())
    }

    /// Active segments must fit the table as it begins, else the module could never be instantiated.
    fn visit_elements(
        &self,
        elements: wasmparser::ElementSectionReader<'a>,
    ) -> Result<(), InvalidModule> {
        for (index, element) in elements.into_iter().enumerate() {
            let element = element.map_err(validation::malformed)?;
            let ElementKind::Active {
                table_index,
                offset_expr,
            } = element.kind
            else {
                continue;
            };
            let count = match &element.items {
                wasmparser::ElementItems::Functions(items) => items.count(),
                wasmparser::ElementItems::Expressions(_, items) => items.count(),
            };
            let table = &self.tables[table_index.unwrap_or(0) as usize];
            let end =
                evaluate(&offset_expr).and_then(|offset| offset.checked_add(u64::from(count)));
            if end.is_none_or(|end| end > table.initial) {
                return Err(InvalidModule::new(format!(
                    "Element segment {index} does not fit its table of {} elements.",
                    table.initial
                )));
            }
        }
        Ok(())
    }

    fn visit_code(&mut self, body: &FunctionBody) -> Result<(), InvalidModule> {
        if self.changes_tables {
            return Ok(());
        }
        let operators = body.get_operators_reader().map_err(validation::malformed)?;
        for operator in operators {
            self.changes_tables |= matches!(
                operator.map_err(validation::malformed)?,
                Operator::TableSet { .. }
                    | Operator::TableGrow { .. }
                    | Operator::TableFill { .. }
                    | Operator::TableCopy { .. }
                    | Operator::TableInit { .. }
                    | Operator::ElemDrop { .. }
                    | Operator::DataDrop { .. }
            );
        }
        Ok(())
    }

    /// The type of a function.
    pub fn function_type(&self, function: u32) -> &FuncType {
        &self.types[self.functions[function as usize] as usize]
    }
}

fn collect<'a, T: wasmparser::FromReader<'a>>(
    section: wasmparser::SectionLimited<'a, T>,
    into: &mut Vec<T>,
) -> Result<(), InvalidModule> {
    for item in section {
        into.push(item.map_err(validation::malformed)?);
    }
    Ok(())
}
