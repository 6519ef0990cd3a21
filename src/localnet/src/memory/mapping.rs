//! One file mapped privately, with room to grow.

use super::{PAGE_BYTES, host_failure};
use std::fs::{File, OpenOptions};
use std::io;
use std::ops::Range;
use std::os::fd::AsRawFd;
use std::os::unix::fs::FileExt;
use std::path::{Path, PathBuf};
use std::ptr::NonNull;
use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};

const READ_WRITE: libc::c_int = libc::PROT_READ | libc::PROT_WRITE;

/// A file under a private copy-on-write mapping.
///
/// ```text
///   base                      len()                     capacity          capacity + guard
///    │ readable and writable   │ no access (may grow)    │ no access         │
/// ```
///
/// The base never moves, so compiled Wasm may keep it. The file is always at least `len()` long; past the
/// committed length it holds zeros only.
///
/// Shared between a memory and the Wasm instance that runs on it; the two never run at the same time, which is what
/// makes handing out plain slices sound (see [`Mapping::bytes_mut`]).
pub struct Mapping {
    path: Mutex<PathBuf>,
    file: File,
    base: NonNull<u8>,
    len: AtomicUsize,
    capacity: usize,
    guard: usize,
}

// SAFETY: the mapping is plain memory that belongs to this value until it is dropped; nothing about it is tied to
// the thread that made it. Exclusive access is up to the callers of `bytes_mut`.
unsafe impl Send for Mapping {}
unsafe impl Sync for Mapping {}

impl Mapping {
    /// Makes an empty file at `path` (replacing one that is there) and maps it.
    pub fn create(path: &Path, capacity: u64, guard: u64) -> io::Result<Mapping> {
        match std::fs::remove_file(path) {
            Err(error) if error.kind() != io::ErrorKind::NotFound => return Err(error),
            _ => {}
        }
        let file = OpenOptions::new()
            .read(true)
            .write(true)
            .create_new(true)
            .open(path)?;
        let (capacity, guard) = (to_usize(capacity)?, to_usize(guard)?);
        let base = reserve(&file, capacity, capacity + guard)?;
        Ok(Mapping {
            path: Mutex::new(path.to_owned()),
            file,
            base,
            len: AtomicUsize::new(0),
            capacity,
            guard,
        })
    }

    /// The same file under a mapping with more room. Private copies stay behind: whoever knows them copies them.
    pub fn widened(&self, capacity: u64) -> io::Result<Mapping> {
        let (file, capacity) = (self.file.try_clone()?, to_usize(capacity)?);
        let base = reserve(&file, capacity, capacity + self.guard)?;
        let mapping = Mapping {
            path: Mutex::new(self.lock_path().clone()),
            file,
            base,
            len: AtomicUsize::new(self.len() as usize),
            capacity,
            guard: self.guard,
        };
        if !self.is_empty() {
            mapping.protect(0..self.len() as usize, READ_WRITE)?;
        }
        Ok(mapping)
    }

    /// Bytes that can be read and written.
    pub fn len(&self) -> u64 {
        self.len.load(Ordering::Relaxed) as u64
    }

    /// Whether nothing can be read.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// Bytes it can grow to.
    pub fn capacity(&self) -> u64 {
        self.capacity as u64
    }

    /// Where byte 0 is.
    pub fn base(&self) -> *mut u8 {
        self.base.as_ptr()
    }

    /// The file with the committed content.
    pub fn file(&self) -> &File {
        &self.file
    }

    /// Moves the file to another name, replacing what is there.
    pub fn rename(&self, to: &Path) -> io::Result<()> {
        let mut path = self.lock_path();
        std::fs::rename(&*path, to)?;
        *path = to.to_owned();
        Ok(())
    }

    /// Removes the file's name; the content goes when the mapping does.
    pub fn unlink(&self) {
        // A name that is gone already is as good as removed.
        let _ = std::fs::remove_file(&*self.lock_path());
    }

