//! Keys of the peer's two maps.

use engine::AnalyticKey;
use ic_principal::Principal;
use ic_stable_structures::storable::{Bound, Storable};
use std::borrow::Cow;

/// The longest text of a key, in bytes.
const TEXT: usize = 36;
/// The longest id of a satellite, in bytes.
const SATELLITE: usize = 29;
/// Bytes of an [`EntryKey`].
const ENTRY_KEY: usize = 8 + 1 + TEXT;
/// Bytes of an [`IndexKey`].
const INDEX_KEY: usize = 1 + SATELLITE + ENTRY_KEY;

/// A key of `N` bytes.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct FixedKey<const N: usize>([u8; N]);

/// The key of an entry.
pub(super) type EntryKey = FixedKey<ENTRY_KEY>;

/// The key of the index.
pub(super) type IndexKey = FixedKey<INDEX_KEY>;

impl EntryKey {
    /// A text longer than an orbiter would store is cut.
    pub(super) fn new(key: &AnalyticKey) -> Self {
        let mut bytes = [0; ENTRY_KEY];
        bytes[..8].copy_from_slice(&key.collected_at.to_be_bytes());
        let length = key.key.len().min(TEXT);
        bytes[8] = length as u8;
        bytes[9..9 + length].copy_from_slice(&key.key.as_bytes()[..length]);
        Self(bytes)
    }

    pub(super) fn collected_at(&self) -> u64 {
        let [a, b, c, d, e, f, g, h, ..] = self.0;
        u64::from_be_bytes([a, b, c, d, e, f, g, h])
    }
}

impl<const N: usize> Storable for FixedKey<N> {
    const BOUND: Bound = Bound::Bounded {
        max_size: N as u32,
        is_fixed_size: true,
    };

    fn to_bytes(&self) -> Cow<'_, [u8]> {
        Cow::Borrowed(&self.0)
    }

    fn into_bytes(self) -> Vec<u8> {
        self.0.to_vec()
    }

    fn from_bytes(bytes: Cow<'_, [u8]>) -> Self {
        let mut key = [0; N];
        key.iter_mut()
            .zip(bytes.iter())
            .for_each(|(to, from)| *to = *from);
        Self(key)
    }
}

impl IndexKey {
    pub(super) fn new(satellite: &Principal, key: &EntryKey) -> Self {
        let mut bytes = [0; INDEX_KEY];
        let id = satellite.as_slice();
        bytes[0] = id.len() as u8;
        bytes[1..=id.len()].copy_from_slice(id);
        bytes[1 + SATELLITE..].copy_from_slice(&key.0);
        Self(bytes)
    }

    /// Not after any key of the satellite collected at this instant or later.
    pub(super) fn first(satellite: &Principal, collected_at: u64) -> Self {
        let key = String::new();
        Self::new(
            satellite,
            &EntryKey::new(&AnalyticKey { collected_at, key }),
        )
    }
}
