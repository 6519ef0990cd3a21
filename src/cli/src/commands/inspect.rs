//! `orbiter inspect`: what a segment of compacted entries is made of.

use std::fmt;
use std::path::{Path, PathBuf};

use candid::Principal;
use clap::Args;
use columnar::Segment;
use serde::Serialize;
use wire::SegmentSummary;

use crate::context::Context;
use crate::error::{Error, Result};
use crate::orbiter::Orbiter;
use crate::report::{Report, bytes, date};
use crate::wasm::Canister;

/// Describe a segment of compacted entries: its tables, columns, encodings and their bytes.
///
/// From a file, or from the orbiter itself. Without either, the orbiter's segments are listed.
#[derive(Debug, Args)]
pub struct Inspect {
    /// A file with a segment, as `--save` writes it; no network is asked then.
    #[arg(value_name = "FILE", conflicts_with_all = ["segment", "orbiter"])]
    pub file: Option<PathBuf>,
    /// The segment of that number, read from the orbiter.
    #[arg(long, value_name = "N")]
    segment: Option<u64>,
    /// Keep the segment in this file as well.
    #[arg(long, value_name = "FILE", requires = "segment")]
    save: Option<PathBuf>,
    /// The orbiter's canister id, if not the deployed one.
    #[arg(long, value_name = "ID")]
    orbiter: Option<String>,
}

/// A segment, described.
#[derive(Debug, Serialize)]
struct Described {
    /// Its bytes.
    bytes: u64,
    /// Its parts, one on each line.
    description: String,
}

/// The segments of an orbiter.
#[derive(Debug, Serialize)]
struct Listed {
    orbiter: Principal,
    segments: Vec<SegmentView>,
}

/// A segment from outside. Instants are ns since 1970, UTC.
#[derive(Debug, Serialize)]
struct SegmentView {
    id: u64,
    bytes: u64,
    entries: u64,
    oldest: u64,
    newest: u64,
    created_at: u64,
}

impl Inspect {
    /// Describes what a file holds.
    pub fn describe_file(path: &Path, report: &Report) -> Result<()> {
        let content = std::fs::read(path).map_err(|source| Error::file("read", path, source))?;
        report.result(&Described::new(path.display().to_string(), &content)?)
    }

    /// Lists the orbiter's segments, or describes one of them.
    pub async fn run(&self, context: &Context) -> Result<()> {
        let id = context.known_canister(self.orbiter.as_deref(), Canister::Orbiter)?;
        let orbiter = Orbiter::new(&context.connection, id);
        let report = &context.report;
        let Some(segment) = self.segment else {
            let listed = report.step("ask the orbiter", list(&orbiter)).await?;
            return report.result(&listed);
        };
        let name = format!("segment {segment}");
        let reading = orbiter.segment(segment);
        let content = report.step(&format!("read {name}"), reading).await?;
        if let Some(path) = &self.save {
            std::fs::write(path, &content).map_err(|source| Error::file("write", path, source))?;
        }
        report.result(&Described::new(name, &content)?)
    }
}

async fn list(orbiter: &Orbiter<'_>) -> Result<Listed> {
    let segments = orbiter.segments().await?;
    Ok(Listed {
        orbiter: orbiter.id,
        segments: segments.into_iter().map(SegmentView::from).collect(),
    })
}

impl Described {
    /// A description of `content`, which goes by `name`; every checksum is compared.
    fn new(name: String, content: &[u8]) -> Result<Self> {
        let described = Segment::open(content).and_then(|segment| {
            segment.verify()?;
            Ok(Self {
                bytes: segment.bytes(),
                description: columnar::describe(&segment),
            })
        });
        described.map_err(|source| Error::NotASegment { name, source })
    }
}

impl From<SegmentSummary> for SegmentView {
    fn from(told: SegmentSummary) -> Self {
        Self {
            id: told.id,
            bytes: told.bytes,
            entries: told.entries,
            oldest: told.oldest,
            newest: told.newest,
            created_at: told.created_at,
        }
    }
}

impl fmt::Display for Described {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.description.trim_end())
    }
}

impl fmt::Display for Listed {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "Orbiter {}, segments: {}",
            self.orbiter,
            self.segments.len()
        )?;
        self.segments
            .iter()
            .try_for_each(|segment| write!(f, "\n{segment}"))
    }
}

impl fmt::Display for SegmentView {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (id, entries, bytes) = (self.id, self.entries, bytes(self.bytes));
        let (oldest, newest) = (date(self.oldest), date(self.newest));
        write!(
            f,
            "  {id:<8} {entries:>6} entries  {bytes:>12}  {oldest} to {newest}"
        )
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_no_segment_is_named() {
        let error =
            Described::new("a.seg".to_owned(), b"something else, and long enough").unwrap_err();
        let text = error.to_string();
        assert!(
            text.starts_with("a.seg is not a segment this program can read: "),
            "{text}"
        );
    }

    #[test]
    fn segments_are_listed_one_on_a_line() {
        let segment = SegmentSummary {
            id: 7,
            bytes: 1 << 20,
            entries: 32_768,
            oldest: 0,
            newest: 86_400_000_000_000,
            created_at: 5,
        };
        let listed = Listed {
            orbiter: Principal::management_canister(),
            segments: vec![segment.into()],
        };
        let expected = "Orbiter aaaaa-aa, segments: 1\n  \
                        7         32768 entries      1.00 MiB  1970-01-01 to 1970-01-02";
        assert_eq!(listed.to_string(), expected);
    }
}
