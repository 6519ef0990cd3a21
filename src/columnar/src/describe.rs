//! What a segment holds, as text for people.

use crate::segment::{EntryInfo, Segment};
use crate::{Region, Source};
use std::fmt::Write as _;

/// A line for each region of a segment: what it holds, its encoding, rows, bytes, bits a row, and for numbers
/// the least and the greatest; at the end the whole. Bits have two decimals, cut off.
///
/// ```text
/// what                            codec             rows        bytes  bits/row  least … greatest
/// dictionary 1              front-coded               40          148     29.60
/// table 7 groups                  delta                5           10     16.00
/// table 7 column 1               packed              160           64      3.20  0 … 7
/// table 8 column 2                plain               40          276     55.20
/// ```
pub fn describe<S: Source>(segment: &Segment<S>) -> String {
    let mut text = String::new();
    line(
        &mut text,
        [
            "what",
            "codec",
            "rows",
            "bytes",
            "bits/row",
            "least … greatest",
        ],
    );
    for entry in segment.directory() {
        let (rows, bytes) = (entry.rows.to_string(), entry.bytes.to_string());
        let bounds = match entry.bounds {
            Some((least, greatest)) => format!("{least} … {greatest}"),
            None => String::new(),
        };
        let (what, bits) = (what(entry.region), bits_per_row(&entry));
        line(
            &mut text,
            [&what, entry.codec, &rows, &bytes, &bits, &bounds],
        );
    }
    let bytes = segment.bytes().to_string();
    line(&mut text, ["segment", "", "", &bytes, "", ""]);
    text
}

fn what(region: Region) -> String {
    match region {
        Region::Directory => "directory".to_owned(),
        Region::Dictionary { dictionary } => format!("dictionary {dictionary}"),
        Region::Groups { table } => format!("table {table} groups"),
        Region::Column { table, column } => format!("table {table} column {column}"),
    }
}

fn bits_per_row(entry: &EntryInfo) -> String {
    match u128::from(entry.bytes) * 800 / u128::from(entry.rows.max(1)) {
        _ if entry.rows == 0 => String::new(),
        hundredths => format!("{}.{:02}", hundredths / 100, hundredths % 100),
    }
}

fn line(text: &mut String, fields: [&str; 6]) {
    let [what, codec, rows, bytes, bits, bounds] = fields;
    let mut line = format!("{what:<25} {codec:>11} {rows:>16} {bytes:>12} {bits:>9}  {bounds}");
    line.truncate(line.trim_end().len());
    // Writing to a string can't fail.
    let _ = writeln!(text, "{line}");
}
