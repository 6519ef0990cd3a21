//! A canister made with ic-cdk that tries what an Internet Computer must do for one: timers, calls between canisters,
//! traps in callbacks, certified data, composite queries, randomness, upgrades.

use candid::Principal;
use ic_cdk::call::Call;
use ic_cdk::{init, post_upgrade, pre_upgrade, query, update};
use std::cell::RefCell;
use std::time::Duration;

/// What the probe remembers on its heap.
#[derive(Default)]
struct Memory {
    number: u64,
    /// Names of timers that ran, in order.
    ticks: Vec<String>,
    /// Guards that were dropped: ic-cdk does so when the future of a trapped call is cleaned up.
    dropped: u64,
}

thread_local! {
    static MEMORY: RefCell<Memory> = RefCell::default();
}

/// Counts its own end.
struct Guard;

impl Drop for Guard {
    fn drop(&mut self) {
        MEMORY.with_borrow_mut(|memory| memory.dropped += 1);
    }
}

/// Starts with a timer that runs as soon as a round does.
#[init]
fn init() {
    after(0, "init");
}

/// Puts the number into stable memory.
#[pre_upgrade]
fn pre_upgrade() {
    if ic_cdk::stable::stable_size() == 0 && ic_cdk::stable::stable_grow(1).is_err() {
        ic_cdk::trap("no stable memory");
    }
    ic_cdk::stable::stable_write(0, &read_number().to_le_bytes());
}

/// Gets the number back, unless it is told to trap.
#[post_upgrade]
fn post_upgrade(trap: bool) {
    let mut bytes = [0; 8];
    ic_cdk::stable::stable_read(0, &mut bytes);
    MEMORY.with_borrow_mut(|memory| memory.number = u64::from_le_bytes(bytes));
    if trap {
        ic_cdk::trap("the upgrade was told to fail");
    }
    after(0, "post_upgrade");
}

/// Notes `name` after so many seconds.
fn after(seconds: u64, name: &str) {
    let name = name.to_string();
    ic_cdk_timers::set_timer(Duration::from_secs(seconds), async move {
        MEMORY.with_borrow_mut(|memory| memory.ticks.push(name));
    });
}

fn read_number() -> u64 {
    MEMORY.with_borrow(|memory| memory.number)
}

/// Sets the number.
#[update]
fn set_number(number: u64) {
    MEMORY.with_borrow_mut(|memory| memory.number = number);
}

/// The number.
#[query]
fn number() -> u64 {
    read_number()
}

/// Notes a name after so many seconds.
#[update]
fn start_timer(seconds: u64, name: String) {
    after(seconds, &name);
}

/// Notes a name every so many seconds.
#[update]
fn start_interval(seconds: u64, name: String) {
    ic_cdk_timers::set_timer_interval(Duration::from_secs(seconds), move || {
        let name = name.clone();
        async move { MEMORY.with_borrow_mut(|memory| memory.ticks.push(name)) }
    });
}

/// Names of timers that ran.
#[query]
fn ticks() -> Vec<String> {
    MEMORY.with_borrow(|memory| memory.ticks.clone())
}

/// Asks another probe for its number and keeps it.
#[update]
async fn copy_number(from: Principal) -> Result<u64, String> {
    let answer = Call::unbounded_wait(from, "number").await;
    let number: u64 = answer
        .map_err(|error| error.to_string())?
        .candid()
        .map_err(|error| error.to_string())?;
    set_number(number);
    Ok(number)
}

/// Traps after the answer of a call, having set the number before and after it.
#[update]
async fn trap_after_call(callee: Principal) {
    let _guard = Guard;
    set_number(1);
    let _ = Call::unbounded_wait(callee, "number").await;
    set_number(2);
    ic_cdk::trap("after the call");
}

/// Guards that were dropped.
#[query]
fn dropped() -> u64 {
    MEMORY.with_borrow(|memory| memory.dropped)
}

/// The sum of the numbers of other probes, which are asked one after the other.
#[query(composite = true)]
async fn sum(probes: Vec<Principal>) -> u64 {
    let mut sum = 0;
    for probe in probes {
        let answer = Call::unbounded_wait(probe, "number").await;
        sum += answer
            .expect("the probe answers")
            .candid::<u64>()
            .expect("with a number");
    }
    sum
}

/// Certifies up to 32 bytes.
#[update]
fn certify(data: Vec<u8>) {
    ic_cdk::api::certified_data_set(data);
}

/// The certificate of what was certified.
#[query]
fn certificate() -> Option<Vec<u8>> {
    ic_cdk::api::data_certificate()
}

/// 32 random bytes.
#[update]
async fn randomness() -> Vec<u8> {
    let answer = Call::unbounded_wait(Principal::management_canister(), "raw_rand").await;
    answer
        .expect("the management canister answers")
        .candid()
        .expect("with bytes")
}

/// Accepts all cycles of the call and tells how many.
#[update]
fn take_cycles() -> u128 {
    ic_cdk::api::msg_cycles_accept(u128::MAX)
}

/// Sends cycles to another probe.
#[update]
async fn give_cycles(to: Principal, cycles: u128) -> u128 {
    let answer = Call::unbounded_wait(to, "take_cycles")
        .with_cycles(cycles)
        .await;
    answer
        .expect("the probe answers")
        .candid()
        .expect("with a number")
}

/// Prints a line.
#[update]
fn print(line: String) {
    ic_cdk::api::debug_print(line);
}
