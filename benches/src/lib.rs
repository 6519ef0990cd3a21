//! Measures what the product costs, as instructions and bytes, on the Wasm in `localnet` (or whatever PocketIC server
//! `POCKET_IC_BIN` names). Nothing here looks at a clock: the figures are the same run to run.
//!
//! - [`run`] loads a workload into `dist/bench_canister.wasm` and weighs each step of the engine, or of the peer.
//! - [`posts`] sends requests to `dist/orbiter.wasm` itself, through [`meter`].
//! - [`figures`] is what comes out, and its file `benches/storage.json`; [`tables`] makes `benches/storage.md` of it.
//! - [`gate`] is a small run that a test holds against the file.
//! - [`json`] writes entries as clients send them.
//! - [`answers`] lets `dist/orbiter.wasm` answer, for a check in Python (`benches/duckdb/`).

pub mod answers;
pub mod figures;
pub mod gate;
pub mod json;
pub mod meter;
pub mod network;
pub mod plan;
pub mod posts;
pub mod run;
pub mod tables;
