//! Copies of a canister that it can go back to, and the store for the parts of large modules.

use super::canister::Code;
use crate::engine::SandboxImage;
use sha2::{Digest, Sha256};
use std::collections::BTreeMap;

/// Snapshots one canister may have.
pub(crate) const MAX_SNAPSHOTS: usize = 10;
/// Chunks one canister may store.
pub(crate) const MAX_CHUNKS: usize = 100;
/// Bytes in one chunk.
pub(crate) const MAX_CHUNK: usize = 1 << 20;

/// SHA-256 of a chunk.
pub(crate) type ChunkHash = [u8; 32];

/// A canister's code and state at one moment.
#[derive(Clone)]
pub(crate) struct Snapshot {
    pub(crate) image: SandboxImage,
    pub(crate) code: Code,
    pub(crate) certified_data: Vec<u8>,
    pub(crate) chunks: ChunkStore,
    /// The canister's version then.
    pub(crate) version: u64,
    /// Nanoseconds since 1970.
    pub(crate) taken_at: u64,
    /// Bytes of memories, code and chunks.
    pub(crate) size: u64,
}

/// Parts of modules that are too large for one message, by hash.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct ChunkStore {
    chunks: BTreeMap<ChunkHash, Vec<u8>>,
}

/// Why a chunk is refused.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub(crate) enum ChunkRefused {
    #[error("a chunk has at most {MAX_CHUNK} bytes, this one has {bytes}")]
    TooLarge { bytes: usize },
    #[error("the chunk store holds {MAX_CHUNKS} chunks already: clear it")]
    Full,
}

impl ChunkStore {
    /// Keeps a chunk and gives its hash; the same chunk again changes nothing.
    pub(crate) fn insert(&mut self, chunk: Vec<u8>) -> Result<ChunkHash, ChunkRefused> {
        if chunk.len() > MAX_CHUNK {
            return Err(ChunkRefused::TooLarge { bytes: chunk.len() });
        }
        let hash: ChunkHash = Sha256::digest(&chunk).into();
        if self.chunks.len() >= MAX_CHUNKS && !self.chunks.contains_key(&hash) {
            return Err(ChunkRefused::Full);
        }
        self.chunks.insert(hash, chunk);
        Ok(hash)
    }

    pub(crate) fn get(&self, hash: &[u8]) -> Option<&[u8]> {
        let hash: &ChunkHash = hash.try_into().ok()?;
        self.chunks.get(hash).map(Vec::as_slice)
    }

    /// All hashes, in their order.
    pub(crate) fn hashes(&self) -> impl Iterator<Item = &ChunkHash> {
        self.chunks.keys()
    }

    pub(crate) fn clear(&mut self) {
        self.chunks.clear();
    }

    /// Bytes of all chunks.
    pub(crate) fn size(&self) -> u64 {
        self.chunks.values().map(|chunk| chunk.len() as u64).sum()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_chunk_is_found_by_its_hash() {
        let mut store = ChunkStore::default();
        let hash = store.insert(b"abc".to_vec()).unwrap();
        assert_eq!(hash, <[u8; 32]>::from(Sha256::digest(b"abc")));
        assert_eq!(store.get(&hash), Some(&b"abc"[..]));
        assert_eq!(store.get(&hash[1..]), None);
        assert_eq!(store.size(), 3);
    }

    #[test]
    fn the_store_takes_a_hundred_chunks_of_a_mebibyte() {
        let mut store = ChunkStore::default();
        for number in 0..MAX_CHUNKS {
            store.insert(number.to_be_bytes().to_vec()).unwrap();
        }
        assert_eq!(store.insert(vec![]), Err(ChunkRefused::Full));
        assert!(store.insert(5usize.to_be_bytes().to_vec()).is_ok());
        store.clear();
        assert!(store.insert(vec![0; MAX_CHUNK]).is_ok());
        let bytes = MAX_CHUNK + 1;
        assert_eq!(
            store.insert(vec![0; bytes]),
            Err(ChunkRefused::TooLarge { bytes })
        );
    }
}
