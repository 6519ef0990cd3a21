//! The public methods, by theme. Each only decodes, asks the engine and encodes; the sentences of
//! `candid/orbiter.did` say what it means. A guard runs before anything else.

mod access_keys;
mod aggregates;
mod canister;
mod entries;
mod http;
mod satellites;
mod storage;
