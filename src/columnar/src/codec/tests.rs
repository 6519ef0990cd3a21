//! Every encoding alone: what it writes is what it reads, in whole and in part, and damage never panics.

use super::{Column, Input, NUMBERS_CODECS, NumbersCodec, TEXTS_CODECS};
use crate::source::Part;
use crate::span::Span;
use crate::{Error, Hint};
use proptest::prelude::*;
use proptest::sample::Index;
use std::cell::OnceCell;
use std::ops::Range;

/// A column, its table, and the column that it follows.
#[derive(Clone, Debug)]
struct Case {
    values: Vec<u64>,
    leader: Vec<u64>,
    starts: Vec<u32>,
}

impl Case {
    fn hints(&self) -> [Hint<'_>; 5] {
        let (column, values) = (1, self.leader.as_slice());
        let follows = Hint::Follows { column, values };
        let [none, ascending] = [Hint::None, Hint::Ascending];
        [none, ascending, Hint::PerGroup, follows, Hint::Decimal]
    }

    /// What a codec writes under the first hint that it is made for.
    fn encode(&self, codec: &dyn NumbersCodec) -> Option<Vec<u8>> {
        let keys = OnceCell::new();
        let plan = |hint| {
            codec.plan(&Input {
                values: &self.values,
                starts: &self.starts,
                hint,
                keys: Some(&keys),
            })
        };
        let plan = self.hints().into_iter().find_map(plan)?;
        let mut bytes = vec![7];
        plan.write(&mut bytes);
        assert_eq!(bytes.len(), 1 + plan.size(), "{}", codec.tag().1);
        Some(bytes.split_off(1))
    }

    fn groups(&self) -> u32 {
        self.starts.len().saturating_sub(1) as u32
    }

    fn span(&self, from: u32, to: u32) -> Span {
        if self.starts.is_empty() {
            return Span::ungrouped(from..to);
        }
        let rows = self.starts[from as usize]..self.starts[to as usize];
        let starts = self.starts[from as usize..=to as usize].iter();
        Span {
            groups: from..to,
            starts: starts.map(|start| start - rows.start).collect(),
            rows,
        }
    }

    /// How many places a span may start or end at, less one.
    fn spans(&self) -> u32 {
        match self.starts.len() {
            0 => self.values.len() as u32,
            bounds => bounds as u32 - 1,
        }
    }

    fn decode(
        &self,
        codec: &dyn NumbersCodec,
        part: Part<'_>,
        span: &Span,
    ) -> Result<Vec<u64>, Error> {
        let rows = self.range(span);
        let other = |column: u16, out: &mut [u64]| match column {
            1 => {
                out.copy_from_slice(&self.leader[rows.clone()]);
                Ok(())
            }
            _ => Err(Error::corrupt("another column")),
        };
        let column = Column {
            part,
            rows: self.values.len() as u32,
            groups: self.groups(),
            other: &other,
        };
        let mut out = vec![99; span.rows().len()];
        codec.decode(&column, span, &mut out)?;
        Ok(out)
    }

    fn range(&self, span: &Span) -> Range<usize> {
        span.rows.start as usize..span.rows.end as usize
    }
}

fn stored(bytes: &Vec<u8>) -> Part<'_> {
    Part::Stored {
        source: bytes,
        offset: 0,
        length: bytes.len() as u64,
    }
}

/// Numbers of many kinds, those that some encoding is made for and those that none is.
fn numbers(rows: usize) -> BoxedStrategy<Vec<u64>> {
    let stamp = |second: u64| 1_700_000_000_000_000_000 + second * 1_000_000_000;
    let kinds: Vec<BoxedStrategy<u64>> = vec![
        (0u64..6).boxed(),
        (-40i64..40).prop_map(|value| value as u64).boxed(),
        (0u64..90_000).prop_map(stamp).boxed(),
        (0u64..90_000).prop_map(|value| value * 1_000).boxed(),
        (0u32..10_000)
            .prop_map(|tenths| (f64::from(tenths) / 10.0).to_bits())
            .boxed(),
        any::<f64>().prop_map(f64::to_bits).boxed(),
        prop_oneof![30 => Just(9u64), 1 => any::<u64>()].boxed(),
        prop_oneof![Just(0), Just(u64::MAX), Just(1 << 63), Just((1 << 63) - 1)].boxed(),
        any::<u64>().boxed(),
        (0u32..64, any::<u64>())
            .prop_map(|(shift, value)| value >> shift)
            .boxed(),
    ];
    let kind = prop::sample::select(kinds);
    let values = kind.prop_flat_map(move |kind| prop::collection::vec(kind, rows));
    (values, any::<bool>())
        .prop_map(|(mut values, sorted)| {
            if sorted {
                values.sort_unstable();
            }
            values
        })
        .boxed()
}

