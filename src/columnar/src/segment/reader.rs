//! Reading segments.

use super::format::{ColumnEntry, Directory, HEADER_BYTES, Header, Stored, checksum};
use super::{Table, TableEntry};
use crate::dictionary::Dictionary;
use crate::source::{Part, Source, slice};
use crate::{Error, Region, codec};

/// An opened segment: its directory is in memory, everything else is read when asked for.
#[derive(Clone, Debug)]
pub struct Segment<S> {
    source: S,
    bytes: u64,
    directory: Directory,
}

/// What the directory says about a region.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct EntryInfo {
    /// What it holds.
    pub region: Region,
    /// How it is encoded.
    pub codec: &'static str,
    /// Where it starts, from the segment's start.
    pub offset: u64,
    /// Its length.
    pub bytes: u64,
    /// The rows of a column, the groups of a table, the texts of a dictionary.
    pub rows: u32,
    /// The least and the greatest number of a column of numbers; 0 and 0 if it has no rows.
    pub bounds: Option<(u64, u64)>,
}

impl<S: Source> Segment<S> {
    /// Reads and checks header and directory: two reads. The source may be longer than the segment.
    ///
    /// Errors: what these bytes break, and [`Error::Truncated`] where the source is shorter than they say.
    pub fn open(source: S) -> Result<Self, Error> {
        let mut header = [0; HEADER_BYTES];
        source.read(0, &mut header)?;
        let header = Header::read(&header)?;
        let start = HEADER_BYTES as u64 + u64::from(header.directory_bytes);
        if header.bytes > source.len() || start > header.bytes {
            return Err(Error::Truncated);
        }
        let mut directory = vec![0; header.directory_bytes as usize];
        source.read(HEADER_BYTES as u64, &mut directory)?;
        if checksum(&directory) != header.checksum {
            return Err(Error::Checksum {
                region: Region::Directory,
            });
        }
        Ok(Self {
            directory: Directory::read(&directory, start, header.bytes)?,
            source,
            bytes: header.bytes,
        })
    }

    /// The length of the whole segment.
    pub fn bytes(&self) -> u64 {
        self.bytes
    }

    /// The table with this id, or [`Error::NoTable`].
    pub fn table(&self, id: u16) -> Result<Table<'_, S>, Error> {
        let table = self.directory.tables.iter().find(|table| table.id == id);
        let table = table.ok_or(Error::NoTable { table: id })?;
        Ok(Table::new(self, table))
    }

    /// Whether there is a table with this id.
    pub fn has_table(&self, id: u16) -> bool {
        self.table(id).is_ok()
    }

    /// The dictionary with this id, or [`Error::NoDictionary`].
    pub fn dictionary(&self, id: u16) -> Result<Dictionary<'_, S>, Error> {
        let mut dictionaries = self.directory.dictionaries.iter();
        let found = dictionaries.find(|dictionary| dictionary.id == id);
        let found = found.ok_or(Error::NoDictionary { dictionary: id })?;
        Ok(Dictionary::new(self, found))
    }

    /// Whether there is a dictionary with this id.
    pub fn has_dictionary(&self, id: u16) -> bool {
        self.dictionary(id).is_ok()
    }

    /// Reads every region and compares its checksum: [`Error::Checksum`] names the first one that differs.
    pub fn verify(&self) -> Result<(), Error> {
        let dictionaries = self.directory.dictionaries.iter().map(|entry| entry.stored);
        let tables = self.directory.tables.iter().flat_map(|table| {
            let columns = table.columns.iter().map(|column| column.stored);
            table.starts.into_iter().chain(columns)
        });
        for stored in dictionaries.chain(tables) {
            if checksum(&self.part(&stored).all()?) != stored.checksum {
                let region = stored.region;
                return Err(Error::Checksum { region });
            }
        }
        Ok(())
    }

    /// What the segment holds: dictionaries first, then each table's groups and columns.
    pub fn directory(&self) -> impl Iterator<Item = EntryInfo> {
        let dictionaries = self.directory.dictionaries.iter();
        let dictionaries =
            dictionaries.map(|entry| info(&entry.stored, "front-coded", entry.texts, None));
        let tables = self.directory.tables.iter().flat_map(table_info);
        dictionaries.chain(tables)
    }

    /// The bytes of a region.
    pub(crate) fn part(&self, stored: &Stored) -> Part<'_> {
        let memory = self.source.in_memory();
        // A region beyond the end is found when it is read.
        match memory.and_then(|bytes| slice(bytes, stored.offset, stored.length).ok()) {
            Some(bytes) => Part::Memory(bytes),
            None => Part::Stored {
                source: &self.source,
                offset: stored.offset,
                length: stored.length,
            },
        }
    }
}

fn table_info(table: &TableEntry) -> impl Iterator<Item = EntryInfo> {
    let starts = table.starts.iter();
    let starts = starts.map(|stored| info(stored, "delta", table.groups, None));
    let column = |column: &ColumnEntry| {
        let codec = codec::name(column.codec);
        info(&column.stored, codec, table.rows, column.bounds)
    };
    starts.chain(table.columns.iter().map(column))
}

fn info(stored: &Stored, codec: &'static str, rows: u32, bounds: Option<(u64, u64)>) -> EntryInfo {
    EntryInfo {
        region: stored.region,
        codec,
        offset: stored.offset,
        bytes: stored.length,
        rows,
        bounds,
    }
}
