//! Columns as bytes, and back.
//!
//! A *segment* is one immutable byte string that holds *dictionaries* and *tables*, each with an id. A
//! dictionary is a sorted list of byte strings without duplicates; a text is named by its code, its place in
//! the list. A table has rows, and columns of two sorts: *numbers*, one `u64` for each row, and *texts*, one
//! byte string for each row, for what hardly repeats (texts that repeat are numbers: their codes). A table may
//! be *grouped*: consecutive rows form groups, none of them empty, such as the entries of a visit.
//!
//! [`SegmentWriter`] makes a segment, choosing the smallest encoding for each column by the [`Hint`] it is
//! given. [`Segment`] opens one on any [`Source`] of bytes and reads only what is asked for: a [`Span`] of rows
//! of one column costs one to three reads. Nothing is interpreted: what a column means is its user's business,
//! as are ids.
//!
//! The layout is drawn in `segment/format.rs`, the encodings in `codec/` and `dictionary.rs`. Stored bytes may
//! be damaged: reading ends in an [`Error`] or in wrong values, never in a panic, and allocates no more than the
//! directory's counts allow (2^24 rows at most). [`Segment::verify`] tells damage by checksums.
//!
//! Decoding is made for a machine on which every instruction counts the same: values are read in blocks of 128,
//! with code of their own for each width, and nothing is called for a single value.

mod bits;
mod codec;
mod describe;
mod dictionary;
mod error;
mod segment;
mod source;
mod span;
mod texts;
mod varint;

pub use describe::describe;
pub use dictionary::Dictionary;
pub use error::{Error, Region, Sort};
pub use segment::{EntryInfo, Hint, Segment, SegmentWriter, Table, TableWriter};
pub use source::Source;
pub use span::Span;
pub use texts::Texts;
