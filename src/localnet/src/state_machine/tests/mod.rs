//! The state machine with the real engine, played by a canister that does what its messages say.

mod calls;
mod code;
mod ingress;
mod model;
mod queries;
mod rollback;
mod stopping;
mod timers;
