//! Goldens of instruction counts.
//!
//! Source of the weights: `instruction_to_cost` in the Internet Computer's embedder, and its fixed costs of system
//! calls; both as written down in [`crate::engine::weights`] and [`crate::system_api::table`], but repeated here as
//! plain numbers.

use crate::engine::testing::{Bench, message, update};
use crate::execution::{Closure, Context, Entry};

/// Instructions of an update method with this body.
fn count(declarations: &str, body: &str) -> u64 {
    let wat = format!("(module {declarations} (func (export \"canister_update run\") {body}))");
    let mut bench = Bench::install(&wat);
    let execution = bench.run("run");
    assert!(execution.outcome.is_ok(), "{body}: {:?}", execution.outcome);
    execution.instructions
}

#[test]
fn every_class_of_instruction_has_its_weight() {
    let declarations = "(memory 1) (table $t 4 funcref) (elem declare func $f)
        (global $g (mut i32) (i32.const 0)) (func $f) (func $callee (nop))
        (type $none (func)) (elem (i32.const 0) $callee)
        (data $passive \"0123456789\")";
    for (body, expected) in [
        ("", 0),
        ("nop", 1),
        ("(drop (i32.const 1))", 2),
        ("(drop (i32.add (i32.const 1) (i32.const 2)))", 4),
        ("(drop (i32.div_u (i32.const 6) (i32.const 2)))", 13),
        ("(drop (i64.rem_s (i64.const 6) (i64.const 2)))", 13),
        ("(drop (i32.popcnt (i32.const 6)))", 3),
        ("(drop (f32.add (f32.const 1) (f32.const 2)))", 5),
        ("(drop (f32.div (f32.const 1) (f32.const 2)))", 6),
        ("(drop (f64.div (f64.const 1) (f64.const 2)))", 8),
        ("(drop (f64.min (f64.const 1) (f64.const 2)))", 21),
        ("(drop (f32.sqrt (f32.const 2)))", 7),
        ("(drop (f64.sqrt (f64.const 2)))", 10),
        ("(drop (f64.lt (f64.const 1) (f64.const 2)))", 6),
        ("(drop (f64.convert_i32_s (i32.const 1)))", 5),
        ("(drop (f64.convert_i64_u (i64.const 1)))", 18),
        ("(drop (i32.trunc_f64_s (f64.const 1)))", 22),
        ("(drop (i64.trunc_sat_f32_u (f32.const 1)))", 22),
        ("(drop (f64.promote_f32 (f32.const 1)))", 3),
        ("(drop (i32.load (i32.const 0)))", 3),
        ("(i32.store (i32.const 0) (i32.const 1))", 3),
        ("(global.set $g (i32.const 1))", 3),
        ("(drop (global.get $g))", 3),
        ("(drop (memory.size))", 21),
        ("(drop (table.size $t))", 101),
        ("(drop (memory.grow (i32.const 1)))", 302),
        ("(drop (table.grow $t (ref.null func) (i32.const 1)))", 303),
        ("(drop (table.get $t (i32.const 0)))", 7),
        ("(drop (ref.func $f))", 131),
        ("(drop (ref.is_null (ref.null func)))", 7),
        (
            "(memory.fill (i32.const 0) (i32.const 0) (i32.const 1000))",
            1103,
        ),
        (
            "(memory.copy (i32.const 0) (i32.const 0) (i32.const 5000))",
            5103,
        ),
        (
            "(memory.init $passive (i32.const 0) (i32.const 0) (i32.const 10))",
            113,
        ),
        (
            "(table.fill $t (i32.const 0) (ref.null func) (i32.const 3))",
            106,
        ),
        ("(call $callee)", 6),
        ("(call_indirect $t (type $none) (i32.const 0))", 12),
        ("(return_call $callee)", 4),
        ("(return_call_indirect $t (type $none) (i32.const 0))", 62),
        ("(if (i32.const 1) (then nop) (else nop nop))", 4),
        ("(block $b (br $b))", 2),
        ("(block $b (br_if $b (i32.const 1)) nop)", 3),
        ("(block $b (br_table $b $b (i32.const 1)))", 3),
        ("return", 1),
        (
            "(drop (i32x4.add (v128.const i32x4 1 2 3 4) (v128.const i32x4 1 2 3 4)))",
            4,
        ),
        (
            "(drop (f32x4.div (v128.const i32x4 1 2 3 4) (v128.const i32x4 1 2 3 4)))",
            13,
        ),
        ("(drop (f64x2.sqrt (v128.const i32x4 1 2 3 4)))", 16),
        (
            "(drop (i64x2.mul (v128.const i32x4 1 2 3 4) (v128.const i32x4 1 2 3 4)))",
            7,
        ),
    ] {
        assert_eq!(count(declarations, body), expected, "{body}");
    }
}

#[test]
fn a_loop_costs_its_turns() {
    // Per turn: get, const, sub, tee (4), br_if (2).
    let body = "(local $i i32) (local.set $i (i32.const 1000))
        (loop $l (br_if $l (local.tee $i (i32.sub (local.get $i) (i32.const 1)))))";
    assert_eq!(count("", body), 2 + 1000 * 6);
}

#[test]
fn loads_and_stores_of_64_bit_memory_cost_two() {
    assert_eq!(
        count("(memory i64 1)", "(drop (i32.load (i64.const 0)))"),
        4
    );
    assert_eq!(
        count("(memory i64 1)", "(i64.store8 (i64.const 0) (i64.const 1))"),
        4
    );
    assert_eq!(
        count(
            "(memory i64 1)",
            "(drop (i32.add (i32.const 1) (i32.const 1)))"
        ),
        4
    );
}

#[test]
fn system_calls_cost_the_call_their_fixed_part_and_their_bytes() {
    let count = |import: &str, body: &str| {
        let declarations = format!("(import \"ic0\" {import}) (memory 1)");
        count(&declarations, body)
    };
    let text = "(param i32 i32)";
    let stable = "(param i64 i64 i64)";
    for (import, body, expected) in [
        (
            "\"time\" (func $f (result i64))".to_owned(),
            "(drop (call $f))",
            5 + 500 + 1,
        ),
        (
            "\"performance_counter\" (func $f (param i32) (result i64))".into(),
            "(drop (call $f (i32.const 0)))",
            1 + 5 + 200 + 1,
        ),
        (
            format!("\"is_controller\" (func $f {text} (result i32))"),
            "(drop (call $f (i32.const 0) (i32.const 4)))",
            2 + 5 + 1000 + 1,
        ),
        (
            format!("\"msg_reply_data_append\" (func $f {text})"),
            "(call $f (i32.const 0) (i32.const 300))",
            2 + 5 + 500 + 300,
        ),
        (
            format!("\"debug_print\" (func $f {text})"),
            "(call $f (i32.const 0) (i32.const 3))",
            2 + 5 + 100 + 3,
        ),
        (
            "\"call_new\" (func $f (param i32 i32 i32 i32 i32 i32 i32 i32))".into(),
            "(call $f (i32.const 0) (i32.const 4) (i32.const 0) (i32.const 9) (i32.const 0) (i32.const 0) (i32.const 0) (i32.const 0))",
            8 + 5 + 1500,
        ),
        (
            "\"stable64_size\" (func $f (result i64))".into(),
            "(drop (call $f))",
            5 + 20 + 1,
        ),
        (
            format!("\"stable64_read\" (func $f {stable})"),
            "(call $f (i64.const 0) (i64.const 0) (i64.const 0))",
            3 + 5 + 20,
        ),
        (
            "\"stable64_grow\" (func $f (param i64) (result i64))".into(),
            "(drop (call $f (i64.const 1)))",
            1 + 5 + 600 + 1,
        ),
    ] {
        assert_eq!(count(&import, body), expected, "{import}");
    }
}

#[test]
fn performing_a_call_costs_five_thousand() {
    let declarations = r#"(import "ic0" "call_new" (func $new (param i32 i32 i32 i32 i32 i32 i32 i32)))
        (import "ic0" "call_perform" (func $perform (result i32))) (memory 1)"#;
    let new = "(call $new (i32.const 0) (i32.const 4) (i32.const 0) (i32.const 9) (i32.const 0) (i32.const 0) (i32.const 0) (i32.const 0))";
    let both = count(declarations, &format!("{new} (drop (call $perform))"));
    assert_eq!(both - count(declarations, new), 5 + 5000 + 1);
}

#[test]
fn each_page_of_stable_memory_costs_a_thousand_when_first_written_in_a_message() {
    let declarations = r#"
        (import "ic0" "stable64_grow" (func $grow (param i64) (result i64)))
        (import "ic0" "stable64_write" (func $write (param i64 i64 i64))) (memory 1)"#;
    let grow = 1 + 5 + 600 + 1;
    let write = 3 + 5 + 20;
    for (writes, expected) in [
        (&[(0, 10)][..], write + 10 + 1000),
        (&[(0, 10), (20, 10)], 2 * (write + 10) + 1000),
        (&[(4090, 10)], write + 10 + 2000),
        (
            &[(0, 10), (0, 8192), (4096, 1)],
            3 * write + 10 + 8192 + 1 + 2000,
        ),
        (&[(0, 0)], write),
    ] {
        let calls: String = writes
            .iter()
            .map(|(offset, size)| {
                format!("(call $write (i64.const {offset}) (i64.const 0) (i64.const {size}))")
            })
            .collect();
        let body = format!("(drop (call $grow (i64.const 1))) {calls}");
        assert_eq!(count(declarations, &body), grow + expected, "{writes:?}");
    }
}

#[test]
fn the_performance_counter_counts_what_ran_before_it() {
    let mut bench = Bench::install(
        r#"(module
        (import "ic0" "performance_counter" (func $count (param i32) (result i64)))
        (import "ic0" "msg_reply_data_append" (func $append (param i32 i32)))
        (import "ic0" "msg_reply" (func $reply))
        (memory 1)
        (func $run (param $kind i32)
          (drop (memory.grow (i32.const 0)))
          (drop (memory.grow (i32.const 1)))
          (i64.store (i32.const 0) (call $count (local.get $kind)))
          (call $append (i32.const 0) (i32.const 8)) (call $reply))
        (func (export "canister_update message") (call $run (i32.const 0)))
        (func (export "canister_update context") (call $run (i32.const 1)))
        (func (export "canister_update other") (call $run (i32.const 2))))"#,
    );
    // const call; const grow drop, twice, the first of which grows by nothing and is not corrected from 255 to 300;
    // const (the address); get; the call itself.
    let before = (1 + 5) + (1 + 255 + 1) + (1 + 300 + 1) + 1 + 1 + (5 + 200);
    assert_eq!(bench.number("message"), before);
    let mut input = update("context");
    input.context_instructions = 10_000;
    let outcome = bench.sandbox.execute(input).outcome;
    let reply = crate::engine::testing::reply(outcome);
    assert_eq!(
        crate::engine::testing::little_endian(&reply),
        10_000 + before
    );
    let trap = bench.run("other").outcome.unwrap_err();
    assert!(
        trap.message.contains("no performance counter 2"),
        "{}",
        trap.message
    );
}

#[test]
fn a_callback_costs_what_it_does() {
    let mut bench = Bench::install(
        "(module (table 1 funcref) (elem (i32.const 0) $f) (func $f (param i32) nop nop))",
    );
    let closure = Closure {
        function: 0,
        environment: 7,
    };
    let callback = message(Context::Reply, Entry::Callback(closure));
    assert_eq!(bench.sandbox.execute(callback).instructions, 2);
}
