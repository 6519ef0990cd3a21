//! Runs Wasm as the Internet Computer does: validation, instruction weights, memories that commit or roll back.
//!
//! The way of a module:
//!
//! ```text
//! bytes ─validation─> valid ─inspection─> its parts ─preparation─> rewritten ─compile─> Module (cached by SHA-256)
//! ```
//!
//! The way of a message through a [`Sandbox`], which holds one canister's code and memories:
//!
//! ```text
//! execute: mark where the message begins ─> instance runs its entry ─┬─ ends well ─> changes stay, tentatively
//!                 (heap, stable memory, globals)                     └─ traps ─────> back to the mark
//! commit: tentative changes into the files          roll_back: tentative changes forgotten
//! ```
//!
//! * [`weights`] and [`configuration`]: what instructions cost and which of Wasm is allowed.
//! * [`validation`], [`inspection`], [`preparation`], [`constant`]: from bytes to something that can run.
//! * [`compilation`]: the engines for 32-bit and 64-bit modules, and the cache.
//! * [`instance`], [`linear_memory`], [`failure`]: one running instance, on which heap, and how it ends.
//! * [`sandbox`], [`tentative`], [`image`]: code and memories over time.
//!
//! The system calls are next door in [`crate::system_api`]; how memories commit and roll back in [`crate::memory`].

mod compilation;
mod configuration;
mod constant;
mod failure;
mod image;
mod inspection;
mod instance;
mod linear_memory;
mod preparation;
mod sandbox;
mod tentative;
#[cfg(test)]
pub(crate) mod testing;
#[cfg(test)]
mod tests;
mod validation;
mod weights;

pub use compilation::{Engine, Module};
pub use image::SandboxImage;
pub use sandbox::Sandbox;

use std::collections::BTreeSet;

/// The methods and hooks that a module exports.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Methods {
    /// `canister_update NAME`.
    pub updates: BTreeSet<String>,
    /// `canister_query NAME`.
    pub queries: BTreeSet<String>,
    /// `canister_composite_query NAME`.
    pub composite_queries: BTreeSet<String>,
    /// Lifecycle and system hooks, by export name (`canister_init`, `canister_heartbeat`, …).
    pub hooks: BTreeSet<String>,
}

/// A custom section that read_state can show.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Metadata {
    /// Whether everybody may read it; else controllers only.
    pub public: bool,
    /// Its content.
    pub content: Vec<u8>,
}

/// Why a module is refused; the sentence goes to the installer as `CanisterInvalidWasm`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct InvalidModule {
    /// What is wrong, naming the import, export or feature.
    pub reason: String,
}

/// How a sandbox changes its code.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum CodeChange {
    /// Fresh heap, stable memory emptied (install and reinstall).
    Fresh,
    /// Fresh heap, stable memory kept (upgrade).
    KeepStable,
    /// Heap and stable memory kept (upgrade of a module that asks for it).
    KeepAll,
}
