//! Entries as columns on the heap: what the log of fresh entries looks like to queries, and what compaction
//! gathers before it writes a segment.

use super::interner::{Interner, Interners, TextList};
use crate::columns::{
    self, COLLECTED_AT, CREATED_AFTER, ColumnId, Domain, Fields, Fill, TextSource, UPDATED_AFTER,
    VERSION,
};
use crate::entry::{AnalyticKey, Entry};
use crate::kinds::{Kind, KindName};
use crate::store::{RowError, owned};
use hashbrown::HashMap;
use ic_principal::Principal;
use rustc_hash::FxBuildHasher;

/// Entries of all kinds.
#[derive(Default)]
pub(crate) struct Rows {
    /// One for each [`Domain`].
    pub dictionaries: Interners,
    pub satellites: Interner,
    pub sessions: Interner,
    /// By session: whether it has, or may have, entries elsewhere too.
    pub shared: Vec<bool>,
    /// One for each [`KindName`].
    pub kinds: [KindRows; KindName::ALL.len()],
    remembered: HashMap<[u64; 3], u64, FxBuildHasher>,
    /// What one entry has in its columns, while it is filled.
    values: Vec<u64>,
}

/// Entries of one kind.
#[derive(Default)]
pub(crate) struct KindRows {
    /// By column, by entry.
    pub columns: Vec<Vec<u64>>,
    /// By entry: its satellite and its session, as numbered in [`Rows`].
    pub satellites: Vec<u32>,
    pub sessions: Vec<u32>,
    pub keys: TextList,
    pub uniques: TextList,
    /// By entry: whether another one took its place.
    pub dead: Vec<bool>,
    /// By column, by the code of the text that it is derived from: its value, 0 if not yet known.
    derived: Vec<Vec<u64>>,
}

impl KindRows {
    pub(crate) fn len(&self) -> usize {
        self.sessions.len()
    }

    /// When the entry was collected.
    pub(crate) fn collected_at(&self, row: usize) -> u64 {
        self.value(COLLECTED_AT, row)
    }

    /// When the entry was last stored.
    pub(crate) fn updated_at(&self, row: usize) -> u64 {
        [CREATED_AFTER, UPDATED_AFTER]
            .into_iter()
            .fold(self.collected_at(row), |sum, column| {
                sum.wrapping_add(self.value(column, row))
            })
    }

    pub(crate) fn value(&self, column: ColumnId, row: usize) -> u64 {
        value(&self.columns, column, row)
    }

    /// Appends an entry whose values and texts are given, in the numbering of these rows.
    pub(crate) fn push(
        &mut self,
        values: &[u64],
        (satellite, session): (u32, u32),
        key: &[u8],
        unique: &[u8],
    ) {
        self.columns.resize_with(values.len(), Vec::new);
        for (column, value) in self.columns.iter_mut().zip(values) {
            column.push(*value);
        }
        self.satellites.push(satellite);
        self.sessions.push(session);
        self.keys.push(key);
        self.uniques.push(unique);
        self.dead.push(false);
    }
}

fn value(columns: &[Vec<u64>], column: ColumnId, row: usize) -> u64 {
    columns
        .get(usize::from(column.0))
        .and_then(|values| values.get(row))
        .copied()
        .unwrap_or_default()
}

impl Rows {
    pub(crate) fn kind(&self, kind: KindName) -> &KindRows {
        &self.kinds[kind.index()]
    }

    /// The number of a session, a new one if it has none yet, and whether it is new.
    pub(crate) fn session(&mut self, id: &[u8]) -> (u32, bool) {
        let session = self.sessions.code(id);
        let is_new = session as usize == self.shared.len();
        if is_new {
            self.shared.push(false);
        }
        (session, is_new)
    }

