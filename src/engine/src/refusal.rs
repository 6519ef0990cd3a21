//! Why an entry is not stored. The one place that writes these errors as text.

use crate::kinds::KindName;
use crate::limits::{self, Limit};
use crate::store::{PutError, RowError};
use crate::version::VersionRefusal;
use ic_principal::Principal;
use std::fmt;

/// Why an entry is not stored. Nothing of it is.
///
/// `Display` gives the texts of the public interface. [`Refusal::Version`] is the exception: its public
/// text has a label (`juno.error.…`) that the canister puts there; here it reads as a plain sentence.
#[derive(Clone, Debug, PartialEq)]
pub enum Refusal {
    /// The satellite has no config, or its config doesn't take this kind of entry.
    FeatureDisabled(KindName),
    /// The key's text has more than 36 bytes.
    KeyTooLong {
        /// How many it has.
        bytes: usize,
    },
    /// The session id has more than 36 bytes.
    SessionIdTooLong {
        /// How many it has.
        bytes: usize,
    },
    /// A text is longer than its limit.
    TextTooLong {
        /// The limit, and what it limits.
        limit: Limit,
        /// The text, cut 256 bytes beyond the limit.
        value: String,
    },
    /// A track event carries too many metadata pairs.
    TooManyMetadataPairs {
        /// How many it carries.
        given: usize,
        /// How many it may carry.
        limit: usize,
    },
    /// A number is infinite or not a number.
    NotFinite {
        /// What the number is, as the error names it.
        subject: &'static str,
        /// The number.
        value: f64,
    },
    /// An overwrite without the current version.
    Version(VersionRefusal),
    /// An overwrite from another session.
    OtherSession {
        /// The session of the stored entry.
        current: String,
        /// The session of the refused one.
        given: String,
    },
    /// An overwrite from another satellite.
    OtherSatellite {
        /// The satellite of the stored entry.
        current: Principal,
        /// The satellite of the refused one.
        given: Principal,
    },
    /// The entry stored under this key can't be read: the memory is damaged.
    Unreadable(RowError),
    /// A segment that may hold an entry under this key can't be read: the memory is damaged.
    Damaged(columnar::Error),
    /// There is no room for another entry.
    StorageFull,
}

impl fmt::Display for Refusal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::FeatureDisabled(kind) => {
                write!(f, "error_{}_feature_disabled", kind.feature_label())
            }
            Self::KeyTooLong { .. } => {
                write!(
                    f,
                    "An analytic key must not be longer than {}.",
                    limits::KEY
                )
            }
            Self::SessionIdTooLong { .. } => write!(
                f,
                "An analytic session ID must not be longer than {}.",
                limits::SESSION_ID
            ),
            Self::TextTooLong { limit, value } => {
                write!(
                    f,
                    "{} {value} is longer than {}.",
                    limit.subject, limit.bytes
                )
            }
            Self::TooManyMetadataPairs { limit, .. } => write!(
                f,
                "Track event metadata must not contain more than {limit} elements."
            ),
            Self::NotFinite { subject, value } => {
                write!(f, "{subject} {value} is not a finite number.")
            }
            Self::Version(refusal) => refusal.fmt(f),
            Self::OtherSession { current, given } => {
                write!(f, "Session IDs do not match ({current} - {given})")
            }
            Self::OtherSatellite { current, given } => {
                write!(f, "Satellite IDs do not match ({current} - {given})")
            }
            Self::Unreadable(error) => {
                write!(f, "The entry stored under this key can't be read: {error}")
            }
            Self::Damaged(error) => {
                write!(
                    f,
                    "The entries stored around this key can't be read: {error}"
                )
            }
            Self::StorageFull => write!(
                f,
                "The orbiter's storage is full: nothing more is stored. Send to another orbiter."
            ),
        }
    }
}

impl std::error::Error for Refusal {}

impl From<VersionRefusal> for Refusal {
    fn from(refusal: VersionRefusal) -> Self {
        Self::Version(refusal)
    }
}

impl From<PutError> for Refusal {
    fn from(error: PutError) -> Self {
        match error {
            PutError::Full => Self::StorageFull,
            PutError::Segment(error) => Self::Damaged(error),
            PutError::Row(error) => Self::Unreadable(error),
        }
    }
}

impl From<RowError> for Refusal {
    fn from(error: RowError) -> Self {
        Self::Unreadable(error)
    }
}
