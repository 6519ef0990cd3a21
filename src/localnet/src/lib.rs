//! An embedded Internet Computer: executes canister Wasm and speaks the interfaces of its standard clients.
