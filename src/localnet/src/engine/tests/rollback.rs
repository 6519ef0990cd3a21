//! A trap, or a roll back, leaves nothing of the message behind.

use crate::engine::CodeChange;
use crate::engine::testing::{Bench, message, reply, update};
use crate::execution::{Closure, Context, Entry};
use crate::rejection::ErrorCode;

/// Counts in the heap, a global and stable memory; remembers a function in its table.
const COUNTER: &str = r#"(module
  (import "ic0" "msg_reply" (func $reply))
  (import "ic0" "msg_reply_data_append" (func $append (param i32 i32)))
  (import "ic0" "stable64_grow" (func $grow (param i64) (result i64)))
  (import "ic0" "stable64_size" (func $size (result i64)))
  (import "ic0" "stable64_read" (func $read (param i64 i64 i64)))
  (import "ic0" "stable64_write" (func $write (param i64 i64 i64)))
  (memory 2)
  (table $t 4 funcref)
  (elem (i32.const 1) $one)
  (data (i32.const 100) "initial")
  (global $g (mut i64) (i64.const 5))
  (func $one (param i32))
  (func $count
    (i32.store (i32.const 0) (i32.add (i32.load (i32.const 0)) (i32.const 1)))
    (i32.store (i32.const 70000) (i32.add (i32.load (i32.const 70000)) (i32.const 1)))
    (global.set $g (i64.add (global.get $g) (i64.const 1)))
    (if (i64.eqz (call $size)) (then (drop (call $grow (i64.const 1)))))
    (call $read (i64.const 8) (i64.const 0) (i64.const 4))
    (i32.store (i32.const 8) (i32.add (i32.load (i32.const 8)) (i32.const 1)))
    (call $write (i64.const 0) (i64.const 8) (i64.const 4)))
  (func (export "canister_update count") (call $count) (call $reply))
  (func (export "canister_update count_and_trap") (call $count) (unreachable))
  (func (export "canister_update grow_and_trap")
    (drop (memory.grow (i32.const 3))) (drop (call $grow (i64.const 5)))
    (i32.store (i32.const 200000) (i32.const 9)) (unreachable))
  (func (export "canister_update grow") (drop (memory.grow (i32.const 3))) (drop (call $grow (i64.const 5)))
    (i32.store (i32.const 200000) (i32.const 9)) (call $reply))
  (func (export "canister_update set_table")
    (table.set $t (i32.const 2) (ref.func $one)) (call $reply))
  (func (export "canister_update heap") (call $append (i32.const 0) (i32.const 4)) (call $reply))
  (func (export "canister_update far") (call $append (i32.const 70000) (i32.const 4)) (call $reply))
  (func (export "canister_update initial") (call $append (i32.const 100) (i32.const 7)) (call $reply))
  (func (export "canister_update overwrite") (i32.store (i32.const 100) (i32.const 0)) (call $reply))
  (func (export "canister_update global")
    (i64.store (i32.const 16) (global.get $g)) (call $append (i32.const 16) (i32.const 8)) (call $reply))
  (func (export "canister_update stable")
    (if (i64.eqz (call $size)) (then (drop (call $grow (i64.const 1)))))
    (call $read (i64.const 24) (i64.const 0) (i64.const 4))
    (call $append (i32.const 24) (i32.const 4)) (call $reply)))"#;

/// Heap near, heap far, global, stable.
fn counts(bench: &mut Bench) -> [u64; 4] {
    ["heap", "far", "global", "stable"].map(|method| bench.number(method))
}

#[test]
fn committed_messages_add_up() {
    let mut bench = Bench::install(COUNTER);
    for _ in 0..3 {
        bench.update("count").unwrap();
    }
    assert_eq!(counts(&mut bench), [3, 3, 8, 3]);
}

#[test]
fn a_trap_rolls_back_heap_globals_and_stable_memory() {
    let mut bench = Bench::install(COUNTER);
    bench.update("count").unwrap();
    let trap = bench.update("count_and_trap").unwrap_err();
    assert_eq!(trap.error, ErrorCode::CanisterTrapped);
    assert_eq!(
        trap.message,
        "Canister trapped: wasm `unreachable` instruction executed"
    );
    assert_eq!(counts(&mut bench), [1, 1, 6, 1]);
}

