//! What the engine's refusals read like on the public interface.
//!
//! Most texts are the engine's own. Where clients look for a label (`juno.error.…`), it stands here, taken
//! from `junobuild_shared`, whose constants the baseline's clients are built with.

use engine::{AccessKeyRefusal, ConfigRefusal, Refusal, VersionRefusal};
use junobuild_shared::errors::{
    JUNO_ERROR_CONTROLLERS_ADMIN_NO_EXPIRY, JUNO_ERROR_CONTROLLERS_ANONYMOUS_NOT_ALLOWED,
    JUNO_ERROR_CONTROLLERS_EXPIRY_IN_PAST, JUNO_ERROR_CONTROLLERS_MAX_NUMBER,
    JUNO_ERROR_CONTROLLERS_REVOKED_NOT_ALLOWED, JUNO_ERROR_NO_VERSION,
    JUNO_ERROR_VERSION_OUTDATED_OR_FUTURE,
};

/// The end of the reject text for a caller without the right to write and read.
pub const NOT_A_CONTROLLER: &str = "Caller is not a controller of the orbiter.";

/// The end of the reject text for a caller who may not administer.
pub const NOT_AN_ADMIN: &str = "Caller is not an admin controller of the orbiter.";

/// Why an entry is not stored.
pub fn entry(refusal: &Refusal) -> String {
    match refusal {
        Refusal::Version(version) => self::version(version),
        other => other.to_string(),
    }
}

/// Why an overwrite is refused.
pub fn version(refusal: &VersionRefusal) -> String {
    match refusal {
        VersionRefusal::NotProvided { .. } => JUNO_ERROR_NO_VERSION.to_owned(),
        VersionRefusal::OutdatedOrFuture { current, given } => {
            format!("{JUNO_ERROR_VERSION_OUTDATED_OR_FUTURE} ({current} - {given})")
        }
    }
}

/// Why configs are not changed.
pub fn config(refusal: &ConfigRefusal) -> String {
    match refusal {
        ConfigRefusal::Version { refusal, .. } => version(refusal),
        other @ ConfigRefusal::Unstorable(_) => other.to_string(),
    }
}

/// Why access keys are not changed.
pub fn access_key(refusal: &AccessKeyRefusal) -> String {
    match refusal {
        AccessKeyRefusal::TooMany { limit, .. } => {
            format!("{JUNO_ERROR_CONTROLLERS_MAX_NUMBER} ({limit})")
        }
        AccessKeyRefusal::Anonymous => JUNO_ERROR_CONTROLLERS_ANONYMOUS_NOT_ALLOWED.to_owned(),
        AccessKeyRefusal::Revoked(_) => JUNO_ERROR_CONTROLLERS_REVOKED_NOT_ALLOWED.to_owned(),
        AccessKeyRefusal::AdminWithExpiry { .. } => {
            JUNO_ERROR_CONTROLLERS_ADMIN_NO_EXPIRY.to_owned()
        }
        AccessKeyRefusal::ExpiryInPast { .. } => JUNO_ERROR_CONTROLLERS_EXPIRY_IN_PAST.to_owned(),
        other @ (AccessKeyRefusal::ManagementCanister | AccessKeyRefusal::Unstorable(_)) => {
            other.to_string()
        }
    }
}
