//! What can be wrong with stored bytes, or with what is to be written.

use std::fmt;

/// A part of a segment that has a checksum of its own.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Region {
    /// The list of everything else.
    Directory,
    /// A dictionary.
    Dictionary {
        /// Its id.
        dictionary: u16,
    },
    /// The rows at which a table's groups start.
    Groups {
        /// The table's id.
        table: u16,
    },
    /// A column.
    Column {
        /// The id of its table.
        table: u16,
        /// Its id.
        column: u16,
    },
}

/// What a column holds for each row.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Sort {
    /// A `u64`.
    Numbers,
    /// A byte string.
    Texts,
}

/// Why bytes can't be read, or columns can't be written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Error {
    /// The bytes end where more should follow.
    Truncated,
    /// The bytes are no segment.
    BadMagic {
        /// Their first four.
        found: [u8; 4],
    },
    /// A segment of a format that this code doesn't know.
    UnknownVersion {
        /// Its version.
        found: u8,
    },
    /// A region in an encoding that this code doesn't know, or that has no place there.
    UnknownCodec {
        /// The encoding's number.
        codec: u8,
    },
    /// A region's bytes are not those that were written.
    Checksum {
        /// Which.
        region: Region,
    },
    /// There is no such table.
    NoTable {
        /// The id asked for.
        table: u16,
    },
    /// There is no such column.
    NoColumn {
        /// The table's id.
        table: u16,
        /// The id asked for.
        column: u16,
    },
    /// There is no such dictionary.
    NoDictionary {
        /// The id asked for.
        dictionary: u16,
    },
    /// A column of texts was asked for numbers, or the other way round.
    WrongSort {
        /// The table's id.
        table: u16,
        /// The column's id.
        column: u16,
        /// What it holds.
        found: Sort,
    },
    /// A number beyond its limit: a row, a group, a code, a count.
    OutOfRange {
        /// The number.
        value: u64,
        /// The greatest that is allowed.
        limit: u64,
    },
    /// Rows that don't start and end where the groups given with them do.
    NotAligned {
        /// The row that differs: one asked for.
        row: u32,
        /// Where the groups start or end.
        group: u32,
    },
    /// A column of another length than its table.
    WrongLength {
        /// The values given.
        given: u64,
        /// The table's rows.
        rows: u64,
    },
    /// A group without rows.
    EmptyGroup {
        /// Which.
        group: u32,
    },
    /// The texts of a dictionary that don't strictly ascend.
    Unsorted {
        /// The place of the first text that doesn't follow its predecessor.
        position: u32,
    },
    /// An id that was given before.
    Duplicate {
        /// What for.
        region: Region,
    },
    /// Bytes that contradict themselves.
    Corrupt {
        /// What they claim.
        what: &'static str,
    },
}

impl Error {
    /// Shorthand for the commonest kind of damage.
    pub(crate) const fn corrupt(what: &'static str) -> Self {
        Self::Corrupt { what }
    }
}

impl fmt::Display for Region {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Directory => write!(f, "the directory"),
            Self::Dictionary { dictionary } => write!(f, "dictionary {dictionary}"),
            Self::Groups { table } => write!(f, "the groups of table {table}"),
            Self::Column { table, column } => write!(f, "column {column} of table {table}"),
        }
    }
}

impl fmt::Display for Sort {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Numbers => "numbers",
            Self::Texts => "texts",
        })
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Truncated => write!(f, "The segment ends too early."),
            Self::BadMagic { found } => {
                write!(f, "This is no segment: it starts with {found:02x?}.")
            }
            Self::UnknownVersion { found } => write!(
                f,
                "The segment has format {found}, which this release doesn't know: use a newer one."
            ),
            Self::UnknownCodec { codec } => write!(
                f,
                "A region is in encoding {codec}, which this release doesn't know: use a newer one."
            ),
            Self::Checksum { region } => write!(
                f,
                "The bytes of {region} are not those that were written: restore the segment."
            ),
            Self::NoTable { table } => write!(f, "The segment has no table {table}."),
            Self::NoColumn { table, column } => write!(f, "Table {table} has no column {column}."),
            Self::NoDictionary { dictionary } => {
                write!(f, "The segment has no dictionary {dictionary}.")
            }
            Self::WrongSort {
                table,
                column,
                found,
            } => write!(f, "Column {column} of table {table} holds {found}."),
            Self::OutOfRange { value, limit } => {
                write!(f, "{value} is out of range: at most {limit} is possible.")
            }
            Self::NotAligned { row, group } => write!(
                f,
                "Row {row} is not where the group starts or ends: that is row {group}."
            ),
            Self::WrongLength { given, rows } => write!(
                f,
                "The column has {given} values, its table {rows} rows: give one for each row."
            ),
            Self::EmptyGroup { group } => {
                write!(f, "Group {group} has no rows: leave it out.")
            }
            Self::Unsorted { position } => write!(
                f,
                "The dictionary's texts must strictly ascend: text {position} doesn't follow the one before."
            ),
            Self::Duplicate { region } => write!(f, "The segment has {region} already."),
            Self::Corrupt { what } => write!(f, "The segment is damaged: {what}."),
        }
    }
}

impl std::error::Error for Error {}
