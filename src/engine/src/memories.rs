//! Every stable memory of the orbiter, and what its id is for.
//!
//! Ids are part of the layout: a released id is never given another use. The canister makes the memories
//! from a `MemoryManager` with buckets of 256 pages (16 MiB): that size can't be changed later, and smaller
//! buckets would cap the whole at 256 GiB. A memory in use takes one bucket at least, which is why small
//! records share one.

/// The memories that the orbiter opens.
pub struct Memories<M> {
    /// Which layout the others have. Id [`Memories::SUPERBLOCK`].
    pub superblock: M,
    /// Satellite configs and access keys. Id [`Memories::RECORDS`].
    pub records: M,
    /// The entries of layout 1; empty since. Id [`Memories::ENTRIES`].
    pub entries: M,
    /// The log of fresh entries. Id [`Memories::LOG`].
    pub log: M,
    /// Segments of compacted entries, and what belongs to them. Id [`Memories::SEGMENTS`].
    pub segments: M,
    /// The list of segments. Id [`Memories::MANIFEST`].
    pub manifest: M,
}

impl Memories<()> {
    /// The id of [`Memories::superblock`].
    pub const SUPERBLOCK: u8 = 0;
    /// The id of [`Memories::records`].
    pub const RECORDS: u8 = 1;
    /// The id of [`Memories::entries`].
    pub const ENTRIES: u8 = 2;
    /// The id of [`Memories::log`].
    pub const LOG: u8 = 3;
    /// The id of [`Memories::segments`].
    pub const SEGMENTS: u8 = 4;
    /// The id of [`Memories::manifest`].
    pub const MANIFEST: u8 = 5;
    /// The first id that is free for whoever embeds the orbiter; those below are the orbiter's.
    pub const FIRST_FREE: u8 = 16;
}

/// What a memory id is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct MemoryUse {
    /// The id.
    pub id: u8,
    /// What it holds, or is kept for.
    pub holds: &'static str,
}

/// Every id that is the orbiter's, 0 to 15.
pub const MEMORY_USES: [MemoryUse; 16] = [
    used(0, "superblock: magic and layout version"),
    used(1, "records: satellite configs and access keys"),
    used(2, "entries of layout 1; empty since layout 2"),
    used(3, "log of fresh entries"),
    used(
        4,
        "segments of compacted entries, the session index, groups",
    ),
    used(5, "manifest: the list of segments"),
    used(6, "kept"),
    used(7, "kept"),
    used(8, "kept"),
    used(9, "kept"),
    used(10, "kept"),
    used(11, "kept"),
    used(12, "kept"),
    used(13, "kept"),
    used(14, "kept"),
    used(15, "kept"),
];

const fn used(id: u8, holds: &'static str) -> MemoryUse {
    MemoryUse { id, holds }
}

/// The memories, those of the store apart.
pub(crate) struct Split<M> {
    pub superblock: M,
    pub records: M,
    pub entries: M,
    pub store: StoreMemories<M>,
}

/// The memories that entries live in.
pub(crate) struct StoreMemories<M> {
    pub log: M,
    pub segments: M,
    pub manifest: M,
}

impl<M> Memories<M> {
    pub(crate) fn split(self) -> Split<M> {
        Split {
            superblock: self.superblock,
            records: self.records,
            entries: self.entries,
            store: StoreMemories {
                log: self.log,
                segments: self.segments,
                manifest: self.manifest,
            },
        }
    }

    /// The memories that `memory` gives for their ids.
    pub fn from_ids(mut memory: impl FnMut(u8) -> M) -> Self {
        Self {
            superblock: memory(Memories::SUPERBLOCK),
            records: memory(Memories::RECORDS),
            entries: memory(Memories::ENTRIES),
            log: memory(Memories::LOG),
            segments: memory(Memories::SEGMENTS),
            manifest: memory(Memories::MANIFEST),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_id_is_listed_once_in_order() {
        for (position, memory_use) in MEMORY_USES.iter().enumerate() {
            assert_eq!(usize::from(memory_use.id), position);
        }
        assert_eq!(MEMORY_USES.len(), usize::from(Memories::FIRST_FREE));
    }

    #[test]
    fn the_opened_memories_have_the_listed_ids() {
        let memories = Memories::from_ids(|id| MEMORY_USES[usize::from(id)].holds);
        assert!(memories.superblock.starts_with("superblock"));
        assert!(memories.records.starts_with("records"));
        assert!(memories.entries.starts_with("entries"));
        assert!(memories.log.starts_with("log"));
        assert!(memories.segments.starts_with("segments"));
        assert!(memories.manifest.starts_with("manifest"));
    }
}
