//! Entries in the order of a segment, before they become its bytes.

use super::bytes;
use super::interner::Interner;
use super::rows::{KindRows, Rows};
use super::segment_format::ZONE_ROWS;
use crate::columns::{COLLECTED_AT, Domain, Sort};
use crate::kinds::KindName;

/// Which rows go into a segment: one list for each kind.
pub(crate) type Selection = [Vec<u32>; KindName::ALL.len()];

/// A segment to be written.
pub(crate) struct Draft<'a> {
    /// Texts by domain, ascending.
    pub dictionaries: [Vec<&'a [u8]>; Domain::ALL.len()],
    /// Satellites, ascending.
    pub satellites: Vec<DraftSatellite<'a>>,
    /// Ordered by satellite, start and id.
    pub sessions: Vec<DraftSession<'a>>,
    /// One for each kind.
    pub kinds: [DraftKind<'a>; KindName::ALL.len()],
}

/// One satellite's run.
pub(crate) struct DraftSatellite<'a> {
    pub bytes: &'a [u8],
    pub sessions_end: u32,
    /// By kind.
    pub zones_end: [u32; KindName::ALL.len()],
}

/// One session of one satellite.
pub(crate) struct DraftSession<'a> {
    pub id: &'a [u8],
    /// Whether it may have entries elsewhere too.
    pub shared: bool,
}

/// The entries of one kind.
#[derive(Default)]
pub(crate) struct DraftKind<'a> {
    /// By column, by row; texts are codes of the draft's dictionaries plus one.
    pub columns: Vec<Vec<u64>>,
    pub keys: Vec<&'a [u8]>,
    pub uniques: Vec<&'a [u8]>,
    /// By group: its session, and how many rows it has.
    pub group_sessions: Vec<u64>,
    pub group_sizes: Vec<u32>,
    pub zones: Vec<Zone>,
}

/// Some hundred rows of whole sessions of one satellite.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Zone {
    pub rows_end: u32,
    pub groups_end: u32,
    pub earliest: u64,
    pub latest: u64,
}

/// A session of a satellite, by their numbers in [`Rows`].
struct Found {
    satellite: u32,
    session: u32,
    start: u64,
    /// The one found before of the same session and another satellite, plus one; 0 for none.
    before: u32,
}

impl<'a> Draft<'a> {
    /// Puts the selected rows in order.
    pub(crate) fn new(rows: &'a Rows, selection: &Selection) -> Self {
        let ranks = rank_sessions(rows, selection);
        let (dictionaries, codes) = sort_dictionaries(rows, selection);
        let kinds = KindName::ALL.map(|kind| {
            let selected = &selection[kind.index()];
            DraftKind::new(kind, rows.kind(kind), selected, &ranks, &codes)
        });
        let mut draft = Self {
            dictionaries,
            satellites: Vec::new(),
            sessions: Vec::new(),
            kinds,
        };
        let sessions = ranks.in_order();
        draft.sessions = draft_sessions(rows, &sessions);
        draft.cut_runs(rows, &sessions);
        draft
    }

    /// How many rows there are.
    pub(crate) fn rows(&self) -> u64 {
        self.kinds.iter().map(|kind| kind.keys.len() as u64).sum()
    }

    /// Finds where each satellite's run ends, and cuts the zones of each kind, none across two runs.
    fn cut_runs(&mut self, rows: &'a Rows, sessions: &[&Found]) {
        let mut next_group = [0; KindName::ALL.len()];
        for (number, session) in sessions.iter().enumerate() {
            let is_last = sessions
                .get(number + 1)
                .is_none_or(|next| next.satellite != session.satellite);
            if !is_last {
                continue;
            }
            let sessions_end = number as u32 + 1;
            let mut zones_end = [0; KindName::ALL.len()];
            for (kind, draft) in self.kinds.iter_mut().enumerate() {
                draft.cut_zones(&mut next_group[kind], sessions_end);
                zones_end[kind] = draft.zones.len() as u32;
            }
            self.satellites.push(DraftSatellite {
                bytes: rows.satellites.texts().get(session.satellite as usize),
                sessions_end,
                zones_end,
            });
        }
    }
}

impl<'a> DraftKind<'a> {
    fn new(
        kind: KindName,
        rows: &'a KindRows,
        selected: &[u32],
        ranks: &Ranks,
        codes: &Codes,
    ) -> Self {
        let (order, groups) = ranks.order(rows, selected);
        let mut draft = Self::default();
        for (rank, size) in groups {
            draft.group_sessions.push(rank.into());
            draft.group_sizes.push(size);
        }
        draft.columns = gather(kind, rows, &order, codes);
        draft.keys = order
            .iter()
            .map(|row| rows.keys.get(*row as usize))
            .collect();
        draft.uniques = order
            .iter()
            .map(|row| rows.uniques.get(*row as usize))
            .collect();
        draft
    }

