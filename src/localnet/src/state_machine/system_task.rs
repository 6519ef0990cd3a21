//! What the system runs by itself: heartbeats, due timers, the low-memory hook.

use super::canister::LowMemoryHook;
use super::{Canister, Network};
use candid::Principal;

const HEARTBEAT: &str = "canister_heartbeat";
const GLOBAL_TIMER: &str = "canister_global_timer";
const LOW_MEMORY: &str = "canister_on_low_wasm_memory";

impl Network {
    /// Runs what is due in every running canister, in the order of their ids; gives the instructions used.
    pub(super) fn run_system_tasks(&mut self) -> u64 {
        let ids: Vec<Principal> = self.canisters.keys().copied().collect();
        let mut instructions = 0;
        for id in ids {
            for hook in self.due_hooks(id) {
                instructions += self.run_hook(id, hook);
            }
        }
        instructions
    }

    /// Hooks of a canister that are due; a timer is disarmed and the low-memory hook marked before they run.
    fn due_hooks(&mut self, id: Principal) -> Vec<&'static str> {
        let now = self.time;
        let Some(canister) = self.canisters.get_mut(&id) else {
            return Vec::new();
        };
        let mut due = Vec::new();
        if low_memory_due(canister) {
            canister.low_memory = LowMemoryHook::Executed;
            due.push(LOW_MEMORY);
        }
        if canister.runs_hook(HEARTBEAT) {
            due.push(HEARTBEAT);
        }
        if timer(canister).is_some_and(|deadline| deadline <= now) {
            canister.registers.global_timer = 0;
            due.push(GLOBAL_TIMER);
        }
        due
    }

    /// Whether a system task would run now.
    pub(super) fn has_system_task(&self) -> bool {
        self.canisters.values().any(|canister| {
            low_memory_due(canister)
                || canister.runs_hook(HEARTBEAT)
                || timer(canister).is_some_and(|deadline| deadline <= self.time)
        })
    }

    /// The earliest time at which a timer fires.
    pub(super) fn next_timer(&self) -> Option<u64> {
        self.canisters.values().filter_map(timer).min()
    }
}

/// When a canister's timer fires; none if it is off or nothing would run.
fn timer(canister: &Canister) -> Option<u64> {
    let deadline = canister.registers.global_timer;
    (deadline != 0 && canister.runs_hook(GLOBAL_TIMER)).then_some(deadline)
}

fn low_memory_due(canister: &Canister) -> bool {
    canister.low_memory == LowMemoryHook::Ready && canister.runs_hook(LOW_MEMORY)
}
