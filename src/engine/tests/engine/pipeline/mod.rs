//! Random histories, lived through by the engine and by the naive model, must end in the same answers: whatever
//! is compacted when, reopened or rolled back in between.
//!
//! `PROPTEST_CASES=5000 cargo test -p engine --test engine pipeline` plays more of them than usual.

mod bodies;
mod burst;
pub mod checks;
mod history;
mod machine;
mod overwrite;

use engine::Tuning;
use history::{Asked, Operation, asked, histories, quiet_histories};
use machine::Machine;
use proptest::prelude::*;
use proptest::test_runner::TestCaseResult;

/// So small that a few entries fill segments and a few segments merge.
const TINY: Tuning = Tuning {
    tail_rows: 8,
    full_rows: 32,
    cube_rows: 4,
    group_segments: 2,
    ..SHIPPED
};

/// As small as sizes can be.
const LEAST: Tuning = Tuning {
    tail_rows: 1,
    full_rows: 2,
    cube_rows: 1,
    group_segments: 2,
    ..SHIPPED
};

/// So that segments have several blocks of rows.
const MIDDLE: Tuning = Tuning {
    tail_rows: 100,
    full_rows: 400,
    cube_rows: 50,
    group_segments: 3,
    ..SHIPPED
};

/// Of these, session gap and capacity count.
const SHIPPED: Tuning = Tuning {
    tail_rows: 8_192,
    full_rows: 32_768,
    cube_rows: 4_096,
    group_segments: 16,
    session_gap: 30 * history::MINUTE,
    capacity_bytes: 400_000_000_000,
};

/// So many histories, or as many as `PROPTEST_CASES` says. A failing one is printed and kept nowhere.
fn usually(cases: u32) -> ProptestConfig {
    let config = ProptestConfig {
        failure_persistence: None,
        ..ProptestConfig::default()
    };
    if std::env::var_os("PROPTEST_CASES").is_some() {
        return config;
    }
    ProptestConfig { cases, ..config }
}

fn live_through(tuning: Tuning, history: &[Operation], ranges: &[Asked]) -> TestCaseResult {
    let mut machine = Machine::new(tuning);
    for operation in history {
        machine = machine.perform(operation)?;
    }
    machine.conclude(ranges)
}

proptest! {
    #![proptest_config(usually(400))]

    #[test]
    fn any_history_ends_as_the_naive_model_does(history in histories(100, 60), ranges in asked()) {
        live_through(TINY, &history, &ranges)?;
    }
}

proptest! {
    #![proptest_config(usually(200))]

    #[test]
    fn any_quiet_history_ends_so_with_groups_that_count_as_wholes(
        history in quiet_histories(100, 12),
        ranges in asked(),
    ) {
        live_through(LEAST, &history, &ranges)?;
    }

    #[test]
    fn any_history_ends_so_with_segments_of_an_entry_or_two(
        history in histories(60, 12),
        ranges in asked(),
    ) {
        live_through(LEAST, &history, &ranges)?;
    }
}

proptest! {
    #![proptest_config(usually(60))]

    #[test]
    fn any_long_history_ends_so_with_groups_of_groups_of_segments(
        history in histories(500, 60),
        ranges in asked(),
    ) {
        live_through(TINY, &history, &ranges)?;
    }

    #[test]
    fn any_history_ends_so_with_segments_of_several_blocks(
        history in histories(80, 400),
        ranges in asked(),
    ) {
        live_through(MIDDLE, &history, &ranges)?;
    }
}
