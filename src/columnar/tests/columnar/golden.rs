//! The bytes of segments, held against `testdata/`. They are recorded anew only on request:
//! `RECORD_GOLDEN=1 cargo test -p columnar golden`, and then are a change of format to review.

use crate::samples::{COLUMN, LEADER, TABLE};
use columnar::{Hint, Region, Segment, SegmentWriter, describe};
use std::path::PathBuf;

/// The group sizes of the golden tables.
const SIZES: [u32; 5] = [3, 1, 2, 150, 4];

const ROWS: u64 = 160;

/// Without a pattern: the high bits of a multiplicative hash.
fn noise(row: u64, bits: u32) -> u64 {
    row.wrapping_mul(0x9E37_79B9_7F4A_7C15) >> (64 - bits)
}

fn group(row: u64) -> u64 {
    match row {
        0..3 => 0,
        3 => 1,
        4..6 => 2,
        6..156 => 3,
        _ => 4,
    }
}

/// The column that others follow.
fn leader() -> Vec<u64> {
    (0..ROWS).map(|row| noise(row, 3)).collect()
}

/// A column for each encoding of numbers: its name, and the values and the hint that make the writer choose it.
fn numbers(leader: &[u64]) -> Vec<(&'static str, Vec<u64>, Hint<'_>)> {
    let column = |value: &dyn Fn(u64) -> u64| (0..ROWS).map(value).collect::<Vec<u64>>();
    let follows = Hint::Follows {
        column: LEADER,
        values: leader,
    };
    let start = |row| 1_700_000_000_000_000_000 + group(row) * 86_400_000_000_000;
    let instant = |row| start(row) + (row % 150) * 1_000_000 + noise(row, 3) * 1_000;
    let sparse = column(&|row| if row % 60 == 59 { row } else { 9 });
    let packed = column(&|row| noise(row, 7).wrapping_sub(50));
    let delta = column(&|row| row * 1_000_000_000 + noise(row, 5) * 1_000_000);
    let grouped = column(&|row| {
        if row == 44 {
            3
        } else {
            noise(group(row) + 9, 20)
        }
    });
    let mapped = column(&|row| {
        if row == 45 {
            3
        } else {
            noise(noise(row, 3) + 9, 20)
        }
    });
    let decimal = column(&|row| match row {
        46 => f64::NAN.to_bits(),
        row => (noise(row, 10) as f64 / 100.0).to_bits(),
    });
    vec![
        ("sparse", sparse, Hint::None),
        ("packed", packed, Hint::None),
        ("delta", delta, Hint::None),
        ("clustered", column(&instant), Hint::Ascending),
        ("grouped", grouped, Hint::PerGroup),
        ("mapped", mapped, follows),
        ("decimal", decimal, Hint::Decimal),
    ]
}

/// A column for each encoding of texts; one text of each but the first is an exception.
fn texts() -> Vec<(&'static str, Vec<String>)> {
    let column = |text: &dyn Fn(u64) -> String| {
        let text = |row| {
            if row == 21 {
                "exception".to_owned()
            } else {
                text(row)
            }
        };
        (0..40).map(text).collect::<Vec<String>>()
    };
    let letter = |seed| char::from(b'a' + (noise(seed, 8) % 26) as u8);
    let id = |row: u64| (0..21).map(|place| letter(row * 21 + place)).collect();
    let uuid = |row| format!("{:08x}-1234-4abc-8000-0123456789ab", noise(row, 32));
    let vital = |row: u64| {
        let random = 1_000_000_000_000 + noise(row, 42);
        format!("v5-{}-{random}", 1_700_000_000_000 + row * 999)
    };
    vec![
        ("plain", column(&|row| "é!".repeat(row as usize % 5))),
        ("ids", column(&id)),
        ("uuid", column(&uuid)),
        ("numbered", column(&vital)),
    ]
}

