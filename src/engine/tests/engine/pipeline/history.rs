//! Random histories: few keys, satellites and sessions, so that entries meet; instants from 1970 to the last that
//! a u64 names; and whatever else happens to a canister in between.

use super::bodies::{Event, Metric, View, events, metrics, views};
use super::burst::{Burst, bursts};
use crate::model::tables::{KEYS, SESSIONS};
use proptest::option;
use proptest::prelude::*;
use proptest::sample::Index;

pub const MILLISECOND: u64 = 1_000_000;
pub const SECOND: u64 = 1_000 * MILLISECOND;
pub const MINUTE: u64 = 60 * SECOND;
pub const HOUR: u64 = 60 * MINUTE;
pub const DAY: u64 = 24 * HOUR;
/// 2500-01-01, UTC.
const YEAR_2500: u64 = 16_725_225_600_000_000_000;

/// When an entry was collected.
#[derive(Clone, Debug)]
pub enum When {
    /// Nanoseconds before it is sent.
    Ago(u64),
    /// Nanoseconds after it is sent.
    Ahead(u64),
    /// At an instant.
    At(u64),
    /// At the last midnight before it is sent, or a nanosecond before that.
    Midnight { before: bool },
    /// At the instant of an entry that is stored.
    As(Index),
}

/// An entry to be sent.
#[derive(Clone, Debug)]
pub struct Sent<B> {
    pub when: When,
    pub key: usize,
    pub satellite: u8,
    pub session: usize,
    pub version: Option<u64>,
    pub body: B,
}

/// Which kind.
#[derive(Clone, Copy, Debug)]
pub enum Which {
    PageView,
    TrackEvent,
    PerformanceMetric,
}

/// One end of a range.
#[derive(Clone, Debug)]
pub enum Bound {
    None,
    At(u64),
    /// At the instant of an entry that is stored, before it or after it by so many nanoseconds.
    Entry(Index, i8),
    /// At the beginning of the day of an entry that is stored.
    Day(Index),
    /// Nanoseconds before the present.
    Ago(u64),
}

/// A range to be asked for: of one satellite or all.
#[derive(Clone, Debug)]
pub struct Asked {
    pub satellite: Option<u8>,
    pub from: Bound,
    pub to: Bound,
}

/// A stored entry is sent again with another page or name.
#[derive(Clone, Debug)]
pub struct Overwrite {
    pub which: Which,
    pub entry: Index,
    /// The stored version plus so much, or none.
    pub version: Option<i8>,
    pub other_session: bool,
    pub other_satellite: bool,
}

/// What happens.
#[derive(Clone, Debug)]
pub enum Operation {
    /// One is sent alone, several as a batch.
    Views(Vec<Sent<View>>),
    Events(Vec<Sent<Event>>),
    Metrics(Vec<Sent<Metric>>),
    Burst(Burst),
    Overwrite(Overwrite),
    /// A message is sent again as it was.
    Resend(Index),
    Wait(u64),
    Configure(u8, [bool; 3]),
    DeleteConfig(u8),
    /// One slice.
    Compact,
    CompactUntilIdle,
    Reopen,
    /// The message traps after all its work, and the canister is upgraded.
    Trap(Box<Operation>),
    Ask(Vec<Asked>),
}

fn instants() -> impl Strategy<Value = When> {
    prop_oneof![
        10 => (0..5_000_u64).prop_map(|millis| When::Ago(millis * MILLISECOND)),
        4 => (0..5 * SECOND).prop_map(When::Ago),
        4 => (0..90_u64).prop_map(|minutes| When::Ago(minutes * MINUTE)),
        3 => (0..40_u64).prop_map(|days| When::Ago(days * DAY + 1)),
        2 => (0..90_u64).prop_map(|minutes| When::Ahead(minutes * MINUTE)),
        2 => any::<bool>().prop_map(|before| When::Midnight { before }),
        3 => any::<Index>().prop_map(When::As),
        1 => prop::sample::select(&[0, 1, DAY - 1, DAY, YEAR_2500, YEAR_2500 + 1, u64::MAX - 1, u64::MAX][..])
            .prop_map(When::At),
    ]
}

fn sent<B: std::fmt::Debug>(body: impl Strategy<Value = B>) -> impl Strategy<Value = Sent<B>> {
    // Satellite 4 never has a config; the last session id is too long.
    let satellite = prop_oneof![6 => Just(1), 6 => Just(2), 3 => Just(3), 1 => Just(4)];
    let session = prop_oneof![30 => 0..SESSIONS.len() - 1, 1 => Just(SESSIONS.len() - 1)];
    let version = prop_oneof![6 => Just(None), 1 => (1..3_u64).prop_map(Some)];
    (instants(), 0..KEYS.len(), satellite, session, version, body).prop_map(
        |(when, key, satellite, session, version, body)| Sent {
            when,
            key,
            satellite,
            session,
            version,
            body,
        },
    )
}

