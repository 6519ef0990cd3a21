//! Which pages of a mapping are no longer the file's: three ways to find out, from fast to portable.
//!
//! A page that was only read is backed by the file; a page that was written is the process's own. The kernel knows
//! which is which:
//!
//! | way | cost | needs |
//! |---|---|---|
//! | [`Finder::Scan`] | what was touched since the page table was last cleared | Linux 6.7 (`PAGEMAP_SCAN`) |
//! | [`Finder::Pagemap`] | 8 bytes per page of the memory | Linux (`/proc/self/pagemap`) |
//! | [`Finder::Compare`] | reads the memory and the file | nothing |
//!
//! Formats: Linux, Documentation/admin-guide/mm/pagemap.rst.

use super::mapping::{Mapping, host_page_bytes};
use super::page_set::push_run;
use super::{PAGE_BYTES, host_failure};
use std::fs::File;
use std::io;
use std::ops::Range;
use std::os::fd::AsRawFd;
use std::os::unix::fs::FileExt;
use std::path::Path;
use std::sync::OnceLock;

/// A way to find the pages that were written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Finder {
    /// Ask the kernel for runs of pages that are the process's own.
    Scan,
    /// Read the kernel's entry for every page.
    Pagemap,
    /// Compare every page with the file.
    Compare,
}

impl Finder {
    /// The fastest way that works on this host.
    pub fn detect() -> Finder {
        static FASTEST: OnceLock<Finder> = OnceLock::new();
        *FASTEST.get_or_init(|| {
            if host_page_bytes() as u64 != PAGE_BYTES {
                return Finder::Compare;
            }
            let probe = 0u64;
            let address = std::ptr::from_ref(&probe) as u64 & !(PAGE_BYTES - 1);
            if scan(address..address + PAGE_BYTES).is_ok() {
                Finder::Scan
            } else if pagemap().is_ok() {
                Finder::Pagemap
            } else {
                Finder::Compare
            }
        })
    }

    /// The pages of the mapping that were written since they were last discarded, as ascending runs. May name a
    /// page that was written without changing it; never misses one.
    pub fn find(self, mapping: &Mapping) -> Vec<Range<u64>> {
        if mapping.is_empty() {
            return Vec::new();
        }
        let found = match self {
            Finder::Scan => scan_mapping(mapping),
            Finder::Pagemap => read_pagemap(mapping),
            Finder::Compare => compare(mapping),
        };
        match found {
            Ok(runs) => runs,
            Err(error) => host_failure("find changed pages in", Path::new(PAGEMAP), error),
        }
    }
}

const PAGEMAP: &str = "/proc/self/pagemap";

fn pagemap() -> io::Result<&'static File> {
    static FILE: OnceLock<Result<File, i32>> = OnceLock::new();
    FILE.get_or_init(|| File::open(PAGEMAP).map_err(|error| error.raw_os_error().unwrap_or(0)))
        .as_ref()
        .map_err(|code| io::Error::from_raw_os_error(*code))
}

/// Argument of `PAGEMAP_SCAN`, `struct pm_scan_arg` of linux/fs.h: twelve 64-bit words.
#[repr(C)]
#[derive(Default)]
struct ScanArgument {
    size: u64,
    flags: u64,
    start: u64,
    end: u64,
    walk_end: u64,
    vec: u64,
    vec_len: u64,
    max_pages: u64,
    category_inverted: u64,
    category_mask: u64,
    category_anyof_mask: u64,
    return_mask: u64,
}

/// Answer of `PAGEMAP_SCAN`, `struct page_region`: addresses and the categories asked for.
#[repr(C)]
#[derive(Clone, Copy, Default)]
struct Region {
    start: u64,
    end: u64,
    categories: u64,
}

/// `_IOWR('f', 16, struct pm_scan_arg)`.
const PAGEMAP_SCAN: u64 = 0xC060_6610;
const PAGE_IS_FILE: u64 = 1 << 2;
const PAGE_IS_PRESENT: u64 = 1 << 3;
const PAGE_IS_SWAPPED: u64 = 1 << 4;

/// Regions taken per call; more are fetched in turns.
const REGIONS: usize = 256;

/// Address ranges within `addresses` whose pages exist and are not the file's.
fn scan(addresses: Range<u64>) -> io::Result<Vec<Range<u64>>> {
    let mut found = Vec::new();
    let mut start = addresses.start;
    while start < addresses.end {
        let mut regions = [Region::default(); REGIONS];
        let mut argument = ScanArgument {
            size: size_of::<ScanArgument>() as u64,
            start,
            end: addresses.end,
            vec: regions.as_mut_ptr() as u64,
            vec_len: REGIONS as u64,
            category_inverted: PAGE_IS_FILE,
            category_mask: PAGE_IS_FILE,
            category_anyof_mask: PAGE_IS_PRESENT | PAGE_IS_SWAPPED,
            return_mask: PAGE_IS_PRESENT,
            ..ScanArgument::default()
        };
        let count = scan_once(&mut argument)?;
        for region in &regions[..count] {
            push_run(&mut found, region.start..region.end);
        }
        start = argument.walk_end;
    }
    Ok(found)
}

