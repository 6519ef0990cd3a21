//! How the numbers of a block are packed, in a byte.
//!
//! ```text
//! 0 … 64    │ numbers of so many bits
//! 65 … 120  │ multiples of 1,000, of 0 to 55 bits when divided by that
//! 121 … 166 │ multiples of 1,000,000, of 0 to 45 bits
//! 167 … 202 │ multiples of 1,000,000,000, of 0 to 35 bits
//! ```

use crate::Error;
use crate::bits;

/// What packed numbers may be multiples of: nanoseconds often are whole micro- or milliseconds or seconds.
pub(crate) const UNITS: [u64; 4] = [1, 1_000, 1_000_000, 1_000_000_000];

/// The widths of each unit start here in a shape's byte: 65 widths of unit 1, 56 of unit 1,000 (a `u64`
/// divided by it has at most 55 bits), 46 and 36.
const UNIT_STARTS: [u8; 4] = [0, 65, 121, 167];

/// The first byte that is no shape.
const SHAPES: u8 = 203;

/// How the numbers of a block are packed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Shape {
    /// Bits of each.
    pub width: u32,
    /// What each is multiplied by.
    pub unit: u64,
}

impl Shape {
    /// The narrowest for numbers up to `largest`, all of which `numbers` gives.
    pub fn of(largest: u64, numbers: impl Iterator<Item = u64>) -> u8 {
        let unit = unit_of(largest, numbers);
        // The width is at most 64, and at most what the unit leaves.
        UNIT_STARTS[unit] + bits::width(largest / UNITS[unit]) as u8
    }

    /// Reads a shape's byte.
    pub fn from_byte(byte: u8) -> Result<Self, Error> {
        if byte >= SHAPES {
            return Err(Error::corrupt("a block has no known shape"));
        }
        Ok(Self::from_known(byte))
    }

    /// Reads a byte that [`Shape::of`] made.
    pub fn from_known(byte: u8) -> Self {
        let unit = match byte {
            0..65 => 0,
            65..121 => 1,
            121..167 => 2,
            _ => 3,
        };
        Self {
            width: u32::from(byte - UNIT_STARTS[unit]),
            unit: UNITS[unit],
        }
    }
}

/// The bits of a number by its shape's byte: a table, because every read sums up those of all blocks before it.
pub(crate) static WIDTHS: [u8; 256] = widths();

const fn widths() -> [u8; 256] {
    let mut widths = [0; 256];
    let (mut unit, mut byte) = (0, 0);
    while byte < SHAPES {
        if unit < 3 && byte == UNIT_STARTS[unit + 1] {
            unit += 1;
        }
        widths[byte as usize] = byte - UNIT_STARTS[unit];
        byte += 1;
    }
    widths
}

/// The place in [`UNITS`] of the greatest one that divides all the numbers and is not above `largest`.
pub(crate) fn unit_of(largest: u64, numbers: impl Iterator<Item = u64>) -> usize {
    let mut unit = UNITS.iter().rposition(|unit| *unit <= largest).unwrap_or(0);
    for number in numbers {
        while !number.is_multiple_of(UNITS[unit]) {
            unit -= 1;
        }
        if unit == 0 {
            break;
        }
    }
    unit
}
