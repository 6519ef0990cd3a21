//! Compaction in the background: one bounded slice per message, by one-shot timers.
//!
//! An update that stored entries, and an upgrade, arm the canister's one timer if compaction is due. The timer's
//! message does a single slice and arms the next one if there is more to do. A canister that nobody writes to has
//! no timer and costs nothing.
//!
//! Whether the timer is armed is asked of the system each time and never remembered. What a message arms is part of
//! its effects: it lasts or is rolled back together with heap and stable memory. But the system disarms the timer
//! *before* it runs the timer's message, outside of it. A slice that traps takes heap and stable memory back to
//! where they were, and the timer stays off; a flag on the heap would say "armed" from then on, and nothing would
//! ever be compacted again. Asked of the system, the next stored entry finds the timer off and arms it.
//!
//! What *is* remembered is for which instant the slice was armed that has not ended yet. If the timer is off and
//! that is still there, the slice did not end; it then rests for [`REST`], as after a refusal, so that a slice
//! that fails every time doesn't cost the owner one attempt per stored entry.

use crate::clock;
use crate::memory::{self, OrbiterMemory};
use engine::{CompactionError, Orbiter};
use ic_stable_structures::DefaultMemoryImpl;
use std::fmt;

/// How long compaction rests after a slice that failed: an hour, in nanoseconds. An attempt costs up to the 40
/// billion instructions of a message.
pub const REST: u64 = 3_600_000_000_000;

/// What the system says of a timer that is off, and is told to turn it off.
const OFF: u64 = 0;

/// What is known of the slices; on the heap, so an upgrade forgets it and tries again at once.
#[derive(Debug, Default)]
pub struct Compaction {
    /// The instant that a slice was armed for which has not ended.
    armed_for: Option<u64>,
    /// Why the last slice that was due came to nothing; none once one succeeded.
    failure: Option<Failure>,
}

/// A slice that came to nothing. Nothing is lost by it: what it would have compacted stays where it is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Failure {
    /// When it was, ns since 1970, UTC.
    pub at: u64,
    /// Why it was.
    pub reason: FailureReason,
}

/// Why a slice came to nothing.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum FailureReason {
    /// The engine refused.
    Refused(CompactionError),
    /// The message did not end: it trapped. Or another state of the canister was loaded before it ran.
    NotEnded,
}

impl fmt::Display for FailureReason {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Refused(error) => error.fmt(f),
            Self::NotEnded => f.write_str(
                "The slice did not end. The canister's log says why, unless a snapshot was loaded meanwhile.",
            ),
        }
    }
}

impl Compaction {
    /// Why the last slice came to nothing, if it did.
    pub fn failure(&self) -> Option<&Failure> {
        self.failure.as_ref()
    }

    /// Arms the timer for the next slice, unless it is armed already. `set_timer` sets the system's timer and
    /// gives what it was, as `ic0.global_timer_set` does; `now` and its instants in ns since 1970, UTC.
    pub fn arm(&mut self, now: u64, mut set_timer: impl FnMut(u64) -> u64) {
        let armed = set_timer(OFF);
        if armed != OFF {
            set_timer(armed);
            return;
        }
        if let Some(at) = self.armed_for {
            let reason = FailureReason::NotEnded;
            self.failure = Some(Failure { at, reason });
        }
        let rested = self
            .failure
            .as_ref()
            .map(|failure| failure.at.saturating_add(REST));
        let deadline = rested.map_or(now, |rested| rested.max(now));
        set_timer(deadline);
        self.armed_for = Some(deadline);
    }

    /// Notes how a slice ended, at the instant `now`.
    pub fn ended(&mut self, now: u64, outcome: Result<(), CompactionError>) {
        self.armed_for = None;
        self.failure = outcome.err().map(|error| Failure {
            at: now,
            reason: FailureReason::Refused(error),
        });
    }
}

/// Changes the orbiter by what may store entries, then sees to their compaction.
pub fn storing<T>(f: impl FnOnce(&mut Orbiter<OrbiterMemory<DefaultMemoryImpl>>) -> T) -> T {
    let answer = memory::write(f);
    arm_if_due();
    answer
}

