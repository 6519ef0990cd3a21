//! Figures added up over segments, each with dictionaries of its own, and over the log of fresh entries.

use super::cube::{Cube, Wanted};
use super::interner::{Interner, Interners};
use super::sum::Sum;
use crate::columns::{ColumnId, Domain, Sort, TextSource};
use crate::kinds::KindName;
use hashbrown::HashSet;
use rustc_hash::FxBuildHasher;

/// A code that no text has: the memory is damaged.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct NoSuchText {
    pub code: u64,
}

/// Figures of entries of one kind, under texts instead of codes.
pub(crate) struct Accumulator {
    kind: KindName,
    pub wanted: Wanted,
    pub rows: i64,
    sessions: i64,
    bounces: i64,
    pages: i64,
    /// Entries by slot, in the order in which they came; a slot may come several times.
    pub slots: Vec<(u64, i64)>,
    counts: Vec<Count>,
    /// Paths of the sums.
    paths: Interner,
    /// By path, by metric: entries and the sum of their values.
    sums: Vec<Vec<(i64, Sum)>>,
    joined: Joined,
}

/// How many entries have each value of a column.
struct Count {
    column: ColumnId,
    sort: Sort,
    texts: Interner,
    /// By the code of the text or, for a column of numbers, by the number.
    rows: Vec<i64>,
}

/// Sessions that lie in several places: put together by their ids.
#[derive(Default)]
struct Joined {
    ids: Interner,
    pages: Interner,
    /// By session: its entries.
    rows: Vec<u64>,
    seen: HashSet<(u32, u32), FxBuildHasher>,
}

impl Accumulator {
    pub(crate) fn new(kind: KindName, wanted: Wanted) -> Self {
        let count = |column: &ColumnId| Count {
            column: *column,
            sort: kind
                .columns()
                .get(usize::from(column.0))
                .map_or(Sort::Number, |column| column.sort),
            texts: Interner::default(),
            rows: Vec::new(),
        };
        Self {
            kind,
            wanted,
            rows: 0,
            sessions: 0,
            bounces: 0,
            pages: 0,
            slots: Vec::new(),
            counts: wanted.counts.iter().map(count).collect(),
            paths: Interner::default(),
            sums: Vec::new(),
            joined: Joined::default(),
        }
    }

    /// Adds the figures of a cube.
    pub(crate) fn add(&mut self, cube: &Cube, texts: &dyn TextSource) -> Result<(), NoSuchText> {
        self.add_signed(cube, 1, texts)
    }

    /// Takes the figures of a cube that was added before away, sums excepted.
    pub(crate) fn subtract(
        &mut self,
        cube: &Cube,
        texts: &dyn TextSource,
    ) -> Result<(), NoSuchText> {
        self.add_signed(cube, -1, texts)
    }

    fn add_signed(
        &mut self,
        cube: &Cube,
        sign: i64,
        texts: &dyn TextSource,
    ) -> Result<(), NoSuchText> {
        self.rows += sign * cube.rows as i64;
        self.sessions += sign * cube.sessions as i64;
        self.bounces += sign * cube.bounces as i64;
        self.pages += sign * cube.pages as i64;
        let slots = cube.slots.iter();
        self.slots
            .extend(slots.map(|(slot, rows)| (*slot, sign * *rows as i64)));
        for (column, counts) in &cube.counts {
            let count = self.counts.iter_mut().find(|count| count.column == *column);
            if let Some(count) = count {
                count.add(counts, sign, texts)?;
            }
        }
        for ((path, metric), rows, sum) in &cube.sums {
            let code = path.checked_sub(1).ok_or(NoSuchText { code: *path })?;
            let text = texts
                .text_of(Domain::Path, code)
                .ok_or(NoSuchText { code })?;
            self.add_sum(text, *metric as usize, sign * *rows as i64, *sum);
        }
        Ok(())
    }

    /// Adds a sum that belongs to a path and metric.
    fn add_sum(&mut self, path: &[u8], metric: usize, rows: i64, sum: Sum) {
        let path = self.paths.code(path) as usize;
        if path >= self.sums.len() {
            self.sums.resize_with(path + 1, Vec::new);
        }
        let sums = &mut self.sums[path];
        if metric >= sums.len() {
            sums.resize(metric + 1, (0, Sum::default()));
        }
        sums[metric].0 += rows;
        sums[metric].1.merge(sum);
    }

