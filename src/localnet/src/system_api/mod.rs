//! The system API: the functions of module `ic0` through which Wasm talks to the Internet Computer.
//!
//! How a call travels:
//!
//! ```text
//! Wasm ──import ic0.NAME──> dispatch ──1. may NAME run in this context?      (table, contexts)
//!                                      2. charge its fixed instructions      (table)
//!                                      3. run its body on the message        (the files by theme)
//!                                      4. charge per byte moved, as it goes  (invocation)
//! ```
//!
//! [`table`] lists every function once: name, type, contexts, fixed cost and body. Imports are checked against it
//! when a module is installed; the linker is filled from it. A body never acts on the world: it reads the message's
//! input and writes down what the canister wants in [`message::Message`]; only memory is changed at once, and
//! that can be undone.
//!
//! Source of names, types and contexts: the Internet Computer interface specification, "System API" (ic0.txt 1.1.0).

mod calls;
mod certified_data;
pub mod contexts;
mod costs;
mod cycles;
mod debug;
mod dispatch;
mod environment_variables;
mod growth;
mod identity;
mod invocation;
mod message;
mod message_data;
mod reply;
mod stable_memory;
pub mod table;
#[cfg(test)]
mod tests;
mod time;

pub use dispatch::{Aborted, Host, link, settle};
pub use growth::{Growth, enforced_heap_limit, heap_limit_exceeded};
pub use invocation::{contract_violation, out_of_instructions};
pub use message::Message;