/// Arms the timer if compaction is due. To be called after whatever may have made it so.
pub fn arm_if_due() {
    let now = clock::now();
    if memory::read(|orbiter| orbiter.compaction_is_due(now)) {
        memory::compaction(|compaction| compaction.arm(now, ic_cdk::api::global_timer_set));
    }
}

/// The timer's message: one slice.
#[cfg(target_arch = "wasm32")]
#[unsafe(export_name = "canister_global_timer")]
extern "C" fn canister_global_timer() {
    let now = clock::now();
    let outcome = memory::write(|orbiter| orbiter.compact(now));
    let did_something = outcome == Ok(true);
    memory::compaction(|compaction| compaction.ended(now, outcome.map(|_| ())));
    if did_something {
        arm_if_due();
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::cell::Cell;

    const NOW: u64 = 1_750_000_000_000_000_000;
    const FULL: CompactionError = CompactionError::Full {
        needed: 2,
        capacity: 1,
    };

    /// A canister's timer.
    #[derive(Default)]
    struct Timer(Cell<u64>);

    impl Timer {
        fn arm(&self, compaction: &mut Compaction, now: u64) {
            compaction.arm(now, |deadline| self.0.replace(deadline));
        }

        /// The system runs the timer's message: it is off from then on, whatever becomes of the message.
        fn fires(&self) -> u64 {
            self.0.replace(OFF)
        }
    }

    #[test]
    fn the_first_one_to_arm_sets_the_timer_and_later_ones_leave_it() {
        let (timer, mut compaction) = (Timer::default(), Compaction::default());
        timer.arm(&mut compaction, NOW);
        timer.arm(&mut compaction, NOW + 5);
        assert_eq!(timer.0.get(), NOW);
        assert_eq!(compaction.failure(), None);
    }

    #[test]
    fn slice_follows_slice_without_a_rest() {
        let (timer, mut compaction) = (Timer::default(), Compaction::default());
        for now in [NOW, NOW + 1, NOW + 2] {
            timer.arm(&mut compaction, now);
            assert_eq!(timer.fires(), now);
            compaction.ended(now, Ok(()));
        }
        assert_eq!(timer.0.get(), OFF);
        assert_eq!(compaction.failure(), None);
    }

    #[test]
    fn after_a_trap_the_next_entry_arms_again_with_a_rest() {
        let (timer, mut compaction) = (Timer::default(), Compaction::default());
        timer.arm(&mut compaction, NOW);
        // The heap goes back to where it was, the timer stays off.
        timer.fires();
        timer.arm(&mut compaction, NOW + 7);
        assert_eq!(timer.0.get(), NOW + REST);
        let reason = FailureReason::NotEnded;
        assert_eq!(compaction.failure(), Some(&Failure { at: NOW, reason }));
        // A second one rests from when it ran; one that came a day later does not rest at all.
        timer.fires();
        timer.arm(&mut compaction, NOW + REST + 7);
        assert_eq!(timer.0.get(), NOW + 2 * REST);
        timer.fires();
        timer.arm(&mut compaction, NOW + 24 * REST);
        assert_eq!(timer.0.get(), NOW + 24 * REST);
        timer.fires();
        compaction.ended(NOW + 24 * REST, Ok(()));
        assert_eq!(compaction.failure(), None);
    }

    #[test]
    fn a_refusal_is_kept_until_a_slice_succeeds_and_rests() {
        let (timer, mut compaction) = (Timer::default(), Compaction::default());
        timer.arm(&mut compaction, NOW);
        timer.fires();
        compaction.ended(NOW + 1, Err(FULL));
        let refused = Failure {
            at: NOW + 1,
            reason: FailureReason::Refused(FULL),
        };
        assert_eq!(compaction.failure(), Some(&refused));
        timer.arm(&mut compaction, NOW + 2);
        assert_eq!(timer.0.get(), NOW + 1 + REST);
        assert_eq!(compaction.failure(), Some(&refused));
        timer.fires();
        compaction.ended(NOW + 1 + REST, Ok(()));
        assert_eq!(compaction.failure(), None);
    }

    #[test]
    fn the_end_of_time_is_no_overflow() {
        let (timer, mut compaction) = (Timer::default(), Compaction::default());
        compaction.ended(u64::MAX, Err(FULL));
        timer.arm(&mut compaction, u64::MAX);
        assert_eq!(timer.0.get(), u64::MAX);
    }
}
