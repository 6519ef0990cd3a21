//! Where the sessions of segments are, and the keys of entries off the clock: answers whether a segment has
//! one, without reading the segments.
//!
//! A run covers some segments. Four runs of one level become one of the next, so that there are few of them
//! however many segments there are. Keys of entries on the clock need no run: only the few segments whose
//! range covers their instant can have them.
//!
//! ```text
//! run of level L, of up to 4^L segments:
//!   where each bucket ends         ↕ u32 per bucket, 1,024 · 4^L of them
//!   items, by bucket               ↕ u32 each
//!
//! an item of level L, from the high bits on:
//!   mark       bits of the hash, 16 − 2L of them
//!   segment    its place among the run's segments, 2L bits
//!   item       the place of the session, or of the entry, in the segment, 16 bits
//! ```
//!
//! The bucket is the high 10 + 2L bits of the hash ([`session_hash`], [`key_hash`]), the mark the bits that
//! follow: together 26 bits at any level. Equal bits don't prove an equal item: whoever asks looks it up in
//! the segment. Entries are counted through all kinds, in the order of their numbers.

use super::extents::{Extent, Extents};
use crate::kinds::KindName;
use ic_stable_structures::Memory;
use xxhash_rust::xxh3::{xxh3_64, xxh3_64_with_seed};

/// How many runs of a level become one of the next.
pub(crate) const FAN_IN: usize = 4;

/// Runs of this level aren't put together any more: 256 segments.
pub(crate) const LAST_LEVEL: u8 = 4;

const BUCKET_BITS: u32 = 10;
const KNOWN_BITS: u32 = 26;
const ITEM_BITS: u32 = 16;

/// A run in the making.
pub(crate) struct Run {
    /// By bucket.
    buckets: Vec<Vec<u32>>,
}

/// The hash by which a session is found: xxh3-64 of its id.
pub(crate) fn session_hash(id: &[u8]) -> u64 {
    xxh3_64(id)
}

/// The hash by which an entry is found: xxh3-64 of its key's text, seeded with kind and instant.
pub(crate) fn key_hash(kind: KindName, collected_at: u64, key: &[u8]) -> u64 {
    xxh3_64_with_seed(key, collected_at.wrapping_add((kind as u64) << 56))
}

/// The bits of a hash that the index knows.
fn known_bits(hash: u64) -> u32 {
    (hash >> (64 - KNOWN_BITS)) as u32
}

const fn bucket_bits(level: u8) -> u32 {
    BUCKET_BITS + 2 * level as u32
}

const fn mark_bits(level: u8) -> u32 {
    KNOWN_BITS - bucket_bits(level)
}

impl Run {
    /// The run of one segment, whose items have these hashes; at most 65,536 of them.
    pub(crate) fn of_segment(hashes: impl Iterator<Item = u64>) -> Self {
        let mut buckets = vec![Vec::new(); 1 << BUCKET_BITS];
        for (item, hash) in hashes.enumerate() {
            let known = known_bits(hash);
            let mark = known & ((1 << mark_bits(0)) - 1);
            buckets[(known >> mark_bits(0)) as usize].push(mark << ITEM_BITS | item as u32);
        }
        Self { buckets }
    }

    /// Several runs of `level`, each of up to 4^level segments, as one of the next level.
    pub(crate) fn merge<M: Memory>(extents: &Extents<M>, level: u8, runs: &[Extent]) -> Self {
        let next = level + 1;
        let mut buckets = vec![Vec::new(); 1 << bucket_bits(next)];
        for (place, extent) in runs.iter().enumerate() {
            let mut bytes = vec![0; extent.bytes as usize];
            extents.read(*extent, 0, &mut bytes);
            let numbers = bytes.as_chunks().0;
            let number = |at: usize| {
                numbers
                    .get(at)
                    .map_or(0, |bytes| u32::from_le_bytes(*bytes))
            };
            let directory = 1 << bucket_bits(level);
            let mut start = 0;
            for bucket in 0..directory {
                let end = number(bucket) as usize;
                for at in start..end.min(numbers.len()) {
                    let entry = number(directory + at);
                    let item = entry & ((1 << ITEM_BITS) - 1);
                    let segment = entry >> ITEM_BITS & ((1 << (2 * level)) - 1);
                    let mark = entry >> (ITEM_BITS + 2 * u32::from(level));
                    let sub_bucket = mark >> mark_bits(next);
                    let mark = mark & ((1 << mark_bits(next)) - 1);
                    let segment = (place as u32) << (2 * level) | segment;
                    let entry =
                        mark << (ITEM_BITS + 2 * u32::from(next)) | segment << ITEM_BITS | item;
                    if let Some(bucket) = buckets.get_mut(bucket << 2 | sub_bucket as usize) {
                        bucket.push(entry);
                    }
                }
                start = end;
            }
        }
        Self { buckets }
    }

