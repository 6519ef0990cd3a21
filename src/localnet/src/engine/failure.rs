//! Why Wasm stopped, in the Internet Computer's terms.

use crate::execution::Trap;
use crate::rejection::ErrorCode;
use crate::system_api::{Aborted, out_of_instructions};

/// The trap behind an error of the engine. `limit` is the message's instruction limit.
pub(super) fn trap_from(error: &wasmtime::Error, limit: u64) -> Trap {
    if let Some(Aborted(trap)) = error.downcast_ref::<Aborted>() {
        return trap.clone();
    }
    match error.downcast_ref::<wasmtime::Trap>() {
        Some(wasmtime::Trap::OutOfFuel) => out_of_instructions(limit),
        Some(trap) => trapped(trap),
        None => engine_failed(error),
    }
}

fn trapped(trap: &wasmtime::Trap) -> Trap {
    let words = trap.to_string();
    let reason = words.strip_prefix("wasm trap: ").unwrap_or(&words);
    Trap {
        error: ErrorCode::CanisterTrapped,
        message: format!("Canister trapped: {reason}"),
    }
}

/// The engine itself failed; not the canister's doing.
pub(super) fn engine_failed(error: &wasmtime::Error) -> Trap {
    Trap {
        error: ErrorCode::CanisterWasmEngineError,
        message: format!("The Wasm engine failed: {error:#}"),
    }
}

/// The canister has no code.
pub(super) fn no_code() -> Trap {
    Trap {
        error: ErrorCode::CanisterWasmModuleNotFound,
        message: "Attempted to execute a message, but the canister contains no Wasm module.".into(),
    }
}

/// The canister has no such method.
pub(super) fn no_method(kind: &str, name: &str) -> Trap {
    Trap {
        error: ErrorCode::CanisterMethodNotFound,
        message: format!("Canister has no {kind} method '{name}'."),
    }
}

/// A callback's index names no function of the right type.
pub(super) fn no_function(index: u64) -> Trap {
    Trap {
        error: ErrorCode::CanisterFunctionNotFound,
        message: format!(
            "Canister requested to invoke the function at index {index} of table 0, which holds no \
                          callback function."
        ),
    }
}
