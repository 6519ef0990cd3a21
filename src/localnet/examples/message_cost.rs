//! What a message costs over a small and a large heap: it should cost what it touches, not what the heap holds.
//!
//! `cargo run -p localnet --example message_cost [Scan|Pagemap|Compare]`
//!
//! A canister with a filled heap of 1 MiB or 512 MiB runs messages that write two pages and read two: always the same
//! (`near`), or anywhere in the heap (`far`, which in the large heap means pages, page tables and cache lines that
//! nobody touched lately). Messages are committed, or rolled back as queries are. Printed are nanoseconds of processor
//! time per message for each way of finding the written pages, and the ratio between the heaps.

use candid::Principal;
use localnet::engine::{CodeChange, Engine, Sandbox};
use localnet::execution::{Context, Entry, Environment, Input, Limits, Prices};
use localnet::memory::Finder;
use std::collections::BTreeMap;
use std::error::Error;
use std::sync::Arc;

const MIB: u64 = 1 << 20;

fn main() -> Result<(), Box<dyn Error>> {
    let engine = Engine::new();
    let (mut small, _one) = sandbox(&engine, 1)?;
    let (mut large, _two) = sandbox(&engine, 512)?;
    println!("finder   pages end          1 MiB    512 MiB  ratio   (ns per message)");
    for (finder, few) in [
        (Finder::Scan, 1),
        (Finder::Pagemap, 10),
        (Finder::Compare, 2000),
    ] {
        let named = format!("{finder:?}");
        if std::env::args().nth(1).is_some_and(|only| only != named) {
            continue;
        }
        for (pages, end) in [
            ("near", End::Commit),
            ("near", End::RollBack),
            ("far", End::Commit),
            ("far", End::RollBack),
        ] {
            let small = cost(&mut small, finder, pages, end, 20_000 / few.min(20));
            let large = cost(&mut large, finder, pages, end, (20_000 / few).max(5));
            let ratio = large as f64 / small as f64;
            println!("{named:<8} {pages:<5} {end:<9?} {small:>9} {large:>10} {ratio:>6.2}");
        }
    }
    Ok(())
}

/// What happens after a message.
#[derive(Clone, Copy, Debug)]
enum End {
    Commit,
    RollBack,
}

/// Nanoseconds per message.
fn cost(sandbox: &mut Sandbox, finder: Finder, pages: &str, end: End, messages: u32) -> u64 {
    sandbox.set_finder(finder);
    let mut start = cpu_nanos();
    for round in 0..messages + messages / 4 {
        if round == messages / 4 {
            start = cpu_nanos();
        }
        // The seed of `far` comes from here, because a query's own state rolls back.
        let execution = sandbox.execute(message(pages, u64::from(round)));
        assert!(execution.outcome.is_ok(), "{:?}", execution.outcome);
        match end {
            End::Commit => sandbox.commit(),
            End::RollBack => sandbox.roll_back(),
        }
    }
    (cpu_nanos() - start) / u64::from(messages)
}

/// Processor time of this thread, so that other work on the machine does not count.
fn cpu_nanos() -> u64 {
    let mut time = libc::timespec {
        tv_sec: 0,
        tv_nsec: 0,
    };
    // SAFETY: fills in the structure it is given.
    unsafe { libc::clock_gettime(libc::CLOCK_THREAD_CPUTIME_ID, &mut time) };
    time.tv_sec as u64 * 1_000_000_000 + time.tv_nsec as u64
}

/// A committed canister whose heap of so many MiB is filled.
fn sandbox(engine: &Arc<Engine>, mib: u64) -> Result<(Sandbox, tempfile::TempDir), Box<dyn Error>> {
    let directory = tempfile::tempdir()?;
    let mut sandbox = Sandbox::create(engine.clone(), directory.path().to_owned())?;
    let module = engine
        .compile(&wat::parse_str(module(mib))?)
        .map_err(|refused| refused.reason)?;
    sandbox.change_code(module, CodeChange::Fresh);
    let filled = sandbox.execute(message("fill", 0)).outcome;
    filled.map_err(|trap| trap.message)?;
    sandbox.commit();
    Ok((sandbox, directory))
}

/// Page numbers come from a multiplicative generator: far apart, the same in every run.
fn module(mib: u64) -> String {
    let pages = mib * MIB / 4096;
    format!(
        r#"(module
  (import "ic0" "msg_reply" (func $reply))
  (import "ic0" "time" (func $time (result i64)))
  (memory {wasm_pages})
  (global $state (mut i64) (i64.const 1))
  (func $address (result i32)
    (global.set $state (i64.add (i64.mul (global.get $state) (i64.const 6364136223846793005)) (i64.const 1442695040888963407)))
    (i32.mul (i32.wrap_i64 (i64.rem_u (i64.shr_u (global.get $state) (i64.const 33)) (i64.const {pages}))) (i32.const 4096)))
  (func $write (local $at i32)
    (local.set $at (call $address))
    (i32.store offset=8 (local.get $at) (i32.add (i32.load offset=8 (local.get $at)) (i32.const 1))))
  (func $touch
    (call $write) (call $write)
    (drop (i32.load (call $address))) (drop (i32.load (call $address)))
    (call $reply))
  (func (export "canister_update fill")
    (memory.fill (i32.const 0) (i32.const 1) (i32.const {bytes})) (call $reply))
  (func (export "canister_update near") (global.set $state (i64.const 1)) (call $touch))
  (func (export "canister_update far") (global.set $state (call $time)) (call $touch)))"#,
        wasm_pages = mib * 16,
        bytes = mib * MIB,
    )
}

fn message(method: &str, time: u64) -> Input {
    Input {
        context: Context::Update,
        entry: Entry::Update(method.into()),
        caller: Principal::anonymous(),
        payload: Vec::new(),
        method_name: String::new(),
        reject: None,
        deadline: None,
        cycles_available: 0,
        cycles_refunded: 0,
        responded: false,
        sender_info: None,
        context_instructions: 0,
        environment: Environment {
            time,
            canister: Principal::anonymous(),
            subnet: Principal::anonymous(),
            version: 0,
            status: 1,
            controllers: Vec::new(),
            balance: 0,
            frozen: 0,
            global_timer: 0,
            variables: BTreeMap::new(),
            root_key: Arc::from([]),
            data_certificate: None,
            replicated: true,
            prices: Prices::default(),
        },
        limits: Limits {
            instructions: 40_000_000_000,
            stable_accessed_bytes: 0,
            stable_dirty_bytes: 0,
            reply_bytes: 0,
            heap_bytes: None,
        },
    }
}
