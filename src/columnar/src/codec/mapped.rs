//! Numbers that another column mostly determines: what each of its numbers stands for, and the rows that differ.
//!
//! ```text
//! column     │ id of the followed column, varint
//! count      │ of keys, varint
//! length     │ bytes of `keys`, varint: 0 if they are 0, 1, 2, …
//! length     │ bytes of `map`, varint
//! keys       │ the numbers of the followed column, ascending, as `delta`
//! map        │ what each stands for, drawn in `simple.rs`
//! exceptions │ drawn in `exceptions.rs`
//! ```

use super::{Column, FEW_EXCEPTIONS, Input, NumbersCodec, bounds_of, delta, exceptions, simple};
use crate::source::Part;
use crate::span::Span;
use crate::varint::{self, Reader};
use crate::{Error, Hint};
use std::borrow::Cow;
use std::ops::Range;

/// Keys that spread no farther than this many times their count are looked up by place, not searched.
const SPREAD: u64 = 4;

/// The encoding `mapped`.
pub(crate) struct Mapped;

impl NumbersCodec for Mapped {
    fn tag(&self) -> (u8, &'static str) {
        (super::MAPPED, "mapped")
    }

    fn plan<'a>(&self, input: &Input<'a>) -> Option<Box<dyn super::Plan + 'a>> {
        match (input.hint, input.keys) {
            (Hint::Follows { column, values }, Some(keys)) if !values.is_empty() => {
                let keys = keys.get_or_init(|| Keys::of(values));
                Some(Box::new(Plan::of(column, keys, values, input.values)?))
            }
            _ => None,
        }
    }

    fn decode(&self, column: &Column<'_>, span: &Span, out: &mut [u64]) -> Result<(), Error> {
        let map = Map::open(column)?;
        (column.other)(map.column, out)?;
        match map.keys {
            None => map.replace_places(out)?,
            Some(keys) => map.replace_keys(keys, out)?,
        }
        exceptions::patch(map.exceptions, column.rows, &span.rows, out)
    }
}

/// A stored map.
struct Map<'a> {
    column: u16,
    count: u32,
    /// None if they are 0, 1, 2, …
    keys: Option<Part<'a>>,
    map: Part<'a>,
    exceptions: Part<'a>,
}

impl<'a> Map<'a> {
    fn open(column: &Column<'a>) -> Result<Self, Error> {
        let head = column.part.head(4 * varint::MAX_BYTES)?;
        let mut reader = Reader::new(&head);
        let followed = reader.id()?;
        let count = reader.count(column.rows)?;
        let (keys_length, map_length) = (reader.varint()?, reader.varint()?);
        let keys = column.part.after(reader.at() as u64)?;
        let map = keys.after(keys_length)?;
        Ok(Self {
            column: followed,
            count,
            keys: (keys_length > 0)
                .then(|| keys.part(0, keys_length))
                .transpose()?,
            map: map.part(0, map_length)?,
            exceptions: map.after(map_length)?,
        })
    }

    /// Replaces each place in the map by what stands there.
    fn replace_places(&self, out: &mut [u64]) -> Result<(), Error> {
        let mut wanted = 0..self.count;
        if out.len() < wanted.len() {
            wanted = bounds(out, self.count)?;
        }
        let mut map = vec![0; wanted.len()];
        simple::decode(self.map, self.count, wanted.clone(), &mut map)?;
        replace_by_table(&map, u64::from(wanted.start), out)
    }

    /// Replaces each key by what it stands for.
    fn replace_keys(&self, keys: Part<'_>, out: &mut [u64]) -> Result<(), Error> {
        let all = 0..self.count;
        let (mut keys_found, mut map) = (vec![0; all.len()], vec![0; all.len()]);
        delta::decode(keys, self.count, all.clone(), &mut keys_found)?;
        simple::decode(self.map, self.count, all, &mut map)?;
        let bounds = keys_found.first().zip(keys_found.last());
        let Some((least, greatest)) = bounds.filter(|(least, greatest)| least <= greatest) else {
            return replace_none(out);
        };
        let spread = greatest - least;
        if spread < SPREAD * u64::from(self.count) {
            let table = table(&keys_found, &map, *least, spread as usize + 1)?;
            return replace_by_table(&table, *least, out);
        }
        replace_by_search(&keys_found, &map, out)
    }
}