fn message<B: std::fmt::Debug>(
    body: impl Strategy<Value = B>,
) -> impl Strategy<Value = Vec<Sent<B>>> {
    prop::collection::vec(sent(body), 1..8)
}

fn overwrites() -> impl Strategy<Value = Operation> {
    let which =
        prop::sample::select(&[Which::PageView, Which::TrackEvent, Which::PerformanceMetric][..]);
    let version =
        prop_oneof![6 => Just(Some(0)), 1 => Just(None), 1 => Just(Some(1)), 1 => Just(Some(-1))];
    let seldom = || prop::bool::weighted(0.1);
    (which, any::<Index>(), version, seldom(), seldom()).prop_map(
        |(which, entry, version, other_session, other_satellite)| {
            Operation::Overwrite(Overwrite {
                which,
                entry,
                version,
                other_session,
                other_satellite,
            })
        },
    )
}

fn waits() -> impl Strategy<Value = Operation> {
    prop_oneof![
        4 => 1..60 * SECOND,
        1 => Just(29 * MINUTE),
        6 => Just(31 * MINUTE),
        2 => (1..24_u64).prop_map(|hours| hours * HOUR),
        1 => (1..40_u64).prop_map(|days| days * DAY),
    ]
    .prop_map(Operation::Wait)
}

fn bounds() -> impl Strategy<Value = Bound> {
    prop_oneof![
        4 => Just(Bound::None),
        8 => (any::<Index>(), -1..=1_i8).prop_map(|(entry, by)| Bound::Entry(entry, by)),
        3 => any::<Index>().prop_map(Bound::Day),
        2 => (0..40 * DAY).prop_map(Bound::Ago),
        1 => prop::sample::select(&[0, 1, YEAR_2500, u64::MAX][..]).prop_map(Bound::At),
    ]
}

/// Ranges of all, one or an unknown satellite; some of them empty.
pub fn asked() -> impl Strategy<Value = Vec<Asked>> {
    let range =
        (option::of(1..=4_u8), bounds(), bounds()).prop_map(|(satellite, from, to)| Asked {
            satellite,
            from,
            to,
        });
    prop::collection::vec(range, 1..5)
}

fn configs() -> impl Strategy<Value = Operation> {
    prop_oneof![
        3 => (1..=3_u8, any::<[bool; 3]>()).prop_map(|(number, kinds)| Operation::Configure(number, kinds)),
        3 => (1..=3_u8).prop_map(|number| Operation::Configure(number, [true; 3])),
        1 => (1..=3_u8).prop_map(Operation::DeleteConfig),
    ]
}

/// What a message may do to entries.
fn writes(burst_entries: u32) -> impl Strategy<Value = Operation> {
    prop_oneof![
        8 => message(views()).prop_map(Operation::Views),
        4 => message(events()).prop_map(Operation::Events),
        4 => message(metrics()).prop_map(Operation::Metrics),
        6 => bursts(burst_entries).prop_map(Operation::Burst),
        4 => overwrites(),
        1 => any::<Index>().prop_map(Operation::Resend),
        4 => Just(Operation::Compact),
        4 => Just(Operation::CompactUntilIdle),
    ]
}

/// A history of at most `operations`, with bursts of at most `burst_entries`.
pub fn histories(operations: usize, burst_entries: u32) -> impl Strategy<Value = Vec<Operation>> {
    let operation = prop_oneof![
        33 => writes(burst_entries),
        2 => writes(burst_entries).prop_map(|operation| Operation::Trap(Box::new(operation))),
        8 => waits(),
        1 => configs(),
        3 => Just(Operation::Reopen),
        6 => asked().prop_map(Operation::Ask),
    ];
    prop::collection::vec(operation, 1..operations)
}

/// A history of at most `operations` in which visits come one after the other, are compacted in time, and hardly
/// anything else happens: nothing that keeps segments from being grouped and groups from being counted as wholes.
pub fn quiet_histories(
    operations: usize,
    burst_entries: u32,
) -> impl Strategy<Value = Vec<Operation>> {
    let operation = prop_oneof![
        20 => bursts(burst_entries).prop_map(Operation::Burst),
        12 => Just(Operation::Wait(31 * MINUTE)),
        8 => Just(Operation::CompactUntilIdle),
        4 => asked().prop_map(Operation::Ask),
        1 => writes(burst_entries),
        1 => Just(Operation::Reopen),
    ];
    prop::collection::vec(operation, 1..operations)
}