    /// Changes the length. Growing adds zeros. Shrinking forgets what was beyond, in the file too: only lengths that
    /// were never committed may be taken back.
    pub fn resize(&self, len: u64) -> io::Result<()> {
        let (old, new) = (self.len() as usize, to_usize(len)?);
        if new > self.capacity {
            return Err(io::Error::other(format!(
                "{len} bytes exceed the capacity of {} bytes",
                self.capacity
            )));
        }
        if new > old {
            self.file.set_len(len)?;
            self.protect(old..new, READ_WRITE)?;
        } else if new < old {
            self.protect(new..old, libc::PROT_NONE)?;
            self.file.set_len(len)?;
        }
        self.len.store(new, Ordering::Relaxed);
        Ok(())
    }

    /// The content as a message sees it.
    pub fn bytes(&self) -> &[u8] {
        // SAFETY: `len` bytes from `base` are mapped readable, and the file behind is at least as long.
        unsafe { std::slice::from_raw_parts(self.base.as_ptr(), self.len() as usize) }
    }

    /// The content, to be written.
    ///
    /// # Safety
    ///
    /// While the slice lives nobody else may use this mapping: no Wasm may run on it, and no other slice may be
    /// alive.
    #[allow(clippy::mut_from_ref)]
    pub unsafe fn bytes_mut(&self) -> &mut [u8] {
        // SAFETY: as in `bytes`, and exclusive by the caller's promise.
        unsafe { std::slice::from_raw_parts_mut(self.base.as_ptr(), self.len() as usize) }
    }

    /// Makes pages last: writes them to the file. The private copies stay, equal to the file, until discarded.
    pub fn write_back(&self, runs: &[Range<u64>]) {
        for run in runs {
            let bytes = byte_range(run);
            let written =
                write_pieces(&self.file, &self.bytes()[bytes.clone()], bytes.start as u64);
            if let Err(error) = written {
                self.fail("write memory to", error);
            }
        }
    }

    /// Forgets the private copies of pages: they show the file again.
    pub fn discard(&self, runs: &[Range<u64>]) {
        for run in runs {
            if let Err(error) = self.reload(byte_range(run)) {
                self.fail("reload memory from", error);
            }
        }
    }

    /// Forgets every private copy, and the page tables too, so that asking for changed pages later costs what was
    /// touched since: dropping pages alone would leave empty tables to be walked.
    pub fn discard_all(&self) {
        let bytes = 0..self.len() as usize;
        if bytes.is_empty() {
            return;
        }
        // SAFETY: replaces the accessible part of our own mapping.
        let mapped = unsafe { map_file(&self.file, self.base.as_ptr(), bytes, READ_WRITE) };
        if let Err(error) = mapped {
            self.fail("reload memory from", error);
        }
    }

    fn reload(&self, bytes: Range<usize>) -> io::Result<()> {
        let page = host_page_bytes();
        if !bytes.start.is_multiple_of(page) || !bytes.end.is_multiple_of(page) {
            // Pages of the host are larger than ours: read the content back instead of dropping the copy.
            // SAFETY: the memory is not running while it is rolled back or committed.
            let slice = unsafe { &mut self.bytes_mut()[bytes.clone()] };
            return self.file.read_exact_at(slice, bytes.start as u64);
        }
        if bytes.is_empty() {
            return Ok(());
        }
        self.drop_copies(bytes)
    }

    #[cfg(target_os = "linux")]
    fn drop_copies(&self, bytes: Range<usize>) -> io::Result<()> {
        // SAFETY: the range lies within our mapping; dropping private copies only changes what it shows.
        let result = unsafe {
            libc::madvise(
                self.base.as_ptr().add(bytes.start).cast(),
                bytes.len(),
                libc::MADV_DONTNEED,
            )
        };
        check(result)
    }

    /// Elsewhere MADV_DONTNEED is only a hint: map the range anew.
    #[cfg(not(target_os = "linux"))]
    fn drop_copies(&self, bytes: Range<usize>) -> io::Result<()> {
        // SAFETY: the range lies within our own mapping, which it replaces.
        unsafe { map_file(&self.file, self.base.as_ptr(), bytes, READ_WRITE) }
    }

    fn protect(&self, bytes: Range<usize>, protection: libc::c_int) -> io::Result<()> {
        // SAFETY: the range lies within our mapping.
        let result = unsafe {
            libc::mprotect(
                self.base.as_ptr().add(bytes.start).cast(),
                bytes.len(),
                protection,
            )
        };
        check(result)
    }

