//! Numbers that are mostly the same within a group: one for each group, and the rows that differ from it.
//!
//! ```text
//! length     │ bytes of `usual`, varint
//! usual      │ the number of each group, drawn in `simple.rs`
//! exceptions │ drawn in `exceptions.rs`
//! ```

use super::sparse::majority;
use super::{Column, Input, NumbersCodec, exceptions, no_groups, sections, simple};
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
            return no_groups(span);
        }
        let (usual, exceptions) = sections(column.part)?;
        let mut values = vec![0; span.groups.len()];
        simple::decode(usual, column.groups, span.groups(), &mut values)?;
        spread(&values, span.starts(), out);
        exceptions::patch(exceptions, column.rows, &span.rows, out)
    }
}

/// Puts each group's number into all its places.
fn spread(values: &[u64], starts: &[u32], out: &mut [u64]) {
    let mut at = 0;
    for (value, end) in values.iter().zip(starts.iter().skip(1)) {
        let start = at;
        at = *end as usize;
        // Four places at once: what is too much of them is written over by the next group.
        for four in (start..at).step_by(4) {
            match out.get_mut(four..).and_then(<[u64]>::first_chunk_mut) {
                Some(places) => *places = [*value; 4],
                None => out.get_mut(four..at).unwrap_or_default().fill(*value),
            }
        }
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
