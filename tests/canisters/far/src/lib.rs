//! The orbiter, which leaves a gap in stable memory when it is upgraded to something else. For tests alone.
//!
//! Linking the orbiter's library exports all of its methods; this canister only adds the hook `canister_pre_upgrade`,
//! which the orbiter doesn't have. A test installs it, upgrades it to the Wasm that ships, and has an orbiter whose next
//! buckets lie where they lie after years. The gap costs nothing on localnet: nothing is written to it.

use ic_stable_structures::memory_manager::{MemoryId, MemoryManager};
use ic_stable_structures::{DefaultMemoryImpl, Memory};
use orbiter::memory::{BUCKET_SIZE_IN_PAGES, FIRST_FREE_ID};

/// Pages in a bucket.
const PAGES: u64 = BUCKET_SIZE_IN_PAGES as u64;

/// How many buckets of 16 MiB are taken after an upgrade: the first of these that is more than before. The next bucket
/// begins beyond 256 GiB; contains the last byte of 400 GB; or lies beyond the 500 GiB that stable memory can have.
const MARKS: [u64; 3] = [(256 << 6) + 1, 400_000_000_000 >> 24, (500 << 6) - 1];

/// Grows a memory that the orbiter doesn't use.
///
/// The orbiter's own view of which memory has which bucket is outdated then. It is the last thing that happens before
/// the code is replaced, and the code that follows reads it anew.
#[ic_cdk::pre_upgrade]
fn leave_a_gap() {
    let stable = DefaultMemoryImpl::default();
    // The manager's own tables take a page, the rest is buckets.
    let taken = (stable.size() - 1) / PAGES;
    let Some(mark) = MARKS.into_iter().find(|mark| *mark > taken) else {
        return;
    };
    let manager = MemoryManager::init_with_bucket_size(stable, BUCKET_SIZE_IN_PAGES);
    let gap = manager.get(MemoryId::new(FIRST_FREE_ID));
    if gap.grow((mark - taken) * PAGES) < 0 {
        ic_cdk::api::trap("the manager has no bucket left");
    }
}
