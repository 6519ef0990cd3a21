//! The bits of `f64` that are decimal fractions of a few digits: as whole numbers.
//!
//! ```text
//! length     │ bytes of `digits`, varint
//! digits     │ of each block of 128 rows, how many digits after the point: 0 to 6; drawn in `simple.rs`
//! length     │ bytes of `numbers`, varint
//! numbers    │ of each row, its value times 10 to the power of the digits, as `packed`
//! exceptions │ rows that this doesn't give back bit by bit; drawn in `exceptions.rs`
//! ```
//!
//! A value is read as `number / 10^digits`: both are exact as `f64`, so the division gives the `f64` next to the
//! decimal fraction, which is what a parser makes of it.

use super::{Column, Input, NumbersCodec, exceptions, packed, sections, simple};
use crate::bits::{BLOCK, BLOCK_ROWS};
use crate::span::Span;
use crate::varint;
use crate::{Error, Hint};
use std::borrow::Cow;

/// Powers of ten by their exponents.
const POWERS: [f64; 7] = [1.0, 10.0, 100.0, 1e3, 1e4, 1e5, 1e6];

/// Whole numbers below this are exact as `f64`.
const LIMIT: u64 = 1 << 52;

/// With more than one exception in so many rows the encoding isn't worth it.
const MOST_EXCEPTIONS: usize = 4;

/// The encoding `decimal`.
pub(crate) struct Decimal;

impl NumbersCodec for Decimal {
    fn tag(&self) -> (u8, &'static str) {
        (7, "decimal")
    }

    fn plan<'a>(&self, input: &Input<'a>) -> Option<Box<dyn super::Plan + 'a>> {
        match input.hint {
            Hint::Decimal => Some(Box::new(Plan::of(input.values)?)),
            _ => None,
        }
    }

    fn decode(&self, column: &Column<'_>, span: &Span, out: &mut [u64]) -> Result<(), Error> {
        let rows = span.rows();
        if rows.is_empty() {
            return Ok(());
        }
        let (digits_part, rest) = sections(column.part)?;
        let (numbers, exceptions) = sections(rest)?;
        packed::decode(numbers, column.rows, rows.clone(), out)?;
        let blocks = rows.start / BLOCK_ROWS..rows.end.div_ceil(BLOCK_ROWS);
        let mut digits = vec![0; blocks.len()];
        simple::decode(
            digits_part,
            column.rows.div_ceil(BLOCK_ROWS),
            blocks,
            &mut digits,
        )?;
        // The first block may begin before the rows.
        let first = BLOCK - (rows.start % BLOCK_ROWS) as usize;
        let (head, tail) = out.split_at_mut(first.min(out.len()));
        let blocks = std::iter::once(head).chain(tail.chunks_mut(BLOCK));
        for (block, digits) in blocks.zip(digits) {
            let power = usize::try_from(digits)
                .ok()
                .and_then(|digits| POWERS.get(digits));
            let power = *power.ok_or(Error::corrupt("a block has no possible digits"))?;
            for number in block {
                *number = (*number as i64 as f64 / power).to_bits();
            }
        }
        exceptions::patch(exceptions, column.rows, &rows, out)
    }
}

/// The whole number that stands for a value of so many digits, if it gives the value back bit by bit.
fn whole(bits: u64, power: f64) -> Option<u64> {
    let value = f64::from_bits(bits);
    let number = (value * power).round();
    // Infinities and what is not a number are exceptions, as is -0.0, which no whole number gives.
    let number = number as i64;
    let exact = (number as f64 / power).to_bits() == bits;
    (exact && number.unsigned_abs() < LIMIT).then_some(number as u64)
}

/// The least digits that give most of a block back.
fn digits_of(block: &[u64]) -> usize {
    let exceptions = |digits: usize| {
        let power = POWERS[digits];
        let exceptions = block.iter().filter(|bits| whole(**bits, power).is_none());
        exceptions.count()
    };
    let mut best = (exceptions(0), 0);
    for digits in 1..POWERS.len() {
        if best.0 == 0 {
            break;
        }
        best = best.min((exceptions(digits), digits));
    }
    best.1
}

/// How numbers are going to be written.
struct Plan {
    digits: simple::Plan<'static>,
    numbers: packed::Plan<'static>,
    exceptions: exceptions::Plan,
}

impl Plan {
    /// None where more than a quarter of the values are exceptions: `packed` is smaller then.
    fn of(values: &[u64]) -> Option<Self> {
        let mut digits = Vec::with_capacity(values.len().div_ceil(BLOCK));
        let mut numbers = Vec::with_capacity(values.len());
        let (mut rows, mut exceptions) = (Vec::new(), Vec::new());
        for (block, first) in values.chunks(BLOCK).zip((0..).step_by(BLOCK)) {
            let of_block = digits_of(block);
            digits.push(of_block as u64);
            for (row, bits) in (first..).zip(block) {
                let last = numbers.last().copied().unwrap_or(0);
                numbers.push(whole(*bits, POWERS[of_block]).unwrap_or_else(|| {
                    rows.push(row);
                    exceptions.push(*bits);
                    last
                }));
            }
            if rows.len() > values.len() / MOST_EXCEPTIONS {
                return None;
            }
        }
        Some(Self {
            digits: simple::Plan::near_each_other(digits),
            numbers: packed::Plan::of(Cow::Owned(numbers)),
            exceptions: exceptions::Plan::of(rows, exceptions),
        })
    }
}

impl super::Plan for Plan {
    fn size(&self) -> usize {
        let (digits, numbers) = (self.digits.size(), self.numbers.size());
        let lengths = varint::size(digits as u64) + varint::size(numbers as u64);
        lengths + digits + numbers + self.exceptions.size()
    }

    fn write(&self, out: &mut Vec<u8>) {
        varint::put(out, self.digits.size() as u64);
        self.digits.write(out);
        varint::put(out, self.numbers.size() as u64);
        self.numbers.write(out);
        self.exceptions.write(out);
    }
}
