//! The orbiter as clients see it: the HTTP table natively and on a network, rights, upgrades, aggregates.

mod frozen;
mod native;
mod network;
mod table;
