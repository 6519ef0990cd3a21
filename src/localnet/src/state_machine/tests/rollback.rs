//! A message that traps leaves nothing behind: one test for each thing it could leave.

use crate::state_machine::stage::{CYCLES, Call, Op, Stage, State, ok, trap};
use candid::Principal;

/// Runs a script that succeeds and then one that ends in a trap.
fn play(before: &[Op], then: &[Op]) -> (Stage, Principal) {
    let mut stage = Stage::new();
    let id = stage.canister();
    assert_eq!(stage.run(id, &[before, &[ok()]].concat()), Ok(vec![1]));
    let trapped = stage.run(id, &[then, &[trap()]].concat()).unwrap_err();
    assert_eq!(
        trapped.message,
        format!("Error from Canister {id}: Canister called `ic0.trap` with message: 'on purpose'")
    );
    (stage, id)
}

#[test]
fn a_trap_rolls_back_the_heap() {
    let (mut stage, id) = play(&[Op::Heap(0, 5)], &[Op::Heap(0, 6), Op::Heap(1, 7)]);
    assert_eq!(stage.state(id).heap, [5, 0, 0, 0]);
}

#[test]
fn a_trap_rolls_back_the_size_of_the_heap() {
    let (stage, id) = play(&[Op::Grow(1)], &[Op::Grow(5)]);
    assert_eq!(stage.kept(id).sandbox.heap_size(), 17 * 65536);
}

#[test]
fn a_trap_rolls_back_the_globals() {
    let (mut stage, id) = play(&[Op::Global(5)], &[Op::Global(6)]);
    assert_eq!(stage.state(id).global, 5);
}

#[test]
fn a_trap_rolls_back_stable_memory() {
    let (mut stage, id) = play(&[Op::Stable(0, 5)], &[Op::Stable(0, 6), Op::Stable(1, 7)]);
    assert_eq!(stage.state(id).stable, [5, 0, 0, 0]);
}

#[test]
fn a_trap_rolls_back_the_size_of_stable_memory() {
    let (stage, id) = play(&[], &[Op::Stable(0, 6)]);
    assert_eq!(stage.kept(id).sandbox.stable_size(), 0);
}

#[test]
fn a_trap_rolls_back_certified_data() {
    let (stage, id) = play(&[Op::Certify(5)], &[Op::Certify(6)]);
    assert_eq!(stage.network.canister(id).unwrap().certified_data, [5]);
}

#[test]
fn a_trap_rolls_back_the_global_timer() {
    let far = u64::MAX - 1;
    let (stage, id) = play(&[Op::Timer(far)], &[Op::Timer(far - 1)]);
    assert_eq!(stage.kept(id).registers.global_timer, far);
}

#[test]
fn a_trap_drops_the_outgoing_calls() {
    let mut stage = Stage::new();
    let (id, other) = (stage.canister(), stage.canister());
    let call = Call::run(other, &[Op::Increment(0), ok()]).op();
    assert!(stage.run(id, &[call.clone(), trap()]).is_err());
    stage.network.round();
    assert_eq!(stage.state(other).heap[0], 0);
    assert!(stage.run(id, &[call, ok()]).is_ok());
    stage.network.round();
    assert_eq!(stage.state(other).heap[0], 1);
}

#[test]
fn a_trap_drops_the_reply() {
    let mut stage = Stage::new();
    let id = stage.canister();
    let reject = stage.run(id, &[ok(), trap()]).unwrap_err();
    assert_eq!(
        reject.error,
        crate::rejection::ErrorCode::CanisterCalledTrap
    );
}

#[test]
fn a_trap_gives_back_burned_cycles() {
    let (stage, id) = play(&[Op::Burn(5)], &[Op::Burn(7)]);
    assert_eq!(stage.cycles(id), CYCLES - 5);
}

#[test]
fn a_trap_gives_back_the_cycles_of_dropped_calls() {
    let mut stage = Stage::new();
    let (id, other) = (stage.canister(), stage.canister());
    let call = Call::run(other, &[Op::Accept(9), ok()]).cycles(9).op();
    assert!(stage.run(id, &[call, trap()]).is_err());
    assert_eq!((stage.cycles(id), stage.cycles(other)), (CYCLES, CYCLES));
}

#[test]
fn a_trap_of_the_callee_gives_back_accepted_cycles() {
    let mut stage = Stage::new();
    let (id, other) = (stage.canister(), stage.canister());
    let call = Call::run(other, &[Op::Accept(9), trap()]).cycles(9);
    let call = call.on_reject(&[ok()]).op();
    assert_eq!(stage.run(id, &[call]), Ok(vec![1]));
    assert_eq!((stage.cycles(id), stage.cycles(other)), (CYCLES, CYCLES));
}

#[test]
fn a_trap_does_not_count_as_a_new_version() {
    let (stage, id) = play(&[], &[]);
    // Installation and one successful message.
    assert_eq!(stage.kept(id).version, 2);
}

#[test]
fn what_a_trapped_message_printed_stays() {
    let (stage, id) = play(&[], &[Op::Print("before the end".into())]);
    let lines: Vec<_> = stage
        .kept(id)
        .logs
        .records()
        .map(|record| String::from_utf8_lossy(&record.content).into_owned())
        .collect();
    assert_eq!(lines[0], "before the end");
    assert!(lines[1].contains("on purpose"), "{lines:?}");
}

#[test]
fn a_trapped_callback_rolls_back_but_its_message_before_stays() {
    let mut stage = Stage::new();
    let (id, other) = (stage.canister(), stage.canister());
    let call = Call::run(other, &[ok()])
        .on_reply(&[Op::Heap(1, 2), Op::Stable(1, 2), trap()])
        .op();
    let reject = stage.run(id, &[Op::Heap(0, 1), call]).unwrap_err();
    assert!(reject.message.contains("on purpose"), "{}", reject.message);
    let expected = State {
        heap: [1, 0, 0, 0],
        ..State::default()
    };
    assert_eq!(stage.state(id), expected);
}

#[test]
fn a_query_that_never_ends_is_ended_and_leaves_nothing() {
    let mut stage = Stage::new();
    let id = stage.canister();
    let script = [Op::Heap(0, 1), Op::Forever];
    let reject = stage.query(id, "read", &script).unwrap_err();
    let expected = crate::rejection::ErrorCode::CanisterInstructionLimitExceeded;
    assert_eq!(reject.error, expected);
    assert_eq!(stage.state(id), State::default());
}
