//! What one message may use. Sources: the Internet Computer's published resource limits and its subnet and embedder
//! configuration.

use super::{Canister, Network};
use crate::execution::{Context, Limits};

/// Instructions of an update, callback, timer, heartbeat or hook.
const UPDATE_INSTRUCTIONS: u64 = 40_000_000_000;
/// Instructions of a query; a composite query shares them with everything it calls.
const QUERY_INSTRUCTIONS: u64 = 5_000_000_000;
/// Instructions of an installation: start, init, both upgrade hooks together.
const INSTALL_INSTRUCTIONS: u64 = 300_000_000_000;
/// Instructions of `canister_inspect_message`.
const INSPECT_INSTRUCTIONS: u64 = 200_000_000;
/// Practically no limit: what PocketIC gives its benchmarking subnets.
const BENCHMARKING_INSTRUCTIONS: u64 = 99_999_999_999_999;

const GIB: u64 = 1 << 30;
/// The largest reply of an update, in bytes.
const REPLICATED_REPLY: usize = 2 << 20;
/// The largest reply of a query, in bytes.
const QUERY_REPLY: usize = 3 << 20;

impl Network {
    /// Bounds on a message of a canister in a role.
    pub(super) fn limits(&self, canister: &Canister, context: Context) -> Limits {
        let (instructions, stable_gib) = match context {
            Context::Start | Context::Init | Context::PreUpgrade => (INSTALL_INSTRUCTIONS, 8),
            Context::Query
            | Context::CompositeQuery
            | Context::CompositeReply
            | Context::CompositeReject
            | Context::CompositeCleanup => (QUERY_INSTRUCTIONS, 1),
            Context::InspectMessage => (INSPECT_INSTRUCTIONS, 1),
            _ => (UPDATE_INSTRUCTIONS, 2),
        };
        let benchmarking = self.subnets[canister.subnet].benchmarking;
        Limits {
            instructions: match benchmarking {
                true => BENCHMARKING_INSTRUCTIONS,
                false => instructions,
            },
            stable_accessed_bytes: stable_gib * GIB,
            stable_dirty_bytes: stable_gib * GIB,
            reply_bytes: match is_replicated(context) {
                true => REPLICATED_REPLY,
                false => QUERY_REPLY,
            },
            heap_bytes: is_replicated(context).then(|| canister.settings.heap_limit()),
        }
    }
}

/// Whether all nodes of a subnet would run this message.
pub(super) fn is_replicated(context: Context) -> bool {
    !matches!(
        context,
        Context::Query
            | Context::CompositeQuery
            | Context::CompositeReply
            | Context::CompositeReject
            | Context::CompositeCleanup
            | Context::InspectMessage
    )
}