    /// Appends an entry of `session` and gives its place.
    pub(crate) fn push<K: Kind>(
        &mut self,
        key: &AnalyticKey,
        entry: &Entry<K>,
        session: u32,
    ) -> usize {
        let mut values = std::mem::take(&mut self.values);
        values.clear();
        values.resize(K::COLUMNS.len(), 0);
        values[usize::from(COLLECTED_AT.0)] = key.collected_at;
        values[usize::from(CREATED_AFTER.0)] = entry.created_at.wrapping_sub(key.collected_at);
        values[usize::from(UPDATED_AFTER.0)] = entry.updated_at.wrapping_sub(entry.created_at);
        values[usize::from(VERSION.0)] = entry.version;
        let satellite = self.satellites.code(entry.satellite_id.as_slice());
        let rows = &mut self.kinds[K::NAME.index()];
        entry.body.fill(&mut Filler {
            kind: K::NAME,
            values: &mut values,
            dictionaries: &mut self.dictionaries,
            derived: &mut rows.derived,
            remembered: &mut self.remembered,
        });
        let (key, unique) = (key.key.as_bytes(), entry.body.unique().as_bytes());
        rows.push(&values, (satellite, session), key, unique);
        self.values = values;
        rows.len() - 1
    }

    /// Appends the entry of a row of `old` and gives its place. Its session is shared if it is there.
    pub(crate) fn copy(
        &mut self,
        old: &Self,
        kind: KindName,
        row: usize,
        maps: &mut CodeMaps,
    ) -> usize {
        let rows = old.kind(kind);
        let old_session = rows.sessions[row];
        let (session, _) = self.session(old.sessions.texts().get(old_session as usize));
        self.shared[session as usize] |= old.shared[old_session as usize];
        let satellite = rows.satellites[row];
        let satellite = self
            .satellites
            .code(old.satellites.texts().get(satellite as usize));
        let source = Source {
            columns: &rows.columns,
            row,
            texts: &old.dictionaries,
        };
        let texts = (rows.keys.get(row), rows.uniques.get(row));
        self.push_values(kind, &source, (satellite, session), texts, maps)
    }

    /// Appends an entry whose columns are given with codes of other dictionaries, and gives its place.
    pub(crate) fn push_values(
        &mut self,
        kind: KindName,
        source: &Source<'_>,
        of: (u32, u32),
        (key, unique): (&[u8], &[u8]),
        maps: &mut CodeMaps,
    ) -> usize {
        let mut values = std::mem::take(&mut self.values);
        values.clear();
        for column in kind.columns() {
            let number = value(source.columns, column.id, source.row);
            values.push(match column.sort {
                columns::Sort::Number | columns::Sort::Float => number,
                columns::Sort::Text(domain) => {
                    let dictionary = &mut self.dictionaries[domain as usize];
                    maps.map(domain, number, source.texts, dictionary)
                }
            });
        }
        let rows = &mut self.kinds[kind.index()];
        rows.push(&values, of, key, unique);
        self.values = values;
        rows.len() - 1
    }

    /// The satellite with this number.
    pub(crate) fn satellite_id(&self, satellite: u32) -> Result<Principal, RowError> {
        let bytes = self.satellites.texts().get(satellite as usize);
        Principal::try_from_slice(bytes).map_err(|_| RowError::BadKey)
    }

    /// Copies an entry out.
    pub(crate) fn entry<K: Kind>(&self, row: usize) -> Result<(AnalyticKey, Entry<K>), RowError> {
        let rows = self.kind(K::NAME);
        let session = rows.sessions.get(row).copied().unwrap_or(u32::MAX);
        let satellite = rows.satellites.get(row).copied().unwrap_or(u32::MAX);
        take(
            &RowFields {
                columns: &rows.columns,
                row,
                unique: rows.uniques.get(row),
                texts: &self.dictionaries,
            },
            self.satellite_id(satellite)?,
            self.sessions.texts().get(session as usize),
            rows.keys.get(row),
        )
    }
}

/// An entry in other columns, and their dictionaries.
pub(crate) struct Source<'a> {
    pub columns: &'a [Vec<u64>],
    pub row: usize,
    pub texts: &'a dyn TextSource,
}

/// What codes of other dictionaries are in these: each text is looked up once. By domain, by code plus one:
/// the code plus one, 0 if it isn't known yet.
pub(crate) struct CodeMaps([Vec<u64>; Domain::ALL.len()]);

impl CodeMaps {
    pub(crate) fn new() -> Self {
        Self([const { Vec::new() }; Domain::ALL.len()])
    }

