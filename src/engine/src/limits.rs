//! Limits of texts. All of them count bytes of UTF-8, not characters.
//!
//! The limits that belong to one kind of entry stand in that kind's file.

use crate::refusal::Refusal;

/// How long a text may be.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Limit {
    /// What the text is, as the error names it: `Page event title`.
    pub subject: &'static str,
    /// The most bytes it may have.
    pub bytes: usize,
}

/// The most bytes of [`crate::AnalyticKey::key`].
pub const KEY: usize = 36;

/// The most bytes of a session id.
pub const SESSION_ID: usize = 36;

/// An error repeats at most this many bytes beyond the limit of the text it refuses, so that a refusal
/// never outgrows a reply.
const REPEATED_BEYOND_LIMIT: usize = 256;

impl Limit {
    /// A limit of `bytes` bytes on `subject`.
    pub const fn new(subject: &'static str, bytes: usize) -> Self {
        Self { subject, bytes }
    }

    /// Refuses a `text` of more bytes than the limit.
    ///
    /// # Errors
    /// [`Refusal::TextTooLong`] with the text, itself cut (and ended with `…`) 256 bytes beyond the limit.
    pub fn check(&self, text: &str) -> Result<(), Refusal> {
        if text.len() <= self.bytes {
            return Ok(());
        }
        Err(Refusal::TextTooLong {
            limit: *self,
            value: shortened(text, self.bytes + REPEATED_BEYOND_LIMIT),
        })
    }

    /// [`Limit::check`] for a text that may be absent.
    ///
    /// # Errors
    /// As [`Limit::check`].
    pub fn check_optional(&self, text: Option<&str>) -> Result<(), Refusal> {
        text.map_or(Ok(()), |text| self.check(text))
    }
}

/// `text`, or its first `bytes` bytes (fewer where that would split a character) and `…`.
fn shortened(text: &str, bytes: usize) -> String {
    if text.len() <= bytes {
        return text.to_owned();
    }
    format!("{}…", &text[..text.floor_char_boundary(bytes)])
}
