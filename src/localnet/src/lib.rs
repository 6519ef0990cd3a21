//! An embedded Internet Computer: executes canister Wasm and speaks the interfaces of its standard clients.
//!
//! The rooms, from the inside out; an arrow means "may use", and nothing points back. Only the state machine and the
//! management canister use each other: one hands over calls to `aaaaa-aa`, the other changes canisters by its verbs.
//!
//! ```text
//! pocketic, launcher ─> gateway, agent ─> host ─> state_machine <─> management ─> engine ─> system_api ─> memory
//!                                                certification <─┘       execution (the border) <─┘
//! ```
//!
//! Nothing here knows what the canisters are about: the folder can be deleted without touching one.

pub mod agent;
pub mod certification;
pub mod engine;
pub mod execution;
pub mod gateway;
pub mod host;
pub mod launcher;
pub mod management;
pub mod memory;
pub mod pocketic;
pub mod rejection;
pub mod state_machine;
pub mod system_api;
