//! What was written is what is read, in whole and in part.

use crate::samples::{COLUMN, LEADER, Sample, TABLE, samples};
use columnar::{Error, Hint, Region, Segment, SegmentWriter, Sort, Source};
use proptest::prelude::*;
use std::cell::Cell;

/// The first rows of the groups, and the end.
fn starts(sizes: &[u32]) -> Vec<u32> {
    let mut starts = vec![0];
    for size in sizes {
        starts.push(starts.last().unwrap() + size);
    }
    starts
}

fn check_span(sample: &Sample, bytes: &[u8], from: usize, to: usize) {
    let segment = Segment::open(bytes).unwrap();
    let table = segment.table(TABLE).unwrap();
    let starts = starts(&sample.sizes);
    let (rows, groups) = match sample.sizes.is_empty() {
        true => (from as u32..to as u32, 0..0),
        false => (starts[from]..starts[to], from as u32..to as u32),
    };
    let span = table.span(rows.clone(), groups.clone()).unwrap();
    assert_eq!((span.rows(), span.groups()), (rows.clone(), groups.clone()));
    if !groups.is_empty() {
        let relative: Vec<u32> = starts[from..=to]
            .iter()
            .map(|row| row - rows.start)
            .collect();
        assert_eq!(span.starts(), relative);
    }
    let expected = &sample.values[rows.start as usize..rows.end as usize];
    let mut out = vec![3; 5];
    for column in COLUMN..COLUMN + 5 {
        table.numbers(column, &span, &mut out).unwrap();
        assert_eq!(out, expected, "column {column}");
    }
}

proptest! {
    #[test]
    fn every_hint_gives_back_what_was_written(sample in samples()) {
        let bytes = sample.segment();
        let segment = Segment::open(&bytes).unwrap();
        prop_assert_eq!(segment.verify(), Ok(()));
        prop_assert_eq!(segment.bytes(), bytes.len() as u64);
        let table = segment.table(TABLE).unwrap();
        let span = table.all().unwrap();
        prop_assert_eq!(span.rows(), 0..sample.rows());
        prop_assert_eq!(span.groups(), 0..sample.sizes.len() as u32);
        let mut out = Vec::new();
        table.numbers(LEADER, &span, &mut out).unwrap();
        prop_assert_eq!(&out, &sample.leader);
        for column in COLUMN..COLUMN + 5 {
            table.numbers(column, &span, &mut out).unwrap();
            prop_assert_eq!(&out, &sample.values);
        }
    }

    #[test]
    fn a_span_reads_as_a_slice_of_the_whole(
        sample in samples(),
        ends in prop::collection::vec((any::<prop::sample::Index>(), any::<prop::sample::Index>()), 8),
    ) {
        let bytes = sample.segment();
        let count = match sample.sizes.len() {
            0 => sample.values.len(),
            groups => groups,
        };
        for (a, b) in ends {
            let (a, b) = (a.index(count + 1), b.index(count + 1));
            check_span(&sample, &bytes, a.min(b), a.max(b));
        }
    }

    #[test]
    fn texts_read_as_they_were_written(
        texts in prop::collection::vec(prop::collection::vec(any::<u8>(), 0..20), 0..400),
        a in any::<prop::sample::Index>(),
        b in any::<prop::sample::Index>(),
    ) {
        let values: Vec<&[u8]> = texts.iter().map(Vec::as_slice).collect();
        let mut writer = SegmentWriter::new();
        let mut table = writer.table(TABLE, values.len() as u32).unwrap();
        table.texts(COLUMN, &values).unwrap();
        let bytes = writer.finish();
        let segment = Segment::open(&bytes).unwrap();
        let table = segment.table(TABLE).unwrap();
        let (a, b) = (a.index(values.len() + 1), b.index(values.len() + 1));
        let rows = a.min(b)..a.max(b);
        let read = table.texts(COLUMN, rows.start as u32..rows.end as u32).unwrap();
        prop_assert_eq!(read.iter().collect::<Vec<_>>(), &values[rows]);
        prop_assert_eq!(read.get(read.len()), b"");
    }

    #[test]
    fn a_dictionary_names_its_texts_by_their_places(
        texts in prop::collection::btree_set("[ab/]{0,12}", 0..200),
        other in "[ab/]{0,12}",
    ) {
        let texts: Vec<&[u8]> = texts.iter().map(|text| text.as_bytes()).collect();
        let mut writer = SegmentWriter::new();
        writer.dictionary(5, texts.iter().copied()).unwrap();
        let bytes = writer.finish();
        let segment = Segment::open(&bytes).unwrap();
        let dictionary = segment.dictionary(5).unwrap();
        prop_assert_eq!(dictionary.len() as usize, texts.len());
        let loaded = dictionary.load().unwrap();
        prop_assert_eq!(loaded.iter().collect::<Vec<_>>(), texts.clone());
        for (code, text) in (0..).zip(&texts) {
            prop_assert_eq!(&dictionary.get(code).unwrap(), text);
            prop_assert_eq!(dictionary.find(text), Ok(Some(code)));
        }
        let place = texts.binary_search(&other.as_bytes()).ok().map(|place| place as u32);
        prop_assert_eq!(dictionary.find(other.as_bytes()), Ok(place));
    }
}

