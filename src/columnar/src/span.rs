//! Which rows of a table are meant.

use std::ops::Range;

/// A run of rows that [`Table::span`](crate::Table::span) has checked: of a grouped table, whole groups, with
/// their bounds at hand, so that every column of the rows can be read without looking the groups up again.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Span {
    pub(crate) rows: Range<u32>,
    pub(crate) groups: Range<u32>,
    pub(crate) starts: Vec<u32>,
}

impl Span {
    /// Rows without groups.
    pub(crate) fn ungrouped(rows: Range<u32>) -> Self {
        Self {
            rows,
            groups: 0..0,
            starts: Vec::new(),
        }
    }

    /// The rows.
    pub fn rows(&self) -> Range<u32> {
        self.rows.clone()
    }

    /// The groups that they are; empty for an ungrouped table.
    pub fn groups(&self) -> Range<u32> {
        self.groups.clone()
    }

    /// The first row of each group relative to the span's first row, plus the span's length: one more than
    /// there are groups. Empty for an ungrouped table.
    pub fn starts(&self) -> &[u32] {
        &self.starts
    }
}
