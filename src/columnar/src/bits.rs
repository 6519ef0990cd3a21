//! Numbers of equal width, side by side.
//!
//! Number `i` of width `w` stands at the bits `i·w ..` of the bytes read as one little-endian number, so eight
//! of them fill exactly `w` bytes: the unpackers read sixteen at a time, with all places known to the compiler.

use crate::Error;

/// How many numbers are packed together.
pub(crate) const BLOCK: usize = 128;

/// [`BLOCK`] as a count of rows.
pub(crate) const BLOCK_ROWS: u32 = BLOCK as u32;

/// The bytes of `count` numbers of `width` bits.
pub(crate) fn bytes(count: usize, width: u32) -> usize {
    (count * width as usize).div_ceil(8)
}

/// The bits that `value` needs.
pub(crate) fn width(value: u64) -> u32 {
    64 - value.leading_zeros()
}

/// The widest number that one read of eight bytes holds at any place within a byte.
const WIDEST_AT_ONCE: u32 = 56;

/// Appends the lowest `width` bits of each of the values, which have no higher ones.
pub(crate) fn pack(values: &[u64], width: u32, out: &mut Vec<u8>) {
    macro_rules! by_width {
        ($($width:literal)*) => {
            match width {
                0 => {}
                $($width => pack_sixteens::<$width, { 2 * $width }>(values, out),)*
                _ => pack_any(values, width, out),
            }
        };
    }
    by_width!(
        1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16 17 18 19 20 21 22 23 24 25 26 27 28 29 30 31 32
    );
}

/// Sixteen numbers at a time are `BYTES`: twice as many as they have bits.
fn pack_sixteens<const WIDTH: usize, const BYTES: usize>(values: &[u64], out: &mut Vec<u8>) {
    let (sixteens, rest) = values.as_chunks();
    for sixteen in sixteens {
        let mut bytes = [0; BYTES];
        pack_sixteen::<WIDTH, BYTES>(sixteen, &mut bytes);
        out.extend_from_slice(&bytes);
    }
    pack_any(rest, WIDTH as u32, out);
}

/// Not inlined for the sake of addresses, as [`unpack_sixteen`].
#[inline(never)]
fn pack_sixteen<const WIDTH: usize, const BYTES: usize>(
    sixteen: &[u64; 16],
    bytes: &mut [u8; BYTES],
) {
    // Written out, because a loop would not be unrolled, and only so are all places known when this is compiled.
    macro_rules! lanes {
        ($($lane:literal)*) => {
            let mut word = 0;
            let (halves, rest) = bytes.as_chunks_mut();
            $(
                let (place, shift) = ($lane * WIDTH / 32, $lane * WIDTH % 32);
                word |= sixteen[$lane] << shift;
                if shift + WIDTH >= 32 {
                    if let Some(half) = halves.get_mut(place) {
                        *half = (word as u32).to_le_bytes();
                    }
                    word >>= 32;
                }
            )*
            // Two bytes, where the width is odd.
            for (byte, last) in rest.iter_mut().zip(word.to_le_bytes()) {
                *byte = last;
            }
        };
    }
    lanes!(0 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15);
}

fn pack_any(values: &[u64], width: u32, out: &mut Vec<u8>) {
    let end = out.len() + bytes(values.len(), width);
    let (mut word, mut filled) = (0u64, 0);
    for &value in values {
        word |= value << filled;
        filled += width;
        if filled >= 64 {
            out.extend_from_slice(&word.to_le_bytes());
            filled -= 64;
            // What did not fit; nothing if the word was filled exactly.
            word = value.checked_shr(width - filled).unwrap_or(0);
        }
    }
    out.extend_from_slice(&word.to_le_bytes());
    out.truncate(end);
}

/// Reads a block of `width`-bit numbers and adds `base` to each. Bits beyond `bytes` are 0.
pub(crate) fn unpack(
    bytes: &[u8],
    width: u32,
    base: u64,
    out: &mut [u64; BLOCK],
) -> Result<(), Error> {
    macro_rules! by_width {
        ($($width:literal)*) => {
            match width {
                0 => out.fill(base),
                $($width => unpack_block::<$width, { 2 * $width + 8 }>(bytes, base, out),)*
                WIDE.. if width <= 64 => unpack_wide(bytes, width, base, out),
                _ => return Err(Error::corrupt("a number has more than 64 bits")),
            }
        };
    }
    const WIDE: u32 = WIDEST_AT_ONCE + 1;
    by_width!(
        1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16 17 18 19 20 21 22 23 24 25 26 27 28
        29 30 31 32 33 34 35 36 37 38 39 40 41 42 43 44 45 46 47 48 49 50 51 52 53 54 55 56
    );
    Ok(())
}

