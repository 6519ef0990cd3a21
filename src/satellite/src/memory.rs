//! The memory map: what lives in stable memory, and where.
//!
//! | id | content |
//! |---|---|
//! | 0 | the settings, one cell ([`crate::settings`]) |

use std::cell::RefCell;

use ic_stable_structures::memory_manager::{MemoryId, MemoryManager, VirtualMemory};
use ic_stable_structures::{Cell, DefaultMemoryImpl};

use crate::settings::{Settings, UnreadableSettings};

/// Pages (64 KiB) that a memory grows by: a satellite stores little.
const BUCKET_SIZE_IN_PAGES: u16 = 16;
const SETTINGS: MemoryId = MemoryId::new(0);

thread_local! {
    static CELL: RefCell<Cell<Vec<u8>, VirtualMemory<DefaultMemoryImpl>>> = RefCell::new({
        let manager =
            MemoryManager::init_with_bucket_size(DefaultMemoryImpl::default(), BUCKET_SIZE_IN_PAGES);
        Cell::init(manager.get(SETTINGS), Vec::new())
    });
}

/// The stored settings.
pub fn settings() -> Result<Settings, UnreadableSettings> {
    CELL.with_borrow(|cell| Settings::decode(cell.get()))
}

/// Stores settings in place of those before.
pub fn set_settings(settings: &Settings) {
    CELL.with_borrow_mut(|cell| cell.set(settings.encode()));
}
