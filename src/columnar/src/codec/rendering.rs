//! Making texts out of a pattern and numbers.

use super::pattern::{MAX_RUNS, Pattern};

/// The text of the last numbers. Neighbours mostly have as many digits in each number, so that only those are
/// written anew.
pub(crate) struct Rendering<'a> {
    pattern: &'a Pattern,
    text: Vec<u8>,
    runs: Vec<Run>,
}

/// A number in the text.
struct Run {
    /// Where its digits start and end.
    start: usize,
    end: usize,
    /// The least and the greatest number of so many digits.
    least: u64,
    greatest: u64,
}

impl<'a> Rendering<'a> {
    pub fn new(pattern: &'a Pattern) -> Self {
        Self {
            pattern,
            text: Vec::with_capacity(pattern.longest()),
            runs: Vec::with_capacity(MAX_RUNS),
        }
    }

    /// The text of these numbers, one for each of the pattern.
    pub fn text(&mut self, numbers: &[u64]) -> &[u8] {
        let mut pairs = self.runs.iter().zip(numbers);
        let fits = pairs.all(|(run, number)| run.least <= *number && *number <= run.greatest);
        if !fits || self.runs.is_empty() {
            self.lay_out(numbers);
        }
        for (run, number) in self.runs.iter().zip(numbers) {
            let digits = self.text.get_mut(run.start..run.end);
            put_digits(*number, digits.unwrap_or_default());
        }
        &self.text
    }

    /// Makes room for as many digits as these numbers have.
    fn lay_out(&mut self, numbers: &[u64]) {
        self.text.clear();
        self.runs.clear();
        let mut pieces = self.pattern.pieces.iter();
        self.text.extend(pieces.next().into_iter().flatten());
        for ((number, width), piece) in numbers.iter().zip(&self.pattern.widths).zip(pieces) {
            let digits = number.checked_ilog10().unwrap_or(0) as usize + 1;
            let width = usize::from(*width);
            let start = self.text.len();
            let end = start + digits.max(width);
            let least = match digits {
                1 => 0,
                _ if digits <= width => 0,
                _ => 10u64.pow(digits as u32 - 1),
            };
            let next = 10u64.checked_pow((end - start) as u32);
            self.runs.push(Run {
                start,
                end,
                least,
                greatest: next.map_or(u64::MAX, |next| next - 1),
            });
            self.text.resize(end, b'0');
            self.text.extend_from_slice(piece);
        }
    }
}

/// The digits of each number below 100.
static PAIRS: [[u8; 2]; 100] = pairs();

const fn pairs() -> [[u8; 2]; 100] {
    let mut pairs = [[0; 2]; 100];
    let mut number = 0;
    while number < pairs.len() {
        pairs[number] = [b'0' + number as u8 / 10, b'0' + number as u8 % 10];
        number += 1;
    }
    pairs
}

/// Puts a number's last digits into all places.
fn put_digits(mut number: u64, places: &mut [u8]) {
    // From the end, eight at a time.
    let (rest, eights) = places.as_rchunks_mut();
    for eight in eights.iter_mut().rev() {
        put_eight((number % 100_000_000) as u32, eight);
        number /= 100_000_000;
    }
    // Fewer than eight digits are left, which a `u32` holds.
    let mut number = (number % 100_000_000) as u32;
    for place in rest.iter_mut().rev() {
        *place = b'0' + (number % 10) as u8;
        number /= 10;
    }
}

/// Not inlined for the sake of addresses, see `bits.rs`.
#[inline(never)]
fn put_eight(mut number: u32, places: &mut [u8; 8]) {
    let (pairs, _) = places.as_chunks_mut();
    for pair in pairs.iter_mut().rev() {
        *pair = PAIRS[(number % 100) as usize];
        number /= 100;
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::varint::Reader;

    #[test]
    fn numbers_of_any_digits_follow_each_other() {
        // "a", a number without zeros in front, "b", a number of three digits.
        let mut reader = Reader::new(&[2, 1, b'a', 1, b'b', 0, 0, 3]);
        let pattern = Pattern::read(&mut reader).unwrap();
        let mut rendering = Rendering::new(&pattern);
        for numbers in [
            [0, 0],
            [9, 999],
            [10, 1],
            [12_345_678, 20],
            [123_456_789, 30],
            [7, 1_000],
            [u64::MAX, 5],
            [10u64.pow(19), 5],
            [10u64.pow(19) - 1, 5],
        ] {
            let [free, fixed] = numbers;
            let text = format!("a{free}b{fixed:03}");
            assert_eq!(rendering.text(&numbers), text.as_bytes());
        }
    }
}
