//! Compiles the list of known bots (crate `isbot`) into tables that the engine embeds, so that no canister
//! has to compile it at run time. `src/bots.rs` draws the tables and reads them.
//!
//! Two automata: one for patterns bound to the start of the text, one that is asked at every position.
//! Together, or unanchored, they would be many times as large.

use regex_automata::Anchored;
use regex_automata::dfa::{Automaton, StartKind, dense};
use regex_automata::util::primitives::StateID;
use regex_automata::util::start;
use std::collections::{BTreeMap, BTreeSet};
use std::error::Error;
use std::path::Path;
use std::{env, fs};

type Result<T> = std::result::Result<T, Box<dyn Error>>;
type Automata = dense::DFA<Vec<u32>>;

/// What a text goes on with: a byte, or nothing.
const INPUTS: usize = 257;
const END: usize = 256;

/// No pattern matches any more.
const DEAD: u16 = 0;
/// A pattern matches, whatever follows.
const MATCH: u16 = 1;
/// The first state that is neither.
const FIRST: u16 = 2;

/// A state, and where it leads to.
type Transition = (u16, u16);

/// Where each input leads to, in every state from [`FIRST`] on.
type States = Vec<[u16; INPUTS]>;

fn main() -> Result<()> {
    println!("cargo::rerun-if-changed=build.rs");
    let patterns = patterns(&format!("{:?}", isbot::Bots::default()))?;
    let (bound, anywhere): (Vec<_>, Vec<_>) = patterns
        .into_iter()
        .partition(|pattern| pattern.starts_with('^'));
    let mut states = States::new();
    let start = add_states(&mut states, &bound, None)?;
    let anywhere = add_states(&mut states, &anywhere, Some(b' '))?;
    let (classes, columns) = classes(&states);
    let (bases, transitions) = pack(&states, &columns)?;
    let source = format!(
        "const AT_START: u16 = {start};\nconst ANYWHERE: u16 = {anywhere};\nconst END: u8 = {};\n\
         static CLASSES: [u8; 256] = {:?};\nstatic BASES: [u16; {}] = {bases:?};\n\
         static TRANSITIONS: [(u16, u16); {}] = {transitions:?};\n",
        classes[END],
        &classes[..END],
        bases.len(),
        transitions.len(),
    );
    fs::write(Path::new(&env::var("OUT_DIR")?).join("bots.rs"), source)?;
    Ok(())
}

/// The patterns of the list, sorted: the same list gives the same tables.
///
/// The crate shows them only in its debug output: `Bots { user_agent_patterns: {"…", "…"}, … }`.
fn patterns(debug: &str) -> Result<BTreeSet<String>> {
    let mut rest = debug
        .strip_prefix("Bots { user_agent_patterns: {")
        .ok_or("the crate isbot shows its patterns in a new way")?;
    let mut patterns = BTreeSet::new();
    while let Some(after_quote) = rest.strip_prefix('"') {
        let (pattern, after_pattern) = quoted(after_quote)?;
        patterns.insert(pattern);
        rest = after_pattern.strip_prefix(", ").unwrap_or(after_pattern);
    }
    if !rest.starts_with('}') || patterns.is_empty() {
        return Err("the crate isbot shows its patterns in a new way".into());
    }
    Ok(patterns)
}

/// The text up to the closing quote, without escapes, and what follows.
fn quoted(text: &str) -> Result<(String, &str)> {
    let mut pattern = String::new();
    let mut chars = text.char_indices();
    while let Some((position, char)) = chars.next() {
        match char {
            '"' => return Ok((pattern, &text[position + 1..])),
            '\\' => match chars.next() {
                Some((_, escaped @ ('\\' | '"' | '\''))) => pattern.push(escaped),
                other => return Err(format!("unknown escape {other:?} in the list of bots").into()),
            },
            char => pattern.push(char),
        }
    }
    Err("a pattern in the list of bots has no end".into())
}

