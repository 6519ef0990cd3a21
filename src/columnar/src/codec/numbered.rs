//! Texts that differ in their decimal numbers only, such as `v5-1700000000000-1234567890123`.
//!
//! ```text
//! runs       │ how many numbers each text has: 1 to 8, 1 byte
//! pieces     │ what stands before each number, and after the last: length (1 byte) · bytes
//! widths     │ of each number, 1 byte: its digits, filled up with zeros; 0 if it has no zeros in front
//! lengths    │ bytes of each of `numbers`, varints
//! numbers    │ a column for each number, drawn in `simple.rs`; an exception repeats the row before
//! exceptions │ drawn in `text_exceptions.rs`
//! ```

use super::pattern::{MAX_HEAD, MAX_RUNS, Pattern};
use super::rendering::Rendering;
use super::text_exceptions::{self, TextExceptions};
use super::{TextsCodec, simple};
use crate::Error;
use crate::source::Part;
use crate::texts::Texts;
use crate::varint::{self, Reader};
use std::ops::Range;

/// The encoding `numbered`.
pub(crate) struct Numbered;

/// The most bytes that texts decode to at once: few bytes can stand for many texts.
const MAX_BYTES: usize = 1 << 30;

impl TextsCodec for Numbered {
    fn tag(&self) -> (u8, &'static str) {
        (67, "numbered")
    }

    fn plan<'a>(&self, values: &'a [&'a [u8]]) -> Option<Box<dyn super::Plan + 'a>> {
        let mut pattern = Pattern::of(values)?;
        let mut columns = vec![Vec::with_capacity(values.len()); pattern.widths.len()];
        let mut numbers = [0; MAX_RUNS];
        let exceptions = text_exceptions::split(values, |text| {
            let fits = pattern.parse(text, &mut numbers);
            for (column, number) in columns.iter_mut().zip(numbers) {
                let last = column.last().copied().unwrap_or(0);
                column.push(if fits { number } else { last });
            }
            fits
        })?;
        for run in (0..columns.len()).rev() {
            let (number, rest) = columns[run].split_first()?;
            if columns.len() > 1 && rest.iter().all(|other| other == number) {
                pattern.fix(run, *number);
                columns.remove(run);
            }
        }
        Some(Box::new(Plan {
            pattern,
            columns: columns.into_iter().map(simple::Plan::of).collect(),
            exceptions,
        }))
    }

    fn decode(&self, part: Part<'_>, rows: u32, wanted: Range<u32>) -> Result<Texts, Error> {
        let head = part.head(MAX_HEAD)?;
        let mut reader = Reader::new(&head);
        let pattern = Pattern::read(&mut reader)?;
        let mut lengths = [0; MAX_RUNS];
        let lengths = lengths.get_mut(..pattern.widths.len()).unwrap_or_default();
        for length in lengths.iter_mut() {
            *length = reader.varint()?;
        }
        let mut rest = part.after(reader.at() as u64)?;
        let mut columns = Vec::with_capacity(lengths.len());
        for length in lengths {
            let mut numbers = vec![0; wanted.len()];
            simple::decode(rest.part(0, *length)?, rows, wanted.clone(), &mut numbers)?;
            columns.push(numbers);
            rest = rest.after(*length)?;
        }
        let exceptions = TextExceptions::read(rest, rows, &wanted)?;
        write_texts(&pattern, &columns, wanted.len(), &exceptions)
    }
}

fn write_texts(
    pattern: &Pattern,
    columns: &[Vec<u64>],
    rows: usize,
    exceptions: &TextExceptions,
) -> Result<Texts, Error> {
    let bytes = rows.saturating_mul(pattern.longest());
    if bytes > MAX_BYTES {
        let (value, limit) = (bytes as u64, MAX_BYTES as u64);
        return Err(Error::OutOfRange { value, limit });
    }
    let mut texts = Texts::with_capacity(rows, bytes);
    let mut exceptions = exceptions.iter().peekable();
    let mut rendering = Rendering::new(pattern);
    let mut numbers = [0; MAX_RUNS];
    for row in 0..rows {
        for (number, column) in numbers.iter_mut().zip(columns) {
            *number = column.get(row).copied().unwrap_or(0);
        }
        match exceptions.next_if(|(exception, _)| *exception == row) {
            Some((_, exception)) => texts.push(exception),
            None => texts.push(rendering.text(&numbers)),
        }
    }
    Ok(texts)
}

/// How texts are going to be written.
struct Plan<'a> {
    pattern: Pattern,
    columns: Vec<simple::Plan<'static>>,
    exceptions: text_exceptions::Plan<'a>,
}

impl super::Plan for Plan<'_> {
    fn size(&self) -> usize {
        let columns = self.columns.iter().map(super::Plan::size);
        let columns: usize = columns.map(|size| varint::size(size as u64) + size).sum();
        self.pattern.size() + columns + self.exceptions.size()
    }

    fn write(&self, out: &mut Vec<u8>) {
        self.pattern.write(out);
        for column in &self.columns {
            varint::put(out, column.size() as u64);
        }
        for column in &self.columns {
            column.write(out);
        }
        self.exceptions.write(out);
    }
}
