//! What a query may cost: how much work, and how large a reply.

use crate::entry::AnalyticKey;
use crate::store::RowError;
use std::fmt;

/// How many entries pass between two looks at the instruction counter: reading it is a system call.
const ENTRIES_BETWEEN_CHECKS: u64 = 32;

/// What a query may cost. It stops with [`QueryRefusal`] before it costs more, so that the canister never
/// runs into the network's own limits, which would end in a trap without an advice.
pub struct Budget<'a> {
    meter: Meter<'a>,
    limit: u64,
    reply_limit: u64,
    entries: u64,
    reply: u64,
}

/// How work is counted.
enum Meter<'a> {
    /// By entries read.
    Entries,
    /// By a counter from outside, for example of instructions.
    Counter(&'a dyn Fn() -> u64),
}

impl<'a> Budget<'a> {
    /// The largest reply to a query, less 64 KiB for what surrounds the entries: 3 MiB − 64 KiB.
    pub const QUERY_REPLY_BYTES: u64 = (3 * 1024 - 64) * 1024;

    /// How many instructions reading may take: the 5 billion that a query may execute, less 1 billion for the
    /// steps that follow reading and the encoding of the reply.
    pub const QUERY_INSTRUCTIONS: u64 = 4_000_000_000;

    /// The largest reply to an update or a query that is sent as one, likewise: 2 MiB − 64 KiB.
    pub const REPLICATED_REPLY_BYTES: u64 = (2 * 1024 - 64) * 1024;

    /// A budget of `limit` entries read.
    pub fn entries(limit: u64) -> Budget<'static> {
        Budget::new(Meter::Entries, limit)
    }

    /// A budget that is spent when `counter` (for example the instructions executed so far) passes `limit`.
    /// The counter is looked at every 32 entries and between the steps that follow reading: leave what these
    /// and the encoding of the reply take.
    pub fn instructions(counter: &'a dyn Fn() -> u64, limit: u64) -> Self {
        Self::new(Meter::Counter(counter), limit)
    }

    /// The same budget with another limit on the reply, in bytes; [`Budget::QUERY_REPLY_BYTES`] otherwise.
    pub fn with_reply_limit(mut self, bytes: u64) -> Self {
        self.reply_limit = bytes;
        self
    }

    fn new(meter: Meter<'a>, limit: u64) -> Self {
        Self {
            meter,
            limit,
            reply_limit: Self::QUERY_REPLY_BYTES,
            entries: 0,
            reply: 0,
        }
    }

    /// Charges entries that are read one by one.
    pub(crate) fn charge_entries(&mut self, entries: u64) -> Result<(), QueryRefusal> {
        let before = self.entries / ENTRIES_BETWEEN_CHECKS;
        self.entries += entries;
        match self.meter {
            Meter::Entries if self.entries > self.limit => Err(self.too_much()),
            Meter::Counter(_) if self.entries / ENTRIES_BETWEEN_CHECKS > before => self.check(),
            _ => Ok(()),
        }
    }

    /// Looks at the counter now. To be called between steps that read no entry.
    pub(crate) fn check(&self) -> Result<(), QueryRefusal> {
        match self.meter {
            Meter::Counter(counter) if counter() > self.limit => Err(self.too_much()),
            _ => Ok(()),
        }
    }

    /// Charges `bytes` bytes of reply.
    pub(crate) fn charge_reply(&mut self, bytes: usize) -> Result<(), QueryRefusal> {
        self.reply = self.reply.saturating_add(bytes as u64);
        if self.reply > self.reply_limit {
            return Err(QueryRefusal::ReplyTooLarge {
                entries: self.entries,
                limit: self.reply_limit,
            });
        }
        Ok(())
    }

    fn too_much(&self) -> QueryRefusal {
        QueryRefusal::TooManyEntries {
            entries: self.entries,
        }
    }
}

/// Why a query has no answer. An answer is always complete and exact; where it can't be, this is given.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum QueryRefusal {
    /// The range holds more entries than one query can read.
    TooManyEntries {
        /// How many it had read when it stopped.
        entries: u64,
    },
    /// The answer is larger than a reply may be.
    ReplyTooLarge {
        /// How many entries it had read when it stopped.
        entries: u64,
        /// The most bytes of a reply.
        limit: u64,
    },
    /// A segment can't be read: the memory is damaged.
    Damaged {
        /// What is wrong with it.
        error: columnar::Error,
    },
    /// A stored entry can't be read: the memory is damaged.
    Unreadable {
        /// Which one, where that is known.
        key: Option<AnalyticKey>,
        /// What is wrong with it.
        error: RowError,
    },
}

impl QueryRefusal {
    /// Some entry, unknown which, can't be read.
    pub(crate) fn damaged(error: RowError) -> Self {
        Self::Unreadable { key: None, error }
    }
}

impl fmt::Display for QueryRefusal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::TooManyEntries { entries } => write!(
                f,
                "Too much for one query: it stopped after {entries} entries; use a shorter range."
            ),
            Self::ReplyTooLarge { entries, limit } => write!(
                f,
                "Too much for one reply of {limit} bytes: it stopped after {entries} entries; \
                 use a shorter range."
            ),
            Self::Unreadable {
                key: Some(key),
                error,
            } => write!(
                f,
                "The entry {} collected at {} can't be read: {error}",
                key.key, key.collected_at
            ),
            Self::Damaged { error } => write!(f, "Stored entries can't be read: {error}"),
            Self::Unreadable { key: None, error } => {
                write!(f, "An entry can't be read: {error}")
            }
        }
    }
}

impl std::error::Error for QueryRefusal {}
