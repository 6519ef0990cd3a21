//! Where time enters: here and nowhere else. Everything behind takes it as an argument.

/// The time of the message that is executed, in nanoseconds since 1970, UTC.
pub fn now() -> u64 {
    ic_cdk::api::time()
}
