//! Numbers that don't fall within their groups: the first of each group, and how far the others are above it.
//!
//! ```text
//! length │ bytes of `firsts`, varint
//! firsts │ of each group its first row's number, drawn in `simple.rs`
//! others │ of all other rows, in order, the number minus that of the group's first: `simple` too
//! ```
//!
//! Row `r` of the group `g` (both counted from 0), if it isn't the first of it, is the other number `r - g - 1`.

use super::{Column, Input, NumbersCodec, no_groups, sections, simple};
use crate::span::Span;
use crate::varint;
use crate::{Error, Hint};

/// The encoding `clustered`.
pub(crate) struct Clustered;

impl NumbersCodec for Clustered {
    fn tag(&self) -> (u8, &'static str) {
        (4, "clustered")
    }

    fn plan<'a>(&self, input: &Input<'a>) -> Option<Box<dyn super::Plan + 'a>> {
        let wanted = matches!(input.hint, Hint::Ascending) && !input.starts.is_empty();
        wanted.then(|| Box::new(Plan::of(input.values, input.starts)) as Box<_>)
    }

    fn decode(&self, column: &Column<'_>, span: &Span, out: &mut [u64]) -> Result<(), Error> {
        if span.groups.is_empty() {
            return no_groups(span);
        }
        let (firsts, others) = sections(column.part)?;
        let mut first_values = vec![0; span.groups.len()];
        simple::decode(firsts, column.groups, span.groups(), &mut first_values)?;
        // Every group has a row, so there are at least as many rows as groups before any place.
        let before = |rows: u32, groups: u32| {
            let others = rows.checked_sub(groups);
            others.ok_or(Error::corrupt("there are more groups than rows"))
        };
        let wanted =
            before(span.rows.start, span.groups.start)?..before(span.rows.end, span.groups.end)?;
        let mut other_values = vec![0; wanted.len()];
        let count = before(column.rows, column.groups)?;
        simple::decode(others, count, wanted, &mut other_values)?;
        merge(&first_values, &other_values, span.starts(), out);
        Ok(())
    }
}

/// Puts first and other numbers into their places.
fn merge(firsts: &[u64], others: &[u64], starts: &[u32], out: &mut [u64]) {
    let (mut at, mut other) = (0, 0);
    for (first, end) in firsts.iter().zip(starts.iter().skip(1)) {
        if let Some(place) = out.get_mut(at) {
            *place = *first;
        }
        at += 1;
        let end = *end as usize;
        // Four places at once: what is too much of them is written over by the next group.
        while at < end {
            let places = out.get_mut(at..).unwrap_or_default();
            let own = others.get(other..).unwrap_or_default();
            match (places.first_chunk_mut::<4>(), own.first_chunk::<4>()) {
                (Some(places), Some([a, b, c, d])) => {
                    places[0] = first.wrapping_add(*a);
                    places[1] = first.wrapping_add(*b);
                    places[2] = first.wrapping_add(*c);
                    places[3] = first.wrapping_add(*d);
                }
                _ => {
                    for (place, own) in places.iter_mut().zip(own).take(end - at) {
                        *place = first.wrapping_add(*own);
                    }
                }
            }
            at += 4;
            other += 4;
        }
        // The places that were too much have numbers of the next group.
        other = other.saturating_sub(at - end);
        at = end;
    }
}

/// How numbers are going to be written.
struct Plan {
    firsts: simple::Plan<'static>,
    others: simple::Plan<'static>,
    settles: bool,
}

impl Plan {
    fn of(values: &[u64], starts: &[u32]) -> Self {
        let groups = starts.windows(2).map(|bounds| {
            let (start, end) = (bounds[0] as usize, bounds[1] as usize);
            values.get(start..end).unwrap_or_default()
        });
        let mut firsts = Vec::with_capacity(starts.len());
        let mut others = Vec::with_capacity(values.len());
        for group in groups {
            if let Some((first, rest)) = group.split_first() {
                firsts.push(*first);
                others.extend(rest.iter().map(|value| value.wrapping_sub(*first)));
            }
        }
        Self {
            // Others are as near to their first as its group's span, and a block spans many groups.
            settles: firsts.len() <= others.len(),
            firsts: simple::Plan::of(firsts),
            others: simple::Plan::near_each_other(others),
        }
    }
}

impl super::Plan for Plan {
    fn size(&self) -> usize {
        let firsts = self.firsts.size();
        varint::size(firsts as u64) + firsts + self.others.size()
    }

    fn write(&self, out: &mut Vec<u8>) {
        varint::put(out, self.firsts.size() as u64);
        self.firsts.write(out);
        self.others.write(out);
    }

    fn settles(&self) -> bool {
        self.settles
    }
}
