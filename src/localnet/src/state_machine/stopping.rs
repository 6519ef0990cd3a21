//! Stopping: a canister takes no new calls, waits for the answers to its own, then is stopped. And uninstalling,
//! which answers for the canister what it will never answer itself.

use super::canister::StopWaiter;
use super::{Network, Origin, Status};
use crate::rejection::{ErrorCode, Reject};
use candid::Principal;

/// How long a stop request waits, in nanoseconds.
const PATIENCE: u64 = 5 * 60 * 1_000_000_000;

impl Network {
    /// Begins to stop a canister. The caller is answered when it is done: now or later.
    pub(crate) fn stop(
        &mut self,
        id: Principal,
        origin: Origin,
        cycles: u128,
    ) -> Result<(), Reject> {
        let deadline = self.time.saturating_add(PATIENCE);
        let waiter = StopWaiter {
            origin,
            cycles,
            deadline,
        };
        let canister = self.canister_mut(id)?;
        match &mut canister.status {
            Status::Stopping(waiters) => waiters.push(waiter),
            Status::Running => {
                canister.status = Status::Stopping(vec![waiter]);
                canister.version += 1;
            }
            Status::Stopped => self.tell(waiter, Ok(())),
        }
        self.stop_if_drained(id);
        Ok(())
    }

    /// Lets a canister take messages again; whoever wanted it stopped is told that it will not be.
    pub(crate) fn start(&mut self, id: Principal) -> Result<(), Reject> {
        let canister = self.canister_mut(id)?;
        if matches!(canister.status, Status::Running) {
            return Ok(());
        }
        canister.version += 1;
        let before = std::mem::replace(&mut canister.status, Status::Running);
        if let Status::Stopping(waiters) = before {
            for waiter in waiters {
                let message = format!("Canister {id} was started again before it had stopped");
                let reject = Reject::new(ErrorCode::CanisterRejectedMessage, message);
                self.tell(waiter, Err(reject));
            }
        }
        Ok(())
    }

    /// A canister that is stopping and waits for nothing any more is stopped.
    pub(super) fn stop_if_drained(&mut self, id: Principal) {
        let Some(canister) = self.canisters.get_mut(&id) else {
            return;
        };
        if !matches!(canister.status, Status::Stopping(_)) || !self.contexts.drained(id) {
            return;
        }
        let before = std::mem::replace(&mut canister.status, Status::Stopped);
        if let Status::Stopping(waiters) = before {
            for waiter in waiters {
                self.tell(waiter, Ok(()));
            }
        }
    }

    fn tell(&mut self, waiter: StopWaiter, result: Result<(), Reject>) {
        let result = result.map(|()| crate::management::empty_reply());
        self.respond(waiter.origin, result, waiter.cycles);
    }

    /// Rejects stop requests that waited too long; the canister goes on stopping.
    pub(super) fn expire_stop_requests(&mut self) {
        let now = self.time;
        let mut overdue = Vec::new();
        for canister in self.canisters.values_mut() {
            if let Status::Stopping(waiters) = &mut canister.status {
                overdue.extend(waiters.extract_if(.., |waiter| waiter.deadline <= now));
            }
        }
        for waiter in overdue {
            let message = "Stop canister request timed out: calls of the canister are still open";
            let reject = Reject::new(ErrorCode::StopCanisterRequestTimeout, message);
            self.tell(waiter, Err(reject));
        }
    }

    /// When the next stop request gives up.
    pub(super) fn next_stop_deadline(&self) -> Option<u64> {
        self.canisters
            .values()
            .filter_map(|canister| match &canister.status {
                Status::Stopping(waiters) => waiters.iter().map(|waiter| waiter.deadline).min(),
                Status::Running | Status::Stopped => None,
            })
            .min()
    }

    /// Answers every call a canister still owes an answer, because its code is gone; what its own calls are
    /// answered is dropped when it comes.
    pub(super) fn abandon_contexts(&mut self, id: Principal) {
        for context in self.contexts.of(id) {
            let reject = Reject::new(
                ErrorCode::CanisterRejectedMessage,
                "Canister has been uninstalled.",
            );
            self.answer(context, Err(reject));
            if let Some(open) = self.contexts.get_mut(context) {
                open.deleted = true;
            }
        }
    }
}