fn cases() -> impl Strategy<Value = Case> {
    let sizes = prop_oneof![
        prop::collection::vec(1u32..9, 1..90),
        prop::collection::vec(1u32..200, 1..4),
        prop::collection::vec(Just(1u32), 1..300),
    ];
    let tables = prop_oneof![
        1 => (0usize..400).prop_map(|rows| (rows, Vec::new())),
        3 => sizes.prop_map(|sizes| {
            let ends = sizes.iter().scan(0, |end, size| {
                *end += size;
                Some(*end)
            });
            let starts: Vec<u32> = std::iter::once(0).chain(ends).collect();
            (starts[starts.len() - 1] as usize, starts)
        }),
    ];
    let cases = tables.prop_flat_map(|(rows, starts)| (numbers(rows), numbers(rows), Just(starts)));
    (cases, 0usize..6).prop_map(|((mut values, leader, starts), determined)| {
        // Mostly determined by the leader, unless `determined` is 0.
        for (row, value) in values.iter_mut().enumerate() {
            if determined > 0 && row % 6 != determined {
                *value = leader[row].wrapping_mul(31) % 100;
            }
        }
        Case {
            values,
            leader,
            starts,
        }
    })
}

proptest! {
    #[test]
    fn every_codec_gives_back_what_it_wrote(case in cases(), ends in any::<[(Index, Index); 4]>()) {
        for codec in NUMBERS_CODECS {
            let Some(bytes) = case.encode(*codec) else { continue };
            let name = codec.tag().1;
            let ends = ends.map(|(a, b)| {
                let (a, b) = (a.index(case.spans() as usize + 1), b.index(case.spans() as usize + 1));
                (a.min(b) as u32, a.max(b) as u32)
            });
            for (from, to) in ends.into_iter().chain([(0, case.spans())]) {
                let span = case.span(from, to);
                let expected = &case.values[case.range(&span)];
                for part in [Part::Memory(&bytes), stored(&bytes)] {
                    let read = case.decode(*codec, part, &span);
                    prop_assert_eq!(read.as_deref(), Ok(expected), "{} {:?}", name, span.rows());
                }
            }
        }
    }

    #[test]
    fn no_damage_makes_a_codec_panic(
        case in cases(),
        flips in any::<[(Index, u8); 3]>(),
        cut in any::<Index>(),
    ) {
        for codec in NUMBERS_CODECS {
            let Some(mut bytes) = case.encode(*codec) else { continue };
            for (at, flip) in &flips {
                let at = at.index(bytes.len());
                bytes[at] ^= flip;
                let _ = case.decode(*codec, Part::Memory(&bytes), &case.span(0, case.spans()));
                let _ = case.decode(*codec, stored(&bytes), &case.span(case.spans() / 2, case.spans()));
            }
            bytes.truncate(cut.index(bytes.len()));
            let _ = case.decode(*codec, Part::Memory(&bytes), &case.span(0, case.spans()));
        }
    }
}

#[test]
fn every_codec_has_a_number_and_a_name_of_its_own() {
    let mut tags: Vec<(u8, &str)> = NUMBERS_CODECS.iter().map(|codec| codec.tag()).collect();
    tags.extend(super::TEXTS_CODECS.iter().map(|codec| codec.tag()));
    for (place, (number, name)) in tags.iter().enumerate() {
        let others = tags.iter().skip(place + 1);
        assert!(
            others
                .clone()
                .all(|other| other.0 != *number && other.1 != *name)
        );
        assert_eq!(super::name(*number), *name);
    }
    assert_eq!(super::name(63), "?");
}

#[test]
fn every_codec_is_the_smallest_for_what_it_is_made_for() {
    let rows = 3_000u64;
    let starts: Vec<u32> = (0..=1_000).map(|group| group * 3).collect();
    // Without a pattern: the high bits of a multiplicative hash.
    let noise = |row: u64, bits: u32| row.wrapping_mul(0x9E37_79B9_7F4A_7C15) >> (64 - bits);
    let leader: Vec<u64> = (0..rows).map(|row| noise(row, 9)).collect();
    let chosen = |grouped: bool, hint: Hint<'_>, value: &dyn Fn(u64) -> u64| {
        let values: Vec<u64> = (0..rows).map(value).collect();
        let starts = if grouped { starts.as_slice() } else { &[] };
        let hint = match hint {
            Hint::Follows { column, .. } => Hint::Follows {
                column,
                values: &leader,
            },
            hint => hint,
        };
        let input = Input {
            values: &values,
            starts,
            hint,
            keys: Some(&OnceCell::new()),
        };
        let mut bytes = Vec::new();
        let codec = super::name(super::write_numbers(&input, &mut bytes).codec);
        (codec, bytes.len())
    };
    let stamp = |row: u64| 1_700_000_000_000_000_000 + row * 700_000_000_000;
    let visit = |row: u64| stamp(row / 3) + row % 3 * 9_000_000_000 + noise(row, 10) * 1_000_000;
    let follows = Hint::Follows {
        column: 1,
        values: &[],
    };
    assert_eq!(chosen(false, Hint::None, &|_| 5), ("sparse", 2));
    assert_eq!(chosen(false, Hint::None, &|row| noise(row, 9)).0, "packed");
    assert_eq!(
        chosen(false, Hint::Ascending, &|row| stamp(row) + noise(row, 9)).0,
        "delta"
    );
    assert_eq!(chosen(true, Hint::Ascending, &visit).0, "clustered");
    assert_eq!(
        chosen(true, Hint::PerGroup, &|row| noise(row / 3, 9)).0,
        "grouped"
    );
    assert_eq!(
        chosen(true, follows, &|row| noise(noise(row, 9), 5)).0,
        "mapped"
    );
}