/// Sixteen numbers from each `2 · WIDTH` bytes; `WINDOW` is what is read for them: 8 bytes more.
fn unpack_block<const WIDTH: usize, const WINDOW: usize>(
    bytes: &[u8],
    base: u64,
    out: &mut [u64; BLOCK],
) {
    let mut rest = bytes;
    let (sixteens, _) = out.as_chunks_mut();
    let mut sixteens = sixteens.iter_mut();
    while let Some(window) = rest.first_chunk() {
        let Some(sixteen) = sixteens.next() else {
            return;
        };
        unpack_sixteen::<WIDTH, WINDOW>(window, base, sixteen);
        rest = &rest[2 * WIDTH..];
    }
    // At the end of a column nothing follows that could be read in vain.
    for sixteen in sixteens {
        unpack_sixteen::<WIDTH, WINDOW>(&pad(rest), base, sixteen);
        rest = rest.get(2 * WIDTH..).unwrap_or_default();
    }
}

/// A function of its own, because within the loop the compiler would compute each address anew (as of LLVM 22).
#[inline(never)]
fn unpack_sixteen<const WIDTH: usize, const WINDOW: usize>(
    window: &[u8; WINDOW],
    base: u64,
    sixteen: &mut [u64; 16],
) {
    let mask = (1 << WIDTH) - 1;
    for (lane, value) in sixteen.iter_mut().enumerate() {
        let bit = lane * WIDTH;
        // All places are known when this is compiled: one load, one shift.
        let word = window.get(bit / 8..).and_then(<[u8]>::first_chunk);
        let word = word.map_or(0, |word| u64::from_le_bytes(*word));
        *value = base.wrapping_add((word >> (bit % 8)) & mask);
    }
}

/// The bytes, filled up with zeros.
fn pad<const N: usize>(bytes: &[u8]) -> [u8; N] {
    let mut padded = [0; N];
    let length = bytes.len().min(N);
    padded[..length].copy_from_slice(&bytes[..length]);
    padded
}

/// Numbers of 57 to 64 bits, which lie in up to nine bytes.
fn unpack_wide(bytes: &[u8], width: u32, base: u64, out: &mut [u64; BLOCK]) {
    let mask = u64::MAX >> (64 - width);
    let mut bit = 0;
    for value in out {
        let rest = bytes.get(bit / 8..).unwrap_or_default();
        let (low, high) = match rest {
            [a, b, c, d, e, f, g, h, high, ..] => ([*a, *b, *c, *d, *e, *f, *g, *h], *high),
            _ => (pad(rest), 0),
        };
        let shift = bit % 8;
        // Shifted twice, because a shift by 64 is none.
        let high = u64::from(high) << (63 - shift) << 1;
        let word = u64::from_le_bytes(low) >> shift | high;
        *value = base.wrapping_add(word & mask);
        bit += width as usize;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_of_every_width_read_as_they_were_packed() {
        let noise = |row: u64| row.wrapping_add(1).wrapping_mul(0x9E37_79B9_7F4A_7C15);
        for bits in 0..=64 {
            let mask = u64::MAX.checked_shr(64 - bits).unwrap_or(0);
            let numbers: Vec<u64> = (0..128).map(|row| noise(row) & mask).collect();
            let mut packed = Vec::new();
            pack(&numbers, bits, &mut packed);
            assert_eq!(packed.len(), bytes(BLOCK, bits));
            assert_eq!(packed.len(), 16 * bits as usize);
            let mut read = [0; BLOCK];
            unpack(&packed, bits, 7, &mut read).unwrap();
            let expected: Vec<u64> = numbers
                .iter()
                .map(|number| number.wrapping_add(7))
                .collect();
            assert_eq!(read.as_slice(), expected, "{bits} bits");
        }
    }

    #[test]
    fn what_lies_beyond_the_bytes_is_zero_and_no_number_is_wider_than_64_bits() {
        for bits in 1..=64 {
            let mut read = [9; BLOCK];
            unpack(&[], bits, 5, &mut read).unwrap();
            assert_eq!(read, [5; BLOCK]);
        }
        assert!(unpack(&[], 65, 0, &mut [0; BLOCK]).is_err());
    }
}
