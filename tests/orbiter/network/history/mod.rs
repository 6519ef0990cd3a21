//! Random histories on a network: batches, time that passes, the canister's own timers, upgrades. Whatever is
//! compacted by then, every answer equals that of the engine's naive model.

mod kinds;
mod player;

use engine::{PageView, PerformanceMetric, TrackEvent};
use player::Player;

const SECOND: u64 = 1_000_000_000;
const MINUTE: u64 = 60 * SECOND;
const DAY: u64 = 24 * 60 * MINUTE;

/// How many steps a history has.
const STEPS: u64 = 150;

fn live_through(seed: u64) {
    let mut player = Player::new(seed);
    for _ in 0..STEPS {
        match player.scatter.below(30) {
            0..10 => player.message::<PageView>(),
            10..13 => player.message::<TrackEvent>(),
            13..16 => player.message::<PerformanceMetric>(),
            16..20 => player.wait(SECOND),
            20..25 => player.wait(31 * MINUTE),
            25 => player.wait(DAY),
            26..28 => player.upgrade(),
            _ => player.check(),
        }
    }
    player.check();
    player.upgrade();
    player.check();
    assert!(player.is_mostly_compacted());
}

#[test]
fn a_random_history_on_the_network_ends_as_the_naive_model_does() {
    live_through(1);
}

#[test]
fn another_random_history_does_so_too() {
    live_through(2);
}
