//! Which modules are refused, and what is taken from the others.

use crate::engine::testing::engine;
use crate::engine::{Metadata, Module};
use std::sync::Arc;

fn compile(wat: &str) -> Result<Arc<Module>, String> {
    let wasm = wat::parse_str(wat).unwrap();
    engine().compile(&wasm).map_err(|refused| refused.reason)
}

fn refusal(wat: &str) -> String {
    match compile(wat) {
        Ok(_) => panic!("accepted: {wat}"),
        Err(reason) => reason,
    }
}

#[test]
fn a_refusal_names_the_import_export_or_feature() {
    for (wat, words) in [
        (
            r#"(module (import "ic0" "msg_reply2" (func)))"#,
            "'msg_reply2' from 'ic0'",
        ),
        (
            r#"(module (import "env" "msg_reply" (func)))"#,
            "'msg_reply' from 'env'",
        ),
        (
            r#"(module (import "wasi_snapshot_preview1" "fd_write" (func (param i32 i32 i32 i32) (result i32))))"#,
            "'fd_write' from 'wasi_snapshot_preview1'",
        ),
        (
            r#"(module (import "ic0" "msg_reply" (func (param i32))))"#,
            "'msg_reply' from 'ic0'",
        ),
        (
            r#"(module (import "ic0" "time" (func (result i32))))"#,
            "should take [] and give [I64]",
        ),
        (
            r#"(module (import "ic0" "debug_print" (func (param i32 i32))) (memory i64 1))"#,
            "should take [I64, I64]",
        ),
        (
            r#"(module (import "ic0" "memory" (memory 1)))"#,
            "'memory' from 'ic0', which is not a function",
        ),
        (
            r#"(module (func (export "canister_updates x")))"#,
            "'canister_updates x'",
        ),
        (
            r#"(module (func (export "canister_start")))"#,
            "'canister_start'",
        ),
        (
            r#"(module (func (export "canister_init") (param i32)))"#,
            "'canister_init'",
        ),
        (
            r#"(module (func (export "canister_query x") (result i32) (i32.const 1)))"#,
            "'canister_query x'",
        ),
        (
            r#"(module (func (export "canister_query x")) (func (export "canister_update x")))"#,
            "Duplicate function 'x'",
        ),
        (
            r#"(module (memory 1) (export "localnet memory" (memory 0)))"#,
            "'localnet memory'",
        ),
        (r#"(module (memory 1) (memory 1))"#, "multiple memories"),
        (r#"(module (memory 1 1 shared))"#, "threads"),
        (r#"(module (func (param externref)))"#, "gc types"),
        (
            r#"(module (func (drop (i8x16.relaxed_swizzle (v128.const i64x2 0 0) (v128.const i64x2 0 0)))))"#,
            "relaxed SIMD",
        ),
        (r#"(module (tag (param i32)))"#, "exceptions"),
        (
            r#"(module (memory 1) (data (i32.const 65536) "x"))"#,
            "Data segment 0",
        ),
        (
            r#"(module (memory 1) (data (i32.const -1) "x"))"#,
            "Data segment 0",
        ),
        (
            r#"(module (table 1 funcref) (func $f) (elem (i32.const 1) $f))"#,
            "Element segment 0",
        ),
        (
            r#"(module (global (mut funcref) (ref.null func)))"#,
            "Global 0",
        ),
        (r#"(module (memory i64 98305))"#, "6442450944"),
        (r#"(module (@custom "icp:publik x" "1"))"#, "'icp:publik x'"),
        (
            r#"(module (@custom "icp:public x" "1") (@custom "icp:private x" "2"))"#,
            "'x' is used more than once",
        ),
    ] {
        let reason = refusal(wat);
        assert!(reason.contains(words), "{wat}: {reason}");
    }
}

#[test]
fn bytes_that_are_no_module_are_refused_at_an_offset() {
    for bytes in [
        &b""[..],
        b"\0asm",
        b"\0asm\x02\0\0\0",
        b"\x1f\x8b\x08",
        b"\0asm\x0d\0\x01\0",
    ] {
        let refused = engine().compile(bytes).map(|_| ()).unwrap_err();
        assert!(
            refused.reason.contains("at offset"),
            "{bytes:?}: {}",
            refused.reason
        );
    }
}

#[test]
fn limits_on_counts_are_named_with_both_numbers() {
    let repeat = |item: &str, count: usize| format!("(module {})", item.repeat(count));
    for (wat, words) in [
        (
            repeat("(global i32 (i32.const 0))", 1001),
            "1001 globals, which exceeds the maximum of 1000",
        ),
        (
            repeat("(func)", 50_001),
            "50001 functions, which exceeds the maximum of 50000",
        ),
    ] {
        assert!(refusal(&wat).contains(words));
    }
    let sections: String = (0..17)
        .map(|index| format!("(@custom \"icp:public {index}\" \"\")"))
        .collect();
    let reason = refusal(&format!("(module {sections})"));
    assert!(
        reason.contains("17 custom sections named 'icp:'"),
        "{reason}"
    );
    let content = "x".repeat(1 << 20);
    let reason = refusal(&format!(
        "(module (@custom \"icp:public a\" \"{content}\"))"
    ));
    assert!(
        reason.contains("1048577 bytes in custom sections"),
        "{reason}"
    );
    let exports: String = (0..1001)
        .map(|index| format!("(export \"e{index}\" (func 0))"))
        .collect();
    let reason = refusal(&format!("(module (func) {exports})"));
    assert!(reason.contains("1001 exported functions"), "{reason}");
    let name = "n".repeat(20_001);
    let reason = refusal(&format!("(module (func (export \"{name}\")))"));
    assert!(reason.contains("20001 bytes in the names"), "{reason}");
}

#[test]
fn methods_hooks_and_metadata_are_collected() {
    let module = compile(
        r#"(module
        (func $f)
        (export "canister_update do it now" (func $f))
        (export "canister_query look" (func $f))
        (export "canister_composite_query look around" (func $f))
        (export "canister_init" (func $f))
        (export "canister_heartbeat" (func $f))
        (export "helper" (func $f))
        (@custom "icp:public candid:service" "service : {}")
        (@custom "icp:private enhanced-orthogonal-persistence" "1.0.0")
        (@custom "other" "x"))"#,
    )
    .unwrap();
    let names =
        |names: &std::collections::BTreeSet<String>| names.iter().cloned().collect::<Vec<_>>();
    assert_eq!(names(&module.methods.updates), ["do it now"]);
    assert_eq!(names(&module.methods.queries), ["look"]);
    assert_eq!(names(&module.methods.composite_queries), ["look around"]);
    assert_eq!(
        names(&module.methods.hooks),
        ["canister_heartbeat", "canister_init"]
    );
    let service = Metadata {
        public: true,
        content: b"service : {}".to_vec(),
    };
    assert_eq!(module.metadata.get("candid:service"), Some(&service));
    assert_eq!(module.metadata.len(), 2);
    assert!(module.keeps_heap);
    assert!(!compile("(module)").unwrap().keeps_heap);
}

#[test]
fn a_module_is_compiled_once() {
    let wat = r#"(module (func (export "canister_query compiled once")))"#;
    let first = compile(wat).unwrap();
    assert!(Arc::ptr_eq(&first, &compile(wat).unwrap()));
}

#[test]
fn segments_may_be_placed_by_arithmetic() {
    let mut bench = crate::engine::testing::Bench::install(
        r#"(module
        (import "ic0" "msg_reply" (func $reply))
        (import "ic0" "msg_reply_data_append" (func $append (param i32 i32)))
        (memory 1)
        (data (offset (i32.sub (i32.mul (i32.const 15) (i32.const 10)) (i32.add (i32.const 4) (i32.const 6)))) "constant")
        (data $passive "dropped")
        (func (export "canister_update read") (call $append (i32.const 140) (i32.const 8)) (call $reply)))"#,
    );
    assert_eq!(bench.reply("read"), b"constant");
}

#[test]
fn an_active_segment_is_empty_to_code_that_names_it() {
    let mut bench = crate::engine::testing::Bench::install(
        r#"(module (memory 1) (data $active (i32.const 0) "once")
        (func (export "canister_update nothing") (memory.init $active (i32.const 9) (i32.const 0) (i32.const 0)))
        (func (export "canister_update some") (memory.init $active (i32.const 9) (i32.const 0) (i32.const 1))))"#,
    );
    assert!(bench.run("nothing").outcome.is_ok());
    let trap = bench.run("some").outcome.unwrap_err();
    assert_eq!(
        trap.message,
        "Canister trapped: out of bounds memory access"
    );
}

#[test]
fn the_start_function_runs_as_a_message() {
    use crate::engine::testing::{Bench, message};
    use crate::execution::{Context, Entry};
    let mut bench = Bench::install(
        "(module (memory 1) (start $s) (func $s (i32.store (i32.const 0) (i32.const 7))))",
    );
    assert_eq!(bench.sandbox.heap_bytes()[0], 0, "not while instantiating");
    let start = || message(Context::Start, Entry::Start);
    assert_eq!(bench.sandbox.execute(start()).instructions, 3);
    assert_eq!(bench.sandbox.heap_bytes()[0], 7);
    let mut trapping = Bench::install("(module (start $s) (func $s unreachable))");
    assert!(trapping.sandbox.execute(start()).outcome.is_err());
}
