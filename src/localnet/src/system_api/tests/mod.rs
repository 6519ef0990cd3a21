//! What the system calls promise.

mod behaviour;
mod contexts;
mod cycles;
