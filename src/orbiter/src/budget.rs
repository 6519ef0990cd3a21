//! What a query may cost on the network.

use crate::memory::{self, OrbiterMemory};
use engine::{Budget, Orbiter};
use ic_stable_structures::DefaultMemoryImpl;

/// The instructions that a query spends on reading at most. The network ends a query after 5 billion; the
/// rest is for finishing and encoding the answer, which has at most 3 MiB.
const QUERY_INSTRUCTIONS: u64 = 4_000_000_000;

/// Asks the orbiter something within what a query may cost. A query that is executed as an update has a
/// smaller reply.
pub fn with_budget<T>(
    f: impl FnOnce(&Orbiter<OrbiterMemory<DefaultMemoryImpl>>, &mut Budget<'_>) -> T,
) -> T {
    let reply_bytes = if ic_cdk::api::in_replicated_execution() {
        Budget::REPLICATED_REPLY_BYTES
    } else {
        Budget::QUERY_REPLY_BYTES
    };
    let counter: &dyn Fn() -> u64 = &ic_cdk::api::instruction_counter;
    let mut budget =
        Budget::instructions(counter, QUERY_INSTRUCTIONS).with_reply_limit(reply_bytes);
    memory::read(|orbiter| f(orbiter, &mut budget))
}
