//! Copies the committed content of a memory without filling its holes.

use super::mapping::write_pieces;
use std::fs::File;
use std::io;
use std::ops::Range;
use std::os::fd::AsRawFd;
use std::os::unix::fs::FileExt;

/// Copies the first `len` bytes of `from` into the empty file `to`, which ends up exactly `len` long. Shares the
/// blocks where the file system can; else copies what is not a hole.
pub(super) fn copy(from: &File, to: &File, len: u64) -> io::Result<()> {
    if !share_blocks(from, to) {
        to.set_len(len)?;
        let mut position = 0;
        while let Some(data) = next_data(from, position, len)? {
            copy_range(from, to, data.clone())?;
            position = data.end;
        }
    }
    to.set_len(len)
}

/// `FICLONE`: both files get the same blocks, copied on write by the file system.
#[cfg(target_os = "linux")]
fn share_blocks(from: &File, to: &File) -> bool {
    // SAFETY: takes two descriptors, which are open.
    unsafe { libc::ioctl(to.as_raw_fd(), libc::FICLONE as _, from.as_raw_fd()) == 0 }
}

#[cfg(not(target_os = "linux"))]
fn share_blocks(_from: &File, _to: &File) -> bool {
    false
}

/// The next stretch that is not a hole, at or after `position`.
fn next_data(file: &File, position: u64, len: u64) -> io::Result<Option<Range<u64>>> {
    if position >= len {
        return Ok(None);
    }
    let Some(start) = seek(file, position, libc::SEEK_DATA)? else {
        return Ok(None);
    };
    let end = seek(file, start, libc::SEEK_HOLE)?.unwrap_or(len).min(len);
    Ok((start < end).then_some(start..end))
}

/// `lseek` to data or to a hole; none past the last.
fn seek(file: &File, position: u64, whence: libc::c_int) -> io::Result<Option<u64>> {
    let offset = libc::off_t::try_from(position).map_err(io::Error::other)?;
    // SAFETY: moves the offset of an open descriptor, which nothing here relies on.
    let found = unsafe { libc::lseek(file.as_raw_fd(), offset, whence) };
    match u64::try_from(found) {
        Ok(found) => Ok(Some(found)),
        Err(_) => match io::Error::last_os_error() {
            error if error.raw_os_error() == Some(libc::ENXIO) => Ok(None),
            error => Err(error),
        },
    }
}

fn copy_range(from: &File, to: &File, range: Range<u64>) -> io::Result<()> {
    const CHUNK: u64 = 1 << 20;
    let mut buffer = vec![0; CHUNK.min(range.end - range.start) as usize];
    for start in range.clone().step_by(CHUNK as usize) {
        let buffer = &mut buffer[..CHUNK.min(range.end - start) as usize];
        from.read_exact_at(buffer, start)?;
        write_pieces(to, buffer, start)?;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::os::unix::fs::MetadataExt;

    #[test]
    fn a_copy_has_the_same_content_and_keeps_the_holes() {
        let (from, to) = (tempfile::tempfile().unwrap(), tempfile::tempfile().unwrap());
        from.set_len(10 << 30).unwrap();
        from.write_all_at(b"start", 0).unwrap();
        from.write_all_at(b"middle", 5 << 30).unwrap();
        from.write_all_at(b"beyond", (9 << 30) + 100).unwrap();
        copy(&from, &to, 9 << 30).unwrap();
        let mut read = [0; 6];
        to.read_exact_at(&mut read, 5 << 30).unwrap();
        assert_eq!(&read, b"middle");
        to.read_exact_at(&mut read, 0).unwrap();
        assert_eq!(&read, b"start\0");
        let metadata = to.metadata().unwrap();
        assert_eq!(
            metadata.len(),
            9 << 30,
            "what is beyond the length stays behind"
        );
        assert!(metadata.blocks() * 512 < 1 << 20, "holes stay holes");
    }
}
