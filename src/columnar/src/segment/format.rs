//! The bytes of a segment.
//!
//! ```text
//! header    │ "COLS"                                       │ 4 bytes
//!           │ version: 1                                   │ 1 byte
//!           │ bytes of the segment, of the directory       │ 8 and 4 bytes
//!           │ checksum of the directory                    │ 8 bytes
//! directory │ entries, in the order of their regions       │ each starts with its kind, 1 byte
//! regions   │ the bytes of each entry, without gaps        │ drawn in `codec/` and `dictionary.rs`
//!
//! 1..64     │ numbers of the table before: the kind is the codec │ id · least · greatest - least · length · checksum
//! 64..128   │ texts of the table before: the kind is the codec   │ id · length · checksum
//! 128       │ dictionary                                         │ id · texts · bytes of all texts · length · checksum
//! 129       │ ungrouped table                                    │ id · rows
//! 130       │ grouped table; its region is the first row of each │ id · rows · groups · length · checksum
//!           │ group, in the codec `delta`                        │
//! ```
//!
//! Numbers of fixed size are little-endian, all others varints (`varint.rs`). Lengths are those of regions, in
//! bytes; where a region stands follows from those before it. Checksums are XXH3, 64 bits of it, without seed.

use crate::codec::{NO_COLUMN, TEXTS};
use crate::varint::{self, Reader};
use crate::{Error, Region, Sort};
use xxhash_rust::xxh3::xxh3_64;

/// The bytes that a segment starts with.
pub(crate) const MAGIC: [u8; 4] = *b"COLS";

/// The format that this code writes and reads.
pub(crate) const VERSION: u8 = 1;

/// The bytes of the header.
pub(crate) const HEADER_BYTES: usize = 25;

/// The most rows of a table, and texts of a dictionary.
pub(crate) const MAX_ROWS: u32 = 1 << 24;

/// The most bytes that a dictionary's texts may have together.
pub(crate) const MAX_DICTIONARY_BYTES: u64 = 1 << 28;

const DICTIONARY: u8 = 128;
const TABLE: u8 = 129;
const GROUPED_TABLE: u8 = 130;

/// Where a region stands.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Stored {
    pub region: Region,
    /// From the segment's start.
    pub offset: u64,
    pub length: u64,
    pub checksum: u64,
}

#[derive(Clone, Copy, Debug)]
pub(crate) struct DictionaryEntry {
    pub id: u16,
    pub texts: u32,
    /// Of all texts together.
    pub bytes: u64,
    pub stored: Stored,
}

#[derive(Clone, Debug)]
pub(crate) struct TableEntry {
    pub id: u16,
    pub rows: u32,
    pub groups: u32,
    /// The first row of each group; none for an ungrouped table.
    pub starts: Option<Stored>,
    pub columns: Vec<ColumnEntry>,
}

#[derive(Clone, Copy, Debug)]
pub(crate) struct ColumnEntry {
    pub id: u16,
    pub codec: u8,
    /// The least and the greatest number.
    pub bounds: Option<(u64, u64)>,
    pub stored: Stored,
}

impl ColumnEntry {
    pub fn sort(&self) -> Sort {
        match self.codec {
            0..TEXTS => Sort::Numbers,
            _ => Sort::Texts,
        }
    }
}

/// What a segment holds.
#[derive(Clone, Debug, Default)]
pub(crate) struct Directory {
    pub dictionaries: Vec<DictionaryEntry>,
    pub tables: Vec<TableEntry>,
}

/// The fixed start of a segment.
pub(crate) struct Header {
    pub bytes: u64,
    pub directory_bytes: u32,
    pub checksum: u64,
}

impl Header {
    pub fn read(bytes: &[u8; HEADER_BYTES]) -> Result<Self, Error> {
        let mut reader = Reader::new(bytes);
        let magic = reader.take(MAGIC.len())?;
        if magic != MAGIC {
            let mut found = [0; 4];
            found.copy_from_slice(magic);
            return Err(Error::BadMagic { found });
        }
        match reader.byte()? {
            VERSION => {}
            found => return Err(Error::UnknownVersion { found }),
        }
        let bytes = reader.word()?;
        let mut directory_bytes = [0; 4];
        directory_bytes.copy_from_slice(reader.take(4)?);
        Ok(Self {
            bytes,
            directory_bytes: u32::from_le_bytes(directory_bytes),
            checksum: reader.word()?,
        })
    }

    pub fn write(&self, out: &mut Vec<u8>) {
        out.extend_from_slice(&MAGIC);
        out.push(VERSION);
        out.extend_from_slice(&self.bytes.to_le_bytes());
        out.extend_from_slice(&self.directory_bytes.to_le_bytes());
        out.extend_from_slice(&self.checksum.to_le_bytes());
    }
}

/// The checksum of a region, or of the directory.
pub(crate) fn checksum(bytes: &[u8]) -> u64 {
    xxh3_64(bytes)
}

