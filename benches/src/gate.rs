//! A small run whose figures a test holds against the file.

use crate::figures::{Figure, Figures};
use crate::{plan, posts, run};
use workloads::Workload;

/// Views that are loaded: enough for compaction to begin.
const VIEWS: u64 = 50_000;
/// Days over which they are spread.
const DAYS: u32 = 7;
/// Entries of loads with vitals and events.
const MIXED: u64 = 30_500;

/// How much worse a figure may become, in parts of a thousand.
const TOLERANCE: u64 = 20;
/// The same where another compiler built the Wasm than what the file was measured with.
const TOLERANCE_OF_COMPILERS: u64 = 100;

/// What a small run gives.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Gate {
    /// The compiler that built the measured Wasm.
    pub toolchain: String,
    /// What was measured.
    pub figures: Vec<Figure>,
}

impl Gate {
    /// Puts the run into what the file keeps.
    pub fn record(self, file: &mut Figures) {
        file.toolchain = self.toolchain;
        file.gate = self.figures;
    }
}

/// Measures.
///
/// # Panics
/// When the canister misbehaves.
pub fn measure() -> Gate {
    let mut figures = Vec::new();
    let orders = [
        plan::order(Workload::W1, VIEWS, Some(DAYS)),
        plan::order(Workload::W5, MIXED, None),
    ];
    for order in orders {
        let run = run::run(&order);
        let name = &order.workload;
        let mut add = |what: &str, value: u64| {
            figures.push(Figure {
                name: format!("{name}: {what}"),
                value,
            });
        };
        add("instructions of an entry", run.progress.set.mean());
        add(
            "instructions of compaction, per entry",
            run.compaction_per_entry(),
        );
        add(
            "instructions of the heaviest slice of compaction",
            run.progress.compaction.heaviest,
        );
        add("live bytes", run.size.live_bytes.unwrap_or_default());
        add("bytes of stable memory", run.size.stable_bytes);
        add("instructions of a look-up by key", run.look_up.mean());
        add("instructions of opening after an upgrade", run.opening);
        for asked in &run.dashboards {
            let period = match asked.days {
                None => "everything".to_owned(),
                Some(days) if asked.ugly => format!("{days} days, uneven"),
                Some(days) => format!("{days} days"),
            };
            let value = asked.instructions.unwrap_or(u64::MAX);
            add(
                &format!("instructions of {:?}, {period}", asked.dashboard),
                value,
            );
        }
    }
    let posts = posts::measure();
    for (what, weight) in [("1", posts.one), ("10", posts.ten), ("100", posts.hundred)] {
        figures.push(Figure {
            name: format!("POST: instructions of a request with {what}"),
            value: weight.mean(),
        });
    }
    Gate {
        toolchain: run::toolchain(),
        figures,
    }
}

/// Which figures are worse than those of the file by more than the tolerance, or not in it: sentences.
pub fn worse(measured: &Gate, file: &Figures) -> Vec<String> {
    let tolerance = if ["", &measured.toolchain].contains(&file.toolchain.as_str()) {
        TOLERANCE
    } else {
        TOLERANCE_OF_COMPILERS
    };
    let mut found = Vec::new();
    for Figure { name, value } in &measured.figures {
        match file.gate.iter().find(|figure| figure.name == *name) {
            None => found.push(format!("{name}: {value}, which the file doesn't have")),
            Some(recorded) if *value > limit(recorded.value, tolerance) => {
                found.push(format!("{name}: {value}, was {}", recorded.value));
            }
            Some(_) => {}
        }
    }
    found
}

/// The most that a figure may be, with a tolerance in parts of a thousand.
fn limit(recorded: u64, tolerance: u64) -> u64 {
    let tolerated = u128::from(recorded) * u128::from(tolerance) / 1_000;
    recorded.saturating_add(u64::try_from(tolerated).unwrap_or(u64::MAX))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn gate(toolchain: &str, figures: &[(&str, u64)]) -> Gate {
        let figures = figures.iter().map(|(name, value)| Figure {
            name: (*name).to_owned(),
            value: *value,
        });
        Gate {
            toolchain: toolchain.to_owned(),
            figures: figures.collect(),
        }
    }

    fn file(toolchain: &str, figures: &[(&str, u64)]) -> Figures {
        let mut file = Figures::default();
        gate(toolchain, figures).record(&mut file);
        file
    }

    const RECORDED: [(&str, u64); 3] = [("a", 1_000), ("b", 50), ("c", u64::MAX)];

    #[test]
    fn a_figure_may_become_better_or_two_percent_worse() {
        let recorded = file("rustc", &RECORDED);
        let found = |figures| worse(&gate("rustc", figures), &recorded);
        assert_eq!(found(&[("a", 1_020), ("b", 51), ("c", u64::MAX)]), [""; 0]);
        assert_eq!(found(&[("a", 1), ("b", 0)]), [""; 0]);
        assert_eq!(found(&[("a", 1_021)]), ["a: 1021, was 1000"]);
        assert_eq!(found(&[("b", 52)]), ["b: 52, was 50"]);
    }

    #[test]
    fn another_compiler_may_make_ten_percent() {
        let recorded = file("rustc", &RECORDED);
        let found = |figures| worse(&gate("another", figures), &recorded);
        assert_eq!(found(&[("a", 1_100), ("b", 55)]), [""; 0]);
        assert_eq!(found(&[("a", 1_101)]), ["a: 1101, was 1000"]);
    }

    #[test]
    fn a_figure_that_nobody_recorded_is_found() {
        let found = worse(&gate("rustc", &[("new", 1)]), &Figures::default());
        assert_eq!(found, ["new: 1, which the file doesn't have"]);
    }
}
