//! Loading a workload, message by message.

use crate::counter;
use crate::report::{Order, Progress, Weight};
use crate::store::Store;
use candid::Principal;
use workloads::{Entries, Sent, Spread, Workload};

/// How many stored entries are kept to be sent again.
const KEPT: u64 = 64;

/// A workload on its way into the store.
pub(crate) struct Load {
    workload: Workload,
    entries: Entries,
    /// Every so manieth entry that was stored is kept.
    keep_each: u64,
    kept: Vec<Sent>,
    progress: Progress,
}

impl Load {
    /// None where there is no such workload.
    pub(crate) fn new(order: &Order) -> Option<Self> {
        let workload = Workload::from_name(&order.workload)?;
        let spread = order.days.map_or(Spread::OwnRate, Spread::Days);
        Some(Self {
            workload,
            entries: workload.entries(order.entries, spread),
            keep_each: (order.entries / KEPT).max(1),
            kept: Vec::new(),
            progress: Progress::default(),
        })
    }

    pub(crate) fn satellites(&self) -> Vec<Principal> {
        self.workload.satellites()
    }

    /// When the last entry arrived, nanoseconds since 1970.
    pub(crate) fn now(&self) -> u64 {
        self.progress.now
    }

    /// Stores entries until none is left or the message is full.
    pub(crate) fn go_on(&mut self, store: &mut Store) -> Progress {
        while !counter::is_message_full() {
            let Some(sent) = self.entries.next() else {
                self.progress.done = true;
                break;
            };
            self.progress.now = sent.now;
            let is_kept = self.progress.set.steps.is_multiple_of(self.keep_each);
            let copy = is_kept.then(|| sent.clone());
            let (instructions, (taken, due)) = counter::weigh(|| store.set(sent));
            if taken {
                self.progress.set.add(instructions);
                self.kept.extend(copy);
            } else {
                self.progress.refused.add(instructions);
            }
            if due {
                self.compact(store);
            }
        }
        self.progress.clone()
    }

    /// Compacts as long as something is due and the message isn't full.
    fn compact(&mut self, store: &mut Store) {
        let now = self.progress.now;
        while store.compaction_is_due(now) && !counter::is_message_full() {
            let (instructions, did) = counter::weigh(|| store.compact(now));
            self.progress.compaction.add(instructions);
            match did {
                Ok(true) => {}
                Ok(false) => return,
                Err(error) => {
                    self.progress.compaction_error = Some(error.to_string());
                    return;
                }
            }
        }
    }

    /// Compacts at an instant after the last entry; done when nothing is due any more.
    pub(crate) fn settle(&mut self, store: &mut Store, nanoseconds: u64) -> Progress {
        self.progress.now = self.progress.now.saturating_add(nanoseconds);
        self.compact(store);
        self.progress.done = !counter::is_message_full();
        self.progress.clone()
    }

    /// Sends the entries that were kept again: they have no version, so each is found and refused.
    pub(crate) fn resend(&mut self, store: &mut Store) -> Weight {
        let mut weight = Weight::default();
        for sent in &self.kept {
            let sent = sent.clone();
            let (instructions, (taken, _)) = counter::weigh(|| store.set(sent));
            if taken {
                ic_cdk::trap("An entry was stored twice under the same key.");
            }
            weight.add(instructions);
        }
        weight
    }
}
