//! The version rule that entries and configs share: an overwrite names the version it overwrites.

use std::fmt;

/// The version of whatever is stored for the first time.
pub const INITIAL_VERSION: u64 = 1;

/// Why an overwrite was refused.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum VersionRefusal {
    /// Something is stored already and the caller named no version.
    NotProvided {
        /// The stored version.
        current: u64,
    },
    /// The caller named another version than the stored one.
    OutdatedOrFuture {
        /// The stored version.
        current: u64,
        /// The version the caller named.
        given: u64,
    },
}

impl fmt::Display for VersionRefusal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::NotProvided { current } => write!(
                f,
                "It exists already: provide its current version, {current}, to overwrite it."
            ),
            Self::OutdatedOrFuture { current, given } => write!(
                f,
                "Its current version is {current}, not {given}: read it again, then overwrite it."
            ),
        }
    }
}

impl std::error::Error for VersionRefusal {}

/// Checks the version a caller `given` against the `current` one, none where nothing is stored.
/// A version given for something new is ignored.
///
/// # Errors
/// [`VersionRefusal`] where the two differ.
pub(crate) fn check_version(
    current: Option<u64>,
    given: Option<u64>,
) -> Result<(), VersionRefusal> {
    match (current, given) {
        (None, _) => Ok(()),
        (Some(current), None) => Err(VersionRefusal::NotProvided { current }),
        (Some(current), Some(given)) if current != given => {
            Err(VersionRefusal::OutdatedOrFuture { current, given })
        }
        (Some(_), Some(_)) => Ok(()),
    }
}

/// The version that follows `current`: one more, and after the greatest number the first again.
pub(crate) fn next_version(current: Option<u64>) -> u64 {
    current
        .and_then(|version| version.checked_add(1))
        .unwrap_or(INITIAL_VERSION)
}
