//! How messages fail, in the Internet Computer's terms.

use crate::engine::testing::{Bench, update};
use crate::execution::Trap;
use crate::rejection::ErrorCode;

/// The trap of an update method with this body.
fn trap(body: &str) -> Trap {
    let wat = format!(
        r#"(module
        (import "ic0" "trap" (func $trap (param i32 i32)))
        (import "ic0" "debug_print" (func $print (param i32 i32)))
        (import "ic0" "msg_arg_data_copy" (func $arg (param i32 i32 i32)))
        (import "ic0" "stable64_grow" (func $grow (param i64) (result i64)))
        (import "ic0" "stable64_read" (func $read (param i64 i64 i64)))
        (import "ic0" "stable64_write" (func $write (param i64 i64 i64)))
        (memory 1 4) (table 1 funcref) (type $none (func))
        (data (i32.const 0) "it's \"bad\"")
        (func $forever (call $forever) nop)
        (func (export "canister_update run") {body}))"#
    );
    Bench::install(&wat).run("run").outcome.unwrap_err()
}

#[test]
fn wasm_traps_are_named_in_words() {
    for (body, words) in [
        ("unreachable", "wasm `unreachable` instruction executed"),
        (
            "(drop (i32.div_u (i32.const 1) (i32.const 0)))",
            "integer divide by zero",
        ),
        (
            "(drop (i32.div_s (i32.const 0x80000000) (i32.const -1)))",
            "integer overflow",
        ),
        (
            "(drop (i32.trunc_f64_s (f64.const nan)))",
            "invalid conversion to integer",
        ),
        (
            "(drop (i32.load (i32.const 65536)))",
            "out of bounds memory access",
        ),
        (
            "(drop (i32.load offset=0xffffffff (i32.const -1)))",
            "out of bounds memory access",
        ),
        (
            "(memory.fill (i32.const 65535) (i32.const 0) (i32.const 2))",
            "out of bounds memory access",
        ),
        (
            "(call_indirect (type $none) (i32.const 0))",
            "uninitialized element",
        ),
        (
            "(call_indirect (type $none) (i32.const 9))",
            "undefined element: out of bounds table access",
        ),
        ("(call $forever)", "call stack exhausted"),
    ] {
        let trap = trap(body);
        assert_eq!(trap.message, format!("Canister trapped: {words}"), "{body}");
        assert_eq!(trap.error, ErrorCode::CanisterTrapped);
    }
}

#[test]
fn the_words_of_ic0_trap_arrive_verbatim() {
    let trap = trap("(call $trap (i32.const 0) (i32.const 10))");
    assert_eq!(trap.error, ErrorCode::CanisterCalledTrap);
    assert_eq!(
        trap.message,
        "Canister called `ic0.trap` with message: 'it's \"bad\"'"
    );
}

#[test]
fn pointers_outside_the_heap_trap_cleanly() {
    for body in [
        "(call $trap (i32.const 65530) (i32.const 10))",
        "(call $print (i32.const -1) (i32.const -1))",
        "(call $arg (i32.const 70000) (i32.const 0) (i32.const 0))",
        "(call $arg (i32.const 0) (i32.const 0) (i32.const 1))",
        "(call $arg (i32.const 0) (i32.const -1) (i32.const -1))",
        "(call $read (i64.const 65530) (i64.const 0) (i64.const 10))",
        "(call $write (i64.const 0) (i64.const -1) (i64.const 10))",
    ] {
        let trap = trap(body);
        assert_eq!(trap.error, ErrorCode::CanisterContractViolation, "{body}");
        assert!(
            trap.message.starts_with("Canister violated contract: ic0."),
            "{}",
            trap.message
        );
    }
}

