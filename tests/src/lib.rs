//! What the whole-product tests share.

pub mod http;
pub mod localnet;
pub mod server;
