//! Texts in memory.

/// Byte strings, one after the other in one buffer.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Texts {
    bytes: Vec<u8>,
    /// Where each one ends.
    ends: Vec<usize>,
}

impl Texts {
    /// How many there are.
    pub fn len(&self) -> usize {
        self.ends.len()
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.ends.is_empty()
    }

    /// The text at a place; empty beyond the last.
    pub fn get(&self, index: usize) -> &[u8] {
        let Some(end) = self.ends.get(index) else {
            return &[];
        };
        let start = match index {
            0 => 0,
            _ => self.ends.get(index - 1).copied().unwrap_or(0),
        };
        self.bytes.get(start..*end).unwrap_or_default()
    }

    /// All of them, in order.
    pub fn iter(&self) -> impl ExactSizeIterator<Item = &[u8]> + Clone {
        (0..self.len()).map(|index| self.get(index))
    }

    pub(crate) fn with_capacity(texts: usize, bytes: usize) -> Self {
        Self {
            bytes: Vec::with_capacity(bytes),
            ends: Vec::with_capacity(texts),
        }
    }

    /// Of texts one after the other, and where each ends.
    pub(crate) fn with_ends(bytes: Vec<u8>, ends: Vec<usize>) -> Self {
        Self { bytes, ends }
    }

    /// Of `count` texts of the same length, one after the other.
    pub(crate) fn of_length(bytes: Vec<u8>, length: usize, count: usize) -> Self {
        let ends = (1..=count).map(|place| place * length).collect();
        Self { bytes, ends }
    }

    /// The bytes of all of them.
    pub(crate) fn total(&self) -> usize {
        self.bytes.len()
    }

    pub(crate) fn push(&mut self, text: &[u8]) {
        append(&mut self.bytes, text);
        self.ends.push(self.bytes.len());
    }
}

/// Texts up to this long are appended byte by byte: to copy memory costs some 100 instructions and one a byte.
const SHORT: usize = 10;

/// Appends a text's bytes.
pub(crate) fn append(bytes: &mut Vec<u8>, text: &[u8]) {
    if text.len() > SHORT {
        return bytes.extend_from_slice(text);
    }
    for byte in text {
        bytes.push(*byte);
    }
}

impl<'a> FromIterator<&'a [u8]> for Texts {
    fn from_iter<I: IntoIterator<Item = &'a [u8]>>(texts: I) -> Self {
        let mut all = Self::default();
        for text in texts {
            all.push(text);
        }
        all
    }
}
