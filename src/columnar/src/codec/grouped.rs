//! Numbers that are mostly the same within a group: one for each group, and the rows that differ from it.
//!
//! ```text
//! length     │ bytes of `usual`, varint
//! usual      │ the number of each group, drawn in `simple.rs`
//! exceptions │ drawn in `exceptions.rs`
//! ```

use super::sparse::majority;
use super::{
    Column, FEW_EXCEPTIONS, Input, NumbersCodec, bounds_of, exceptions, no_groups, sections, simple,
};
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
        let plan = wanted.then(|| Plan::of(input.values, input.starts))??;
        Some(Box::new(plan))
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
        let end = *end as usize;
        // Four places at once: what is too much of them is written over by the next group.
        while at < end {
            match out.get_mut(at..).and_then(<[u64]>::first_chunk_mut) {
                Some(places) => *places = [*value; 4],
                None => out.get_mut(at..end).unwrap_or_default().fill(*value),
            }
            at += 4;
        }
        at = end;
    }
}

/// How numbers are going to be written.
struct Plan {
    usual: simple::Plan<'static>,
    exceptions: exceptions::Plan,
    bounds: (u64, u64),
    settles: bool,
}

impl Plan {
    /// None where more than half of the values are exceptions: `packed` is smaller then.
    fn of(values: &[u64], starts: &[u32]) -> Option<Self> {
        let mut usual = Vec::with_capacity(starts.len());
        let (mut rows, mut differing) = (Vec::new(), Vec::new());
        for (start, end) in starts.iter().zip(starts.iter().skip(1)) {
            let group = values
                .get(*start as usize..*end as usize)
                .unwrap_or_default();
            let first = group.first().copied().unwrap_or(0);
            // Nearly all groups are all the same, which is told without a jump for each value.
            if group.iter().fold(0, |all, value| all | (value ^ first)) == 0 {
                usual.push(first);
                continue;
            }
            let value = majority(group.iter().copied());
            usual.push(value);
            for (row, other) in (u64::from(*start)..).zip(group) {
                if *other != value {
                    rows.push(row);
                    differing.push(*other);
                }
            }
            if rows.len() > values.len() / 2 {
                return None;
            }
        }
        let few = rows.len() <= values.len() / FEW_EXCEPTIONS;
        Some(Self {
            bounds: bounds_of(&usual, &differing),
            // In groups of two and more each value is stored once instead of twice and more.
            settles: few && usual.len() <= values.len() / 2,
            usual: simple::Plan::of(usual),
            exceptions: exceptions::Plan::of(rows, differing),
        })
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

    fn settles(&self) -> bool {
        self.settles
    }

    fn bounds(&self) -> Option<(u64, u64)> {
        Some(self.bounds)
    }
}