    /// Adds entries of a session that may have others elsewhere: the entries' pages, where the kind has any.
    pub(crate) fn join<'a>(
        &mut self,
        session: &[u8],
        rows: u64,
        pages: impl Iterator<Item = &'a [u8]>,
    ) {
        let session = self.joined.ids.code(session);
        if session as usize == self.joined.rows.len() {
            self.joined.rows.push(0);
        }
        self.joined.rows[session as usize] += rows;
        for page in pages {
            let page = self.joined.pages.code(page);
            self.joined.seen.insert((session, page));
        }
    }

    /// The kind of the entries.
    pub(crate) fn kind(&self) -> KindName {
        self.kind
    }

    /// Different sessions.
    pub(crate) fn sessions(&self) -> u64 {
        self.sessions as u64 + self.joined.rows.len() as u64
    }

    /// Sessions with one entry.
    pub(crate) fn bounces(&self) -> u64 {
        let joined = self.joined.rows.iter().filter(|rows| **rows == 1);
        self.bounces as u64 + joined.count() as u64
    }

    /// Different pairs of a session and a page.
    pub(crate) fn pages(&self) -> u64 {
        self.pages as u64 + self.joined.seen.len() as u64
    }

    /// The entries by the texts of a column; none that no entry has.
    pub(crate) fn texts(&self, column: ColumnId) -> impl Iterator<Item = (&[u8], u64)> {
        let count = self.counts.iter().find(|count| count.column == column);
        count.into_iter().flat_map(|count| {
            let rows = count.rows.iter().enumerate();
            rows.filter(|(_, rows)| **rows > 0)
                .map(|(code, rows)| (count.texts.texts().get(code), *rows as u64))
        })
    }

    /// The entries that have a number in a column of numbers.
    pub(crate) fn number(&self, column: ColumnId, number: u64) -> u64 {
        let count = self.counts.iter().find(|count| count.column == column);
        count
            .and_then(|count| count.rows.get(number as usize))
            .map_or(0, |rows| *rows as u64)
    }

    /// By path: by metric the entries and the sum of their values.
    pub(crate) fn sums(&self) -> impl Iterator<Item = (&[u8], &[(i64, Sum)])> {
        let sums = self.sums.iter().enumerate();
        sums.map(|(path, sums)| (self.paths.texts().get(path), sums.as_slice()))
    }

    /// The figures as a cube whose codes are those of the dictionaries that come with it, ascending.
    /// Sessions that lie in several places aren't in it.
    pub(crate) fn to_cube(&self, dictionaries: &mut Interners) -> Cube {
        let mut sorted = self.slots.clone();
        sorted.sort_unstable_by_key(|(slot, _)| *slot);
        let slots = sorted.chunk_by(|a, b| a.0 == b.0).map(|same| {
            let rows: i64 = same.iter().map(|(_, rows)| rows).sum();
            (same[0].0, rows as u64)
        });
        let slots = slots.collect();
        let mut sums = Vec::new();
        for (path, by_metric) in self.sums() {
            let path = u64::from(dictionaries[Domain::Path as usize].code(path)) + 1;
            for (metric, (rows, sum)) in by_metric.iter().enumerate() {
                if *rows > 0 {
                    sums.push(((path, metric as u64), *rows as u64, *sum));
                }
            }
        }
        Cube {
            rows: self.rows as u64,
            sessions: self.sessions as u64,
            bounces: self.bounces as u64,
            pages: self.pages as u64,
            slots,
            counts: self
                .counts
                .iter()
                .map(|count| (count.column, count.to_codes(dictionaries)))
                .filter(|(_, counts)| !counts.is_empty())
                .collect(),
            sums,
        }
    }
}

impl Count {
    fn add(
        &mut self,
        counts: &[(u64, u64)],
        sign: i64,
        texts: &dyn TextSource,
    ) -> Result<(), NoSuchText> {
        if self.rows.is_empty() {
            self.rows.reserve(counts.len());
            self.texts.reserve(counts.len());
        }
        for (value, rows) in counts {
            let place = match self.sort {
                Sort::Text(domain) => {
                    // 0 is absent.
                    let Some(code) = value.checked_sub(1) else {
                        continue;
                    };
                    let text = texts.text_of(domain, code).ok_or(NoSuchText { code })?;
                    self.texts.code(text) as usize
                }
                Sort::Number | Sort::Float => *value as usize,
            };
            if place >= self.rows.len() {
                self.rows.resize(place + 1, 0);
            }
            self.rows[place] += sign * *rows as i64;
        }
        Ok(())
    }

    fn to_codes(&self, dictionaries: &mut Interners) -> Vec<(u64, u64)> {
        let rows = self.rows.iter().enumerate().filter(|(_, rows)| **rows > 0);
        let mut counts: Vec<(u64, u64)> = rows
            .map(|(place, rows)| {
                let value = match self.sort {
                    Sort::Text(domain) => {
                        let text = self.texts.texts().get(place);
                        u64::from(dictionaries[domain as usize].code(text)) + 1
                    }
                    Sort::Number | Sort::Float => place as u64,
                };
                (value, *rows as u64)
            })
            .collect();
        counts.sort_unstable();
        counts
    }
}
