//! From a Wasm import to the body of a system call and back.

use super::contexts::context_name;
use super::growth::Growth;
use super::invocation::{Arguments, Invocation, contract_violation, out_of_instructions};
use super::message::Message;
use super::table::{Kind, PointerWidth, SYSTEM_CALLS, SystemCall};
use crate::execution::Trap;
use crate::memory::StableMemory;
use std::fmt;
use std::mem::MaybeUninit;
use std::sync::{Arc, Mutex};
use wasmtime::{Caller, Engine, FuncType, Linker, Memory, ValRaw, ValType};

/// `call` to an import weighs 5 instructions, but the engine's weight for `call` is one less: it adds one itself at
/// the entry of every compiled function, and imports have none.
const IMPORT_ENTRY: u64 = 1;

/// What belongs to a Wasm instance on the host's side.
pub struct Host {
    /// The message that runs, or ran last.
    pub message: Message,
    /// The canister's stable memory.
    pub stable: Arc<Mutex<StableMemory>>,
    /// The instance's memory 0, once it exists.
    pub memory: Option<Memory>,
    /// Watches growth.
    pub growth: Growth,
}

/// Carries a trap of ours through the Wasm frames.
#[derive(Debug)]
pub struct Aborted(pub Trap);

impl fmt::Display for Aborted {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0.message)
    }
}

impl std::error::Error for Aborted {}

/// Gives a linker every system call.
pub fn link(linker: &mut Linker<Host>, width: PointerWidth) -> wasmtime::Result<()> {
    for call in SYSTEM_CALLS {
        let ty = function_type(linker.engine(), call, width);
        // SAFETY: `dispatch` reads and writes the values by the kinds from which the function type was made.
        unsafe {
            linker.func_new_unchecked("ic0", call.name, ty, move |caller, values| {
                dispatch(call, width, caller, values)
                    .map_err(|trap| wasmtime::Error::new(Aborted(trap)))
            })?;
        }
    }
    Ok(())
}

fn function_type(engine: &Engine, call: &SystemCall, width: PointerWidth) -> FuncType {
    let value = |kind: &Kind| match width.bits(*kind) {
        32 => ValType::I32,
        _ => ValType::I64,
    };
    FuncType::new(
        engine,
        call.parameters.iter().map(value),
        call.result.iter().map(value),
    )
}

fn dispatch(
    call: &'static SystemCall,
    width: PointerWidth,
    mut caller: Caller<'_, Host>,
    values: &mut [MaybeUninit<ValRaw>],
) -> Result<(), Trap> {
    let arguments = arguments(call, width, values);
    let fuel = caller.get_fuel().map_err(engine_failure)?;
    let memory = caller.data().memory;
    let (heap, host) = match memory {
        Some(memory) => memory.data_and_store_mut(&mut caller),
        None => (&mut [][..], caller.data_mut()),
    };
    let owed = std::mem::take(&mut host.growth.owed);
    let mut invocation = Invocation {
        name: call.name,
        heap,
        message: &mut host.message,
        stable: &host.stable,
        instructions_left: fuel,
    };
    let outcome = run(call, owed, &mut invocation, &arguments);
    let left = invocation.instructions_left;
    caller.set_fuel(left).map_err(engine_failure)?;
    let result = outcome?;
    if let Some(kind) = call.result {
        values[0].write(match width.bits(kind) {
            32 => ValRaw::u32(result as u32),
            _ => ValRaw::u64(result),
        });
    }
    Ok(())
}

fn run(
    call: &SystemCall,
    owed: u64,
    invocation: &mut Invocation,
    arguments: &Arguments,
) -> Result<u64, Trap> {
    let context = invocation.context();
    if !call.contexts.contain(context) {
        return Err(contract_violation(format!(
            "`{}` cannot be executed in {} mode",
            call.name,
            context_name(context)
        )));
    }
    invocation.charge(owed + IMPORT_ENTRY + call.cost)?;
    (call.body)(invocation, arguments)
}

fn arguments(call: &SystemCall, width: PointerWidth, values: &[MaybeUninit<ValRaw>]) -> Arguments {
    let mut arguments = [0; 8];
    for ((argument, kind), value) in arguments.iter_mut().zip(call.parameters).zip(values) {
        // SAFETY: the caller initialised one value per parameter.
        let value = unsafe { value.assume_init_ref() };
        *argument = match width.bits(*kind) {
            32 => u64::from(value.get_u32()),
            _ => value.get_u64(),
        };
    }
    arguments
}

/// The engine refused to count fuel, which it was configured to do.
fn engine_failure(error: wasmtime::Error) -> Trap {
    Trap {
        error: crate::rejection::ErrorCode::CanisterWasmEngineError,
        message: format!("The Wasm engine failed: {error}"),
    }
}

/// Instructions left after what growth still owes; none left is a trap.
pub fn settle(owed: u64, left: u64, limit: u64) -> Result<u64, Trap> {
    left.checked_sub(owed)
        .ok_or_else(|| out_of_instructions(limit))
}
