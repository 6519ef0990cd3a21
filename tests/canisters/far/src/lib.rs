//! The orbiter, which leaves a gap in its memories when it is upgraded to something else. For tests alone.
//!
//! Linking the orbiter's library exports all of its methods; this canister only adds the hook `canister_pre_upgrade`,
//! which the orbiter doesn't have. A test installs it, upgrades it to the Wasm that ships, and has an orbiter that stands
//! where others stand after years. The gap costs nothing on localnet: nothing is written to it.
//!
//! What is in the memories is rewritten behind the orbiter's back. That is the last thing that happens before its code
//! is replaced, and the code that follows reads all of it anew.

use engine::Memories;
use ic_stable_structures::memory_manager::{MemoryId, MemoryManager, VirtualMemory};
use ic_stable_structures::{DefaultMemoryImpl, Memory, StableBTreeMap};
use orbiter::memory::{BUCKET_SIZE_IN_PAGES, FIRST_FREE_ID};

/// Bytes in a page of stable memory.
const PAGE_BYTES: u64 = 64 << 10;
/// Pages in a bucket.
const PAGES: u64 = BUCKET_SIZE_IN_PAGES as u64;

/// Where the memory of segments goes on after an upgrade, in bytes: the first of these that is beyond where it ended. After
/// the second one 24 MiB are left of the 400 GB that are promised. Multiples of 4 KiB, the unit of extents.
const MARKS: [u64; 2] = [256 << 30, (400_000_000_000 - (24 << 20)) / 4_096 * 4_096];

/// How many buckets are left after the second mark: enough for the 24 MiB of segments, and so few that the log of fresh
/// entries ends soon.
const LEFT_BUCKETS: u64 = 2;

/// No segment has so many bytes but those that were stretched here.
const STRETCHED: u64 = 1 << 30;

/// How many buckets there are once stable memory has no room for another: 500 GiB less the page with the manager's tables.
const ALL_BUCKETS: u64 = (500 << 6) - 1;

type Manager = MemoryManager<DefaultMemoryImpl>;
type Manifest = StableBTreeMap<Vec<u8>, Vec<u8>, VirtualMemory<DefaultMemoryImpl>>;

/// Moves the latest segment to the end and lets it reach to the next mark; without segments, takes all buckets that are
/// left. The latest segment is thought to be large enough never to be merged, which would give its place back.
#[ic_cdk::pre_upgrade]
fn leave_a_gap() {
    let stable = DefaultMemoryImpl::default();
    let buckets = (stable.size() - 1) / PAGES;
    let manager = MemoryManager::init_with_bucket_size(stable.clone(), BUCKET_SIZE_IN_PAGES);
    let mut manifest = Manifest::init(manager.get(MemoryId::new(Memories::MANIFEST)));
    let places: Vec<_> = manifest
        .iter()
        .filter_map(|entry| Place::of(entry.into_pair()))
        .collect();
    let end = places.iter().map(Place::end).max().unwrap_or(0);
    let segments = places
        .into_iter()
        .filter(|place| place.key[0] == SEGMENTS && place.bytes() < STRETCHED);
    let Some(latest) = segments.max_by(|one, other| one.key.cmp(&other.key)) else {
        return grow(&manager, FIRST_FREE_ID, (ALL_BUCKETS - buckets) * PAGES);
    };
    let Some(mark) = MARKS.into_iter().find(|mark| *mark > end) else {
        return;
    };
    let memory = manager.get(MemoryId::new(Memories::SEGMENTS));
    let pages = (mark / PAGE_BYTES + 1).saturating_sub(memory.size());
    grow(&manager, Memories::SEGMENTS, pages);
    if Some(&mark) == MARKS.last() {
        let taken = (stable.size() - 1) / PAGES;
        grow(
            &manager,
            FIRST_FREE_ID,
            (ALL_BUCKETS - LEFT_BUCKETS - taken) * PAGES,
        );
    }
    latest.move_to(end, mark, &memory, &mut manifest);
}

fn grow(manager: &Manager, id: u8, pages: u64) {
    if manager.get(MemoryId::new(id)).grow(pages) < 0 {
        ic_cdk::api::trap("the manager has no bucket left");
    }
}

/// Tables of the manifest, whose format is drawn in the engine's `store/manifest.rs`.
const SEGMENTS: u8 = 1;
const RUNS: u8 = 2;
const GROUPS: u8 = 3;

/// An extent in a record of the manifest.
struct Place {
    key: Vec<u8>,
    value: Vec<u8>,
    /// Where the extent is in the value: its start, then its length.
    offset: usize,
}

impl Place {
    fn of((key, value): (Vec<u8>, Vec<u8>)) -> Option<Self> {
        let offset = match key[0] {
            SEGMENTS | GROUPS => 2,
            RUNS => 3,
            _ => return None,
        };
        Some(Self { key, value, offset })
    }

    fn number(&self, offset: usize) -> u64 {
        let mut bytes = [0; 8];
        bytes.copy_from_slice(&self.value[offset..offset + 8]);
        u64::from_le_bytes(bytes)
    }

    fn start(&self) -> u64 {
        self.number(self.offset)
    }

    fn bytes(&self) -> u64 {
        self.number(self.offset + 8)
    }

    fn end(&self) -> u64 {
        self.start() + self.bytes()
    }

    /// Copies what is in the extent to `start`, and has it reach to `end`.
    fn move_to(mut self, start: u64, end: u64, memory: &impl Memory, manifest: &mut Manifest) {
        let mut content = vec![0; self.bytes() as usize];
        memory.read(self.start(), &mut content);
        memory.write(start, &content);
        let extent = [start.to_le_bytes(), (end - start).to_le_bytes()].concat();
        self.value[self.offset..self.offset + 16].copy_from_slice(&extent);
        manifest.insert(self.key, self.value);
    }
}
