//! What may change of a segment: which of its sessions may have entries elsewhere, and which of its entries
//! others have taken the place of.
//!
//! ```text
//! at the end of a segment's file, rounded up to 8 bytes, within its extent:
//!   marked sessions               ↕ u32, little-endian
//!   marked entries of each kind   ↕ u32 each
//!   one bit per session           ↕ the lowest bit of a byte first
//!   one bit per entry, per kind   ↕ likewise, each kind from a new byte on
//! ```
//!
//! A mark is set and never taken back. A session that has a marked entry is marked itself.

use super::extents::{Extent, Extents};
use super::manifest::SegmentInfo;
use crate::kinds::KindName;
use ic_stable_structures::Memory;

const COUNTS: usize = 1 + KindName::ALL.len();
const HEAD: u64 = 4 * COUNTS as u64;

/// What a mark is set on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Markable {
    Sessions,
    Rows(KindName),
}

impl Markable {
    const fn index(self) -> usize {
        match self {
            Self::Sessions => 0,
            Self::Rows(kind) => 1 + kind.index(),
        }
    }
}

/// How many marks a segment has.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct MarkCounts([u32; COUNTS]);

impl MarkCounts {
    pub(crate) fn of(self, what: Markable) -> u32 {
        self.0[what.index()]
    }

    /// Whether there is any.
    pub(crate) fn any(self) -> bool {
        self.0.iter().any(|count| *count > 0)
    }
}

/// Bits, the lowest of each byte first.
#[derive(Clone, Debug, Default)]
pub(crate) struct Bits(Vec<u8>);

impl Bits {
    pub(crate) fn zeros(length: usize) -> Self {
        Self(vec![0; length.div_ceil(8)])
    }

    pub(crate) fn set(&mut self, index: usize) {
        if let Some(byte) = self.0.get_mut(index / 8) {
            *byte |= 1 << (index % 8);
        }
    }

    /// Whether a bit is set; not beyond the end.
    pub(crate) fn get(&self, index: usize) -> bool {
        self.0
            .get(index / 8)
            .is_some_and(|byte| byte >> (index % 8) & 1 != 0)
    }

    /// The places of the bits that are set, ascending.
    pub(crate) fn ones(&self) -> impl Iterator<Item = usize> {
        let bytes = self.0.iter().enumerate().filter(|(_, byte)| **byte != 0);
        bytes.flat_map(|(at, byte)| {
            (0..8)
                .filter(move |bit| byte >> bit & 1 != 0)
                .map(move |bit| at * 8 + bit)
        })
    }
}

fn lengths(info: &SegmentInfo) -> [u64; COUNTS] {
    let [a, b, c] = info.kinds.map(|kind| u64::from(kind.rows).div_ceil(8));
    [u64::from(info.sessions).div_ceil(8), a, b, c]
}

/// Where the marks begin in the extent of a segment whose file has so many bytes.
fn start(file_bytes: u64) -> u64 {
    file_bytes.next_multiple_of(8)
}

/// How many bytes a segment's extent needs, file and marks.
pub(crate) fn extent_bytes(info: &SegmentInfo) -> u64 {
    start(info.file_bytes) + HEAD + lengths(info).iter().sum::<u64>()
}

/// Writes the marks of a new segment: those of its shared sessions.
pub(crate) fn create<M: Memory>(
    extents: &Extents<M>,
    info: &SegmentInfo,
    shared: &Bits,
) -> MarkCounts {
    let counts = MarkCounts([shared.ones().count() as u32, 0, 0, 0]);
    let mut bytes: Vec<u8> = counts
        .0
        .iter()
        .flat_map(|count| count.to_le_bytes())
        .collect();
    bytes.extend(&shared.0);
    bytes.resize((HEAD + lengths(info).iter().sum::<u64>()) as usize, 0);
    extents.write(info.extent, start(info.file_bytes), &bytes);
    counts
}

/// How many marks a segment has.
pub(crate) fn counts<M: Memory>(extents: &Extents<M>, info: &SegmentInfo) -> MarkCounts {
    let mut bytes = [0; HEAD as usize];
    extents.read(info.extent, start(info.file_bytes), &mut bytes);
    let mut counts = MarkCounts::default();
    for (count, bytes) in counts.0.iter_mut().zip(bytes.as_chunks().0) {
        *count = u32::from_le_bytes(*bytes);
    }
    counts
}

fn bits_at(info: &SegmentInfo, what: Markable) -> (Extent, u64, u64) {
    let lengths = lengths(info);
    let before: u64 = lengths.iter().take(what.index()).sum();
    let length = lengths[what.index()];
    (info.extent, start(info.file_bytes) + HEAD + before, length)
}

/// All marks of one sort.
pub(crate) fn read<M: Memory>(extents: &Extents<M>, info: &SegmentInfo, what: Markable) -> Bits {
    let (extent, offset, length) = bits_at(info, what);
    let mut bytes = vec![0; length as usize];
    extents.read(extent, offset, &mut bytes);
    Bits(bytes)
}

/// Sets a mark and counts it, unless it is set already. Gives the counts that hold now.
pub(crate) fn set<M: Memory>(
    extents: &Extents<M>,
    info: &SegmentInfo,
    mut counts: MarkCounts,
    what: Markable,
    index: u32,
) -> MarkCounts {
    let (extent, offset, length) = bits_at(info, what);
    let (byte_at, bit) = (u64::from(index / 8), 1_u8 << (index % 8));
    if byte_at >= length {
        return counts;
    }
    let mut byte = [0];
    extents.read(extent, offset + byte_at, &mut byte);
    if byte[0] & bit == 0 {
        extents.write(extent, offset + byte_at, &[byte[0] | bit]);
        counts.0[what.index()] += 1;
        let count = counts.0[what.index()].to_le_bytes();
        let head = start(info.file_bytes) + 4 * what.index() as u64;
        extents.write(extent, head, &count);
    }
    counts
}