fn segment() -> Vec<u8> {
    let leader = leader();
    let mut segment = SegmentWriter::new();
    let texts = texts();
    let paths: Vec<String> = (0..40).map(|path| format!("/path/{path:02}")).collect();
    let paths = paths.iter().map(|path| path.as_bytes());
    segment.dictionary(1, paths).unwrap();
    let mut table = segment.grouped_table(TABLE, &SIZES).unwrap();
    table.numbers(LEADER, &leader, Hint::None).unwrap();
    for (column, (_, values, hint)) in (COLUMN..).zip(numbers(&leader)) {
        table.numbers(column, &values, hint).unwrap();
    }
    let mut table = segment.table(TABLE + 1, 40).unwrap();
    for (column, (_, values)) in (COLUMN..).zip(&texts) {
        let values: Vec<&[u8]> = values.iter().map(|text| text.as_bytes()).collect();
        table.texts(column, &values).unwrap();
    }
    segment.finish()
}

fn path(file: &str) -> PathBuf {
    [env!("CARGO_MANIFEST_DIR"), "testdata", file]
        .iter()
        .collect()
}

/// In lines of 32 bytes.
fn hex(bytes: &[u8]) -> String {
    let line =
        |bytes: &[u8]| -> String { bytes.iter().map(|byte| format!("{byte:02x}")).collect() };
    bytes.chunks(32).map(|bytes| line(bytes) + "\n").collect()
}

fn bytes(hex: &str) -> Vec<u8> {
    let digits: String = hex.split_whitespace().collect();
    (0..digits.len())
        .step_by(2)
        .map(|at| u8::from_str_radix(&digits[at..at + 2], 16).unwrap())
        .collect()
}

/// What a golden file holds; records it first if that is asked for.
fn golden(file: &str, made: &str) -> String {
    if std::env::var_os("RECORD_GOLDEN").is_some() {
        std::fs::write(path(file), made).unwrap();
    }
    std::fs::read_to_string(path(file)).unwrap()
}

#[test]
fn the_bytes_of_a_segment_are_those_of_the_golden_file() {
    let made = hex(&segment());
    assert_eq!(made, golden("segment_v1.hex", &made));
}

#[test]
fn the_bytes_of_each_encoding_are_those_of_its_golden_file() {
    let all = segment();
    let segment = Segment::open(&all).unwrap();
    let leader = leader();
    let numbers = numbers(&leader);
    let texts = texts();
    let names = numbers.iter().map(|column| column.0);
    let names = names.chain(texts.iter().map(|column| column.0));
    let columns = segment.directory().filter(|entry| match entry.region {
        Region::Column { column, .. } => column != LEADER,
        _ => false,
    });
    let mut count = 0;
    for (entry, name) in columns.zip(names) {
        assert_eq!(entry.codec, name);
        let region = &all[entry.offset as usize..(entry.offset + entry.bytes) as usize];
        let made = hex(region);
        assert_eq!(made, golden(&format!("{name}_v1.hex"), &made), "{name}");
        count += 1;
    }
    assert_eq!(count, numbers.len() + texts.len());
}

#[test]
fn a_segment_made_of_the_golden_file_reads_back() {
    let all = bytes(&std::fs::read_to_string(path("segment_v1.hex")).unwrap());
    let segment = Segment::open(&all).unwrap();
    assert_eq!(segment.verify(), Ok(()));
    let leader = leader();
    let table = segment.table(TABLE).unwrap();
    let span = table.all().unwrap();
    assert_eq!(span.starts(), [0, 3, 4, 6, 156, 160]);
    let mut read = Vec::new();
    for (column, (name, values, _)) in (COLUMN..).zip(numbers(&leader)) {
        table.numbers(column, &span, &mut read).unwrap();
        assert_eq!(read, values, "{name}");
    }
    let table = segment.table(TABLE + 1).unwrap();
    for (column, (name, values)) in (COLUMN..).zip(texts()) {
        let read = table.texts(column, 0..40).unwrap();
        let values = values.iter().map(|text| text.as_bytes());
        assert!(read.iter().eq(values), "{name}");
    }
    let dictionary = segment.dictionary(1).unwrap();
    assert_eq!(dictionary.get(39).unwrap(), b"/path/39");
    assert_eq!(dictionary.load().unwrap().len(), 40);
}

#[test]
fn a_description_has_a_line_for_each_region() {
    let all = segment();
    let description = describe(&Segment::open(&all).unwrap());
    assert_eq!(description, golden("description.txt", &description));
    let bytes: u64 = Segment::open(&all)
        .unwrap()
        .directory()
        .map(|entry| entry.bytes)
        .sum();
    // Header and directory: some 20 bytes a region.
    assert_eq!(all.len() as u64 - bytes, 253);
}
