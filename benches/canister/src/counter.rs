//! The instruction counter.

/// Instructions executed by the present message so far; 0 outside of a canister.
fn instructions() -> u64 {
    if cfg!(target_family = "wasm") {
        ic_cdk::api::performance_counter(0)
    } else {
        0
    }
}

/// The instructions that `f` takes, and what it gives. The counter's own cost, measured just before, is left out.
pub fn weigh<T>(f: impl FnOnce() -> T) -> (u64, T) {
    let before = instructions();
    let start = instructions();
    let result = f();
    let end = instructions();
    ((end - start).saturating_sub(start - before), result)
}

/// Whether a message has executed so much that it should end soon.
pub fn is_message_full() -> bool {
    /// Half of the 40 billion that a message may execute: one more slice of compaction fits in any case.
    const FULL: u64 = 20_000_000_000;
    instructions() > FULL
}
