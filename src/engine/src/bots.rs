//! Which user agents are bots', by the list of the crate `isbot`, which `build.rs` compiles into tables.
//!
//! Two automata share the tables: one matches the patterns that are bound to the start of the text, one the
//! others, right where it starts. State 0 is dead, 1 has matched, the others are numbered from 2 on.
//!
//! ```text
//! CLASSES     : class (u8) of each byte; bytes of one class are alike to every state
//! END         : the class of the end of the text
//! BASES       : for each state from 2 on, where its row begins
//! TRANSITIONS : (state, next) at BASES[state − 2] + class; where another state stands there, next is 0
//! ```

include!(concat!(env!("OUT_DIR"), "/bots.rs"));

const DEAD: u16 = 0;
const MATCH: u16 = 1;
const FIRST: u16 = 2;

/// Whether `user_agent` is a known bot's. Headless browsers are bots.
///
/// Looks at each position for a pattern that begins there. Hardly any pattern gets beyond a few bytes, so
/// this takes time in proportion to the length.
pub fn is_bot(user_agent: &str) -> bool {
    let bytes = user_agent.as_bytes();
    matches(AT_START, bytes)
        || (0..bytes.len()).any(|position| matches(ANYWHERE, &bytes[position..]))
}

/// Whether a pattern of the automaton that starts in `state` matches at the start of `bytes`.
fn matches(mut state: u16, bytes: &[u8]) -> bool {
    for byte in bytes {
        state = next(state, CLASSES[usize::from(*byte)]);
        if state < FIRST {
            return state == MATCH;
        }
    }
    next(state, END) == MATCH
}

/// Where `class` leads to from `state`, which is neither dead nor matched.
fn next(state: u16, class: u8) -> u16 {
    let base = BASES[usize::from(state - FIRST)];
    match TRANSITIONS[usize::from(base) + usize::from(class)] {
        (owner, next) if owner == state => next,
        _ => DEAD,
    }
}