fn no_key() -> Error {
    Error::corrupt("a followed number is no key of the map")
}

/// A map without keys can only replace no numbers.
fn replace_none(out: &[u64]) -> Result<(), Error> {
    match out.is_empty() {
        true => Ok(()),
        false => Err(no_key()),
    }
}

/// What each key stands for, at its distance from the least.
fn table(keys: &[u64], map: &[u64], least: u64, length: usize) -> Result<Vec<u64>, Error> {
    let mut table = vec![0; length];
    for (key, number) in keys.iter().zip(map) {
        let place = key
            .checked_sub(least)
            .and_then(|place| table.get_mut(place as usize));
        *place.ok_or_else(no_key)? = *number;
    }
    Ok(table)
}

fn replace_by_table(table: &[u64], least: u64, out: &mut [u64]) -> Result<(), Error> {
    let (sixteens, rest) = out.as_chunks_mut();
    for sixteen in sixteens {
        replace_sixteen(table, least, sixteen)?;
    }
    rest.iter_mut()
        .try_for_each(|number| replace(table, least, number))
}

/// Not inlined for the sake of addresses, see `bits.rs`.
#[inline(never)]
fn replace_sixteen(table: &[u64], least: u64, numbers: &mut [u64; 16]) -> Result<(), Error> {
    for number in numbers {
        replace(table, least, number)?;
    }
    Ok(())
}

#[inline(always)]
fn replace(table: &[u64], least: u64, number: &mut u64) -> Result<(), Error> {
    let place = number.wrapping_sub(least);
    if place >= table.len() as u64 {
        return Err(no_key());
    }
    *number = table[place as usize];
    Ok(())
}

/// The places from the least to the greatest, which must be below `count`.
fn bounds(places: &[u64], count: u32) -> Result<Range<u32>, Error> {
    let (mut least, mut greatest) = (u64::MAX, 0);
    for place in places {
        least = least.min(*place);
        greatest = greatest.max(*place);
    }
    if least > greatest {
        return Ok(0..0);
    }
    if greatest >= u64::from(count) {
        return Err(no_key());
    }
    // Both are below `count`.
    Ok(least as u32..greatest as u32 + 1)
}

fn replace_by_search(keys: &[u64], map: &[u64], out: &mut [u64]) -> Result<(), Error> {
    // Neighbours often have the same key.
    let mut last = None;
    for number in out {
        *number = match last {
            Some((key, found)) if key == *number => found,
            _ => {
                let place = keys.binary_search(number).map_err(|_| no_key())?;
                let found = place_of(map, place);
                last = Some((*number, found));
                found
            }
        };
    }
    Ok(())
}

/// The number at a place; 0 beyond the last, which callers have excluded.
fn place_of(map: &[u64], place: usize) -> u64 {
    map.get(place).copied().unwrap_or(0)
}

/// The numbers of a column that others follow: gathered once for all of them.
#[derive(Debug)]
pub(crate) struct Keys {
    /// The numbers that occur, ascending.
    distinct: Vec<u64>,
    /// The place of each row's number among them; none where numbers are so small that a table can have a
    /// place for each number itself.
    places: Option<Vec<u32>>,
}

impl Keys {
    pub fn of(numbers: &[u64]) -> Self {
        let greatest = numbers.iter().copied().max().unwrap_or(0);
        if greatest >= SPREAD * numbers.len() as u64 {
            let mut distinct = numbers.to_vec();
            distinct.sort_unstable();
            distinct.dedup();
            let place = |number| distinct.binary_search(number).unwrap_or(0) as u32;
            let places = Some(numbers.iter().map(place).collect());
            return Self { distinct, places };
        }
        let mut occurs = vec![false; greatest as usize + 1];
        for number in numbers {
            occurs[*number as usize] = true;
        }
        let occurs = (0..).zip(occurs);
        let distinct = occurs.filter_map(|(number, occurs)| occurs.then_some(number));
        Self {
            distinct: distinct.collect(),
            places: None,
        }
    }

    /// Whether they are 0, 1, 2, …
    fn dense(&self) -> bool {
        self.distinct.last().map_or(0, |last| last.wrapping_add(1)) == self.distinct.len() as u64
    }

