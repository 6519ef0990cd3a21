//! How the fields of entries become columns: the vocabulary in which a kind describes itself.
//!
//! A column holds one `u64` per entry: a number, or the code of a text in a dictionary. Dictionaries are
//! shared by all columns whose texts are of the same sort (a [`Domain`]), also across kinds. A field that
//! may be absent stores 0 for absent and its value (or code) plus one otherwise.

use crate::store::RowError;
use columnar::Texts;

/// What texts a dictionary holds. The numbers are stored: never reuse one.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[repr(u8)]
pub enum Domain {
    /// URLs of pages.
    Href = 0,
    /// Titles of pages.
    Title = 1,
    /// Hosts, of pages and of referrers.
    Host = 2,
    /// Paths of pages.
    Path = 3,
    /// URLs of referrers.
    Referrer = 4,
    /// Names of time zones.
    TimeZone = 5,
    /// User agents.
    UserAgent = 6,
    /// What clients say of themselves: names of browsers, operating systems and devices.
    Client = 7,
    /// Values of the five campaign parameters.
    Campaign = 8,
    /// Names of track events.
    EventName = 9,
    /// Keys of metadata.
    MetadataKey = 10,
    /// Values of metadata.
    MetadataValue = 11,
}

impl Domain {
    /// Every domain, at the index that is its number.
    pub const ALL: [Self; 12] = [
        Self::Href,
        Self::Title,
        Self::Host,
        Self::Path,
        Self::Referrer,
        Self::TimeZone,
        Self::UserAgent,
        Self::Client,
        Self::Campaign,
        Self::EventName,
        Self::MetadataKey,
        Self::MetadataValue,
    ];
}

/// Names a column within its kind. The numbers are stored: never reuse one within a kind.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ColumnId(pub u16);

/// When the entry was collected, nanoseconds since 1970.
pub const COLLECTED_AT: ColumnId = ColumnId(0);
/// When it was first stored, as its distance from [`COLLECTED_AT`], modulo 2^64.
pub const CREATED_AFTER: ColumnId = ColumnId(1);
/// When it was last stored, as its distance from the first time, modulo 2^64.
pub const UPDATED_AFTER: ColumnId = ColumnId(2);
/// Its version.
pub const VERSION: ColumnId = ColumnId(3);
/// The first id that a kind gives to a column of its own.
pub const FIRST_OWN: u16 = 4;

/// What a column's numbers are.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Sort {
    /// Numbers.
    Number,
    /// Bits of IEEE 754 binary64.
    Float,
    /// Codes of a dictionary, plus one; 0 for absent.
    Text(Domain),
}

/// What is known of a column's values, for the choice of its encoding. It never changes what is read back.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Shape {
    /// Nothing.
    Any,
    /// Instants that don't fall within a session.
    Ascending,
    /// Mostly the same within a session.
    PerSession,
    /// Mostly decided by another column, which is described before this one.
    Follows(ColumnId),
}

/// A column of a kind.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Column {
    /// Its id: at the index `id` in the kind's list of columns.
    pub id: ColumnId,
    /// Its name, for people.
    pub name: &'static str,
    /// What its numbers are.
    pub sort: Sort,
    /// What is known of them.
    pub shape: Shape,
}

impl Column {
    const fn new(id: ColumnId, name: &'static str, sort: Sort, shape: Shape) -> Self {
        Self {
            id,
            name,
            sort,
            shape,
        }
    }

    /// A column of numbers.
    pub const fn number(id: ColumnId, name: &'static str, shape: Shape) -> Self {
        Self::new(id, name, Sort::Number, shape)
    }

    /// A column of floats.
    pub const fn float(id: ColumnId, name: &'static str, shape: Shape) -> Self {
        Self::new(id, name, Sort::Float, shape)
    }

    /// A column of texts.
    pub const fn text(id: ColumnId, name: &'static str, domain: Domain, shape: Shape) -> Self {
        Self::new(id, name, Sort::Text(domain), shape)
    }
}

