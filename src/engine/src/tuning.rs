//! The sizes that the pipeline works with.

/// Sizes of the pipeline. What ships uses [`Tuning::default`]; tests make them tiny to reach every corner.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Tuning {
    /// Compaction begins when this many fresh entries belong to closed sessions.
    pub tail_rows: u32,
    /// How many entries a segment should have in the end; those with less than three quarters are merged.
    pub full_rows: u32,
    /// From this many entries of a kind and satellite on a segment keeps cubes of them; fewer are scanned.
    pub cube_rows: u32,
    /// How many segments, or groups of them, share a merged cube.
    pub group_segments: u32,
    /// A session is closed when nothing of it arrived for this long, in nanoseconds.
    pub session_gap: u64,
    /// The most bytes of stable memory that segments may take.
    pub capacity_bytes: u64,
}

impl Default for Tuning {
    fn default() -> Self {
        Self {
            tail_rows: 24_576,
            full_rows: 32_768,
            cube_rows: 4_096,
            group_segments: 4,
            session_gap: 30 * 60 * 1_000_000_000,
            capacity_bytes: 400_000_000_000,
        }
    }
}
