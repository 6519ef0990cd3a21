//! Memories as files: what a canister's heap and stable memory are made of, and how their changes last or vanish.
//!
//! A memory is a file that holds its *committed* content, and a private copy-on-write mapping of that file in
//! which messages read and write:
//!
//! ```text
//!              page 0   page 1   page 2   page 3            (4 KiB each)
//!   mapping   [ = file | CHANGED | = file | = file ] guard   what Wasm and system calls see
//!                  │        │         │        │
//!   file      [  old   |  old    |  old   |  hole  ]         what outlives the message
//! ```
//!
//! * **Reading** a page that nobody wrote shows the file.
//! * **Writing** a page makes the kernel give the mapping its own copy; the file keeps the old content.
//! * **Committing** writes the changed pages into the file and drops the copies.
//! * **Rolling back** drops the copies: the next read shows the file again.
//!
//! Both cost what was changed, never what the memory holds. That hinges on knowing the changed pages: stable memory
//! is only written by system calls, which keep a journal ([`StableMemory`]); the heap is written by compiled code,
//! so the kernel is asked which pages are no longer the file's ([`dirty`]).
//!
//! Several messages may run before a commit (`canister_pre_upgrade` before `canister_post_upgrade`; a composite
//! query and its callbacks). When one of them traps, the changes of the earlier ones must stay, so each memory can
//! also go back to where the *message* began: `begin_message` and `undo_message`.

pub mod dirty;
mod heap;
mod mapping;
mod page_set;
mod sparse_copy;
mod stable;
mod upkeep;

pub use dirty::Finder;
pub use heap::{GUARD_BYTES, Heap, Traffic};
pub use mapping::Mapping;
pub use page_set::PageSet;
pub use stable::{AccessLimits, StableError, StableMemory};

use std::fmt::Display;
use std::path::Path;

/// Bytes of a page as the Internet Computer counts changes to memory.
pub const PAGE_BYTES: u64 = 4096;

/// Bytes of a page as WebAssembly counts the size of memory.
pub const WASM_PAGE_BYTES: u64 = 64 * 1024;

/// The largest heap of a 64-bit module, in bytes: 6 GiB, the Internet Computer's limit. A 32-bit module ends at
/// 4 GiB by its own addresses.
pub const MAX_HEAP_BYTES: u64 = 6 << 30;

/// The largest stable memory, in bytes: 500 GiB, the Internet Computer's limit.
pub const MAX_STABLE_BYTES: u64 = 500 << 30;

/// Ends the thread with a sentence when the host's disk or address space fails under a memory.
///
/// A network whose own files cannot be read or written has no way on: to report the message as trapped would leave
/// a committed state that is half written. Nothing a canister or client sends leads here.
#[cold]
pub(crate) fn host_failure(doing: &str, path: &Path, error: impl Display) -> ! {
    panic!(
        "localnet cannot {doing} {}: {error}. Free disk space or check the permissions of the network's directory.",
        path.display()
    )
}