    /// Cuts zones out of the groups from `next_group` on whose sessions come before `sessions_end`.
    fn cut_zones(&mut self, next_group: &mut usize, sessions_end: u32) {
        let mut row = self.zones.last().map_or(0, |zone| zone.rows_end);
        let mut open: Option<Zone> = None;
        let mut first_row = row;
        while let (Some(session), Some(size)) = (
            self.group_sessions.get(*next_group),
            self.group_sizes.get(*next_group),
        ) {
            if *session >= u64::from(sessions_end) {
                break;
            }
            let times = &self.columns[usize::from(COLLECTED_AT.0)];
            let last = row + size - 1;
            // Within a session instants ascend.
            let (earliest, latest) = (times[row as usize], times[last as usize]);
            row += size;
            *next_group += 1;
            let zone = Zone {
                rows_end: row,
                groups_end: *next_group as u32,
                earliest: open.map_or(earliest, |zone| zone.earliest.min(earliest)),
                latest: open.map_or(latest, |zone| zone.latest.max(latest)),
            };
            if row - first_row >= ZONE_ROWS {
                self.zones.push(zone);
                open = None;
                first_row = row;
            } else {
                open = Some(zone);
            }
        }
        self.zones.extend(open);
    }
}

/// The values of the rows in their order, with texts in the draft's codes.
fn gather(kind: KindName, rows: &KindRows, order: &[u32], codes: &Codes) -> Vec<Vec<u64>> {
    let gather = |(column, values): (&crate::columns::Column, &Vec<u64>)| {
        let values = order.iter().map(|row| values[*row as usize]);
        match column.sort {
            Sort::Text(domain) => {
                let codes = &codes[domain as usize];
                values.map(|code| codes[code as usize]).collect()
            }
            Sort::Number | Sort::Float => values.collect(),
        }
    };
    kind.columns()
        .iter()
        .zip(&rows.columns)
        .map(gather)
        .collect()
}

/// The sessions of a segment, found by satellite and session, and their places in its order.
struct Ranks {
    /// In the order in which they were found.
    found: Vec<Found>,
    /// By the number of the session: the last found of it plus one; 0 for none.
    last_found: Vec<u32>,
    /// By the place in `found`.
    ranks: Vec<u32>,
}

impl Ranks {
    /// The place in `found` of a satellite's session.
    fn find(&self, satellite: u32, session: u32) -> Option<usize> {
        let mut next = self.last_found.get(session as usize).copied().unwrap_or(0);
        // A session of several satellites is found several times; hardly any is.
        while let Some(place) = (next as usize).checked_sub(1) {
            let found = &self.found[place];
            if found.satellite == satellite {
                return Some(place);
            }
            next = found.before;
        }
        None
    }

    /// The sessions in the order of their ranks.
    fn in_order(&self) -> Vec<&Found> {
        let mut places: Vec<usize> = vec![0; self.ranks.len()];
        for (place, rank) in self.ranks.iter().enumerate() {
            places[*rank as usize] = place;
        }
        places.into_iter().map(|place| &self.found[place]).collect()
    }

    fn note(&mut self, satellite: u32, session: u32, at: u64) {
        match self.find(satellite, session) {
            Some(place) => {
                let start = &mut self.found[place].start;
                *start = at.min(*start);
            }
            None => {
                let before = self.last_found[session as usize];
                self.found.push(Found {
                    satellite,
                    session,
                    start: at,
                    before,
                });
                self.last_found[session as usize] = self.found.len() as u32;
            }
        }
    }

    /// The selected rows by rank, instant and key, and the ranks that have any, each with their number.
    fn order(&self, rows: &KindRows, selected: &[u32]) -> (Vec<u32>, Vec<(u32, u32)>) {
        let rank = |row: u32| {
            let row = row as usize;
            let place = self.find(rows.satellites[row], rows.sessions[row]);
            place.map_or(0, |place| self.ranks[place])
        };
        let row_ranks: Vec<u32> = selected.iter().map(|row| rank(*row)).collect();
        // A counting sort by rank; within a session there are mostly few rows.
        let mut ends = vec![0_u32; self.ranks.len() + 1];
        for rank in &row_ranks {
            ends[*rank as usize + 1] += 1;
        }
        let mut groups = Vec::new();
        for rank in 0..self.ranks.len() {
            if ends[rank + 1] > 0 {
                groups.push((rank as u32, ends[rank + 1]));
            }
            ends[rank + 1] += ends[rank];
        }
        let mut order = vec![0; selected.len()];
        for (row, rank) in selected.iter().zip(row_ranks) {
            let place = &mut ends[rank as usize];
            order[*place as usize] = *row;
            *place += 1;
        }
        let mut rest = order.as_mut_slice();
        for (_, size) in &groups {
            let (group, after) = rest.split_at_mut(*size as usize);
            group.sort_unstable_by(|a, b| {
                let (a, b) = (*a as usize, *b as usize);
                let instants = rows.collected_at(a).cmp(&rows.collected_at(b));
                instants.then_with(|| bytes::compare(rows.keys.get(a), rows.keys.get(b)))
            });
            rest = after;
        }
        (order, groups)
    }
}

