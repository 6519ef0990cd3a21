//! `storage`: measures and rewrites `benches/storage.json` and `benches/storage.md`.
//!
//! Without an argument everything; `gate` and `posts` one part alone; `runs A B` the workloads of A to B entries.
//! `lines WORKLOAD N` measures nothing: it prints N entries as JSON lines, for other programs.

use benches::figures::{Figures, Run};
use benches::{gate, json, plan, posts, run};
use std::io::Write;
use std::ops::RangeInclusive;
use std::process::ExitCode;
use workloads::{Spread, Workload};

const USAGE: &str = "Usage: storage [gate | posts | runs [LEAST MOST] | lines WORKLOAD ENTRIES]";

fn main() -> ExitCode {
    let words: Vec<String> = std::env::args().skip(1).collect();
    let words: Vec<&str> = words.iter().map(String::as_str).collect();
    let done = match words.as_slice() {
        [] => everything(),
        ["gate"] => {
            let gate = gate::measure();
            record(|figures| gate.record(figures))
        }
        ["posts"] => {
            let posts = posts::measure();
            record(|figures| figures.posts = Some(posts))
        }
        ["runs"] => runs(0..=u64::MAX),
        ["runs", least, most] => match (least.parse(), most.parse()) {
            (Ok(least), Ok(most)) => runs(least..=most),
            _ => Err(USAGE.to_owned()),
        },
        ["lines", workload, entries] => lines(workload, entries),
        _ => Err(USAGE.to_owned()),
    };
    match done {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("{error}");
            ExitCode::FAILURE
        }
    }
}

fn lines(workload: &str, entries: &str) -> Result<(), String> {
    let workload = Workload::from_name(workload).ok_or(USAGE)?;
    let entries = entries.parse().map_err(|_| USAGE)?;
    let mut out = std::io::BufWriter::new(std::io::stdout().lock());
    for sent in workload.entries(entries, Spread::OwnRate) {
        writeln!(out, "{}", json::line(&sent, 0)).map_err(|error| error.to_string())?;
    }
    out.flush().map_err(|error| error.to_string())
}

/// Writes what was just measured among what the file has.
fn record(part: impl FnOnce(&mut Figures)) -> Result<(), String> {
    let mut figures = Figures::read()?;
    part(&mut figures);
    figures.write()
}

fn everything() -> Result<(), String> {
    let mut figures = Figures::default();
    gate::measure().record(&mut figures);
    figures.posts = Some(posts::measure());
    figures.write()?;
    runs(0..=u64::MAX)
}

/// Writes the file after each workload: a run that is cut short leaves what it measured.
fn runs(entries: RangeInclusive<u64>) -> Result<(), String> {
    for order in plan::orders(entries) {
        let store = if order.peer { "peer" } else { "engine" };
        eprintln!("{} × {}, {store}", order.workload, order.entries);
        let run = run::run(&order);
        record(|figures| replace(&mut figures.runs, run))?;
    }
    Ok(())
}

/// Puts a run in the place of the former one of the same order, in the order of the plan.
fn replace(runs: &mut Vec<Run>, run: Run) {
    runs.retain(|old| old.order != run.order);
    runs.push(run);
    let plan = plan::orders(0..=u64::MAX);
    runs.sort_by_key(|run| plan.iter().position(|order| *order == run.order));
}
