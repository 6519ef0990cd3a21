//! Texts, each once, named by small numbers: the growing form of a dictionary.

use super::bytes;
use crate::columns::{Domain, TextSource};
use hashbrown::HashTable;
use xxhash_rust::xxh3::xxh3_64;

/// A growing list of byte strings.
#[derive(Clone, Debug, Default)]
pub(crate) struct TextList {
    bytes: Vec<u8>,
    ends: Vec<usize>,
}

impl TextList {
    pub(crate) fn len(&self) -> usize {
        self.ends.len()
    }

    /// The text at `index`; empty beyond the end.
    pub(crate) fn get(&self, index: usize) -> &[u8] {
        let start = match index.checked_sub(1) {
            Some(before) => self.ends.get(before).copied().unwrap_or_default(),
            None => 0,
        };
        let end = self.ends.get(index).copied().unwrap_or(start);
        self.bytes.get(start..end).unwrap_or_default()
    }

    pub(crate) fn push(&mut self, text: &[u8]) {
        self.bytes.extend_from_slice(text);
        self.ends.push(self.bytes.len());
    }
}

/// Numbers texts 0, 1, 2, … in the order in which they are first seen.
#[derive(Clone, Default)]
pub(crate) struct Interner {
    texts: TextList,
    codes: HashTable<u32>,
}

impl Interner {
    pub(crate) fn len(&self) -> usize {
        self.texts.len()
    }

    pub(crate) fn texts(&self) -> &TextList {
        &self.texts
    }

    /// Makes room for so many texts, where the first of them are about to come.
    pub(crate) fn reserve(&mut self, texts: usize) {
        self.texts.ends.reserve(texts);
        let texts = &self.texts;
        self.codes.reserve(texts.ends.capacity(), |code| {
            xxh3_64(texts.get(*code as usize))
        });
    }

    /// The text with this code; none if there is no such.
    pub(crate) fn get(&self, code: u64) -> Option<&[u8]> {
        let index = usize::try_from(code).ok()?;
        (index < self.texts.len()).then(|| self.texts.get(index))
    }

    /// The code of `text`, if it has one.
    pub(crate) fn find(&self, text: &[u8]) -> Option<u32> {
        let is_it = |code: &u32| bytes::equal(self.texts.get(*code as usize), text);
        self.codes.find(xxh3_64(text), is_it).copied()
    }

    /// The code of `text`, a new one if it has none yet.
    pub(crate) fn code(&mut self, text: &[u8]) -> u32 {
        let hash = xxh3_64(text);
        let texts = &self.texts;
        let is_it = |code: &u32| bytes::equal(texts.get(*code as usize), text);
        if let Some(code) = self.codes.find(hash, is_it) {
            return *code;
        }
        let code = self.texts.len() as u32;
        self.texts.push(text);
        let texts = &self.texts;
        self.codes
            .insert_unique(hash, code, |code| xxh3_64(texts.get(*code as usize)));
        code
    }
}

/// One growing dictionary for each domain, at the index that is its number.
pub(crate) type Interners = [Interner; Domain::ALL.len()];

impl TextSource for Interners {
    fn text_of(&self, domain: Domain, code: u64) -> Option<&[u8]> {
        self[domain as usize].get(code)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_text_has_one_code_and_a_code_its_text() {
        let mut interner = Interner::default();
        for (text, code) in [("b", 0), ("", 1), ("a", 2), ("b", 0), ("", 1)] {
            assert_eq!(interner.code(text.as_bytes()), code);
        }
        assert_eq!(interner.len(), 3);
        assert_eq!(interner.get(2), Some(b"a".as_slice()));
        assert_eq!(interner.get(3), None);
        assert_eq!((interner.find(b""), interner.find(b"c")), (Some(1), None));
    }
}