#[test]
fn rows_that_are_no_whole_groups_are_refused() {
    let mut writer = SegmentWriter::new();
    writer.grouped_table(TABLE, &[2, 3, 1]).unwrap();
    let bytes = writer.finish();
    let segment = Segment::open(&bytes).unwrap();
    let table = segment.table(TABLE).unwrap();
    assert_eq!(table.span(2..5, 1..2).unwrap().starts(), [0, 3]);
    let refused = |rows, groups| table.span(rows, groups).unwrap_err();
    assert_eq!(refused(1..5, 1..2), Error::NotAligned { row: 1, group: 2 });
    assert_eq!(refused(2..6, 1..2), Error::NotAligned { row: 6, group: 5 });
    assert_eq!(refused(2..5, 1..1), Error::NotAligned { row: 5, group: 2 });
    assert_eq!(
        refused(2..7, 1..3),
        Error::OutOfRange { value: 7, limit: 6 }
    );
    assert_eq!(
        refused(0..6, 0..4),
        Error::OutOfRange { value: 4, limit: 3 }
    );
}

#[test]
fn what_is_not_there_is_named() {
    let mut writer = SegmentWriter::new();
    let mut table = writer.table(TABLE, 1).unwrap();
    table.numbers(COLUMN, &[8], Hint::None).unwrap();
    table.texts(3, &[b"x"]).unwrap();
    let bytes = writer.finish();
    let segment = Segment::open(&bytes).unwrap();
    assert!(segment.has_table(TABLE) && !segment.has_table(8) && !segment.has_dictionary(1));
    assert_eq!(segment.table(8).err(), Some(Error::NoTable { table: 8 }));
    let missing = Error::NoDictionary { dictionary: 1 };
    assert_eq!(segment.dictionary(1).err(), Some(missing));
    let table = segment.table(TABLE).unwrap();
    assert!(table.has_column(COLUMN) && !table.has_column(9));
    assert_eq!(table.bounds(COLUMN), Some((8, 8)));
    assert_eq!([table.bounds(3), table.bounds(9)], [None, None]);
    let span = table.all().unwrap();
    let numbers = |column| table.numbers(column, &span, &mut Vec::new()).unwrap_err();
    let (table_id, column) = (TABLE, 9);
    let missing = Error::NoColumn {
        table: table_id,
        column,
    };
    assert_eq!(numbers(9), missing);
    let found = Sort::Texts;
    assert_eq!(
        numbers(3),
        Error::WrongSort {
            table: TABLE,
            column: 3,
            found
        }
    );
    let found = Sort::Numbers;
    let wrong = Error::WrongSort {
        table: TABLE,
        column: COLUMN,
        found,
    };
    assert_eq!(table.texts(COLUMN, 0..1), Err(wrong));
    let out = Error::OutOfRange { value: 2, limit: 1 };
    assert_eq!(table.texts(3, 0..2), Err(out));
}

#[test]
fn what_cannot_be_written_is_refused_and_leaves_nothing() {
    let mut writer = SegmentWriter::new();
    let texts: [&[u8]; 3] = [b"a", b"b", b"b"];
    let unsorted = Error::Unsorted { position: 2 };
    assert_eq!(writer.dictionary(1, texts.into_iter()), Err(unsorted));
    writer.dictionary(1, texts[..2].iter().copied()).unwrap();
    let region = Region::Dictionary { dictionary: 1 };
    let again = writer.dictionary(1, texts[..2].iter().copied());
    assert_eq!(again, Err(Error::Duplicate { region }));
    let empty = writer.grouped_table(TABLE, &[1, 0]).err();
    assert_eq!(empty, Some(Error::EmptyGroup { group: 1 }));
    let large = writer.table(TABLE, (1 << 24) + 1).err();
    let (value, limit) = ((1 << 24) + 1, 1 << 24);
    assert_eq!(large, Some(Error::OutOfRange { value, limit }));
    let mut table = writer.table(TABLE, 2).unwrap();
    let short = Error::WrongLength { given: 1, rows: 2 };
    assert_eq!(table.numbers(COLUMN, &[1], Hint::None), Err(short));
    table.numbers(COLUMN, &[1, 2], Hint::None).unwrap();
    let region = Region::Column {
        table: TABLE,
        column: COLUMN,
    };
    let again = Error::Duplicate { region };
    assert_eq!(table.numbers(COLUMN, &[1, 2], Hint::None), Err(again));
    let bytes = writer.finish();
    let segment = Segment::open(&bytes).unwrap();
    assert_eq!(segment.directory().count(), 2);
    assert_eq!(segment.verify(), Ok(()));
}

/// Bytes that count how often they are read.
struct Counting {
    bytes: Vec<u8>,
    reads: Cell<u32>,
}

impl Source for Counting {
    fn len(&self) -> u64 {
        self.bytes.len() as u64
    }

    fn read(&self, offset: u64, bytes: &mut [u8]) -> Result<(), Error> {
        self.reads.set(self.reads.get() + 1);
        self.bytes.read(offset, bytes)
    }
}

#[test]
fn a_segment_opens_in_two_reads_and_a_span_of_a_packed_column_takes_two() {
    let values: Vec<u64> = (0..60_000).map(|row| row * 7_919 % 1_021).collect();
    let mut writer = SegmentWriter::new();
    let mut table = writer.table(TABLE, 60_000).unwrap();
    table.numbers(COLUMN, &values, Hint::None).unwrap();
    let source = Counting {
        bytes: writer.finish(),
        reads: Cell::new(0),
    };
    let segment = Segment::open(&source).unwrap();
    assert_eq!(source.reads.take(), 2);
    let table = segment.table(TABLE).unwrap();
    let mut out = Vec::new();
    let span = table.span(30_000..31_000, 0..0).unwrap();
    table.numbers(COLUMN, &span, &mut out).unwrap();
    assert_eq!(out, values[30_000..31_000]);
    assert_eq!(source.reads.take(), 2);
    table
        .numbers(COLUMN, &table.all().unwrap(), &mut out)
        .unwrap();
    assert_eq!(out, values);
    assert_eq!(source.reads.take(), 1);
}
