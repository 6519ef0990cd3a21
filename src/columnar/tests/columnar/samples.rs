//! Columns as they come, and segments made of them.

use columnar::{Hint, SegmentWriter};
use proptest::prelude::*;

/// The id of every table in these tests.
pub const TABLE: u16 = 7;

/// The column that others follow.
pub const LEADER: u16 = 1;

/// The column under test.
pub const COLUMN: u16 = 2;

/// A table to be written: group sizes (none: ungrouped) and columns.
#[derive(Clone, Debug)]
pub struct Sample {
    pub sizes: Vec<u32>,
    pub leader: Vec<u64>,
    pub values: Vec<u64>,
}

impl Sample {
    pub fn rows(&self) -> u32 {
        self.values.len() as u32
    }

    /// A segment with the values under every hint, at the columns `COLUMN ..`.
    pub fn segment(&self) -> Vec<u8> {
        let mut segment = SegmentWriter::new();
        let mut table = match self.sizes.is_empty() {
            true => segment.table(TABLE, self.rows()).unwrap(),
            false => segment.grouped_table(TABLE, &self.sizes).unwrap(),
        };
        table.numbers(LEADER, &self.leader, Hint::None).unwrap();
        for (column, hint) in (COLUMN..).zip(self.hints()) {
            table.numbers(column, &self.values, hint).unwrap();
        }
        segment.finish()
    }

    /// Every hint.
    pub fn hints(&self) -> [Hint<'_>; 5] {
        let follows = Hint::Follows {
            column: LEADER,
            values: &self.leader,
        };
        [
            Hint::None,
            Hint::Ascending,
            Hint::PerGroup,
            follows,
            Hint::Decimal,
        ]
    }
}

/// Numbers of many kinds: of any size, small, ascending, milliseconds in nanoseconds, nearly constant, decimals.
pub fn values(rows: usize) -> impl Strategy<Value = Vec<u64>> {
    let small = 0u64..6;
    let wrapping = (-40i64..40).prop_map(|value| value as u64);
    let stamps = (0u64..100_000).prop_map(|value| 1_700_000_000_000_000_000 + value * 1_000_000);
    let decimals = (0u32..10_000).prop_map(|value| (f64::from(value) / 10.0).to_bits());
    let nearly = prop_oneof![30 => Just(9u64), 1 => any::<u64>()];
    let edges = prop_oneof![Just(0), Just(u64::MAX), Just(1 << 63), Just((1 << 63) - 1)];
    let list = |value: BoxedStrategy<u64>| prop::collection::vec(value, rows);
    prop_oneof![
        list(small.boxed()),
        list(wrapping.boxed()),
        list(stamps.clone().boxed()),
        list(stamps.boxed()).prop_map(|mut values| {
            values.sort_unstable();
            values
        }),
        list(decimals.boxed()),
        list(nearly.boxed()),
        list(edges.boxed()),
        list(any::<u64>().boxed()),
    ]
}

/// Tables with and without groups, of up to 700 rows.
pub fn samples() -> impl Strategy<Value = Sample> {
    let sizes = prop_oneof![
        prop::collection::vec(1u32..9, 0..80),
        prop::collection::vec(1u32..200, 1..4),
        prop::collection::vec(Just(1u32), 1..300),
    ];
    (sizes, 0usize..300, any::<bool>()).prop_flat_map(|(sizes, ungrouped, determined)| {
        let rows = match sizes.is_empty() {
            true => ungrouped,
            false => sizes.iter().sum::<u32>() as usize,
        };
        (Just(sizes), values(rows), values(rows)).prop_map(move |(sizes, leader, mut values)| {
            if determined {
                for (value, leader) in values.iter_mut().zip(&leader).step_by(2) {
                    *value = leader.wrapping_mul(31) % 100;
                }
            }
            Sample {
                sizes,
                leader,
                values,
            }
        })
    })
}
