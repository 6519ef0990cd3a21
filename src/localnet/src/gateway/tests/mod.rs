//! The gateway without a network: what goes over the wire to canisters, and what is believed of their answers.

mod interface;
mod verification;
