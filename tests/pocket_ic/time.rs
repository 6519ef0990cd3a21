//! Time, rounds and timers; live mode.

use crate::probe::{counter, network, query, update};
use candid::Principal;
use pocket_ic::Time;
use std::time::{Duration, Instant, SystemTime};

/// 2021-05-06T19:17:10Z.
const GENESIS: u64 = 1_620_328_630_000_000_000;

fn seen_time(network: &pocket_ic::PocketIc, canister: Principal) -> u64 {
    let bytes = query(network, canister, "time").expect("answers");
    u64::from_le_bytes(bytes.try_into().expect("eight bytes"))
}

#[test]
fn time_begins_at_genesis_and_stands_still_but_for_a_nanosecond_per_round() {
    let network = tests::server::network();
    let begin = network.get_time().as_nanos_since_unix_epoch();
    assert!((GENESIS..GENESIS + 1000).contains(&begin), "{begin}");
    network.tick();
    assert_eq!(network.get_time().as_nanos_since_unix_epoch(), begin + 1);
}

#[test]
fn set_and_advanced_time_is_what_canisters_see() {
    let (network, canister) = network();
    let then = GENESIS + 1_000_000_000_000;
    network.set_time(Time::from_nanos_since_unix_epoch(then));
    assert_eq!(seen_time(&network, canister), then);
    network.advance_time(Duration::from_nanos(7));
    assert_eq!(seen_time(&network, canister), then + 7);
    network.set_certified_time(Time::from_nanos_since_unix_epoch(then + 9));
    assert_eq!(network.get_time().as_nanos_since_unix_epoch(), then + 9);
}

#[test]
fn an_instance_begins_when_it_is_told_to() {
    let begin = GENESIS + 5_000_000_000;
    let network = tests::server::builder()
        .with_application_subnet()
        .with_initial_time(Time::from_nanos_since_unix_epoch(begin))
        .build();
    let now = network.get_time().as_nanos_since_unix_epoch();
    assert!((begin..begin + 1000).contains(&now), "{now}");
}

#[test]
fn a_timer_fires_on_a_tick_once_its_time_has_come() {
    let (network, canister) = network();
    let due = network.get_time() + Duration::from_secs(10);
    let argument = due.as_nanos_since_unix_epoch().to_le_bytes();
    update(&network, canister, "arm", argument).expect("answers");
    network.tick();
    assert_eq!(counter(&network, canister), 0);
    network.advance_time(Duration::from_secs(10));
    assert_eq!(counter(&network, canister), 0, "time alone runs nothing");
    network.tick();
    assert_eq!(counter(&network, canister), 1);
    network.advance_time(Duration::from_secs(10));
    network.tick();
    assert_eq!(counter(&network, canister), 1, "it fires once");
}

#[test]
fn a_live_network_follows_the_clock_and_runs_by_itself() {
    let (network, canister) = network();
    network.auto_progress();
    assert!(network.auto_progress_enabled());
    let wall = SystemTime::UNIX_EPOCH.elapsed().expect("after 1970");
    let ahead = network.get_time().as_nanos_since_unix_epoch() as i128 - wall.as_nanos() as i128;
    assert!((0..60_000_000_000).contains(&ahead), "{ahead} ns ahead");

    // Nobody waits for this one, and nobody ticks.
    let id = network
        .submit_call(canister, Principal::anonymous(), "increment", vec![])
        .expect("is taken");
    assert_eq!(
        network.await_call_no_ticks(id),
        Ok(1_u32.to_le_bytes().to_vec())
    );
    let due = network.get_time() + Duration::from_millis(300);
    let argument = due.as_nanos_since_unix_epoch().to_le_bytes();
    update(&network, canister, "arm", argument).expect("answers");
    let begun = Instant::now();
    while counter(&network, canister) == 1 {
        assert!(begun.elapsed() < Duration::from_secs(60), "never fires");
        std::thread::sleep(Duration::from_millis(20));
    }
    assert_eq!(counter(&network, canister), 2);
    assert!(network.get_time().as_nanos_since_unix_epoch() >= due.as_nanos_since_unix_epoch());

    network.stop_progress();
    assert!(!network.auto_progress_enabled());
    let still = network.get_time();
    std::thread::sleep(Duration::from_millis(50));
    assert_eq!(network.get_time(), still);
}
