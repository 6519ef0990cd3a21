//! What texts that differ in numbers only have in common.

use crate::Error;
use crate::varint::Reader;

/// The most numbers of a text.
pub(crate) const MAX_RUNS: usize = 8;

/// The most bytes of a stored pattern and of the lengths after it.
pub(crate) const MAX_HEAD: u64 = 512;

/// The most bytes of all pieces together, so that a stored pattern fits [`MAX_HEAD`], and a length one byte
/// even when all numbers have become part of a piece.
const MAX_PIECES: usize = 100;

/// The most digits: any such number is a `u64`.
const MAX_DIGITS: usize = 19;

/// How many texts tell whether a number is of fixed width.
const SAMPLE: usize = 1_000;

/// Pieces with a number between each two.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Pattern {
    /// One more than there are numbers.
    pub pieces: Vec<Vec<u8>>,
    /// The digits of each number, filled up with zeros; 0 if it has no zeros in front.
    pub widths: Vec<u8>,
}

impl Pattern {
    /// The pattern of the first text. Each number of it is of fixed width if more of the
    /// first thousand texts allow that.
    pub fn of(values: &[&[u8]]) -> Option<Self> {
        let mut pattern = Self::split(values.first()?)?;
        let runs = pattern.widths.len();
        let (mut fixed, mut free) = ([0u32; MAX_RUNS], [0u32; MAX_RUNS]);
        let mut digits = [&[][..]; MAX_RUNS];
        for text in values.iter().take(SAMPLE) {
            if !pattern.digits(text, &mut digits) {
                continue;
            }
            for (run, digits) in digits.iter().take(runs).enumerate() {
                fixed[run] += u32::from(digits.len() == usize::from(pattern.widths[run]));
                free[run] += u32::from(digits.len() == 1 || digits.first() != Some(&b'0'));
            }
        }
        for (run, width) in pattern.widths.iter_mut().enumerate() {
            if free[run] > fixed[run] {
                *width = 0;
            }
        }
        Some(pattern)
    }

    /// The pieces and numbers of one text, all of fixed width.
    fn split(text: &[u8]) -> Option<Self> {
        let mut pieces = vec![Vec::new()];
        let mut widths: Vec<u8> = Vec::new();
        let mut in_run = false;
        for byte in text {
            match (byte.is_ascii_digit(), in_run) {
                (true, true) => *widths.last_mut()? += 1,
                (true, false) => {
                    widths.push(1);
                    pieces.push(Vec::new());
                }
                (false, _) => pieces.last_mut()?.push(*byte),
            }
            in_run = byte.is_ascii_digit();
            if widths.len() > MAX_RUNS || widths.last() > Some(&(MAX_DIGITS as u8)) {
                return None;
            }
        }
        let bytes: usize = pieces.iter().map(Vec::len).sum();
        (!widths.is_empty() && bytes <= MAX_PIECES).then_some(Self { pieces, widths })
    }

    /// Puts the digits of each number into their places; whether the text has the pattern's pieces.
    fn digits<'a>(&self, text: &'a [u8], out: &mut [&'a [u8]; MAX_RUNS]) -> bool {
        let mut rest = text;
        let mut out = out.iter_mut();
        for (place, piece) in self.pieces.iter().enumerate() {
            if place > 0 {
                let end = rest.iter().position(|byte| !byte.is_ascii_digit());
                let (digits, after) = rest.split_at(end.unwrap_or(rest.len()));
                if digits.is_empty() || digits.len() > MAX_DIGITS {
                    return false;
                }
                if let Some(out) = out.next() {
                    *out = digits;
                }
                rest = after;
            }
            match rest.strip_prefix(piece.as_slice()) {
                Some(after) => rest = after,
                None => return false,
            }
        }
        rest.is_empty()
    }

    /// Puts a text's numbers into their places; whether they make up the text exactly.
    pub fn parse(&self, text: &[u8], numbers: &mut [u64; MAX_RUNS]) -> bool {
        let mut pieces = self.pieces.iter();
        let mut rest = text;
        let mut skip = |rest: &mut &[u8]| {
            let piece = pieces.next().map_or(&[][..], Vec::as_slice);
            let after = without_prefix(rest, piece);
            *rest = after.unwrap_or_default();
            after.is_some()
        };
        if !skip(&mut rest) {
            return false;
        }
        for (place, width) in numbers.iter_mut().zip(&self.widths) {
            let (mut number, mut digits) = (0u64, 0);
            for byte in rest {
                let digit = byte.wrapping_sub(b'0');
                if digit > 9 {
                    break;
                }
                // Wraps around only where there are too many digits anyway.
                number = number.wrapping_mul(10).wrapping_add(u64::from(digit));
                digits += 1;
            }
            let fits = match usize::from(*width) {
                0 => {
                    digits == 1 || (1..=MAX_DIGITS).contains(&digits) && rest.first() != Some(&b'0')
                }
                width => digits == width,
            };
            rest = rest.get(digits..).unwrap_or_default();
            if !fits || !skip(&mut rest) {
                return false;
            }
            *place = number;
        }
        rest.is_empty()
    }

    /// Makes a number that is the same in all texts part of the pieces, unless it is the only one.
    pub fn fix(&mut self, run: usize, number: u64) {
        if self.widths.len() == 1 || run + 1 >= self.pieces.len() {
            return;
        }
        let width = usize::from(self.widths.remove(run));
        let after = self.pieces.remove(run + 1);
        let piece = &mut self.pieces[run];
        piece.extend(format!("{number:0width$}").as_bytes());
        piece.extend(after);
    }

    /// The bytes of the longest possible text.
    pub fn longest(&self) -> usize {
        let pieces: usize = self.pieces.iter().map(Vec::len).sum();
        pieces + self.widths.len() * (MAX_DIGITS + 1)
    }

    pub fn size(&self) -> usize {
        let pieces: usize = self.pieces.iter().map(|piece| 1 + piece.len()).sum();
        1 + pieces + self.widths.len()
    }

    pub fn write(&self, out: &mut Vec<u8>) {
        // At most 8 numbers, and pieces of 100 bytes and 8 numbers of 19 digits.
        out.push(self.widths.len() as u8);
        for piece in &self.pieces {
            out.push(piece.len() as u8);
            out.extend_from_slice(piece);
        }
        out.extend_from_slice(&self.widths);
    }

    pub fn read(reader: &mut Reader<'_>) -> Result<Self, Error> {
        let runs = usize::from(reader.byte()?);
        if !(1..=MAX_RUNS).contains(&runs) {
            return Err(Error::corrupt("a pattern has no possible count of numbers"));
        }
        let mut pieces = Vec::with_capacity(runs + 1);
        for _ in 0..=runs {
            let length = usize::from(reader.byte()?);
            pieces.push(reader.take(length)?.to_vec());
        }
        let widths = reader.take(runs)?.to_vec();
        if widths.iter().any(|width| usize::from(*width) > MAX_DIGITS) {
            return Err(Error::corrupt("a pattern has a number of too many digits"));
        }
        Ok(Self { pieces, widths })
    }
}

/// What follows a prefix, if that is there. Byte by byte, because prefixes are short.
fn without_prefix<'a>(text: &'a [u8], prefix: &[u8]) -> Option<&'a [u8]> {
    let (start, after) = text.split_at_checked(prefix.len())?;
    let differing = start
        .iter()
        .zip(prefix)
        .fold(0, |all, (a, b)| all | (a ^ b));
    (differing == 0).then_some(after)
}
