//! Which user agents are bots', by the list of the crate `isbot`, compiled by `build.rs` into an automaton.

use regex_automata::Anchored;
use regex_automata::dfa::{Automaton, StartError, sparse::DFA};
use regex_automata::util::start;

static AUTOMATON: &[u8] = include_bytes!(concat!(env!("OUT_DIR"), "/bots.dfa"));

/// The list of known bots, ready to be asked. Making it checks the automaton's bytes: keep it.
pub struct Bots {
    automaton: DFA<&'static [u8]>,
}

impl Default for Bots {
    fn default() -> Self {
        Self::new()
    }
}

impl Bots {
    /// Makes the list.
    ///
    /// # Panics
    /// If the build embedded something else than an automaton; a test would show that.
    pub fn new() -> Self {
        match DFA::from_bytes(AUTOMATON) {
            Ok((automaton, _)) => Self { automaton },
            Err(error) => unreachable!("the build wrote this automaton: {error}"),
        }
    }

    /// Whether `user_agent` is a known bot's. Headless browsers are bots.
    ///
    /// Looks at each position for a pattern that begins there. Hardly any pattern gets beyond a few bytes, so
    /// this takes time in proportion to the length.
    pub fn is_bot(&self, user_agent: &str) -> bool {
        let bytes = user_agent.as_bytes();
        (0..=bytes.len()).any(|position| self.matches_at(bytes, position))
    }

    /// Whether a pattern matches from `position` on. The patterns are in lower case.
    fn matches_at(&self, bytes: &[u8], position: usize) -> bool {
        let before = position
            .checked_sub(1)
            .map(|index| bytes[index].to_ascii_lowercase());
        let Ok(mut state) = self.start(before) else {
            return false;
        };
        for byte in &bytes[position..] {
            state = self.automaton.next_state(state, byte.to_ascii_lowercase());
            if self.automaton.is_special_state(state) {
                if self.automaton.is_match_state(state) {
                    return true;
                }
                if self.automaton.is_dead_state(state) {
                    return false;
                }
            }
        }
        self.automaton
            .is_match_state(self.automaton.next_eoi_state(state))
    }

    fn start(
        &self,
        before: Option<u8>,
    ) -> Result<regex_automata::util::primitives::StateID, StartError> {
        self.automaton.start_state(
            &start::Config::new()
                .look_behind(before)
                .anchored(Anchored::Yes),
        )
    }
}
