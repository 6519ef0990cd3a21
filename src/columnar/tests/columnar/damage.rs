//! Damaged bytes end in an error or in wrong values, never in a panic.

use crate::samples::{COLUMN, LEADER, Sample, TABLE};
use columnar::{Error, Hint, Region, Segment, SegmentWriter};
use proptest::prelude::*;
use xxhash_rust::xxh3::xxh3_64;

/// A segment of everything there is, of few bytes.
fn segment() -> Vec<u8> {
    let sizes = [3, 1, 2, 150, 4];
    let rows: u32 = sizes.iter().sum();
    let leader: Vec<u64> = (0..u64::from(rows)).map(|row| row * row % 7).collect();
    let values: Vec<u64> = leader.iter().map(|leader| leader * 1_000).collect();
    let sample = Sample {
        sizes: sizes.to_vec(),
        leader,
        values,
    };
    let mut writer = SegmentWriter::new();
    let texts: Vec<String> = (0..40).map(|text| format!("/path/{text:02}")).collect();
    let sorted = texts.iter().map(|text| text.as_bytes());
    writer.dictionary(1, sorted.clone()).unwrap();
    let mut table = writer.grouped_table(TABLE, &sample.sizes).unwrap();
    table.numbers(LEADER, &sample.leader, Hint::None).unwrap();
    for (column, hint) in (COLUMN..).zip(sample.hints()) {
        table.numbers(column, &sample.values, hint).unwrap();
    }
    let mut table = writer.table(8, 40).unwrap();
    table.texts(COLUMN, &sorted.collect::<Vec<_>>()).unwrap();
    writer.finish()
}

/// Reads everything, whatever comes of it.
fn read(bytes: &[u8]) -> Result<(), Error> {
    let segment = Segment::open(bytes)?;
    let regions: Vec<Region> = segment.directory().map(|entry| entry.region).collect();
    let mut numbers = Vec::new();
    for region in regions {
        match region {
            Region::Column { table, column } => {
                let table = segment.table(table)?;
                let parts = [(0..4, 0..2), (6..156, 3..4), (0..40, 0..0)];
                for (rows, groups) in parts {
                    let _ = table
                        .span(rows.clone(), groups)
                        .and_then(|span| table.numbers(column, &span, &mut numbers));
                    let _ = table.texts(column, rows);
                }
                if let Ok(span) = table.all() {
                    let _ = table.numbers(column, &span, &mut numbers);
                }
                let _ = table.texts(column, 0..table.rows());
            }
            Region::Dictionary { dictionary } => {
                let dictionary = segment.dictionary(dictionary)?;
                let _ = (
                    dictionary.load(),
                    dictionary.get(39),
                    dictionary.find(b"/path/3"),
                );
            }
            Region::Groups { .. } | Region::Directory => {}
        }
    }
    segment.verify()
}

#[test]
fn no_flipped_byte_makes_a_reader_panic_and_each_is_found() {
    let bytes = segment();
    assert_eq!(read(&bytes), Ok(()));
    for at in 0..bytes.len() {
        for flip in [0x01, 0x80, 0xFF] {
            let mut damaged = bytes.clone();
            damaged[at] ^= flip;
            assert!(read(&damaged).is_err(), "byte {at}");
        }
    }
}

#[test]
fn every_cut_is_found() {
    let bytes = segment();
    for end in 0..bytes.len() {
        assert_eq!(read(&bytes[..end]), Err(Error::Truncated), "{end} bytes");
    }
}

#[test]
fn what_is_no_segment_of_this_format_is_named() {
    let mut bytes = segment();
    bytes[4] = 9;
    assert_eq!(read(&bytes), Err(Error::UnknownVersion { found: 9 }));
    bytes[0] = b'X';
    let found = *b"XOLS";
    assert_eq!(read(&bytes), Err(Error::BadMagic { found }));
}

/// Where the header has the directory's length and checksum, and where the directory starts.
const LENGTH_AT: usize = 13;
const CHECKSUM_AT: usize = 17;
const DIRECTORY_AT: usize = 25;

#[test]
fn no_directory_makes_a_reader_panic_even_with_the_right_checksum() {
    let bytes = segment();
    let length = u32::from_le_bytes(*bytes[LENGTH_AT..].first_chunk().unwrap());
    let end = DIRECTORY_AT + length as usize;
    for at in DIRECTORY_AT..end {
        for flip in [0x01, 0x04, 0x10, 0x80, 0xFF] {
            let mut damaged = bytes.clone();
            damaged[at] ^= flip;
            let checksum = xxh3_64(&damaged[DIRECTORY_AT..end]);
            damaged[CHECKSUM_AT..DIRECTORY_AT].copy_from_slice(&checksum.to_le_bytes());
            let _ = read(&damaged);
        }
    }
}

proptest! {
    #[test]
    fn no_damage_to_the_regions_makes_a_reader_panic(
        damages in prop::collection::vec((any::<prop::sample::Index>(), any::<u8>()), 1..40),
    ) {
        let mut bytes = segment();
        let length = u32::from_le_bytes(*bytes[LENGTH_AT..].first_chunk().unwrap());
        let start = DIRECTORY_AT + length as usize;
        let regions = bytes.len() - start;
        for (at, byte) in damages {
            bytes[start + at.index(regions)] = byte;
        }
        let _ = read(&bytes);
    }
}
