//! A round: time moves, overdue calls expire, system tasks run, the queues are worked off.

use super::Network;

/// Messages that one round runs besides system tasks.
const MESSAGES: usize = 10_000;
/// Instructions after which a round begins no further message. With both bounds a canister that calls itself for ever
/// ends the round, not the network.
const INSTRUCTIONS: u64 = 20_000_000_000;

impl Network {
    /// Runs one round: heartbeats and due timers, ingress, then calls until none is left or the round's budget is
    /// spent. Time moves by at least 1 ns.
    pub fn round(&mut self) {
        self.time = self.time.max(self.time_of_last_round + 1);
        self.time_of_last_round = self.time;
        self.expire();
        let mut instructions = self.run_system_tasks();
        for _ in 0..MESSAGES {
            let Some(message) = self.queues.pop() else {
                return;
            };
            instructions = instructions.saturating_add(self.deliver(message));
            // Asked afterwards: a round runs at least one message, however much its system tasks used.
            if instructions >= INSTRUCTIONS {
                return;
            }
        }
    }

    /// Gives up best-effort calls and stop requests whose time is over.
    fn expire(&mut self) {
        for callback in self.contexts.take_overdue(self.time) {
            self.give_up(callback);
        }
        self.expire_stop_requests();
    }

    /// Whether a round now would run anything.
    pub fn has_work(&self) -> bool {
        let overdue = |deadline: u64| deadline <= self.time;
        !self.queues.is_empty()
            || self.contexts.next_deadline().is_some_and(overdue)
            || self.next_stop_deadline().is_some_and(overdue)
            || self.has_system_task()
    }

    /// The earliest armed global timer or deadline (ns since 1970), for live networks that sleep in between.
    pub fn next_deadline(&self) -> Option<u64> {
        [
            self.next_timer(),
            self.contexts.next_deadline(),
            self.next_stop_deadline(),
        ]
        .into_iter()
        .flatten()
        .min()
    }
}
