//! A canister that measures: the engine (or the peer) on Wasm, loaded with a workload, each step weighed by
//! `performance_counter`.
//!
//! It exists because entries must arrive at instants of their own. The canister that ships takes the time from the
//! network, one instant per message; here the workload's own instants go to the engine, a million of them in a few
//! messages. What is weighed is the engine's work alone: no Candid, no JSON, no HTTP.
//!
//! A run is `begin`, `go_on` until it is done, `settle` until it is done, then questions. All methods are open to
//! anybody: it never holds anything but made-up entries.

pub mod counter;
mod load;
mod questions;
pub mod report;
mod store;

use candid::Principal;
use ic_cdk::{post_upgrade, query, update};
use load::Load;
use report::{Order, Progress, Question, Size, Weight};
use std::cell::RefCell;
use store::Store;

thread_local! {
    static STORE: RefCell<Option<Store>> = const { RefCell::new(None) };
    static LOAD: RefCell<Option<Load>> = const { RefCell::new(None) };
    static OPENING: RefCell<u64> = const { RefCell::new(0) };
}

fn with_store<T>(f: impl FnOnce(&mut Store) -> T) -> T {
    STORE.with_borrow_mut(|store| match store {
        Some(store) => f(store),
        None => ic_cdk::trap("Nothing is loaded: call begin first."),
    })
}

fn with_load<T>(f: impl FnOnce(&mut Load, &mut Store) -> T) -> T {
    LOAD.with_borrow_mut(|load| match load {
        Some(load) => with_store(|store| f(load, store)),
        None => ic_cdk::trap("Nothing is being loaded: call begin first."),
    })
}

/// Opens an empty store for a workload.
#[update]
fn begin(order: Order) {
    let Some(load) = Load::new(&order) else {
        ic_cdk::trap(format!("There is no workload {}.", order.workload));
    };
    STORE.set(Some(Store::open(order.peer, &load.satellites())));
    LOAD.set(Some(load));
}

/// Stores the next entries, as many as fit a message, and compacts whenever that is due.
#[update]
fn go_on() -> Progress {
    with_load(Load::go_on)
}

/// Lets so many nanoseconds pass without an entry and compacts until nothing is left to do, or the message is full.
#[update]
fn settle(nanoseconds: u64) -> Progress {
    with_load(|load, store| load.settle(store, nanoseconds))
}

/// Sends entries again that are stored: each is looked up by its key and refused.
#[update]
fn resend() -> Weight {
    with_load(|load, store| load.resend(store))
}

/// Asks, and gives the instructions that the answer took.
#[query]
fn ask(question: Question) -> u64 {
    with_store(|store| questions::ask(store, &question))
}

/// What is stored, in bytes and entries.
#[query]
fn size() -> Size {
    let now = LOAD.with_borrow(|load| load.as_ref().map_or(0, Load::now));
    with_store(|store| store.size(now))
}

/// The satellites whose entries the workload has.
#[query]
fn satellites() -> Vec<Principal> {
    with_load(|load, _| load.satellites())
}

/// The compiler that built this, and where it came from: `scripts/build` says so.
#[query]
fn toolchain() -> String {
    option_env!("BUILD_NOTES").unwrap_or("unknown").to_owned()
}

/// The instructions that opening the store took in the last upgrade.
#[query]
fn opening() -> u64 {
    OPENING.with_borrow(|opening| *opening)
}

/// Opens what is stored.
#[post_upgrade]
fn post_upgrade(peer: bool) {
    let (opening, store) = counter::weigh(|| Store::open(peer, &[]));
    STORE.set(Some(store));
    OPENING.set(opening);
}