#[test]
fn a_trap_keeps_the_tentative_changes_of_earlier_messages() {
    let mut bench = Bench::install(COUNTER);
    bench.update("count").unwrap();
    bench.run("count").outcome.unwrap();
    bench.run("count_and_trap").outcome.unwrap_err();
    bench.run("count").outcome.unwrap();
    bench.run("grow_and_trap").outcome.unwrap_err();
    bench.sandbox.commit();
    assert_eq!(counts(&mut bench), [3, 3, 8, 3]);
}

#[test]
fn rolling_back_undoes_every_message_since_the_commit() {
    let mut bench = Bench::install(COUNTER);
    bench.update("count").unwrap();
    for _ in 0..3 {
        bench.run("count").outcome.unwrap();
    }
    bench.sandbox.roll_back();
    assert_eq!(counts(&mut bench), [1, 1, 6, 1]);
}

#[test]
fn growth_of_both_memories_rolls_back_and_leaves_zeros() {
    let mut bench = Bench::install(COUNTER);
    bench.update("grow_and_trap").unwrap_err();
    assert_eq!(
        (bench.sandbox.heap_size(), bench.sandbox.stable_size()),
        (2 << 16, 0)
    );
    bench.run("grow").outcome.unwrap();
    assert_eq!(
        (bench.sandbox.heap_size(), bench.sandbox.stable_size()),
        (5 << 16, 5 << 16)
    );
    bench.sandbox.roll_back();
    assert_eq!(
        (bench.sandbox.heap_size(), bench.sandbox.stable_size()),
        (2 << 16, 0)
    );
    bench.update("grow").unwrap();
    bench.sandbox.roll_back();
    assert_eq!(
        (bench.sandbox.heap_size(), bench.sandbox.stable_size()),
        (5 << 16, 5 << 16)
    );
}

#[test]
fn every_message_sees_the_table_as_the_module_begins() {
    let mut bench = Bench::install(COUNTER);
    let call = |bench: &mut Bench, function| {
        let closure = Closure {
            function,
            environment: 0,
        };
        bench
            .sandbox
            .execute(message(Context::Reply, Entry::Callback(closure)))
            .outcome
            .map_err(|trap| trap.error)
            .map(|_| ())
    };
    assert_eq!(call(&mut bench, 1), Ok(()));
    assert_eq!(
        call(&mut bench, 2),
        Err(ErrorCode::CanisterFunctionNotFound)
    );
    bench.update("set_table").unwrap();
    assert_eq!(
        call(&mut bench, 2),
        Err(ErrorCode::CanisterFunctionNotFound)
    );
    assert_eq!(
        call(&mut bench, 99),
        Err(ErrorCode::CanisterFunctionNotFound)
    );
}

#[test]
fn data_segments_are_laid_into_a_fresh_heap_and_never_again() {
    let mut bench = Bench::install(COUNTER);
    assert_eq!(bench.reply("initial"), b"initial");
    bench.update("overwrite").unwrap();
    bench.update("count_and_trap").unwrap_err();
    assert_eq!(
        bench.reply("initial"),
        b"\0\0\0\0ial",
        "a new instance runs on the old heap"
    );
    bench.change(COUNTER, CodeChange::KeepStable);
    bench.sandbox.commit();
    assert_eq!(bench.reply("initial"), b"initial");
}

#[test]
fn a_change_of_code_keeps_what_it_says_and_rolls_back_whole() {
    let mut bench = Bench::install(COUNTER);
    bench.update("count").unwrap();
    bench.run("count").outcome.unwrap();
    bench.change(COUNTER, CodeChange::KeepStable);
    assert_eq!(
        reply(bench.run("stable").outcome),
        [2, 0, 0, 0],
        "tentative changes included"
    );
    bench.run("count").outcome.unwrap();
    bench.sandbox.roll_back();
    assert_eq!(counts(&mut bench), [1, 1, 6, 1]);
    bench.change(COUNTER, CodeChange::KeepAll);
    bench.sandbox.commit();
    assert_eq!(counts(&mut bench), [1, 1, 5, 1], "globals begin anew");
    bench.change(COUNTER, CodeChange::KeepStable);
    bench.sandbox.commit();
    assert_eq!(counts(&mut bench), [0, 0, 5, 1]);
    bench.change(COUNTER, CodeChange::Fresh);
    bench.sandbox.commit();
    assert_eq!(counts(&mut bench), [0, 0, 5, 0]);
}

