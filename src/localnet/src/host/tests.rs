//! Jobs, answers and the end of a network's thread.

use super::*;
use crate::engine::Engine;
use crate::state_machine::{
    Configuration, GENESIS_NANOS, Ingress, SubnetConfiguration, SubnetKind,
};
use candid::Principal;
use std::path::{Path, PathBuf};

fn network(directory: &Path) -> Network {
    Network::new(Configuration {
        subnets: vec![SubnetConfiguration {
            kind: SubnetKind::Application,
            benchmarking: false,
            free: false,
        }],
        initial_time: GENESIS_NANOS,
        directory: directory.to_owned(),
        engine: Engine::new(),
        seed: [1; 32],
    })
    .expect("the directory can be made")
}

fn start() -> (Instance, PathBuf) {
    let directory = tempfile::tempdir().expect("a directory");
    let path = directory.path().to_owned();
    let instance = Instance::start_temporary(network(&path), directory);
    (instance, path)
}

/// Asks for a canister: something that takes a round.
async fn submit(instance: &Instance) -> MessageId {
    let ingress = Ingress {
        sender: Principal::anonymous(),
        canister: Principal::management_canister(),
        method: "provisional_create_canister_with_cycles".into(),
        // Candid of one record without fields.
        payload: b"DIDL\x01\x6c\x00\x01\x00".to_vec(),
        effective: None,
        sender_info: None,
        id: None,
        size: 0,
    };
    let id = instance.with(|network| network.submit(ingress)).await;
    id.expect("is taken")
}

#[tokio::test]
async fn jobs_run_in_the_order_they_come() {
    let (instance, _) = start();
    for step in 1..=20 {
        let time = GENESIS_NANOS + step * 1_000_000_000;
        let set = instance.with(move |network| network.set_time(time)).await;
        assert_eq!(set, Ok(()), "time never goes back");
    }
}

#[tokio::test]
async fn an_answer_takes_rounds_and_no_more_than_allowed() {
    let (instance, _) = start();
    let id = submit(&instance).await;
    let before = instance.with(|network| network.time()).await;
    assert_eq!(instance.answer(id, 0).await, None);
    assert_eq!(instance.with(|network| network.time()).await, before);
    let answer = instance.answer(id, 100).await;
    assert!(matches!(answer, Some(Ok(_))), "{answer:?}");
    let rounds = instance.with(|network| network.time()).await - before;
    assert_eq!(rounds, 1, "the round that answered is the last");
}

#[tokio::test]
async fn nobody_waits_for_a_message_that_nobody_sent() {
    let (instance, _) = start();
    let before = instance.with(|network| network.time()).await;
    assert_eq!(instance.answer([7; 32], 100).await, None);
    assert_eq!(instance.with(|network| network.time()).await, before);
}

#[tokio::test]
async fn a_live_network_answers_by_itself_at_the_present() {
    let (instance, _) = start();
    instance.set_live(true).await;
    assert!(instance.is_live().await);
    let now = instance.with(|network| network.time()).await;
    assert!(now > GENESIS_NANOS + 1_000_000_000);
    let id = submit(&instance).await;
    let answer = instance.answer(id, 0).await;
    assert!(matches!(answer, Some(Ok(_))), "{answer:?}");
    instance.set_live(false).await;
    let then = instance.with(|network| network.time()).await;
    assert_eq!(instance.with(|network| network.time()).await, then);
}

#[tokio::test]
async fn a_live_network_that_is_ahead_of_the_clock_stays_ahead() {
    let (instance, _) = start();
    let ahead = wall_clock() + 3_600_000_000_000;
    let set = instance.with(move |network| network.set_time(ahead)).await;
    assert_eq!(set, Ok(()));
    instance.set_live(true).await;
    let first = instance.with(|network| network.time()).await;
    std::thread::sleep(Duration::from_millis(20));
    let second = instance.with(|network| network.time()).await;
    assert!(first >= ahead);
    assert!(second >= first + 20_000_000, "{first} {second}");
}

#[tokio::test]
async fn dropping_the_last_handle_removes_the_memories() {
    let (instance, path) = start();
    let other = instance.clone();
    drop(instance);
    other.with(|network| network.round()).await;
    assert!(path.exists());
    drop(other);
    let begun = Instant::now();
    while path.exists() {
        assert!(begun.elapsed() < Duration::from_secs(60), "it stays");
        std::thread::sleep(Duration::from_millis(5));
    }
}

#[tokio::test]
async fn a_defect_ends_this_network_and_says_so() {
    let (instance, _) = start();
    let job = instance.clone();
    let failed = tokio::spawn(async move { job.with(|_| panic!("a defect")).await }).await;
    assert!(failed.is_err_and(|error| error.is_panic()));
    let after = tokio::spawn(async move { instance.with(|network| network.time()).await }).await;
    assert!(after.is_err_and(|error| error.is_panic()));
}