    /// What each of them mostly stands for, and where it doesn't. None where more than half of the rows are
    /// exceptions, or `followed` are not the numbers of these keys.
    fn rule(&self, followed: &[u64], values: &[u64]) -> Option<Rule> {
        if let Some(places) = &self.places {
            let places = places.iter().map(|place| *place as usize);
            return Rule::of(self.distinct.len(), places, values);
        }
        let length = self.distinct.last().map_or(0, |last| *last as usize + 1);
        let places = followed.iter().map(|number| *number as usize);
        let mut rule = Rule::of(length, places, values)?;
        if length > self.distinct.len() {
            let map = self.distinct.iter();
            rule.map = map.map(|key| place_of(&rule.map, *key as usize)).collect();
        }
        Some(rule)
    }
}

/// What places stand for, and the rows that differ.
struct Rule {
    map: Vec<u64>,
    rows: Vec<u64>,
    differing: Vec<u64>,
}

impl Rule {
    fn of(
        count: usize,
        places: impl Iterator<Item = usize> + Clone,
        values: &[u64],
    ) -> Option<Self> {
        let (map, conflicts) = votes(count, places.clone(), values)?;
        let (mut rows, mut differing) = (Vec::new(), Vec::new());
        // Mostly there is nothing to look for.
        if conflicts {
            for (row, (place, value)) in (0..).zip(places.zip(values)) {
                if place_of(&map, place) != *value {
                    rows.push(row);
                    differing.push(*value);
                }
            }
            if rows.len() > values.len() / 2 {
                return None;
            }
        }
        Some(Self {
            map,
            rows,
            differing,
        })
    }
}

/// For each place the value that more than half of its rows have, if there is one, else any of theirs (Boyer and
/// Moore's majority vote), and whether any row of a place has another one. None if a place isn't below `count`.
fn votes(
    count: usize,
    places: impl Iterator<Item = usize>,
    values: &[u64],
) -> Option<(Vec<u64>, bool)> {
    let mut votes = vec![(0, 0u32); count];
    let mut conflicts = false;
    for (place, value) in places.zip(values) {
        let (candidate, votes) = votes.get_mut(place)?;
        if candidate == value {
            *votes += 1;
        } else if *votes == 0 {
            (*candidate, *votes) = (*value, 1);
        } else {
            *votes -= 1;
            conflicts = true;
        }
    }
    let map = votes.into_iter().map(|(candidate, _)| candidate);
    Some((map.collect(), conflicts))
}

/// How numbers are going to be written.
struct Plan<'a> {
    column: u16,
    count: usize,
    keys: Option<delta::Plan<'a>>,
    map: simple::Plan<'static>,
    exceptions: exceptions::Plan,
    bounds: (u64, u64),
    settles: bool,
}

impl<'a> Plan<'a> {
    fn of(column: u16, keys: &'a Keys, followed: &[u64], values: &[u64]) -> Option<Self> {
        let rule = keys.rule(followed, values)?;
        let few = rule.rows.len() <= values.len() / FEW_EXCEPTIONS;
        let count = keys.distinct.len();
        let keys = (!keys.dense()).then(|| delta::Plan::of(Cow::Borrowed(&keys.distinct)));
        Some(Self {
            column,
            count,
            keys,
            bounds: bounds_of(&rule.map, &rule.differing),
            // A map of half as many values as there are rows is smaller than the rows.
            settles: few && count <= values.len() / 2,
            map: simple::Plan::near_each_other(rule.map),
            exceptions: exceptions::Plan::of(rule.rows, rule.differing),
        })
    }

    fn keys_size(&self) -> usize {
        self.keys.as_ref().map_or(0, super::Plan::size)
    }
}

impl super::Plan for Plan<'_> {
    fn size(&self) -> usize {
        let (keys, map) = (self.keys_size(), self.map.size());
        let head = [
            u64::from(self.column),
            self.count as u64,
            keys as u64,
            map as u64,
        ];
        let head: usize = head.into_iter().map(varint::size).sum();
        head + keys + map + self.exceptions.size()
    }

    fn write(&self, out: &mut Vec<u8>) {
        varint::put(out, u64::from(self.column));
        varint::put(out, self.count as u64);
        varint::put(out, self.keys_size() as u64);
        varint::put(out, self.map.size() as u64);
        if let Some(keys) = &self.keys {
            keys.write(out);
        }
        self.map.write(out);
        self.exceptions.write(out);
    }

    fn settles(&self) -> bool {
        self.settles
    }

    fn bounds(&self) -> Option<(u64, u64)> {
        Some(self.bounds)
    }
}
