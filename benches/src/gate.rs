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
pub const TOLERANCE: u64 = 20;

/// Measures.
///
/// # Panics
/// When the canister misbehaves.
pub fn measure() -> Vec<Figure> {
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
    figures
}

/// Which figures are worse than those of the file by more than the tolerance, or not in it: sentences.
pub fn worse(measured: &[Figure], file: &Figures) -> Vec<String> {
    let mut found = Vec::new();
    for Figure { name, value } in measured {
        match file.gate.iter().find(|figure| figure.name == *name) {
            None => found.push(format!("{name}: {value}, which the file doesn't have")),
            Some(recorded) if *value > limit(recorded.value) => {
                found.push(format!("{name}: {value}, was {}", recorded.value));
            }
            Some(_) => {}
        }
    }
    found
}

/// The most that a figure may be.
fn limit(recorded: u64) -> u64 {
    recorded.saturating_add(recorded / 1_000 * TOLERANCE + recorded % 1_000 * TOLERANCE / 1_000)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn figure(name: &str, value: u64) -> Figure {
        Figure {
            name: name.to_owned(),
            value,
        }
    }

    #[test]
    fn a_figure_may_become_better_or_two_percent_worse() {
        let gate = vec![figure("a", 1_000), figure("b", 50), figure("c", u64::MAX)];
        let file = Figures {
            gate,
            ..Figures::default()
        };
        for fine in [
            figure("a", 1_020),
            figure("a", 1),
            figure("b", 51),
            figure("c", u64::MAX),
        ] {
            assert_eq!(worse(&[fine], &file), Vec::<String>::new());
        }
        assert_eq!(worse(&[figure("a", 1_021)], &file), ["a: 1021, was 1000"]);
        assert_eq!(worse(&[figure("b", 52)], &file), ["b: 52, was 50"]);
    }

    #[test]
    fn a_figure_that_nobody_recorded_is_found() {
        let found = worse(&[figure("new", 1)], &Figures::default());
        assert_eq!(found, ["new: 1, which the file doesn't have"]);
    }
}
