//! Entries that are stored, to be sent again with a change.

use super::history::Overwrite;
use super::machine::Batch;
use crate::model::tables::{HREFS, NAMES};
use crate::model::{Model, Told};
use crate::samples::{key, satellite};
use engine::{PageView, PerformanceMetric, SetEntry, TrackEvent};

/// A kind whose entries change where an answer shows it.
pub trait Changed: Told {
    fn change(&mut self, turn: usize);
}

impl Changed for PageView {
    fn change(&mut self, turn: usize) {
        self.href = HREFS[turn % HREFS.len()].to_owned();
        self.user_agent = None;
    }
}

impl Changed for TrackEvent {
    fn change(&mut self, turn: usize) {
        self.name = NAMES[turn % NAMES.len()].to_owned();
    }
}

impl Changed for PerformanceMetric {
    fn change(&mut self, turn: usize) {
        self.href = HREFS[turn % HREFS.len()].to_owned();
        self.data.value += 1.0;
    }
}

impl Overwrite {
    /// The entry to be sent, none where nothing is stored.
    pub fn batch<B: Changed>(&self, model: &Model) -> Option<Batch<B>> {
        let entries = B::all(model);
        if entries.is_empty() {
            return None;
        }
        let at = self.entry.index(entries.len());
        let ((collected_at, name), stored) = entries.iter().nth(at)?;
        let mut body = stored.body.clone();
        body.change(stored.version as usize);
        let session_id = if self.other_session {
            "another".to_owned()
        } else {
            stored.session_id.clone()
        };
        let satellite_id = match self.other_satellite {
            true if stored.satellite_id == satellite(1) => satellite(2),
            true => satellite(1),
            false => stored.satellite_id,
        };
        let version = self
            .version
            .and_then(|by| stored.version.checked_add_signed(by.into()));
        let entry = SetEntry {
            satellite_id,
            session_id,
            version,
            body,
        };
        Some(vec![(key(*collected_at, name), entry)])
    }
}
