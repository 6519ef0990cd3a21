//! The guards of the endpoints: they run before anything else, the decoding of the argument included.

use crate::rights::{self, Caller, Right};
use crate::{clock, memory};

/// Who calls, and when, of the message that is executed.
pub fn caller() -> Caller {
    let principal = ic_cdk::api::msg_caller();
    Caller {
        principal,
        is_controller: ic_cdk::api::is_controller(&principal),
        now: clock::now(),
    }
}

/// Lets those pass who may set and read entries.
///
/// # Errors
/// The sentence that the caller is rejected with.
pub fn may_write() -> Result<(), String> {
    check(Right::Write)
}

/// Lets those pass who may administer.
///
/// # Errors
/// The sentence that the caller is rejected with.
pub fn may_admin() -> Result<(), String> {
    check(Right::Admin)
}

fn check(right: Right) -> Result<(), String> {
    memory::read(|orbiter| rights::check(orbiter, right, &caller())).map_err(str::to_owned)
}
