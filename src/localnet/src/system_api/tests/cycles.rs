//! Cycles: nothing appears, nothing vanishes.

use crate::engine::testing::{Bench, message, reply};
use crate::execution::{Context, Entry, Input, Prices};
use crate::rejection::ErrorCode;
use proptest::prelude::*;

/// Runs the steps in the argument: one byte for what to do, eight for how much. Replies with the balance, the liquid
/// balance and what is available, 16 bytes each.
const PURSE: &str = r#"(module
  (import "ic0" "msg_arg_data_size" (func $size (result i32)))
  (import "ic0" "msg_arg_data_copy" (func $copy (param i32 i32 i32)))
  (import "ic0" "msg_reply_data_append" (func $append (param i32 i32)))
  (import "ic0" "msg_reply" (func $reply))
  (import "ic0" "msg_cycles_accept128" (func $accept (param i64 i64 i32)))
  (import "ic0" "msg_cycles_accept" (func $accept64 (param i64) (result i64)))
  (import "ic0" "msg_cycles_available128" (func $available (param i32)))
  (import "ic0" "canister_cycle_balance128" (func $balance (param i32)))
  (import "ic0" "canister_liquid_cycle_balance128" (func $liquid (param i32)))
  (import "ic0" "cycles_burn128" (func $burn (param i64 i64 i32)))
  (import "ic0" "call_new" (func $new (param i32 i32 i32 i32 i32 i32 i32 i32)))
  (import "ic0" "call_cycles_add128" (func $add (param i64 i64)))
  (import "ic0" "call_perform" (func $perform (result i32)))
  (memory 1)
  (func $open (call $new (i32.const 0) (i32.const 0) (i32.const 0) (i32.const 0) (i32.const 0) (i32.const 0) (i32.const 0) (i32.const 0)))
  (func (export "canister_update run") (local $at i32) (local $amount i64)
    (call $copy (i32.const 1024) (i32.const 0) (call $size))
    (block $done (loop $next
      (br_if $done (i32.ge_u (local.get $at) (call $size)))
      (local.set $amount (i64.load offset=1025 (local.get $at)))
      (block $end (block $send (block $drop (block $burn (block $accept64 (block $accept
        (br_table $accept $accept64 $burn $drop $send (i32.load8_u offset=1024 (local.get $at))))
        (call $accept (i64.const 0) (local.get $amount) (i32.const 0)) (br $end))
        (drop (call $accept64 (local.get $amount))) (br $end))
        (call $burn (i64.const 0) (local.get $amount) (i32.const 0)) (br $end))
        (call $open) (call $add (i64.const 0) (local.get $amount)) (call $open) (br $end))
        (call $open) (call $add (i64.const 0) (local.get $amount)) (drop (call $perform)))
      (local.set $at (i32.add (local.get $at) (i32.const 9)))
      (br $next)))
    (call $balance (i32.const 0)) (call $liquid (i32.const 16)) (call $available (i32.const 32))
    (call $append (i32.const 0) (i32.const 48)) (call $reply)))"#;

#[derive(Debug, Default)]
struct Model {
    balance: u128,
    frozen: u128,
    available: u128,
    accepted: u128,
    sent: Vec<u128>,
}

impl Model {
    fn liquid(&self) -> u128 {
        self.balance.saturating_sub(self.frozen)
    }

    /// Whether the step is allowed.
    fn step(&mut self, kind: u8, amount: u128) -> bool {
        match kind {
            0 | 1 => {
                let accepted = amount.min(self.available);
                self.available -= accepted;
                self.accepted += accepted;
                self.balance += accepted;
            }
            2 => self.balance -= amount.min(self.liquid()),
            _ if amount > self.liquid() => return false,
            3 => {}
            _ => {
                self.balance -= amount;
                self.sent.push(amount);
            }
        }
        true
    }
}

fn input(balance: u128, frozen: u128, available: u128) -> Input {
    let mut input = message(Context::Update, Entry::Update("run".into()));
    input.environment.balance = balance;
    input.environment.frozen = frozen;
    input.cycles_available = available;
    input
}

