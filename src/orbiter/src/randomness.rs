//! The canister uses no randomness.
//!
//! A library it links can ask for some, and Wasm has no source of its own. Whoever asks gets an error,
//! never a number that only looks random. `.cargo/config.toml` selects this function.

/// The custom source of the crate `getrandom` 0.3: none.
///
/// # Safety
/// Reads and writes nothing, so any pointer and length are fine.
#[unsafe(no_mangle)]
unsafe extern "Rust" fn __getrandom_v03_custom(
    _destination: *mut u8,
    _length: usize,
) -> Result<(), getrandom::Error> {
    Err(getrandom::Error::UNSUPPORTED)
}
