//! The log of fresh entries: where an entry is durable first, until compaction puts it into a segment.
//!
//! ```text
//! -------------------------------------------------- <- Address 0
//! Magic "OLOG"                          ↕ 4 bytes
//! --------------------------------------------------
//! Version, 1                            ↕ 1 byte
//! --------------------------------------------------
//! Zero                                  ↕ 3 bytes
//! -------------------------------------------------- <- Address 8 (LENGTH)
//! Bytes of all records, u64             ↕ 8 bytes
//! -------------------------------------------------- <- Address 16
//! Zero                                  ↕ 48 bytes
//! -------------------------------------------------- <- Address 64 (RECORDS)
//! Records, one after the other
//!
//! record:
//!   length of the payload               ↕ u32
//!   checksum of the payload             ↕ u32, the low half of its xxh3-64
//!   payload:
//!     kind                              ↕ u8 (KindName)
//!     flags                             ↕ u8, bit 0: its session may have entries in segments too
//!     length of the satellite           ↕ u8
//!     satellite
//!     collected_at                      ↕ u64
//!     length of the key                 ↕ u8
//!     key
//!     row                               ↕ to the end, drawn in `store/row.rs`
//! ```
//!
//! Numbers are little-endian. Of several records with the same kind, instant and key the last one counts.
//! A message on the network happens as a whole or not at all, so that a half-written record can't be.

use crate::entry::{AnalyticKey, Entry};
use crate::kinds::{Kind, KindName};
use crate::store::{self, Row, RowError};
use ic_principal::Principal;
use ic_stable_structures::Memory;
use std::fmt;
use xxhash_rust::xxh3::xxh3_64;

const MAGIC_AND_VERSION: [u8; 8] = *b"OLOG\x01\0\0\0";
const LENGTH: u64 = 8;
const RECORDS: u64 = 64;
const RECORD_HEAD: usize = 8;
const SHARED: u8 = 1;
const PAGE: u64 = 65_536;
/// How many pages the memory grows at a time: 1 MiB.
const GROWTH: u64 = 16;

/// Why the log can't be read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum LogError {
    /// The memory holds something else, or a log of a later release.
    Foreign {
        /// Its first eight bytes.
        found: [u8; 8],
    },
    /// The memory can't grow.
    OutOfMemory,
    /// A record is damaged.
    Damaged {
        /// Where it begins.
        offset: u64,
        /// What is wrong with it.
        error: RowError,
    },
}

impl fmt::Display for LogError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Foreign { found } => write!(
                f,
                "The log of fresh entries begins with {found:?}, which this release doesn't know: install \
                 the release that wrote it, or a later one."
            ),
            Self::OutOfMemory => write!(f, "The stable memory can't grow."),
            Self::Damaged { offset, error } => write!(
                f,
                "The log of fresh entries is damaged at byte {offset}: {error}"
            ),
        }
    }
}

impl std::error::Error for LogError {}

/// The memory can't grow by what a record needs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct OutOfMemory;

/// The log, open.
pub(crate) struct Log<M: Memory> {
    memory: M,
    length: u64,
    /// Where a record is put together.
    buffer: Vec<u8>,
}

/// A record, read.
pub(crate) struct Record<'a> {
    pub offset: u64,
    /// How many bytes it takes in the log.
    pub bytes: u32,
    pub kind: KindName,
    pub shared: bool,
    pub satellite_id: Principal,
    pub key: AnalyticKey,
    row: &'a [u8],
}

impl Record<'_> {
    /// The entry, if it is of the kind `K`.
    pub(crate) fn entry<K: Kind>(&self) -> Result<Entry<K>, RowError> {
        Row::<K>::decode(self.row)?.to_entry(self.satellite_id)
    }

    fn parse(offset: u64, payload: &[u8]) -> Result<Record<'_>, RowError> {
        let (&[kind, flags, satellite_length], rest) =
            payload.split_first_chunk().ok_or(RowError::Truncated)?;
        let (satellite, rest) = rest
            .split_at_checked(satellite_length.into())
            .ok_or(RowError::Truncated)?;
        let (collected_at, rest) = rest.split_first_chunk().ok_or(RowError::Truncated)?;
        let (&key_length, rest) = rest.split_first().ok_or(RowError::Truncated)?;
        let (key, row) = rest
            .split_at_checked(key_length.into())
            .ok_or(RowError::Truncated)?;
        Ok(Record {
            offset,
            bytes: (RECORD_HEAD + payload.len()) as u32,
            kind: KindName::from_number(kind).ok_or(RowError::UnknownFormat { found: kind })?,
            shared: flags & SHARED != 0,
            satellite_id: Principal::try_from_slice(satellite).map_err(|_| RowError::BadKey)?,
            key: AnalyticKey {
                collected_at: u64::from_le_bytes(*collected_at),
                key: store::owned(key)?,
            },
            row,
        })
    }
}

impl<M: Memory> Log<M> {
    /// Opens the log in `memory`; an empty one becomes an empty log.
    pub(crate) fn open(memory: M) -> Result<Self, LogError> {
        let mut log = Self {
            memory,
            length: 0,
            buffer: Vec::new(),
        };
        if log.memory.size() == 0 {
            log.reserve(0)
                .map_err(|OutOfMemory| LogError::OutOfMemory)?;
            log.memory.write(0, &MAGIC_AND_VERSION);
            return Ok(log);
        }
        let mut found = [0; 8];
        log.memory.read(0, &mut found);
        if found != MAGIC_AND_VERSION {
            return Err(LogError::Foreign { found });
        }
        let mut length = [0; 8];
        log.memory.read(LENGTH, &mut length);
        log.length = u64::from_le_bytes(length);
        if RECORDS.saturating_add(log.length) > log.memory.size() * PAGE {
            return Err(LogError::Damaged {
                offset: LENGTH,
                error: RowError::NumberTooLarge,
            });
        }
        Ok(log)
    }