/// Texts of many kinds, most of them of a pattern.
fn texts() -> impl Strategy<Value = Vec<String>> {
    let kinds = [
        "[A-Za-z0-9_-]{21}",
        "[A-Za-z0-9_-]{3}",
        "[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}",
        "v5-17[0-9]{11}-[1-9][0-9]{12}",
        "a[0-9]{1,20}b0[0-9]",
        "[0-9]{1,3}",
        ".{0,9}",
        "",
    ];
    let kind = prop::sample::select(kinds.to_vec());
    let lists = (kind, 0u32..8).prop_flat_map(|(kind, others)| {
        let text = prop_oneof![
            20 => proptest::string::string_regex(kind).unwrap(),
            others => "[a-z0-9]{0,30}",
        ];
        prop::collection::vec(text, 0..300)
    });
    lists.boxed()
}

proptest! {
    #[test]
    fn every_codec_of_texts_gives_back_what_it_wrote(
        texts in texts(),
        a in any::<Index>(),
        b in any::<Index>(),
    ) {
        let texts: Vec<&[u8]> = texts.iter().map(|text| text.as_bytes()).collect();
        let rows = texts.len() as u32;
        let (a, b) = (a.index(texts.len() + 1), b.index(texts.len() + 1));
        for codec in TEXTS_CODECS {
            let Some(plan) = codec.plan(&texts) else { continue };
            let mut bytes = Vec::new();
            plan.write(&mut bytes);
            prop_assert_eq!(bytes.len(), plan.size());
            for wanted in [0..texts.len(), a.min(b)..a.max(b)] {
                for part in [Part::Memory(&bytes), stored(&bytes)] {
                    let read = codec.decode(part, rows, wanted.start as u32..wanted.end as u32);
                    let read = read.unwrap();
                    let read: Vec<&[u8]> = read.iter().collect();
                    prop_assert_eq!(&read[..], &texts[wanted.clone()], "{}", codec.tag().1);
                }
            }
        }
    }

    #[test]
    fn no_damage_makes_a_codec_of_texts_panic(
        texts in texts(),
        flips in any::<[(Index, u8); 3]>(),
        cut in any::<Index>(),
    ) {
        let texts: Vec<&[u8]> = texts.iter().map(|text| text.as_bytes()).collect();
        let rows = texts.len() as u32;
        for codec in TEXTS_CODECS {
            let Some(plan) = codec.plan(&texts) else { continue };
            let mut bytes = Vec::new();
            plan.write(&mut bytes);
            for (at, flip) in &flips {
                let at = at.index(bytes.len());
                bytes[at] ^= flip;
                let _ = codec.decode(Part::Memory(&bytes), rows, 0..rows);
                let _ = codec.decode(stored(&bytes), rows, rows / 2..rows);
            }
            bytes.truncate(cut.index(bytes.len()));
            let _ = codec.decode(Part::Memory(&bytes), rows, 0..rows);
        }
    }
}

#[test]
fn every_codec_of_texts_is_the_smallest_for_what_it_is_made_for() {
    let noise = |row: u64| row.wrapping_mul(0x9E37_79B9_7F4A_7C15);
    let chosen = |text: &dyn Fn(u64) -> String| {
        let texts: Vec<String> = (1..=1_000).map(text).collect();
        let texts: Vec<&[u8]> = texts.iter().map(|text| text.as_bytes()).collect();
        let mut bytes = Vec::new();
        let codec = super::name(super::write_texts(&texts, &mut bytes));
        (codec, bytes.len())
    };
    let id = |row| {
        let character = |place: u64| char::from(b'a' + (noise(row * 99 + place) >> 60) as u8);
        (0..21).map(character).collect()
    };
    assert_eq!(chosen(&id), ("ids", 15_754));
    let uuid = |row| format!("{:08x}-1234-4abc-8000-0123456789ab", noise(row) >> 32);
    assert_eq!(chosen(&uuid), ("uuid", 16_003));
    let vital = |row| {
        format!(
            "v5-{}-{}",
            1_700_000_000_000 + row * 999,
            10_u64.pow(12) + (noise(row) >> 24)
        )
    };
    assert_eq!(chosen(&vital).0, "numbered");
    assert!(chosen(&vital).1 < 5_400);
    assert_eq!(chosen(&|row| format!("{}!", id(row))).0, "plain");
}
