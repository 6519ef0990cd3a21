//! Segments: how they are laid out, written and read.

mod format;
mod reader;
mod table;
mod writer;

pub(crate) use format::{DictionaryEntry, TableEntry};
pub use reader::{EntryInfo, Segment};
pub use table::Table;
pub use writer::{Hint, SegmentWriter, TableWriter};
