//! The agent interface: who is believed, what is refused, and what a network says when it is asked.

mod authentication;
mod calls;
pub(crate) mod canisters;
mod client;
mod queries;
mod refusals;
mod signing;
mod state;
