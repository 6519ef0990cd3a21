//! The built pages, put into the Wasm by the build script.

include!(concat!(env!("OUT_DIR"), "/pages.rs"));
