//! Segments as bytes, for those who look at them or keep them elsewhere.

use crate::convert;
use engine::{Budget, Orbiter};
use ic_stable_structures::Memory;
use std::fmt;
use wire::{GetSegment, ListSegments, SegmentPart, SegmentSummary};

/// The most segments that are listed at once; each takes 48 bytes of the reply.
pub const LISTED_SEGMENTS: usize = 10_000;

/// The most bytes of a part: it fits a reply also where the query is sent as an update.
pub const PART_BYTES: usize = Budget::REPLICATED_REPLY_BYTES as usize;

/// There is no such segment, or no longer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct NoSegment {
    /// The id that was asked for.
    pub segment: u64,
}

impl fmt::Display for NoSegment {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "There is no segment {}, or compaction has replaced it by another: list_segments names those \
             there are.",
            self.segment
        )
    }
}

impl std::error::Error for NoSegment {}

/// The segments after a given one, in the order of their ids, as many as are listed at once.
pub fn list<M: Memory>(orbiter: &Orbiter<M>, of: ListSegments) -> Vec<SegmentSummary> {
    let mut segments = orbiter.segments();
    segments.retain(|segment| of.after.is_none_or(|after| segment.id > after));
    segments.sort_unstable_by_key(|segment| segment.id);
    segments.truncate(LISTED_SEGMENTS);
    segments.into_iter().map(convert::segment_summary).collect()
}

/// A part of a segment.
///
/// # Errors
/// [`NoSegment`].
pub fn part<M: Memory>(orbiter: &Orbiter<M>, of: GetSegment) -> Result<SegmentPart, NoSegment> {
    let GetSegment { segment, offset } = of;
    let (bytes, total) = orbiter
        .segment_bytes(segment, offset, PART_BYTES)
        .ok_or(NoSegment { segment })?;
    Ok(SegmentPart { bytes, total })
}