/// Appends the entries of a directory; regions need not be placed yet.
pub(crate) struct DirectoryWriter<'a> {
    pub out: &'a mut Vec<u8>,
}

impl DirectoryWriter<'_> {
    pub fn dictionary(&mut self, id: u16, texts: u32, bytes: u64, region: &[u8]) {
        self.start(DICTIONARY, id);
        varint::put(self.out, u64::from(texts));
        varint::put(self.out, bytes);
        self.region(region);
    }

    pub fn table(&mut self, id: u16, rows: u32) {
        self.start(TABLE, id);
        varint::put(self.out, u64::from(rows));
    }

    pub fn grouped_table(&mut self, id: u16, rows: u32, groups: u32, region: &[u8]) {
        self.start(GROUPED_TABLE, id);
        varint::put(self.out, u64::from(rows));
        varint::put(self.out, u64::from(groups));
        self.region(region);
    }

    pub fn numbers(&mut self, codec: u8, id: u16, least: u64, greatest: u64, region: &[u8]) {
        self.start(codec, id);
        varint::put(self.out, least);
        varint::put(self.out, greatest - least);
        self.region(region);
    }

    pub fn texts(&mut self, codec: u8, id: u16, region: &[u8]) {
        self.start(codec, id);
        self.region(region);
    }

    fn start(&mut self, kind: u8, id: u16) {
        self.out.push(kind);
        varint::put(self.out, u64::from(id));
    }

    fn region(&mut self, region: &[u8]) {
        varint::put(self.out, region.len() as u64);
        self.out.extend_from_slice(&checksum(region).to_le_bytes());
    }
}

/// Reads the entries of a directory.
struct DirectoryReader<'a> {
    reader: Reader<'a>,
    /// Where the next region stands.
    offset: u64,
    directory: Directory,
}

impl Directory {
    /// Reads the entries. `start` is where the first region stands, `end` where the last one must end.
    pub fn read(bytes: &[u8], start: u64, end: u64) -> Result<Self, Error> {
        let mut reader = DirectoryReader {
            reader: Reader::new(bytes),
            offset: start,
            directory: Self::default(),
        };
        while !reader.reader.is_empty() {
            reader.entry()?;
        }
        if reader.offset != end {
            return Err(Error::corrupt("the regions don't fill the segment"));
        }
        Ok(reader.directory)
    }
}

impl DirectoryReader<'_> {
    fn entry(&mut self) -> Result<(), Error> {
        let kind = self.reader.byte()?;
        let id = self.reader.id()?;
        match kind {
            1..NO_COLUMN => self.column(kind, id),
            DICTIONARY => self.dictionary(id),
            TABLE => self.table(id),
            GROUPED_TABLE => self.grouped_table(id),
            codec => Err(Error::UnknownCodec { codec }),
        }
    }

    fn column(&mut self, codec: u8, column: u16) -> Result<(), Error> {
        let bounds = match codec {
            0..TEXTS => {
                let least = self.reader.varint()?;
                Some((least, least.saturating_add(self.reader.varint()?)))
            }
            _ => None,
        };
        let no_table = Error::corrupt("a column stands before the first table");
        let table = self.directory.tables.last().ok_or(no_table)?.id;
        let stored = self.stored(Region::Column { table, column })?;
        if let Some(table) = self.directory.tables.last_mut() {
            table.columns.push(ColumnEntry {
                id: column,
                codec,
                bounds,
                stored,
            });
        }
        Ok(())
    }

    fn dictionary(&mut self, id: u16) -> Result<(), Error> {
        let entry = DictionaryEntry {
            id,
            texts: self.reader.count(MAX_ROWS)?,
            bytes: self.reader.at_most(MAX_DICTIONARY_BYTES)?,
            stored: self.stored(Region::Dictionary { dictionary: id })?,
        };
        self.directory.dictionaries.push(entry);
        Ok(())
    }

    fn table(&mut self, id: u16) -> Result<(), Error> {
        let entry = TableEntry {
            id,
            rows: self.reader.count(MAX_ROWS)?,
            groups: 0,
            starts: None,
            columns: Vec::new(),
        };
        self.directory.tables.push(entry);
        Ok(())
    }

    fn grouped_table(&mut self, id: u16) -> Result<(), Error> {
        let rows = self.reader.count(MAX_ROWS)?;
        let entry = TableEntry {
            id,
            rows,
            groups: self.reader.count(rows)?,
            starts: Some(self.stored(Region::Groups { table: id })?),
            columns: Vec::new(),
        };
        self.directory.tables.push(entry);
        Ok(())
    }

    fn stored(&mut self, region: Region) -> Result<Stored, Error> {
        let (offset, length) = (self.offset, self.reader.varint()?);
        self.offset = offset.checked_add(length).ok_or(Error::Truncated)?;
        Ok(Stored {
            region,
            offset,
            length,
            checksum: self.reader.word()?,
        })
    }
}