    /// How many bytes the run has.
    pub(crate) fn bytes_len(&self) -> u64 {
        let entries: usize = self.buckets.iter().map(Vec::len).sum();
        4 * (self.buckets.len() + entries) as u64
    }

    /// The run's bytes.
    pub(crate) fn bytes(&self) -> Vec<u8> {
        let mut bytes = Vec::new();
        let mut end = 0;
        for bucket in &self.buckets {
            end += bucket.len() as u32;
            bytes.extend(end.to_le_bytes());
        }
        let entries = self.buckets.iter().flatten();
        bytes.extend(entries.flat_map(|entry| entry.to_le_bytes()));
        bytes
    }
}

/// Where an item with this hash may be in a run: the place of the segment in the run, and of the item in the
/// segment.
pub(crate) fn candidates<M: Memory>(
    extents: &Extents<M>,
    run: Extent,
    level: u8,
    hash: u64,
) -> Vec<(usize, u32)> {
    let known = known_bits(hash);
    let bucket = u64::from(known >> mark_bits(level));
    let mark = known & ((1 << mark_bits(level)) - 1);
    let before = bucket.saturating_sub(1);
    let mut ends = [0; 8];
    extents.read(run, before * 4, &mut ends);
    let [first, second] = ends.as_chunks().0 else {
        return Vec::new();
    };
    let (first, second) = (u32::from_le_bytes(*first), u32::from_le_bytes(*second));
    let (start, end) = if bucket == 0 {
        (0, first)
    } else {
        (first, second)
    };
    let directory_bytes = 4_u64 << bucket_bits(level);
    let in_run = (run.bytes.saturating_sub(directory_bytes) / 4) as u32;
    let mut bytes = vec![0; 4 * end.min(in_run).saturating_sub(start) as usize];
    extents.read(run, directory_bytes + 4 * u64::from(start), &mut bytes);
    let entries = bytes
        .as_chunks()
        .0
        .iter()
        .map(|bytes| u32::from_le_bytes(*bytes));
    entries
        .filter(|entry| (*entry >> ITEM_BITS).checked_shr(2 * u32::from(level)) == Some(mark))
        .map(|entry| {
            let segment = entry >> ITEM_BITS & ((1 << (2 * level)) - 1);
            (segment as usize, entry & ((1 << ITEM_BITS) - 1))
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use ic_stable_structures::VectorMemory;

    fn write(extents: &mut Extents<VectorMemory>, run: &Run) -> Extent {
        let bytes = run.bytes();
        let extent = extents.allocate(bytes.len() as u64).unwrap();
        extents.write(extent, 0, &bytes);
        extent
    }

    fn id(segment: usize, session: usize) -> u64 {
        session_hash(format!("{segment}-{session}").as_bytes())
    }

    #[test]
    fn every_session_is_found_at_every_level_and_hardly_any_other() {
        const SESSIONS: usize = 40;
        let mut extents = Extents::open(VectorMemory::default(), 1 << 30, vec![]).unwrap();
        let mut runs: Vec<Extent> = (0..256)
            .map(|segment| {
                let ids = (0..SESSIONS).map(|session| id(segment, session));
                write(&mut extents, &Run::of_segment(ids))
            })
            .collect();
        for level in 0..=LAST_LEVEL {
            let per_run = FAN_IN.pow(level.into());
            for segment in (0..256).step_by(37) {
                for session in 0..SESSIONS {
                    let run = runs[segment / per_run];
                    let found = candidates(&extents, run, level, id(segment, session));
                    assert!(found.contains(&(segment % per_run, session as u32)));
                }
            }
            let strangers: usize = (0..1_000)
                .map(|stranger| candidates(&extents, runs[0], level, id(1_000, stranger)).len())
                .sum();
            assert!(strangers < 10, "{strangers} at level {level}");
            if level < LAST_LEVEL {
                runs = runs
                    .chunks(FAN_IN)
                    .map(|runs| {
                        let merged = Run::merge(&extents, level, runs);
                        write(&mut extents, &merged)
                    })
                    .collect();
            }
        }
        assert_eq!(runs.len(), 1);
    }
}
