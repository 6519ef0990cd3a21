//! Small records that are read often and written seldom: one per principal, of several tables, in one
//! stable memory. The heap holds a copy of each table, read when the memory is opened.
//!
//! One stable B-tree map:
//!
//! ```text
//! key   : table (u8, Record::TABLE) | principal (0 to 29 bytes)
//! value : format (u8, Record::FORMAT) | CBOR of the record
//! ```

use ic_principal::Principal;
use ic_stable_structures::{Memory, StableBTreeMap};
use serde::{Serialize, de::DeserializeOwned};
use std::collections::BTreeMap;
use std::fmt;

/// A record of one table.
pub(crate) trait Record: Serialize + DeserializeOwned {
    /// The table's number in keys. Never reuse one.
    const TABLE: u8;
    /// The format of the CBOR that is written. A reader for each older one stays.
    const FORMAT: u8;
}

/// Why a record can't be read or written.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum RecordError {
    /// A key that is none of ours.
    Key {
        /// Its bytes.
        bytes: Vec<u8>,
    },
    /// A format that this code doesn't know: it is of a later release.
    UnknownFormat {
        /// Whose record.
        principal: Principal,
        /// The format it has; none if the value is empty.
        found: Option<u8>,
    },
    /// The CBOR isn't that of such a record.
    Cbor {
        /// Whose record.
        principal: Principal,
        /// What the decoder says.
        reason: String,
    },
    /// The record can't be written as CBOR.
    Encode {
        /// What the encoder says.
        reason: String,
    },
}

impl fmt::Display for RecordError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Key { bytes } => write!(f, "The stored record's key {bytes:?} is unknown."),
            Self::UnknownFormat { principal, found } => write!(
                f,
                "The stored record of {principal} has format {found:?}, which this release doesn't know."
            ),
            Self::Cbor { principal, reason } => {
                write!(
                    f,
                    "The stored record of {principal} can't be read: {reason}"
                )
            }
            Self::Encode { reason } => write!(f, "The record can't be stored: {reason}"),
        }
    }
}

impl std::error::Error for RecordError {}

/// The stable side of all tables.
pub(crate) struct Records<M: Memory> {
    map: StableBTreeMap<Vec<u8>, Vec<u8>, M>,
}

impl<M: Memory> Records<M> {
    pub(crate) fn open(memory: M) -> Self {
        Self {
            map: StableBTreeMap::init(memory),
        }
    }
}

/// One table, on the heap as in stable memory.
pub(crate) struct Table<R> {
    rows: BTreeMap<Principal, R>,
}

impl<R: Record> Table<R> {
    /// Reads the whole table.
    pub(crate) fn load<M: Memory>(records: &Records<M>) -> Result<Self, RecordError> {
        let rows = records
            .map
            .range(vec![R::TABLE]..vec![R::TABLE + 1])
            .map(|entry| decode(entry.key(), &entry.value()))
            .collect::<Result<_, _>>()?;
        Ok(Self { rows })
    }

    pub(crate) fn get(&self, principal: &Principal) -> Option<&R> {
        self.rows.get(principal)
    }

    /// By principal, in the order of their bytes.
    pub(crate) fn iter(&self) -> impl Iterator<Item = (&Principal, &R)> {
        self.rows.iter()
    }

    /// Stores all of `records_to_put`, or none of them if one can't be encoded.
    pub(crate) fn put_all<M: Memory>(
        &mut self,
        records: &mut Records<M>,
        records_to_put: Vec<(Principal, R)>,
    ) -> Result<(), RecordError> {
        let encoded = records_to_put
            .iter()
            .map(|(principal, record)| Ok((key::<R>(principal), encode(record)?)))
            .collect::<Result<Vec<_>, RecordError>>()?;
        for (key, value) in encoded {
            records.map.insert(key, value);
        }
        self.rows.extend(records_to_put);
        Ok(())
    }

    pub(crate) fn remove<M: Memory>(&mut self, records: &mut Records<M>, principal: &Principal) {
        if self.rows.remove(principal).is_some() {
            records.map.remove(&key::<R>(principal));
        }
    }
}

fn key<R: Record>(principal: &Principal) -> Vec<u8> {
    [&[R::TABLE], principal.as_slice()].concat()
}

fn encode<R: Record>(record: &R) -> Result<Vec<u8>, RecordError> {
    let mut bytes = vec![R::FORMAT];
    match ciborium::into_writer(record, &mut bytes) {
        Ok(()) => Ok(bytes),
        Err(error) => Err(RecordError::Encode {
            reason: error.to_string(),
        }),
    }
}

fn decode<R: Record>(key: &[u8], value: &[u8]) -> Result<(Principal, R), RecordError> {
    let principal = key
        .get(1..)
        .and_then(|bytes| Principal::try_from_slice(bytes).ok())
        .ok_or_else(|| RecordError::Key {
            bytes: key.to_vec(),
        })?;
    match value.split_first() {
        Some((&format, cbor)) if format == R::FORMAT => match ciborium::from_reader(cbor) {
            Ok(record) => Ok((principal, record)),
            Err(error) => Err(RecordError::Cbor {
                principal,
                reason: error.to_string(),
            }),
        },
        found => Err(RecordError::UnknownFormat {
            principal,
            found: found.map(|(&format, _)| format),
        }),
    }
}