    /// Bytes of all records, also of those that no longer count.
    pub(crate) fn bytes(&self) -> u64 {
        self.length
    }

    /// Bytes of the memory.
    pub(crate) fn grown_bytes(&self) -> u64 {
        self.memory.size() * PAGE
    }

    /// Appends a record and gives where it begins. Nothing is written if it doesn't fit.
    pub(crate) fn append<K: Kind>(
        &mut self,
        key: &AnalyticKey,
        entry: &Entry<K>,
        shared: bool,
    ) -> Result<u64, OutOfMemory> {
        let mut record = std::mem::take(&mut self.buffer);
        record.clear();
        record.resize(RECORD_HEAD, 0);
        let satellite = entry.satellite_id.as_slice();
        record.extend([
            K::NAME as u8,
            u8::from(shared) * SHARED,
            satellite.len() as u8,
        ]);
        record.extend(satellite);
        record.extend(key.collected_at.to_le_bytes());
        // The limits allow 36 bytes.
        record.push(key.key.len() as u8);
        record.extend(key.key.as_bytes());
        store::encode_into(&mut record, entry);
        seal(&mut record);
        let appended = self.append_bytes(&record);
        self.buffer = record;
        appended
    }

    fn append_bytes(&mut self, bytes: &[u8]) -> Result<u64, OutOfMemory> {
        let offset = RECORDS + self.length;
        self.reserve(bytes.len() as u64)?;
        self.memory.write(offset, bytes);
        self.set_length(self.length + bytes.len() as u64);
        Ok(offset)
    }

    /// Makes room for `bytes` more bytes of records.
    pub(crate) fn reserve(&mut self, bytes: u64) -> Result<(), OutOfMemory> {
        let needed = (RECORDS + self.length + bytes).div_ceil(PAGE);
        let pages = self.memory.size();
        if needed > pages && self.memory.grow((needed - pages).max(GROWTH)) < 0 {
            return Err(OutOfMemory);
        }
        Ok(())
    }

    fn set_length(&mut self, length: u64) {
        self.length = length;
        self.memory.write(LENGTH, &length.to_le_bytes());
    }

    /// Shows every record to `visit`, oldest first.
    pub(crate) fn replay<E: From<LogError>>(
        &self,
        mut visit: impl FnMut(&Record<'_>) -> Result<(), E>,
    ) -> Result<(), E> {
        let mut bytes = vec![0; self.length as usize];
        self.memory.read(RECORDS, &mut bytes);
        let mut rest = bytes.as_slice();
        while !rest.is_empty() {
            let offset = RECORDS + self.length - rest.len() as u64;
            let damaged = |error| LogError::Damaged { offset, error };
            let (payload, after) = split_record(rest).map_err(damaged)?;
            visit(&Record::parse(offset, payload).map_err(damaged)?)?;
            rest = after;
        }
        Ok(())
    }

    /// Keeps the records that begin at these offsets, in this order and with these flags, and drops all
    /// others. Gives where each begins now.
    pub(crate) fn keep(
        &mut self,
        records: impl Iterator<Item = (u64, bool)>,
    ) -> Result<Vec<u64>, LogError> {
        let mut old = vec![0; self.length as usize];
        self.memory.read(RECORDS, &mut old);
        let mut kept = Vec::new();
        let mut offsets = Vec::new();
        for (offset, shared) in records {
            let damaged = |error| LogError::Damaged { offset, error };
            let from = old
                .get((offset.wrapping_sub(RECORDS)) as usize..)
                .ok_or(damaged(RowError::Truncated))?;
            let (payload, _) = split_record(from).map_err(damaged)?;
            offsets.push(RECORDS + kept.len() as u64);
            let mut record = vec![0; RECORD_HEAD];
            record.extend_from_slice(payload);
            if let Some(flags) = record.get_mut(RECORD_HEAD + 1) {
                *flags = u8::from(shared) * SHARED;
            }
            seal(&mut record);
            kept.extend(record);
        }
        self.memory.write(RECORDS, &kept);
        self.set_length(kept.len() as u64);
        Ok(offsets)
    }
}

/// Writes length and checksum before a payload that stands behind room for them.
fn seal(record: &mut [u8]) {
    if let Some((head, payload)) = record.split_first_chunk_mut::<RECORD_HEAD>() {
        let checksum = xxh3_64(payload) as u32;
        head[..4].copy_from_slice(&(payload.len() as u32).to_le_bytes());
        head[4..].copy_from_slice(&checksum.to_le_bytes());
    }
}

/// The payload of the first record, and what follows it.
fn split_record(bytes: &[u8]) -> Result<(&[u8], &[u8]), RowError> {
    let (&[a, b, c, d, e, f, g, h], rest) = bytes.split_first_chunk().ok_or(RowError::Truncated)?;
    let length = u32::from_le_bytes([a, b, c, d]);
    let (payload, rest) = rest
        .split_at_checked(length as usize)
        .ok_or(RowError::Truncated)?;
    if xxh3_64(payload) as u32 != u32::from_le_bytes([e, f, g, h]) {
        return Err(RowError::Checksum);
    }
    Ok((payload, rest))
}
