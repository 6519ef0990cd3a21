//! Something happened that the site names itself.
//!
//! The body of a row, after what every row begins with (`store/row.rs`):
//!
//! ```text
//! flags  : u16, little-endian; bit 0: there is metadata, the others 0
//! name   : text
//! pairs  : number             if bit 0: how many pairs follow
//! key    : text   ┐
//! value  : text   ┘ per pair
//! ```

use super::{Kind, KindName};
use crate::columns::{COMMON, Column, ColumnId, Domain, Fields, Fill, Shape};
use crate::limits::Limit;
use crate::refusal::Refusal;
use crate::store::{RowError, RowReader, RowWriter, owned};

/// Something that happened, named by the site.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TrackEvent<T = String> {
    /// What happened.
    pub name: T,
    /// Details, as pairs of key and value, in the order the client gave.
    pub metadata: Option<Vec<(T, T)>>,
}

/// The limits of a track event's texts, in the order in which they are checked.
pub mod limits {
    use super::Limit;

    /// `name`
    pub const NAME: Limit = Limit::new("Track event name", 256);
    /// The most pairs in `metadata`.
    pub const METADATA_PAIRS: usize = 10;
    /// Each key in `metadata`.
    pub const METADATA_KEY: Limit = Limit::new("Track event metadata key", 256);
    /// Each value in `metadata`.
    pub const METADATA_VALUE: Limit = Limit::new("Track event metadata value", 256);
}

/// The columns of a track event. The ids are stored: never reuse one.
pub(crate) mod column {
    use super::{ColumnId, limits};

    pub const NAME: ColumnId = ColumnId(4);
    /// How many pairs of metadata there are, plus one; 0 where there is no metadata.
    pub const PAIRS: ColumnId = ColumnId(5);

    /// The key of a pair.
    pub const fn key(pair: usize) -> ColumnId {
        ColumnId(6 + 2 * pair as u16)
    }

    /// The value of a pair.
    pub const fn value(pair: usize) -> ColumnId {
        ColumnId(7 + 2 * pair as u16)
    }

    /// By these columns cubes count the events.
    pub const COUNTED: &[ColumnId] = &[NAME];

    /// How many columns there are.
    pub const COUNT: usize = 6 + 2 * limits::METADATA_PAIRS;
}

const COLUMNS: &[Column; column::COUNT] = &{
    let name = Column::text(column::NAME, "name", Domain::EventName, Shape::Any);
    let mut columns = [name; column::COUNT];
    let mut at = 0;
    while at < COMMON.len() {
        columns[at] = COMMON[at];
        at += 1;
    }
    let follows_name = Shape::Follows(column::NAME);
    columns[5] = Column::number(column::PAIRS, "pairs", follows_name);
    let mut pair = 0;
    while pair < limits::METADATA_PAIRS {
        let (key, value) = (column::key(pair), column::value(pair));
        columns[key.0 as usize] = Column::text(key, "key", Domain::MetadataKey, follows_name);
        columns[value.0 as usize] = Column::text(value, "value", Domain::MetadataValue, Shape::Any);
        pair += 1;
    }
    columns
};

const HAS_METADATA: u16 = 1;

impl Kind for TrackEvent {
    const NAME: KindName = KindName::TrackEvent;

    const COLUMNS: &'static [Column] = COLUMNS;

    fn fill(&self, columns: &mut dyn Fill) {
        columns.text(column::NAME, &self.name);
        if let Some(pairs) = &self.metadata {
            columns.number(column::PAIRS, pairs.len() as u64 + 1);
            // The limits allow no more of them.
            for (pair, (key, value)) in pairs.iter().take(limits::METADATA_PAIRS).enumerate() {
                columns.text(column::key(pair), key);
                columns.text(column::value(pair), value);
            }
        }
    }

    fn take(columns: &dyn Fields) -> Result<Self, RowError> {
        let pair = |pair| {
            Ok((
                columns.text(Domain::MetadataKey, column::key(pair))?,
                columns.text(Domain::MetadataValue, column::value(pair))?,
            ))
        };
        let metadata = match columns.optional_u16(column::PAIRS)?.map(usize::from) {
            Some(pairs) if pairs > limits::METADATA_PAIRS => return Err(RowError::NumberTooLarge),
            Some(pairs) => Some((0..pairs).map(pair).collect::<Result<_, _>>()?),
            None => None,
        };
        Ok(Self {
            name: columns.text(Domain::EventName, column::NAME)?,
            metadata,
        })
    }

    type Row<'a> = TrackEvent<&'a [u8]>;

    fn check_limits(&self) -> Result<(), Refusal> {
        limits::NAME.check(&self.name)?;
        let pairs = self.metadata.as_deref().unwrap_or_default();
        if pairs.len() > limits::METADATA_PAIRS {
            return Err(Refusal::TooManyMetadataPairs {
                given: pairs.len(),
                limit: limits::METADATA_PAIRS,
            });
        }
        for (key, value) in pairs {
            limits::METADATA_KEY.check(key)?;
            limits::METADATA_VALUE.check(value)?;
        }
        Ok(())
    }

    fn write(&self, row: &mut RowWriter) {
        row.flags(if self.metadata.is_some() {
            HAS_METADATA
        } else {
            0
        });
        row.text(&self.name);
        if let Some(pairs) = &self.metadata {
            row.number(pairs.len() as u64);
            for (key, value) in pairs {
                row.text(key);
                row.text(value);
            }
        }
    }

    fn read<'a>(row: &mut RowReader<'a>) -> Result<TrackEvent<&'a [u8]>, RowError> {
        let flags = row.flags(HAS_METADATA)?;
        Ok(TrackEvent {
            name: row.text()?,
            metadata: row.when(flags & HAS_METADATA != 0, |row| {
                let pairs = row.number()?;
                (0..pairs).map(|_| Ok((row.text()?, row.text()?))).collect()
            })?,
        })
    }

    fn to_owned(row: &TrackEvent<&[u8]>) -> Result<Self, RowError> {
        let pair = |(key, value): &(&[u8], &[u8])| Ok((owned(key)?, owned(value)?));
        Ok(TrackEvent {
            name: owned(row.name)?,
            metadata: row
                .metadata
                .as_ref()
                .map(|pairs| pairs.iter().map(pair).collect())
                .transpose()?,
        })
    }
}
