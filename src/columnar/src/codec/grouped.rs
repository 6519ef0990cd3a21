//! Numbers that are mostly the same within a group: one for each group, and the rows that differ from it.
//!
//! ```text
//! length     │ bytes of `usual`, varint
//! usual      │ the number of each group, drawn in `simple.rs`
//! exceptions │ drawn in `exceptions.rs`
//! ```

use super::sparse::majority;
use super::{Column, Input, NumbersCodec, exceptions, sections, simple};
use crate::span::Span;
use crate::varint;
use crate::{Error, Hint};

/// The encoding `grouped`.
pub(crate) struct Grouped;

impl NumbersCodec for Grouped {
    fn tag(&self) -> (u8, &'static str) {
        (5, "grouped")
    }

    fn plan<'a>(&self, input: &Input<'a>) -> Option<Box<dyn super::Plan + 'a>> {
        let fits = matches!(input.hint, Hint::PerGroup | Hint::Follows { .. });
        let wanted = fits && !input.starts.is_empty();
        wanted.then(|| Box::new(Plan::of(input.values, input.starts)) as Box<_>)
    }

    fn decode(&self, column: &Column<'_>, span: &Span, out: &mut [u64]) -> Result<(), Error> {
        if span.groups.is_empty() {
            return Ok(());
        }
        let (usual, exceptions) = sections(column.part)?;
        let mut values = vec![0; span.groups.len()];
        simple::decode(usual, column.groups, span.groups(), &mut values)?;
        let mut places = &mut *out;
        for (value, bounds) in values.iter().zip(span.starts().windows(2)) {
            let [start, end] = bounds else { continue };
            let size = places.len().min((end - start) as usize);
            let (group, rest) = places.split_at_mut(size);
            for place in group {
                *place = *value;
            }
            places = rest;
        }
        exceptions::patch(exceptions, column.rows, &span.rows, out)
    }
}

/// How numbers are going to be written.
struct Plan {
    usual: simple::Plan<'static>,
    exceptions: exceptions::Plan,
}

impl Plan {
    fn of(values: &[u64], starts: &[u32]) -> Self {
        let mut usual = Vec::with_capacity(starts.len());
        let (mut rows, mut differing) = (Vec::new(), Vec::new());
        for bounds in starts.windows(2) {
            let [start, end] = bounds else { continue };
            let group = values
                .get(*start as usize..*end as usize)
                .unwrap_or_default();
            let value = majority(group.iter().copied());
            usual.push(value);
            for (row, other) in (u64::from(*start)..).zip(group) {
                if *other != value {
                    rows.push(row);
                    differing.push(*other);
                }
            }
        }
        Self {
            usual: simple::Plan::of(usual),
            exceptions: exceptions::Plan::of(rows, differing),
        }
    }
}

impl super::Plan for Plan {
    fn size(&self) -> usize {
        let usual = self.usual.size();
        varint::size(usual as u64) + usual + self.exceptions.size()
    }

    fn write(&self, out: &mut Vec<u8>) {
        varint::put(out, self.usual.size() as u64);
        self.usual.write(out);
        self.exceptions.write(out);
    }
}