/// Adds the states of an automaton that matches any of `patterns` right where it starts, after the byte
/// `before`; gives the state it starts in.
fn add_states(states: &mut States, patterns: &[String], before: Option<u8>) -> Result<u16> {
    let automaton = dense::Builder::new()
        .configure(dense::Config::new().start_kind(StartKind::Anchored))
        .build(&patterns.join("|"))?;
    let start_after = |before| {
        let config = start::Config::new()
            .look_behind(before)
            .anchored(Anchored::Yes);
        automaton.start_state(&config)
    };
    let start = start_after(before)?;
    for other in (0..=u8::MAX).filter(|_| before.is_some()) {
        if start_after(Some(other))? != start {
            return Err("a pattern looks at what stands before it: the tables can't".into());
        }
    }
    let mut numbers = BTreeMap::new();
    let mut todo = vec![start];
    number(&automaton, start, states, &mut numbers)?;
    while let Some(state) = todo.pop() {
        for input in 0..INPUTS {
            let next = step(&automaton, state, input);
            let is_known = numbers.contains_key(&next);
            let number = number(&automaton, next, states, &mut numbers)?;
            if !is_known && number >= FIRST {
                todo.push(next);
            }
            states[usize::from(numbers[&state] - FIRST)][input] = number;
        }
    }
    Ok(numbers[&start])
}

/// The number of a state; a new one has no transitions yet.
fn number(
    automaton: &Automata,
    state: StateID,
    states: &mut States,
    numbers: &mut BTreeMap<StateID, u16>,
) -> Result<u16> {
    if let Some(number) = numbers.get(&state) {
        return Ok(*number);
    }
    let is_match = |state| automaton.is_match_state(state);
    let number = if automaton.is_dead_state(state) {
        DEAD
    } else if automaton.is_quit_state(state) {
        return Err("the automaton gives up on some input: the tables can't".into());
    } else if is_match(state) || (0..INPUTS).all(|input| is_match(step(automaton, state, input))) {
        MATCH
    } else {
        states.push([DEAD; INPUTS]);
        u16::try_from(states.len() - 1)? + FIRST
    };
    numbers.insert(state, number);
    Ok(number)
}

fn step(automaton: &Automata, state: StateID, input: usize) -> StateID {
    match u8::try_from(input) {
        Ok(byte) => automaton.next_state(state, byte),
        Err(_) => automaton.next_eoi_state(state),
    }
}

/// The class of each input, and an input of each class. Inputs of a class lead to the same state everywhere;
/// a letter is in the class of its lower case, because the patterns are in lower case.
fn classes(states: &States) -> (Vec<u8>, Vec<usize>) {
    let mut columns: Vec<usize> = Vec::new();
    let classes = (0..INPUTS)
        .map(|input| {
            let input = u8::try_from(input).map_or(input, |byte| byte.to_ascii_lowercase().into());
            let is_alike = |other: &usize| states.iter().all(|row| row[input] == row[*other]);
            let class = columns.iter().position(is_alike).unwrap_or_else(|| {
                columns.push(input);
                columns.len() - 1
            });
            class as u8
        })
        .collect();
    (classes, columns)
}

/// Lays the rows of all states over each other so that no two transitions share a place: that of `class` in
/// `state` is at `bases[state] + class`, and says whose it is.
fn pack(states: &States, columns: &[usize]) -> Result<(Vec<u16>, Vec<Transition>)> {
    let mut transitions: Vec<Transition> = Vec::new();
    let mut bases = vec![0; states.len()];
    let used = |row: &[u16; INPUTS]| -> Vec<usize> {
        (0..columns.len())
            .filter(|class| row[columns[*class]] != DEAD)
            .collect()
    };
    let mut order: Vec<_> = states.iter().map(used).enumerate().collect();
    // The fullest rows first: the others fit into their gaps.
    order.sort_by_key(|(state, classes)| (columns.len() - classes.len(), *state));
    for (state, classes) in order {
        let is_free = |place: usize| transitions.get(place).is_none_or(|entry| entry.0 == 0);
        let base = (0..).find(|base| classes.iter().all(|class| is_free(base + class)));
        let base = base.ok_or("no place for a state")?;
        let end = base + columns.len();
        if transitions.len() < end {
            transitions.resize(end, (0, DEAD));
        }
        for class in classes {
            let owner = u16::try_from(state)? + FIRST;
            transitions[base + class] = (owner, states[state][columns[class]]);
        }
        bases[state] = u16::try_from(base)?;
    }
    Ok((bases, transitions))
}
