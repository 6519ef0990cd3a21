//! Compiles the list of known bots (crate `isbot`) into an automaton that the engine embeds, so that no
//! canister has to compile it at run time.
//!
//! The automaton is anchored: it says whether a pattern matches right here, and the engine asks it at each
//! position. Unanchored it would be 20 times as large.

use regex_automata::dfa::{StartKind, dense};
use std::collections::BTreeSet;
use std::error::Error;
use std::path::Path;
use std::{env, fs};

fn main() -> Result<(), Box<dyn Error>> {
    println!("cargo::rerun-if-changed=build.rs");
    let patterns = patterns(&format!("{:?}", isbot::Bots::default()))?;
    let automaton = dense::Builder::new()
        .configure(
            dense::Config::new()
                .start_kind(StartKind::Anchored)
                .minimize(false),
        )
        .build(&Vec::from_iter(patterns).join("|"))?
        .to_sparse()?;
    let bytes = automaton.to_bytes_little_endian();
    eprintln!("{} bytes", bytes.len());
    fs::write(Path::new(&env::var("OUT_DIR")?).join("bots.dfa"), bytes)?;
    Ok(())
}

/// The patterns of the list, sorted: the same list gives the same bytes.
///
/// The crate shows them only in its debug output: `Bots { user_agent_patterns: {"…", "…"}, … }`.
fn patterns(debug: &str) -> Result<BTreeSet<String>, Box<dyn Error>> {
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
fn quoted(text: &str) -> Result<(String, &str), Box<dyn Error>> {
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
