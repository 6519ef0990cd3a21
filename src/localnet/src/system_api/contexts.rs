//! Sets of contexts: in which roles of a message a system call may be made.

use crate::execution::Context;
use std::ops::BitOr;

/// A set of contexts, one bit each.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Contexts(u16);

impl Contexts {
    /// Exactly one.
    pub const fn of(context: Context) -> Self {
        Self(1 << context as u16)
    }

    /// Both.
    pub const fn and(self, other: Self) -> Self {
        Self(self.0 | other.0)
    }

    /// Whether `context` is among them.
    pub const fn contain(self, context: Context) -> bool {
        self.0 & Self::of(context).0 != 0
    }
}

impl BitOr for Contexts {
    type Output = Self;

    fn bitor(self, other: Self) -> Self {
        self.and(other)
    }
}

/// Every context there is, in the order of their numbers.
pub const ALL_CONTEXTS: [Context; 15] = [
    Context::Start,
    Context::Init,
    Context::PreUpgrade,
    Context::Update,
    Context::ReplicatedQuery,
    Context::Query,
    Context::CompositeQuery,
    Context::Reply,
    Context::Reject,
    Context::CompositeReply,
    Context::CompositeReject,
    Context::Cleanup,
    Context::CompositeCleanup,
    Context::InspectMessage,
    Context::SystemTask,
];

/// The name used in error messages.
pub fn context_name(context: Context) -> &'static str {
    match context {
        Context::Start => "start",
        Context::Init => "init",
        Context::PreUpgrade => "pre upgrade",
        Context::Update => "update",
        Context::ReplicatedQuery => "replicated query",
        Context::Query => "non replicated query",
        Context::CompositeQuery => "composite query",
        Context::Reply => "reply callback",
        Context::Reject => "reject callback",
        Context::CompositeReply => "composite reply callback",
        Context::CompositeReject => "composite reject callback",
        Context::Cleanup => "cleanup",
        Context::CompositeCleanup => "composite cleanup",
        Context::InspectMessage => "inspect message",
        Context::SystemTask => "system task",
    }
}
