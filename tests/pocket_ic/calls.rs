//! Update and query calls, and how they fail.

use crate::probe::{counter, install, network, query, update};
use candid::Principal;
use pocket_ic::{ErrorCode, IngressStatusResult, RejectCode};

#[test]
fn an_update_changes_what_a_query_reads() {
    let (network, canister) = network();
    let first = update(&network, canister, "increment", []).expect("answers");
    assert_eq!(first, 1_u32.to_le_bytes());
    assert_eq!(counter(&network, canister), 1);
    let again = query(&network, canister, "increment").expect_err("is no query");
    assert_eq!(again.error_code, ErrorCode::CanisterMethodNotFound);
    assert_eq!(counter(&network, canister), 1);
}

#[test]
fn the_sender_and_the_argument_arrive() {
    let (network, canister) = network();
    let sender = Principal::self_authenticating(b"somebody");
    let seen = network.query_call(canister, sender, "whoami", vec![]);
    assert_eq!(seen, Ok(sender.as_slice().to_vec()));
    let argument: Vec<u8> = (0..100_000).map(|n| n as u8).collect();
    let echo = network.query_call(canister, sender, "echo", argument.clone());
    assert_eq!(echo, Ok(argument));
}

#[test]
fn a_trap_rolls_back_and_keeps_its_words() {
    let (network, canister) = network();
    let trap = update(&network, canister, "increment_and_trap", []).expect_err("traps");
    assert_eq!(trap.error_code, ErrorCode::CanisterCalledTrap);
    assert_eq!(trap.reject_code, RejectCode::CanisterError);
    assert!(trap.certified);
    let words = "Canister called `ic0.trap` with message: 'no such luck'";
    assert!(trap.reject_message.contains(words), "{trap}");
    assert!(
        trap.reject_message
            .contains(&format!("Error from Canister {canister}")),
        "{trap}"
    );
    assert_eq!(counter(&network, canister), 0);
}

#[test]
fn a_rejection_commits_and_is_verbatim() {
    let (network, canister) = network();
    let reject = update(&network, canister, "increment_and_reject", []).expect_err("rejects");
    assert_eq!(reject.error_code, ErrorCode::CanisterRejectedMessage);
    assert_eq!(reject.reject_code, RejectCode::CanisterReject);
    assert_eq!(reject.reject_message, "not today");
    assert_eq!(counter(&network, canister), 1);
}

#[test]
fn every_way_to_fail_has_its_code() {
    let (network, canister) = network();
    let nowhere = Principal::from_slice(&[0, 0, 0, 0, 0, 0, 0, 42, 1, 1]);
    for (failed, expected) in [
        (
            query(&network, canister, "unreachable"),
            ErrorCode::CanisterTrapped,
        ),
        (
            update(&network, canister, "silence", []),
            ErrorCode::CanisterDidNotReply,
        ),
        (
            update(&network, canister, "nothing", []),
            ErrorCode::CanisterMethodNotFound,
        ),
        (
            update(&network, nowhere, "read", []),
            ErrorCode::CanisterNotFound,
        ),
        (
            query(&network, nowhere, "read"),
            ErrorCode::CanisterNotFound,
        ),
        (
            update(&network, canister, "spin", []),
            ErrorCode::CanisterInstructionLimitExceeded,
        ),
    ] {
        assert_eq!(failed.expect_err("fails").error_code, expected);
    }
}

#[test]
fn inspection_refuses_at_the_door_and_uncertified() {
    let (network, canister) = network();
    let refusal = update(&network, canister, "refuse_this", []).expect_err("is refused");
    assert_eq!(refusal.error_code, ErrorCode::CanisterRejectedMessage);
    assert!(!refusal.certified);
    assert_eq!(counter(&network, canister), 0);
}

#[test]
fn a_submitted_call_runs_in_a_round_and_only_its_sender_may_ask_for_it() {
    let (network, canister) = network();
    let sender = Principal::self_authenticating(b"somebody");
    let id = network
        .submit_call(canister, sender, "increment", vec![])
        .expect("is taken");
    assert_eq!(network.ingress_status(id.clone()), None);
    assert_eq!(counter(&network, canister), 0);
    network.tick();
    let reply = Ok(1_u32.to_le_bytes().to_vec());
    assert_eq!(network.ingress_status(id.clone()), Some(reply.clone()));
    match network.ingress_status_as(id.clone(), sender) {
        IngressStatusResult::Success(seen) => assert_eq!(seen, reply),
        other => panic!("the sender may ask: {other:?}"),
    }
    match network.ingress_status_as(id.clone(), Principal::anonymous()) {
        IngressStatusResult::Forbidden(why) => assert!(why.contains("only its sender"), "{why}"),
        other => panic!("nobody else may ask: {other:?}"),
    }
    assert_eq!(network.await_call(id), reply);
}

#[test]
fn two_networks_on_one_server_are_apart() {
    let (first, one) = network();
    let second = tests::server::network();
    let other = install(&second);
    assert_eq!(first.get_server_url(), second.get_server_url());
    assert_ne!(first.instance_id(), second.instance_id());
    assert_eq!(one, other, "ids repeat from network to network");
    update(&first, one, "increment", []).expect("answers");
    assert_eq!((counter(&first, one), counter(&second, other)), (1, 0));
    let day = std::time::Duration::from_secs(24 * 60 * 60);
    let before = second.get_time();
    first.advance_time(day);
    assert_eq!(second.get_time(), before);
    assert!(first.get_time().as_nanos_since_unix_epoch() > before.as_nanos_since_unix_epoch());
}

#[test]
fn a_network_that_works_does_not_block_another() {
    let (busy, canister) = network();
    let (idle, other) = network();
    let id = busy
        .submit_call(canister, Principal::anonymous(), "spin", vec![])
        .expect("is taken");
    std::thread::scope(|scope| {
        let working = scope.spawn(|| busy.await_call(id));
        let mut answered = 0;
        while !working.is_finished() {
            update(&idle, other, "increment", []).expect("answers");
            answered += 1;
        }
        let spun = working.join().expect("does not panic").expect_err("fails");
        assert_eq!(spun.error_code, ErrorCode::CanisterInstructionLimitExceeded);
        assert!(answered > 1, "the other network answered {answered} calls");
    });
}
