//! The satellite canister: serves a dapp and the dashboard as certified assets, and tells them which orbiter
//! they report to.
//!
//! The pages are part of the Wasm (`pages`), certified anew whenever the canister starts or its orbiter
//! changes (`assets`, `site`, `http`). The one thing stored is the orbiter (`settings`, `memory`). Whoever may call
//! what is in `guards`.

mod assets;
mod endpoints;
mod guards;
mod http;
mod lifecycle;
mod memory;
mod pages;
mod sections;
mod settings;
mod site;

pub use sections::candid_interface;
