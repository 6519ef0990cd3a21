//! localnet as PocketIC server, driven by the unmodified Rust client.

mod calls;
mod canisters;
mod gateway;
mod lifecycle;
mod memory;
mod probe;
mod process;
mod refusals;
mod shapes;
mod sparse;
mod time;