#[cfg(target_os = "linux")]
fn scan_once(argument: &mut ScanArgument) -> io::Result<usize> {
    // SAFETY: the argument has the layout the request names, and `vec` points to `vec_len` regions.
    let count = unsafe { libc::ioctl(pagemap()?.as_raw_fd(), PAGEMAP_SCAN as _, argument) };
    usize::try_from(count).map_err(|_| io::Error::last_os_error())
}

#[cfg(not(target_os = "linux"))]
fn scan_once(_argument: &mut ScanArgument) -> io::Result<usize> {
    Err(io::ErrorKind::Unsupported.into())
}

fn scan_mapping(mapping: &Mapping) -> io::Result<Vec<Range<u64>>> {
    let base = mapping.base() as u64;
    let found = scan(base..base + mapping.len())?;
    let page = |address: u64| (address - base) / PAGE_BYTES;
    Ok(found
        .into_iter()
        .map(|run| page(run.start)..page(run.end))
        .collect())
}

/// In a pagemap entry: the page is in memory; it is swapped out; it is backed by a file.
const ENTRY_PRESENT: u64 = 1 << 63;
const ENTRY_SWAPPED: u64 = 1 << 62;
const ENTRY_FILE: u64 = 1 << 61;

fn read_pagemap(mapping: &Mapping) -> io::Result<Vec<Range<u64>>> {
    const ENTRIES: u64 = 8192;
    let first = mapping.base() as u64 / PAGE_BYTES;
    let pages = mapping.len() / PAGE_BYTES;
    let mut buffer = vec![0; ENTRIES as usize * 8];
    let mut found = Vec::new();
    for start in (0..pages).step_by(ENTRIES as usize) {
        let count = ENTRIES.min(pages - start);
        let buffer = &mut buffer[..count as usize * 8];
        pagemap()?.read_exact_at(buffer, (first + start) * 8)?;
        for (page, entry) in (start..).zip(buffer.as_chunks().0) {
            let entry = u64::from_ne_bytes(*entry);
            if entry & (ENTRY_PRESENT | ENTRY_SWAPPED) != 0 && entry & ENTRY_FILE == 0 {
                push_run(&mut found, page..page + 1);
            }
        }
    }
    Ok(found)
}

fn compare(mapping: &Mapping) -> io::Result<Vec<Range<u64>>> {
    const CHUNK: usize = 1 << 18;
    let mut buffer = vec![0; CHUNK];
    let mut found = Vec::new();
    for (index, chunk) in mapping.bytes().chunks(CHUNK).enumerate() {
        let offset = (index * CHUNK) as u64;
        let committed = &mut buffer[..chunk.len()];
        mapping.file().read_exact_at(committed, offset)?;
        if committed == chunk {
            continue;
        }
        let pages = chunk.chunks(PAGE_BYTES as usize);
        let committed = committed.chunks(PAGE_BYTES as usize);
        for (page, (new, old)) in (offset / PAGE_BYTES..).zip(pages.zip(committed)) {
            if new != old {
                push_run(&mut found, page..page + 1);
            }
        }
    }
    Ok(found)
}

#[cfg(test)]
mod tests {
    use super::*;

    const ALL: [Finder; 3] = [Finder::Scan, Finder::Pagemap, Finder::Compare];

    fn mapping(pages: u64) -> (tempfile::TempDir, Mapping) {
        let directory = tempfile::tempdir().unwrap();
        let mapping = Mapping::create(&directory.path().join("memory"), 1 << 30, 4096).unwrap();
        mapping.resize(pages * PAGE_BYTES).unwrap();
        (directory, mapping)
    }

    fn write(mapping: &Mapping, page: u64, value: u8) {
        // SAFETY: no other slice is alive.
        unsafe { mapping.bytes_mut()[(page * PAGE_BYTES) as usize + 7] = value };
    }

    #[test]
    fn every_finder_names_exactly_the_written_pages() {
        let (_directory, mapping) = mapping(3000);
        for page in [0, 1, 2, 9, 700, 2999] {
            write(&mapping, page, 1);
        }
        let read: u64 = mapping.bytes().iter().map(|byte| u64::from(*byte)).sum();
        assert_eq!(read, 6, "reading everything must not count as writing");
        for finder in ALL {
            assert_eq!(
                finder.find(&mapping),
                [0..3, 9..10, 700..701, 2999..3000],
                "{finder:?}"
            );
        }
    }

    #[test]
    fn committed_and_discarded_pages_are_clean() {
        for finder in ALL {
            let (_directory, mapping) = mapping(64);
            write(&mapping, 3, 1);
            let written = finder.find(&mapping);
            mapping.write_back(&written);
            mapping.discard(&written);
            write(&mapping, 3, 2);
            write(&mapping, 5, 2);
            mapping.discard(&finder.find(&mapping));
            assert_eq!(finder.find(&mapping), [], "{finder:?}");
            assert_eq!(mapping.bytes()[3 * 4096 + 7], 1);
            assert_eq!(mapping.bytes()[5 * 4096 + 7], 0);
        }
    }

    #[test]
    fn more_runs_than_one_kernel_call_returns_are_all_found() {
        let (_directory, mapping) = mapping(4096);
        let odd = (0..2048).map(|index| 2 * index + 1);
        for page in odd.clone() {
            write(&mapping, page, 1);
        }
        let expected: Vec<_> = odd.map(|page| page..page + 1).collect();
        for finder in ALL {
            assert_eq!(finder.find(&mapping), expected, "{finder:?}");
        }
    }
}