    /// The code plus one of a text that has the code `number`, plus one, elsewhere; a code that no text has
    /// counts as absent.
    fn map(
        &mut self,
        domain: Domain,
        number: u64,
        texts: &dyn TextSource,
        dictionary: &mut Interner,
    ) -> u64 {
        let Some(code) = number.checked_sub(1) else {
            return 0;
        };
        let map = &mut self.0[domain as usize];
        match map.get(number as usize) {
            Some(known) if *known > 0 => return *known,
            _ => {}
        }
        let Some(text) = texts.text_of(domain, code) else {
            return 0;
        };
        let new = u64::from(dictionary.code(text)) + 1;
        if map.len() <= number as usize {
            map.resize(number as usize + 1, 0);
        }
        map[number as usize] = new;
        new
    }
}

/// One entry among columns.
pub(crate) struct RowFields<'a> {
    pub columns: &'a [Vec<u64>],
    pub row: usize,
    pub unique: &'a [u8],
    pub texts: &'a dyn TextSource,
}

impl Fields for RowFields<'_> {
    fn number(&self, column: ColumnId) -> u64 {
        value(self.columns, column, self.row)
    }

    fn text_of(&self, domain: Domain, code: u64) -> Option<&[u8]> {
        self.texts.text_of(domain, code)
    }

    fn unique(&self) -> &[u8] {
        self.unique
    }
}

/// Copies an entry out of its columns.
pub(crate) fn take<K: Kind>(
    fields: &RowFields<'_>,
    satellite_id: Principal,
    session_id: &[u8],
    key: &[u8],
) -> Result<(AnalyticKey, Entry<K>), RowError> {
    let collected_at = fields.number(COLLECTED_AT);
    let created_at = collected_at.wrapping_add(fields.number(CREATED_AFTER));
    let key = AnalyticKey {
        collected_at,
        key: owned(key)?,
    };
    let entry = Entry {
        satellite_id,
        session_id: owned(session_id)?,
        created_at,
        updated_at: created_at.wrapping_add(fields.number(UPDATED_AFTER)),
        version: fields.number(VERSION),
        body: K::take(fields)?,
    };
    Ok((key, entry))
}

/// Puts the fields of one entry into `values`, and their texts into the dictionaries.
struct Filler<'a> {
    kind: KindName,
    values: &'a mut [u64],
    dictionaries: &'a mut Interners,
    derived: &'a mut Vec<Vec<u64>>,
    remembered: &'a mut HashMap<[u64; 3], u64, FxBuildHasher>,
}

impl Filler<'_> {
    fn dictionary(&mut self, column: ColumnId) -> Option<&mut Interner> {
        match self.kind.columns().get(usize::from(column.0))?.sort {
            columns::Sort::Text(domain) => Some(&mut self.dictionaries[domain as usize]),
            columns::Sort::Number | columns::Sort::Float => None,
        }
    }
}

impl Fill for Filler<'_> {
    fn number(&mut self, column: ColumnId, number: u64) {
        if let Some(value) = self.values.get_mut(usize::from(column.0)) {
            *value = number;
        }
    }

    fn text(&mut self, column: ColumnId, text: &str) -> u64 {
        let code = match self.dictionary(column) {
            Some(dictionary) => u64::from(dictionary.code(text.as_bytes())) + 1,
            None => 0,
        };
        self.number(column, code);
        code
    }

    fn derived(&mut self, column: ColumnId, of: u64, text: &dyn Fn() -> String) {
        let (column_index, of) = (usize::from(column.0), of as usize);
        if self.derived.len() <= column_index {
            self.derived.resize_with(column_index + 1, Vec::new);
        }
        if self.derived[column_index].len() <= of {
            self.derived[column_index].resize(of + 1, 0);
        }
        match self.derived[column_index][of] {
            0 => self.derived[column_index][of] = self.text(column, &text()),
            known => self.number(column, known),
        }
    }

    fn remembered(&mut self, of: [u64; 3], number: &dyn Fn() -> u64) -> u64 {
        *self.remembered.entry(of).or_insert_with(number)
    }
}