proptest! {
    #[test]
    fn the_balance_follows_the_books(
        (balance, frozen, available) in (0u128..2000, 0u128..500, 0u128..1000),
        steps in prop::collection::vec((0u8..5, 0u64..600), 0..12),
    ) {
        let mut model = Model { balance, frozen, available, ..Model::default() };
        let mut input = input(balance, frozen, available);
        input.payload = steps
            .iter()
            .flat_map(|(kind, amount)| [vec![*kind], amount.to_le_bytes().to_vec()].concat())
            .collect();
        let allowed = steps.iter().all(|(kind, amount)| model.step(*kind, u128::from(*amount)));
        let outcome = Bench::install(PURSE).sandbox.execute(input).outcome;
        if !allowed {
            prop_assert_eq!(outcome.unwrap_err().error, ErrorCode::CanisterOutOfCycles);
            return Ok(());
        }
        let effects = outcome.clone().unwrap();
        prop_assert_eq!(effects.balance, model.balance);
        prop_assert_eq!(effects.cycles_accepted, model.accepted);
        let sent: Vec<_> = effects.calls.iter().map(|call| call.cycles).collect();
        prop_assert_eq!(&sent, &model.sent);
        let seen = [model.balance, model.liquid(), model.available].map(u128::to_le_bytes).concat();
        prop_assert_eq!(reply(outcome), seen);
    }
}

#[test]
fn a_64_bit_balance_traps_when_it_does_not_fit() {
    let mut bench = Bench::install(
        r#"(module (import "ic0" "canister_cycle_balance" (func $f (result i64)))
        (func (export "canister_update run") (drop (call $f))))"#,
    );
    let mut run = |balance| bench.sandbox.execute(input(balance, 0, 0)).outcome;
    assert!(run(u128::from(u64::MAX)).is_ok());
    let trap = run(1 << 64).unwrap_err();
    assert!(
        trap.message
            .contains("18446744073709551616 cycles do not fit into 64 bits"),
        "{}",
        trap.message
    );
}

#[test]
fn nobody_mints_cycles_here() {
    let mut bench = Bench::install(
        r#"(module (import "ic0" "mint_cycles" (func $f (param i64) (result i64)))
        (func (export "canister_update run") (drop (call $f (i64.const 1)))))"#,
    );
    let trap = bench.run("run").outcome.unwrap_err();
    assert!(
        trap.message
            .contains("cannot be executed on non Cycles Minting Canister"),
        "{}",
        trap.message
    );
}

#[test]
fn costs_are_zero_while_nothing_is_priced_and_follow_the_prices() {
    let mut bench = Bench::install(
        r#"(module
        (import "ic0" "cost_call" (func $call (param i64 i64 i32)))
        (import "ic0" "cost_create_canister" (func $create (param i32)))
        (import "ic0" "cost_http_request" (func $http (param i64 i64 i32)))
        (import "ic0" "cost_sign_with_ecdsa" (func $ecdsa (param i32 i32 i32 i32) (result i32)))
        (import "ic0" "cost_sign_with_schnorr" (func $schnorr (param i32 i32 i32 i32) (result i32)))
        (import "ic0" "msg_reply_data_append" (func $append (param i32 i32)))
        (import "ic0" "msg_reply" (func $reply))
        (memory 1)
        (func (export "canister_update run")
          (call $call (i64.const 10) (i64.const 90) (i32.const 0))
          (call $create (i32.const 16))
          (call $http (i64.const 30) (i64.const 70) (i32.const 32))
          (i32.store8 (i32.const 48) (call $ecdsa (i32.const 0) (i32.const 0) (i32.const 0) (i32.const 64)))
          (i32.store8 (i32.const 49) (call $ecdsa (i32.const 0) (i32.const 0) (i32.const 1) (i32.const 64)))
          (i32.store8 (i32.const 50) (call $schnorr (i32.const 0) (i32.const 0) (i32.const 1) (i32.const 64)))
          (call $append (i32.const 0) (i32.const 51)) (call $reply)))"#,
    );
    let mut costs = |prices| {
        let mut input = input(0, 0, 0);
        input.environment.prices = prices;
        reply(bench.sandbox.execute(input).outcome)
    };
    assert_eq!(
        costs(Prices::default()),
        [[0; 48].as_slice(), &[2, 1, 2]].concat()
    );
    let prices = Prices {
        execution: 1_000,
        instruction: 1,
        call: 10_000,
        call_byte: 100,
        creation: 7,
        ..Prices::default()
    };
    let call: u128 = 10_000 + 100 * (100 + (2 << 20)) + 1_000 + 40_000_000_000;
    let http: u128 = 10_000 + 100 * 100;
    assert_eq!(
        costs(prices)[..48],
        [call, 7, http].map(u128::to_le_bytes).concat()
    );
}
