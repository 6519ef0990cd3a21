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

const HAS_METADATA: u16 = 1;

impl Kind for TrackEvent {
    const NAME: KindName = KindName::TrackEvent;

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