    fn lock_path(&self) -> std::sync::MutexGuard<'_, PathBuf> {
        self.path
            .lock()
            .unwrap_or_else(|poisoned| poisoned.into_inner())
    }

    /// Ends the thread: the file failed under us.
    pub(super) fn fail(&self, doing: &str, error: io::Error) -> ! {
        host_failure(doing, &self.lock_path(), error)
    }
}

impl Drop for Mapping {
    fn drop(&mut self) {
        // SAFETY: the mapping is ours alone by now; a failure would only leak address space.
        unsafe { libc::munmap(self.base.as_ptr().cast(), self.capacity + self.guard) };
    }
}

/// Reserves address space without access and lays the file's (still inaccessible) private mapping at its start.
fn reserve(file: &File, capacity: usize, total: usize) -> io::Result<NonNull<u8>> {
    // SAFETY: a fresh anonymous mapping wherever the system likes.
    let base = unsafe {
        libc::mmap(
            std::ptr::null_mut(),
            total,
            libc::PROT_NONE,
            libc::MAP_PRIVATE | libc::MAP_ANON | libc::MAP_NORESERVE,
            -1,
            0,
        )
    };
    if base == libc::MAP_FAILED {
        return Err(io::Error::last_os_error());
    }
    // SAFETY: replaces the start of the reservation just made.
    let mapped = unsafe { map_file(file, base.cast(), 0..capacity, libc::PROT_NONE) };
    if let Err(error) = mapped {
        // SAFETY: the reservation is ours.
        unsafe { libc::munmap(base, total) };
        return Err(error);
    }
    NonNull::new(base.cast()).ok_or_else(|| io::Error::other("mapped at address zero"))
}

/// Maps part of a file privately at a fixed place.
///
/// # Safety
///
/// `base + bytes` must lie within a mapping of the caller's, which this replaces.
unsafe fn map_file(
    file: &File,
    base: *mut u8,
    bytes: Range<usize>,
    protection: libc::c_int,
) -> io::Result<()> {
    // SAFETY: by the caller's promise.
    let mapped = unsafe {
        libc::mmap(
            base.add(bytes.start).cast(),
            bytes.len(),
            protection,
            libc::MAP_PRIVATE | libc::MAP_FIXED | libc::MAP_NORESERVE,
            file.as_raw_fd(),
            bytes.start as libc::off_t,
        )
    };
    check(if mapped == libc::MAP_FAILED { -1 } else { 0 })?;
    // No reading ahead: it would fill the page cache with large units (see `WRITE_BYTES`). A hint; nothing is lost if
    // the system does not take it.
    // SAFETY: advice about the mapping just made.
    unsafe { libc::madvise(mapped, bytes.len(), libc::MADV_RANDOM) };
    Ok(())
}

/// Bytes written to a memory's file at once. The page cache keeps what was written together as one unit, and ext4
/// walks a whole unit for every later write to a page of it: large first writes would make all later small ones slow
/// (20 us instead of 1 us for a page).
const WRITE_BYTES: usize = 16 * 1024;

/// Writes bytes to a memory's file, in pieces that keep later writes of single pages fast.
pub(super) fn write_pieces(file: &File, bytes: &[u8], offset: u64) -> io::Result<()> {
    for (index, piece) in bytes.chunks(WRITE_BYTES).enumerate() {
        file.write_all_at(piece, offset + (index * WRITE_BYTES) as u64)?;
    }
    Ok(())
}

fn check(result: libc::c_int) -> io::Result<()> {
    match result {
        0 => Ok(()),
        _ => Err(io::Error::last_os_error()),
    }
}

fn byte_range(pages: &Range<u64>) -> Range<usize> {
    (pages.start * PAGE_BYTES) as usize..(pages.end * PAGE_BYTES) as usize
}

fn to_usize(bytes: u64) -> io::Result<usize> {
    usize::try_from(bytes).map_err(|_| io::Error::other("this host's address space is too small"))
}

/// Bytes of a page of this host.
pub(super) fn host_page_bytes() -> usize {
    // SAFETY: asks for a constant.
    usize::try_from(unsafe { libc::sysconf(libc::_SC_PAGESIZE) }).unwrap_or(PAGE_BYTES as usize)
}
