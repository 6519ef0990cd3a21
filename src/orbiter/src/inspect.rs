//! Refuses direct calls that nobody has to pay for, before the network takes them in.
//!
//! Calls by other canisters don't come by here: the guards check those, before any work.

use crate::{guards, memory, rights};

/// Accepts the call, or refuses it with a sentence.
#[ic_cdk::inspect_message]
fn inspect_message() {
    let method = ic_cdk::api::msg_method_name();
    let verdict =
        memory::read(|orbiter| rights::check_direct_call(orbiter, &method, &guards::caller()));
    match verdict {
        Ok(()) => ic_cdk::api::accept_message(),
        Err(reason) => ic_cdk::api::trap(reason),
    }
}
