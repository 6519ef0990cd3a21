//! The engine from outside: its rules, its bytes, and its answers against a naive model.

mod access_keys;
mod aggregates;
mod bots;
mod budget;
mod clients;
mod entries;
mod golden;
mod hostile;
mod limits;
mod model;
mod pipeline;
mod samples;
mod satellites;
mod volume;
