//! Timers, heartbeats and the low-memory hook run by rounds.

use crate::state_machine::stage::{self as script, Call, Hook, Op, Stage, ok, trap};
use ic_management_canister_types::{CanisterIdRecord, CanisterInstallMode, CanisterSettings};

const SECOND: u64 = 1_000_000_000;

fn pass(stage: &mut Stage, nanos: u64) {
    let time = stage.network.time() + nanos;
    stage.network.set_time(time).unwrap();
    stage.network.round();
}

#[test]
fn time_moves_with_every_round_and_never_back() {
    let mut stage = Stage::new();
    let begun = stage.network.time();
    stage.network.round();
    stage.network.round();
    assert_eq!(stage.network.time(), begun + 2);
    assert_eq!(stage.network.set_time(begun), Err(begun + 2));
    assert_eq!(stage.network.set_time(begun + 9), Ok(()));
    stage.network.round();
    assert_eq!(stage.network.time(), begun + 9);
}

#[test]
fn a_timer_runs_once_when_its_time_has_come() {
    let mut stage = Stage::new();
    let id = stage.canister();
    let at = stage.network.time() + 10 * SECOND;
    let script = [
        Op::On(Hook::AtTimer, vec![Op::Increment(0)]),
        Op::Timer(at),
        ok(),
    ];
    stage.run(id, &script).unwrap();
    assert_eq!(stage.network.next_deadline(), Some(at));
    assert!(!stage.network.has_work());
    pass(&mut stage, 5 * SECOND);
    assert_eq!(stage.state(id).heap[0], 0);
    pass(&mut stage, 5 * SECOND);
    pass(&mut stage, 5 * SECOND);
    assert_eq!(stage.state(id).heap[0], 1);
    assert_eq!(stage.network.next_deadline(), None);
}

#[test]
fn a_timer_may_arm_itself_again_and_is_off_after_a_trap() {
    let mut stage = Stage::new();
    let id = stage.canister();
    let at = stage.network.time() + 10 * SECOND;
    let again = [Op::Increment(0), Op::Timer(at + 10 * SECOND)];
    let script = [Op::On(Hook::AtTimer, again.to_vec()), Op::Timer(at), ok()];
    stage.run(id, &script).unwrap();
    pass(&mut stage, 10 * SECOND);
    assert_eq!(stage.kept(id).registers.global_timer, at + 10 * SECOND);
    stage
        .run(
            id,
            &[Op::On(Hook::AtTimer, vec![Op::Increment(0), trap()]), ok()],
        )
        .unwrap();
    pass(&mut stage, 10 * SECOND);
    assert_eq!(stage.state(id).heap[0], 1);
    assert_eq!(stage.kept(id).registers.global_timer, 0);
}

#[test]
fn what_a_timer_calls_is_answered_in_the_same_round() {
    let mut stage = Stage::new();
    let (id, other) = (stage.canister(), stage.canister());
    let call = Call::run(other, &[Op::Increment(1), ok()])
        .timeout(1)
        .on_reply(&[Op::Increment(0)]);
    let at = stage.network.time() + SECOND;
    stage
        .run(
            id,
            &[Op::On(Hook::AtTimer, vec![call.op()]), Op::Timer(at), ok()],
        )
        .unwrap();
    pass(&mut stage, SECOND);
    assert_eq!(
        (stage.state(id).heap[0], stage.state(other).heap[1]),
        (1, 1)
    );
    assert!(!stage.network.has_work());
}

#[test]
fn code_changes_disarm_the_timer_but_not_one_set_meanwhile() {
    let mut stage = Stage::new();
    let id = stage.canister();
    let upgrade = CanisterInstallMode::Upgrade(None);
    let arm = |at| vec![Op::Timer(at), ok()];
    stage.run(id, &arm(u64::MAX)).unwrap();
    stage.install(id, upgrade, script::module(), &[]).unwrap();
    assert_eq!(stage.kept(id).registers.global_timer, 0);
    for mode in [upgrade, CanisterInstallMode::Reinstall] {
        stage.run(id, &arm(u64::MAX)).unwrap();
        let set = [Op::Timer(u64::MAX - 7)];
        stage.install(id, mode, script::module(), &set).unwrap();
        assert_eq!(stage.kept(id).registers.global_timer, u64::MAX - 7);
    }
    let before = [Op::On(Hook::BeforeUpgrade, vec![Op::Timer(5)]), ok()];
    stage.run(id, &before).unwrap();
    stage.install(id, upgrade, script::module(), &[]).unwrap();
    assert_eq!(stage.kept(id).registers.global_timer, 0);
}

#[test]
fn a_heartbeat_runs_every_round_while_the_canister_runs() {
    let mut stage = Stage::new();
    let id = stage.canister_with(script::with_hooks(&["canister_heartbeat"]));
    stage
        .run(
            id,
            &[Op::On(Hook::AtHeartbeat, vec![Op::Increment(0)]), ok()],
        )
        .unwrap();
    let before = stage.state(id).heap[0];
    assert!(stage.network.has_work());
    for _ in 0..3 {
        stage.network.round();
    }
    assert_eq!(stage.state(id).heap[0], before + 3);
    stage
        .manage("stop_canister", (CanisterIdRecord { canister_id: id },))
        .unwrap();
    assert!(!stage.network.has_work());
}

#[test]
fn the_low_memory_hook_runs_once_when_memory_gets_short() {
    let text = r#"(module
        (import "ic0" "msg_reply" (func $reply))
        (import "ic0" "msg_reply_data_append" (func $append (param i32 i32)))
        (memory 1)
        (func (export "canister_on_low_wasm_memory")
          (i32.store (i32.const 0) (i32.add (i32.load (i32.const 0)) (i32.const 1))))
        (func (export "canister_update grow") (drop (memory.grow (i32.const 2))) (call $reply))
        (func (export "canister_query runs") (call $append (i32.const 0) (i32.const 4)) (call $reply)))"#;
    let mut stage = Stage::new();
    let id = stage.canister_with(wat::parse_str(text).unwrap());
    let runs = |stage: &mut Stage| stage.query(id, "runs", &[]).unwrap()[0];
    stage.set(
        id,
        CanisterSettings {
            wasm_memory_limit: Some((8u64 * 65536).into()),
            wasm_memory_threshold: Some((4u64 * 65536).into()),
            ..Default::default()
        },
    );
    stage.call(id, "grow", vec![]).unwrap();
    stage.network.round();
    assert_eq!(runs(&mut stage), 0);
    stage.call(id, "grow", vec![]).unwrap();
    stage.network.round();
    stage.network.round();
    assert_eq!(runs(&mut stage), 1);
}
