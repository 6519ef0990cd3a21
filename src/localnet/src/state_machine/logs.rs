//! What a canister printed, as far as it is kept.

use std::collections::VecDeque;

/// Bytes of content that are kept unless settings say otherwise.
pub(crate) const DEFAULT_LIMIT: u64 = 4096;

/// One line.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct LogRecord {
    /// Counts from 0 and goes on over dropped records.
    pub(crate) index: u64,
    /// Time of the message that printed it (ns since 1970).
    pub(crate) time: u64,
    pub(crate) content: Vec<u8>,
}

/// The newest records whose content fits the limit.
#[derive(Clone, Debug, Default)]
pub(crate) struct LogRing {
    records: VecDeque<LogRecord>,
    next_index: u64,
    bytes: u64,
}

impl LogRing {
    /// Adds a record, cut to the limit, and drops the oldest ones until all fit into `limit` bytes.
    pub(crate) fn push(&mut self, time: u64, content: &str, limit: u64) {
        let kept = content.len().min(limit as usize);
        self.records.push_back(LogRecord {
            index: self.next_index,
            time,
            content: content.as_bytes()[..kept].to_vec(),
        });
        self.next_index += 1;
        self.bytes += kept as u64;
        self.trim(limit);
    }

    /// Drops the oldest records until all fit.
    pub(crate) fn trim(&mut self, limit: u64) {
        while self.bytes > limit {
            let Some(oldest) = self.records.pop_front() else {
                return;
            };
            self.bytes -= oldest.content.len() as u64;
        }
    }

    /// Oldest first.
    pub(crate) fn records(&self) -> impl Iterator<Item = &LogRecord> {
        self.records.iter()
    }

    /// Bytes of content.
    pub(crate) fn size(&self) -> u64 {
        self.bytes
    }

    /// The index that the next record gets.
    pub(crate) fn next_index(&self) -> u64 {
        self.next_index
    }

    /// Forgets the records before an index.
    pub(crate) fn drop_before(&mut self, index: u64) {
        self.records.retain(|record| record.index >= index);
        self.bytes = self.records.iter().map(|r| r.content.len() as u64).sum();
    }

    /// Forgets all records, but not how many there were.
    pub(crate) fn clear(&mut self) {
        self.records.clear();
        self.bytes = 0;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_oldest_records_go_first_and_indices_go_on() {
        let mut ring = LogRing::default();
        for (time, line) in ["aaaa", "bbbb", "cc"].iter().enumerate() {
            ring.push(time as u64, line, 6);
        }
        let kept: Vec<_> = ring
            .records()
            .map(|r| (r.index, r.time, &*r.content))
            .collect();
        assert_eq!(kept, [(1, 1, &b"bbbb"[..]), (2, 2, &b"cc"[..])]);
        assert_eq!(ring.size(), 6);
        ring.clear();
        ring.push(9, "d", 6);
        assert_eq!(ring.records().map(|r| r.index).collect::<Vec<_>>(), [3]);
    }

    #[test]
    fn a_record_longer_than_the_limit_is_cut() {
        let mut ring = LogRing::default();
        ring.push(0, "0123456789", 4);
        assert_eq!(ring.records().next().unwrap().content, b"0123");
    }
}
