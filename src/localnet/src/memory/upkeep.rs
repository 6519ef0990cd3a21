//! When to drop a large mapping's page tables.
//!
//! Asking the kernel for written pages walks the page tables that exist. They pile up with every page that is read,
//! and nothing but dropping them makes them fewer; yet a dropped page must be faulted in again. So the tables are
//! kept until the walks have cost more than they would with fresh tables by as much as dropping costs: then neither
//! a canister that keeps to a few pages nor one that reads far and wide pays more than about twice the best choice.
//!
//! This looks at the host's clock; only speed depends on what it says.

use std::time::Duration;

/// What dropping the tables costs, with the faults that follow.
const DROP_COST: Duration = Duration::from_micros(20);

/// What the walks since the tables were last dropped have cost.
#[derive(Debug, Default)]
pub(super) struct Upkeep {
    /// The shortest walk: over fresh tables.
    fresh: Option<Duration>,
    /// What the walks took beyond that.
    excess: Duration,
}

impl Upkeep {
    /// Notes a walk; says whether the tables are to be dropped now.
    pub fn walked(&mut self, took: Duration) -> bool {
        let fresh = self.fresh.map_or(took, |fresh| fresh.min(took));
        self.fresh = Some(fresh);
        self.excess += took.saturating_sub(fresh);
        if self.excess < DROP_COST {
            return false;
        }
        *self = Self::default();
        true
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tables_are_dropped_when_walks_became_dearer_than_dropping() {
        let mut upkeep = Upkeep::default();
        let walks = |upkeep: &mut Upkeep, micros: &[u64]| -> Vec<bool> {
            let micros = micros.iter();
            micros
                .map(|micros| upkeep.walked(Duration::from_micros(*micros)))
                .collect()
        };
        assert_eq!(walks(&mut upkeep, &[5; 100]), [false; 100], "steady walks");
        assert_eq!(walks(&mut upkeep, &[10, 12, 14]), [false, false, true]);
        assert_eq!(walks(&mut upkeep, &[8, 700, 8]), [false, true, false]);
        assert_eq!(
            walks(&mut upkeep, &[4, 14, 13, 9]),
            [false, false, false, true]
        );
    }
}
