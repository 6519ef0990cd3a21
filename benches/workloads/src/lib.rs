//! Streams of entries to measure with: deterministic, lazy, the same natively and on Wasm; and a [`peer`], a plain
//! store to measure against.
//!
//! A [`Workload`] is a way in which entries come; [`Workload::entries`] gives its stream of [`Sent`], in the order of
//! their arrival. The way of an entry through this crate: [`visits`] says when a page is loaded and by whom,
//! `traffic` makes entries of it with the texts of [`catalogue`], `arrival` puts them in the order in which they reach
//! the canister. `hostile` makes what an attacker would send.

mod arrival;
pub mod catalogue;
mod hostile;
pub mod peer;
pub mod random;
mod sent;
pub mod spelling;
mod traffic;
pub mod visits;
mod workload;

pub use arrival::Entries;
pub use sent::{AnyEntry, Sent};
pub use workload::{START, Spread, Workload};
