//! What texts that differ in numbers only have in common.

use crate::Error;
use crate::varint::Reader;

/// The most numbers of a text.
pub(crate) const MAX_RUNS: usize = 8;

/// The most bytes of a stored pattern and of the lengths after it.
pub(crate) const MAX_HEAD: u64 = 512;

/// The most bytes of all pieces together, so that a stored pattern fits [`MAX_HEAD`].
const MAX_PIECES: usize = 255;

/// The most digits: any such number is a `u64`.
const MAX_DIGITS: usize = 19;

/// How many texts tell whether a number is of fixed width.
const SAMPLE: usize = 1_000;

/// Pieces with a number between each two.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Pattern {
    /// One more than there are numbers.
    pieces: Vec<Vec<u8>>,
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
        let mut digits = [&[][..]; MAX_RUNS];
        if !self.digits(text, &mut digits) {
            return false;
        }
        for ((number, digits), width) in numbers.iter_mut().zip(digits).zip(&self.widths) {
            let fits = match *width {
                0 => digits.len() == 1 || digits.first() != Some(&b'0'),
                width => digits.len() == usize::from(width),
            };
            if !fits {
                return false;
            }
            let digits = digits.iter().map(|digit| u64::from(digit - b'0'));
            *number = digits.fold(0, |number, digit| number * 10 + digit);
        }
        true
    }

    /// Appends the text of these numbers.
    pub fn write_text<'a>(&self, numbers: impl Iterator<Item = &'a u64>, out: &mut Vec<u8>) {
        let mut pieces = self.pieces.iter();
        if let Some(piece) = pieces.next() {
            out.extend_from_slice(piece);
        }
        for ((number, width), piece) in numbers.zip(&self.widths).zip(pieces) {
            put_decimal(*number, usize::from(*width), out);
            out.extend_from_slice(piece);
        }
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
        // At most 8 runs, and 255 bytes.
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

/// Appends a number in decimal, filled up with zeros to `width` digits.
fn put_decimal(mut number: u64, width: usize, out: &mut Vec<u8>) {
    let mut digits = [b'0'; MAX_DIGITS + 1];
    let mut start = digits.len();
    for place in (0..digits.len()).rev() {
        digits[place] = b'0' + (number % 10) as u8;
        number /= 10;
        start = place;
        if number == 0 {
            break;
        }
    }
    let start = start.min(digits.len() - width);
    out.extend_from_slice(&digits[start..]);
}
