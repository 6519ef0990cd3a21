//! Large memories cost what is touched of them.

use crate::engine::CodeChange;
use crate::engine::testing::{Bench, message, update};
use crate::execution::{Closure, Context, Entry};
use crate::memory::{Finder, Traffic};

const LARGE: &str = r#"(module
  (import "ic0" "msg_reply" (func $reply))
  (import "ic0" "msg_reply_data_append" (func $append (param i32 i32)))
  (memory 8192)
  (func (export "canister_update touch")
    (i32.store (i32.const 5) (i32.const 1))
    (i32.store (i32.const 0x0fffffff) (i32.const 2))
    (i32.store (i32.const 0x1ffff000) (i32.const 3))
    (drop (i32.load (i32.const 0x10000000)))
    (call $append (i32.const 0x1ffff000) (i32.const 4))
    (call $reply))
  (func (export "canister_update trap") (i32.store (i32.const 0x08000000) (i32.const 1)) (unreachable))
  (func (export "canister_update read") (call $append (i32.const 0x08000000) (i32.const 4)) (call $reply)))"#;

#[test]
fn a_message_over_a_heap_of_512_mib_moves_only_the_pages_it_wrote() {
    for finder in [Finder::Scan, Finder::Pagemap] {
        let mut bench = Bench::install(LARGE);
        bench.sandbox.set_finder(finder);
        let expect = |bench: &Bench, committed, dropped, saved| {
            let traffic = Traffic {
                committed,
                dropped,
                saved,
            };
            assert_eq!(bench.sandbox.heap_traffic(), traffic, "{finder:?}");
        };
        expect(&bench, 0, 0, 0);
        // The store at 0x0fffffff straddles two pages.
        bench.update("touch").unwrap();
        expect(&bench, 4, 0, 0);
        bench.run("touch").outcome.unwrap();
        bench.run("trap").outcome.unwrap_err();
        expect(&bench, 4, 5, 4);
        bench.sandbox.commit();
        expect(&bench, 8, 5, 4);
        assert_eq!(bench.number("read"), 0);
        expect(&bench, 8, 5, 4);
    }
}

#[test]
fn stable_memory_is_sparse_up_to_500_gib() {
    let mut bench = Bench::install(
        r#"(module
        (import "ic0" "msg_reply" (func $reply))
        (import "ic0" "msg_reply_data_append" (func $append (param i32 i32)))
        (import "ic0" "stable64_grow" (func $grow (param i64) (result i64)))
        (import "ic0" "stable64_read" (func $read (param i64 i64 i64)))
        (import "ic0" "stable64_write" (func $write (param i64 i64 i64)))
        (memory 1) (data (i32.const 0) "far away")
        (func $answer (param i64) (i64.store (i32.const 8) (local.get 0))
          (call $append (i32.const 8) (i32.const 8)) (call $reply))
        (func (export "canister_update grow") (call $answer (call $grow (i64.const 8192000))))
        (func (export "canister_update grow_more") (call $answer (call $grow (i64.const 1))))
        (func (export "canister_update write")
          (call $write (i64.const 535797169152) (i64.const 0) (i64.const 8)) (call $reply))
        (func (export "canister_update read")
          (call $read (i64.const 16) (i64.const 535797169152) (i64.const 8))
          (call $append (i32.const 16) (i32.const 8)) (call $reply)))"#,
    );
    assert_eq!(bench.reply("grow"), [0; 8]);
    assert_eq!(bench.sandbox.stable_size(), 500 << 30);
    assert_eq!(bench.number("grow_more"), u64::MAX);
    bench.run("write").outcome.unwrap();
    bench.sandbox.roll_back();
    assert_eq!(bench.number("read"), 0);
    bench.update("write").unwrap();
    assert_eq!(bench.reply("read"), b"far away");
    let image = bench.sandbox.image();
    let mut other = Bench::empty();
    other.sandbox.load_image(&image);
    other.sandbox.commit();
    assert_eq!(other.reply("read"), b"far away");
}

#[test]
fn a_64_bit_module_runs_with_64_bit_sizes_and_up_to_6_gib() {
    let wat = r#"(module
        (import "ic0" "msg_reply" (func $reply))
        (import "ic0" "msg_reply_data_append" (func $append (param i64 i64)))
        (import "ic0" "msg_arg_data_size" (func $size (result i64)))
        (import "ic0" "msg_arg_data_copy" (func $copy (param i64 i64 i64)))
        (memory i64 1) (table 1 funcref) (elem (i32.const 0) $callback)
        (data (i64.const 3) "wide")
        (func $callback (param i64) (i64.store (i64.const 8) (local.get 0))
          (call $append (i64.const 8) (i64.const 8)) (call $reply))
        (func (export "canister_update far")
          (drop (memory.grow (i64.const 81919)))
          (call $copy (i64.const 0x13ffffff0) (i64.const 0) (call $size))
          (call $append (i64.const 0x13ffffff0) (i64.const 5)) (call $reply))
        (func (export "canister_update beyond")
          (i64.store (i64.const 8) (memory.grow (i64.const 98304)))
          (call $append (i64.const 8) (i64.const 8)) (call $reply))
        (func (export "canister_update segment") (call $append (i64.const 3) (i64.const 4)) (call $reply)))"#;
    let mut bench = Bench::install(wat);
    assert_eq!(bench.reply("segment"), b"wide");
    assert_eq!(bench.number("beyond"), u64::MAX);
    let mut input = update("far");
    input.payload = b"hello".to_vec();
    let outcome = bench.sandbox.execute(input).outcome;
    assert_eq!(crate::engine::testing::reply(outcome), b"hello");
    bench.sandbox.commit();
    assert_eq!(bench.sandbox.heap_size(), 5 << 30);
    let closure = Closure {
        function: 0,
        environment: 1 << 40,
    };
    let callback = message(Context::Reply, Entry::Callback(closure));
    let outcome = bench.sandbox.execute(callback).outcome;
    assert_eq!(
        crate::engine::testing::reply(outcome),
        (1u64 << 40).to_le_bytes()
    );
    bench.change(wat, CodeChange::KeepAll);
    assert_eq!(bench.sandbox.heap_size(), 5 << 30);
}

#[test]
fn a_32_bit_heap_ends_at_4_gib() {
    let mut bench = Bench::install(
        r#"(module
        (import "ic0" "msg_reply" (func $reply))
        (import "ic0" "msg_reply_data_append" (func $append (param i32 i32)))
        (memory 1)
        (func $grow (param i32) (i32.store (i32.const 0) (memory.grow (local.get 0)))
          (call $append (i32.const 0) (i32.const 4)) (call $reply))
        (func (export "canister_update all") (call $grow (i32.const 65535)))
        (func (export "canister_update one") (call $grow (i32.const 1))))"#,
    );
    assert_eq!(bench.reply("all"), [1, 0, 0, 0]);
    assert_eq!(bench.sandbox.heap_size(), 4 << 30);
    assert_eq!(bench.reply("one"), [255; 4]);
    assert_eq!(bench.sandbox.heap_size(), 4 << 30);
}
