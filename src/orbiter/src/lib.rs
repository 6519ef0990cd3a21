//! The orbiter canister: endpoints, wire to engine and back, one memory map, lifecycle, HTTP, guards, timers.
//!
//! A thin shell. It knows the network (`ic_cdk`), Candid, JSON and HTTP; what an entry is, which rules
//! hold and how anything is counted is the `engine`'s. State, time and caller are arguments of everything
//! but the outermost functions, so all of it runs natively in tests.
//!
//! To follow a page view from its bytes to the engine, begin at [`http`].

mod budget;
mod clock;
pub mod compaction;
pub mod convert;
mod endpoints;
pub mod entries;
mod guards;
pub mod http;
mod inspect;
mod lifecycle;
pub mod memory;
pub mod messages;
#[cfg(target_arch = "wasm32")]
mod randomness;
mod reply;
pub mod rights;
#[cfg(target_arch = "wasm32")]
mod sections;
pub mod segments;

// The macro below names the types of all endpoints as these write them.
use candid::Principal;
use std::marker::PhantomData;
use wire::*;

candid::export_service!();

/// The interface that the code exports, as Candid text.
pub fn candid_interface() -> String {
    __export_service()
}
