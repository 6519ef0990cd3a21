//! One Wasm instance over a sandbox's memories, kept from message to message as long as that is safe.

use super::compilation::{Code, Module};
use super::failure::{engine_failed, no_function, trap_from};
use super::linear_memory::with_heap;
use super::preparation;
use crate::execution::{Closure, Trap};
use crate::memory::{Mapping, StableMemory};
use crate::system_api::table::PointerWidth;
use crate::system_api::{Growth, Host, Message, settle};
use std::sync::{Arc, Mutex};
use wasmtime::{Func, Global, Instance, Store, Table, Val};

/// What the engine charges at the entry of a function; a message's entry is free.
const ENTRY_FUEL: u64 = 1;

/// A number in a global. Floats are bits, so that no NaN changes on the way.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Number {
    I32(i32),
    I64(i64),
    F32(u32),
    F64(u64),
    V128(u128),
}

/// Where a message enters an instance.
pub(super) enum Target<'a> {
    /// An exported function without parameters.
    Export(&'a str),
    /// A function of table 0.
    Callback(Closure),
}

/// A live instance.
pub(super) struct Live {
    store: Store<Host>,
    instance: Instance,
    globals: Vec<Global>,
    table: Option<Table>,
    width: PointerWidth,
}

impl Live {
    /// Instantiates a module over a heap, for `message`; the globals are set unless they begin as the module says.
    pub fn new(
        module: &Module,
        heap: Arc<Mapping>,
        stable: Arc<Mutex<StableMemory>>,
        message: Message,
        globals: Option<&[Number]>,
    ) -> Result<Live, Trap> {
        let code = &module.code;
        let host = Host {
            message,
            stable,
            memory: None,
            growth: Growth::default(),
        };
        let mut store = Store::new(code.template.module().engine(), host);
        store.limiter(|host| &mut host.growth);
        let instance = with_heap(heap, || code.template.instantiate(&mut store))
            .map_err(|error| engine_failed(&error))?;
        store.data_mut().memory = instance.get_memory(&mut store, preparation::MEMORY);
        let mut live = Live {
            globals: find_globals(code, &instance, &mut store),
            table: instance.get_table(&mut store, preparation::TABLE),
            width: code.width,
            instance,
            store,
        };
        if let Some(globals) = globals {
            live.set_globals(globals)?;
        }
        Ok(live)
    }

    /// Makes the instance ready for the next message.
    pub fn prepare(&mut self, message: Message) {
        self.store.data_mut().message = message;
    }

    /// Values of the mutable globals.
    pub fn globals(&mut self) -> Vec<Number> {
        let store = &mut self.store;
        let values = self.globals.iter().map(|global| global.get(&mut *store));
        values.filter_map(number).collect()
    }

    /// Sets the mutable globals.
    pub fn set_globals(&mut self, numbers: &[Number]) -> Result<(), Trap> {
        for (global, number) in self.globals.iter().zip(numbers) {
            global
                .set(&mut self.store, value(*number))
                .map_err(|error| engine_failed(&error))?;
        }
        Ok(())
    }

    /// Runs the message to its end; gives how it ended and the instructions used. A message that trapped in the
    /// middle of straight-line code is counted up to the last branch or call before.
    pub fn run(&mut self, target: &Target) -> (Result<(), Trap>, u64) {
        let input = &self.store.data().message.input;
        let limit = input.limits.instructions;
        self.store.data_mut().growth = Growth::for_message(&self.store.data().message.input);
        let fuelled = self.store.set_fuel(limit.saturating_add(ENTRY_FUEL));
        let result = fuelled
            .map_err(|error| engine_failed(&error))
            .and_then(|()| self.enter(target, limit));
        let left = self.store.get_fuel().unwrap_or(0);
        let settled = settle(self.store.data().growth.owed, left, limit);
        let used = limit.saturating_sub(*settled.as_ref().unwrap_or(&0));
        (result.and(settled.map(|_| ())), used)
    }

    /// Ends the message: effects and log.
    pub fn finish(&mut self) -> (crate::execution::Effects, Vec<String>) {
        self.store.data_mut().message.finish()
    }

    fn enter(&mut self, target: &Target, limit: u64) -> Result<(), Trap> {
        let outcome = match target {
            Target::Export(name) => self
                .instance
                .get_typed_func::<(), ()>(&mut self.store, name)
                .and_then(|function| function.call(&mut self.store, ())),
            Target::Callback(closure) => {
                let function = self.callback(closure)?;
                self.call_back(&function, closure)?
            }
        };
        outcome.map_err(|error| trap_from(&error, limit))
    }

    fn callback(&mut self, closure: &Closure) -> Result<Func, Trap> {
        let reference = self
            .table
            .and_then(|table| table.get(&mut self.store, closure.function));
        let function = reference.as_ref().and_then(|reference| reference.as_func());
        function
            .flatten()
            .copied()
            .ok_or_else(|| no_function(closure.function))
    }

    fn call_back(
        &mut self,
        function: &Func,
        closure: &Closure,
    ) -> Result<wasmtime::Result<()>, Trap> {
        let wrong_type = |_| no_function(closure.function);
        let store = &mut self.store;
        Ok(match self.width {
            PointerWidth::Narrow => function
                .typed::<u32, ()>(&mut *store)
                .map_err(wrong_type)?
                .call(store, closure.environment as u32),
            PointerWidth::Wide => function
                .typed::<u64, ()>(&mut *store)
                .map_err(wrong_type)?
                .call(store, closure.environment),
        })
    }
}

fn find_globals(code: &Code, instance: &Instance, store: &mut Store<Host>) -> Vec<Global> {
    let names = code.globals.iter();
    names
        .filter_map(|name| instance.get_global(&mut *store, name))
        .collect()
}

/// The number in a value; preparation lets no other mutable globals pass.
fn number(value: Val) -> Option<Number> {
    match value {
        Val::I32(value) => Some(Number::I32(value)),
        Val::I64(value) => Some(Number::I64(value)),
        Val::F32(bits) => Some(Number::F32(bits)),
        Val::F64(bits) => Some(Number::F64(bits)),
        Val::V128(value) => Some(Number::V128(value.as_u128())),
        _ => None,
    }
}

fn value(number: Number) -> Val {
    match number {
        Number::I32(value) => Val::I32(value),
        Number::I64(value) => Val::I64(value),
        Number::F32(bits) => Val::F32(bits),
        Number::F64(bits) => Val::F64(bits),
        Number::V128(value) => Val::V128(value.into()),
    }
}