/// Orders the sessions of the selected rows by satellite, start and id.
fn rank_sessions(rows: &Rows, selection: &Selection) -> Ranks {
    let mut ranks = Ranks {
        found: Vec::new(),
        last_found: vec![0; rows.sessions.len()],
        ranks: Vec::new(),
    };
    for (kind, selected) in rows.kinds.iter().zip(selection) {
        for row in selected {
            let row = *row as usize;
            ranks.note(
                kind.satellites[row],
                kind.sessions[row],
                kind.collected_at(row),
            );
        }
    }
    let satellites = places(&rows.satellites);
    let mut order: Vec<u32> = (0..ranks.found.len() as u32).collect();
    order.sort_unstable_by(|a, b| {
        let (a, b) = (&ranks.found[*a as usize], &ranks.found[*b as usize]);
        let rank = |found: &Found| (satellites[found.satellite as usize], found.start);
        let id = |found: &Found| rows.sessions.texts().get(found.session as usize);
        rank(a)
            .cmp(&rank(b))
            .then_with(|| bytes::compare(id(a), id(b)))
    });
    ranks.ranks = vec![0; order.len()];
    for (rank, place) in order.iter().enumerate() {
        ranks.ranks[*place as usize] = rank as u32;
    }
    ranks
}

/// By code: the place of the text among all of them.
fn places(texts: &Interner) -> Vec<u32> {
    let mut order: Vec<u32> = (0..texts.len() as u32).collect();
    order.sort_unstable_by(|a, b| {
        let text = |code: &u32| texts.texts().get(*code as usize);
        bytes::compare(text(a), text(b))
    });
    let mut places = vec![0; order.len()];
    for (place, code) in order.into_iter().enumerate() {
        places[code as usize] = place as u32;
    }
    places
}

/// A session that has entries of two satellites is two sessions in the segment; each may have entries
/// elsewhere: those of the other.
fn draft_sessions<'a>(rows: &'a Rows, sessions: &[&Found]) -> Vec<DraftSession<'a>> {
    let mut times_seen = vec![0_u32; rows.sessions.len()];
    for found in sessions {
        times_seen[found.session as usize] += 1;
    }
    sessions
        .iter()
        .map(|found| {
            let session = found.session as usize;
            DraftSession {
                id: rows.sessions.texts().get(session),
                shared: rows.shared[session] || times_seen[session] > 1,
            }
        })
        .collect()
}

/// By domain, by the code of a text plus one: its code in the draft plus one.
type Codes = [Vec<u64>; Domain::ALL.len()];

/// The texts that the selected rows use, ascending, and their new codes.
fn sort_dictionaries<'a>(
    rows: &'a Rows,
    selection: &Selection,
) -> ([Vec<&'a [u8]>; Domain::ALL.len()], Codes) {
    let mut codes: Codes = Domain::ALL.map(|domain| {
        let texts = rows.dictionaries[domain as usize].len();
        vec![0; texts + 1]
    });
    for kind in KindName::ALL {
        let (rows, selected) = (rows.kind(kind), &selection[kind.index()]);
        for (column, values) in kind.columns().iter().zip(&rows.columns) {
            if let Sort::Text(domain) = column.sort {
                let used = &mut codes[domain as usize];
                for row in selected {
                    used[values[*row as usize] as usize] = 1;
                }
            }
        }
    }
    let dictionaries = Domain::ALL.map(|domain| {
        let texts = rows.dictionaries[domain as usize].texts();
        let codes = &mut codes[domain as usize];
        let text = |code: u32| texts.get(code as usize - 1);
        let mut used: Vec<u32> = (1..codes.len() as u32)
            .filter(|code| codes[*code as usize] != 0)
            .collect();
        used.sort_unstable_by(|a, b| bytes::compare(text(*a), text(*b)));
        codes[0] = 0;
        for (new, old) in used.iter().enumerate() {
            codes[*old as usize] = new as u64 + 1;
        }
        used.into_iter().map(text).collect()
    });
    (dictionaries, codes)
}