#[test]
fn stable_memory_has_bounds_and_limits_per_message() {
    let out_of_bounds = trap("(call $read (i64.const 0) (i64.const 1) (i64.const 0))");
    assert_eq!(out_of_bounds.error, ErrorCode::CanisterTrapped);
    assert_eq!(
        out_of_bounds.message,
        "Canister trapped: stable memory out of bounds: 0 bytes at 1 of 0"
    );
    let mut bench = Bench::install(
        r#"(module
        (import "ic0" "stable64_grow" (func $grow (param i64) (result i64)))
        (import "ic0" "stable64_read" (func $read (param i64 i64 i64)))
        (import "ic0" "stable64_write" (func $write (param i64 i64 i64)))
        (memory 1)
        (func (export "canister_update read")
          (drop (call $grow (i64.const 1))) (call $read (i64.const 0) (i64.const 4000) (i64.const 8193)))
        (func (export "canister_update write")
          (drop (call $grow (i64.const 1))) (call $write (i64.const 4000) (i64.const 0) (i64.const 97))))"#,
    );
    for (method, accessed, dirty, fails) in [
        ("read", 3 * 4096, 0, false),
        ("read", 3 * 4096 - 1, 0, true),
        ("write", 2 * 4096, 2 * 4096, false),
        ("write", 2 * 4096, 2 * 4096 - 1, true),
        ("write", 2 * 4096 - 1, 2 * 4096, true),
    ] {
        let mut input = update(method);
        input.limits.stable_accessed_bytes = accessed;
        input.limits.stable_dirty_bytes = dirty;
        let outcome = bench.sandbox.execute(input).outcome;
        let expected = fails.then_some(ErrorCode::CanisterMemoryAccessLimitExceeded);
        assert_eq!(
            outcome.err().map(|trap| trap.error),
            expected,
            "{method} {accessed} {dirty}"
        );
    }
}

#[test]
fn running_out_of_instructions_is_exact() {
    let mut bench = Bench::install(
        r#"(module (import "ic0" "debug_print" (func $print (param i32 i32))) (memory 1)
        (func (export "canister_update forever") (loop $l (br $l)))
        (func (export "canister_update print") (call $print (i32.const 0) (i32.const 50)))
        (func (export "canister_update grow") (drop (memory.grow (i32.const 1)))))"#,
    );
    for (method, limit, fits) in [
        ("forever", 1_000_000, false),
        ("print", 157, true),
        ("print", 156, false),
        ("grow", 302, true),
        ("grow", 301, false),
    ] {
        let mut input = update(method);
        input.limits.instructions = limit;
        let execution = bench.sandbox.execute(input);
        match execution.outcome {
            Ok(_) => assert!(fits, "{method} {limit}"),
            Err(trap) => {
                assert!(!fits, "{method} {limit}");
                assert_eq!(trap.error, ErrorCode::CanisterInstructionLimitExceeded);
                assert_eq!(
                    trap.message,
                    format!(
                        "Canister exceeded the limit of {limit} instructions for single message execution."
                    )
                );
            }
        }
        assert_eq!(execution.instructions, limit, "{method}");
        bench.sandbox.roll_back();
    }
}

#[test]
fn what_was_printed_survives_a_trap_and_the_trap_comes_last() {
    let mut bench = Bench::install(
        r#"(module
        (import "ic0" "trap" (func $trap (param i32 i32)))
        (import "ic0" "debug_print" (func $print (param i32 i32)))
        (memory 1) (data (i32.const 0) "hello")
        (func (export "canister_update run")
          (call $print (i32.const 0) (i32.const 5)) (call $print (i32.const 0) (i32.const 4))
          (call $trap (i32.const 0) (i32.const 2))))"#,
    );
    let logs = bench.run("run").logs;
    let last = "[TRAP]: Canister called `ic0.trap` with message: 'he'";
    assert_eq!(logs, ["hello", "hell", last]);
}

#[test]
fn growth_past_the_memory_limit_traps_updates_but_not_queries() {
    let wat = r#"(module (import "ic0" "msg_reply" (func $reply)) (memory 1)
        (func (export "canister_update grow") (drop (memory.grow (i32.const 2))) (call $reply))
        (func (export "canister_query grow_too") (drop (memory.grow (i32.const 2))) (call $reply)))"#;
    let mut bench = Bench::install(wat);
    let mut input = update("grow");
    input.limits.heap_bytes = Some(2 << 16);
    let trap = bench.sandbox.execute(input.clone()).outcome.unwrap_err();
    assert_eq!(trap.error, ErrorCode::CanisterOutOfMemory);
    assert_eq!(bench.sandbox.heap_size(), 1 << 16);
    let mut query = input.clone();
    query.context = crate::execution::Context::Query;
    query.entry = crate::execution::Entry::Query("grow_too".into());
    assert!(bench.sandbox.execute(query).outcome.is_ok());
    bench.sandbox.roll_back();
    input.limits.heap_bytes = Some(3 << 16);
    assert!(bench.sandbox.execute(input.clone()).outcome.is_ok());
    input.limits.heap_bytes = Some(1 << 16);
    let trap = bench.sandbox.execute(input).outcome.unwrap_err();
    assert_eq!(
        trap.error,
        ErrorCode::CanisterOutOfMemory,
        "the heap is too large already"
    );
}