/// The columns that every kind begins with.
pub const COMMON: [Column; FIRST_OWN as usize] = [
    Column::number(COLLECTED_AT, "collected_at", Shape::Ascending),
    Column::number(CREATED_AFTER, "created_after", Shape::Any),
    Column::number(UPDATED_AFTER, "updated_after", Shape::Any),
    Column::number(VERSION, "version", Shape::Any),
];

/// Takes the fields of one entry, each to its column. What isn't set is 0, which is absent for texts.
pub trait Fill {
    /// Sets a number.
    fn number(&mut self, column: ColumnId, number: u64);

    /// Sets a text, and gives its code plus one.
    fn text(&mut self, column: ColumnId, text: &str) -> u64;

    /// Sets a text that is a function of the text with the code `of` (plus one) in another column: it is
    /// computed only once for each code.
    fn derived(&mut self, column: ColumnId, of: u64, text: &dyn Fn() -> String);

    /// A number that is a function of the texts that have these codes, which are those of the columns of
    /// `of`: computed only once for each.
    fn remembered(&mut self, of: [u64; 3], number: &dyn Fn() -> u64) -> u64;

    /// Sets a number that may be absent.
    fn optional_number(&mut self, column: ColumnId, number: Option<u16>) {
        self.number(column, number.map_or(0, |number| u64::from(number) + 1));
    }

    /// Sets a text that may be absent, and gives its code plus one, 0 if it is.
    fn optional_text(&mut self, column: ColumnId, text: Option<&str>) -> u64 {
        text.map_or(0, |text| self.text(column, text))
    }
}

/// Gives the fields of one entry back.
pub trait Fields {
    /// A number.
    fn number(&self, column: ColumnId) -> u64;

    /// The text with this code (not plus one) in a domain's dictionary.
    fn text_of(&self, domain: Domain, code: u64) -> Option<&[u8]>;

    /// The text that hardly repeats.
    fn unique(&self) -> &[u8];

    /// A number that may be absent.
    fn optional_number(&self, column: ColumnId) -> Option<u64> {
        self.number(column).checked_sub(1)
    }

    /// A number that may be absent and has 16 bits.
    ///
    /// # Errors
    /// [`RowError::NumberTooLarge`]
    fn optional_u16(&self, column: ColumnId) -> Result<Option<u16>, RowError> {
        self.optional_number(column)
            .map(|number| u16::try_from(number).map_err(|_| RowError::NumberTooLarge))
            .transpose()
    }

    /// A number of 16 bits.
    ///
    /// # Errors
    /// [`RowError::NumberTooLarge`]
    fn u16(&self, column: ColumnId) -> Result<u16, RowError> {
        u16::try_from(self.number(column)).map_err(|_| RowError::NumberTooLarge)
    }

    /// A text that may be absent.
    ///
    /// # Errors
    /// [`RowError::NoSuchText`], [`RowError::NotUtf8`]
    fn optional_text(&self, domain: Domain, column: ColumnId) -> Result<Option<String>, RowError> {
        let Some(code) = self.optional_number(column) else {
            return Ok(None);
        };
        let text = self
            .text_of(domain, code)
            .ok_or(RowError::NoSuchText { code })?;
        crate::store::owned(text).map(Some)
    }

    /// A text.
    ///
    /// # Errors
    /// [`RowError::Missing`] if it is absent; as [`Fields::optional_text`].
    fn text(&self, domain: Domain, column: ColumnId) -> Result<String, RowError> {
        self.optional_text(domain, column)?.ok_or(RowError::Missing)
    }
}

/// Dictionaries of all domains.
pub trait TextSource {
    /// The text with this code (not plus one) in a domain's dictionary; none if there is no such.
    fn text_of(&self, domain: Domain, code: u64) -> Option<&[u8]>;
}

impl TextSource for Dictionaries {
    fn text_of(&self, domain: Domain, code: u64) -> Option<&[u8]> {
        let texts = &self[domain as usize];
        let code = usize::try_from(code).ok()?;
        (code < texts.len()).then(|| texts.get(code))
    }
}

/// One dictionary for each domain, at the index that is its number.
pub type Dictionaries = [Texts; Domain::ALL.len()];