#[test]
fn removed_code_comes_back_with_its_memories_unless_committed() {
    let mut bench = Bench::install(COUNTER);
    bench.update("count").unwrap();
    bench.sandbox.remove_code();
    assert_eq!(
        (bench.sandbox.heap_size(), bench.sandbox.stable_size()),
        (0, 0)
    );
    let error = bench.run("count").outcome.unwrap_err().error;
    assert_eq!(error, ErrorCode::CanisterWasmModuleNotFound);
    bench.sandbox.roll_back();
    assert_eq!(counts(&mut bench), [1, 1, 6, 1]);
    bench.sandbox.remove_code();
    bench.sandbox.commit();
    bench.sandbox.roll_back();
    assert!(bench.sandbox.module().is_none());
    assert_eq!(
        (bench.sandbox.heap_size(), bench.sandbox.stable_size()),
        (0, 0)
    );
}

#[test]
fn an_image_holds_the_committed_state_and_loads_tentatively() {
    let mut bench = Bench::install(COUNTER);
    bench.update("count").unwrap();
    bench.run("count").outcome.unwrap();
    let image = bench.sandbox.image();
    bench.sandbox.commit();
    bench.update("grow").unwrap();
    assert_eq!(counts(&mut bench), [2, 2, 7, 2]);
    bench.sandbox.load_image(&image);
    assert_eq!(reply(bench.run("stable").outcome), [1, 0, 0, 0]);
    bench.sandbox.roll_back();
    assert_eq!(counts(&mut bench), [2, 2, 7, 2]);
    bench.sandbox.load_image(&image);
    bench.sandbox.commit();
    assert_eq!(counts(&mut bench), [1, 1, 6, 1]);
    let mut other = Bench::empty();
    other.sandbox.load_image(&image);
    other.sandbox.commit();
    drop(bench);
    other.update("count").unwrap();
    assert_eq!(
        counts(&mut other),
        [2, 2, 7, 2],
        "an image outlives its sandbox"
    );
    assert_eq!(other.sandbox.heap_size(), 2 << 16);
}

#[test]
fn stable_memory_can_be_replaced_tentatively() {
    let mut bench = Bench::install(COUNTER);
    bench.update("count").unwrap();
    bench.sandbox.set_stable_memory(&[7; 70_000]);
    assert_eq!(bench.sandbox.stable_size(), 2 << 16);
    assert_eq!(
        bench.sandbox.stable_memory()[69_990..70_010],
        [[7; 10], [0; 10]].concat()
    );
    bench.run("count").outcome.unwrap();
    bench.sandbox.roll_back();
    assert_eq!(counts(&mut bench), [1, 1, 6, 1]);
    bench.sandbox.set_stable_memory(&[7; 4]);
    bench.sandbox.commit();
    assert_eq!(bench.number("stable"), 0x0707_0707);
    bench.sandbox.set_stable_memory(&[]);
    bench.sandbox.commit();
    assert!(bench.sandbox.stable_memory().is_empty());
}

#[test]
fn missing_hooks_succeed_and_missing_methods_are_named() {
    let mut bench = Bench::install(COUNTER);
    for entry in [Entry::Start, Entry::Hook("canister_init")] {
        let execution = bench.sandbox.execute(message(Context::Init, entry));
        assert_eq!(execution.outcome.unwrap().balance, 1000);
        assert_eq!(execution.instructions, 0);
    }
    let trap = bench.sandbox.execute(update("absent")).outcome.unwrap_err();
    assert_eq!(trap.error, ErrorCode::CanisterMethodNotFound);
    assert_eq!(trap.message, "Canister has no update method 'absent'.");
}
