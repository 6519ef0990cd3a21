//! The figures as a page for people.

use crate::figures::{Figures, Posts, Run};
use crate::posts::{CYCLES_OF_A_BYTE, CYCLES_OF_A_MESSAGE};
use crate::run::{PERIODS, VIEW_DASHBOARDS};
use bench_canister::report::Dashboard;
use std::fmt::Write;

const INTRODUCTION: &str = "\
# What storing and asking costs

Written by `scripts/bench`. IC instructions and bytes, measured on the Wasm in localnet; the same run to run, on any
machine. `benches/storage.json` has the same figures for programs, and those that `scripts/test` holds.

Workloads (`benches/workloads/`): W1 one site, a view a second, visits of three views; W1' visits of one view; W2 twenty
satellites through the hours of the day; W3 a site of a million pages; W4 a hundred views a day; W5 five web vitals with
each page load, an event with each tenth; W6 hostile: texts that never repeat, clocks wrong by centuries, keys sent
again. *Peer* is a plain map of CBOR with an index map (`benches/workloads/src/peer/`), in the same canister.

";

/// The whole page.
pub fn page(figures: &Figures) -> String {
    let mut page = INTRODUCTION.to_owned();
    page += &targets(figures);
    page += &stores(figures);
    page += &dashboards(figures);
    if let Some(posts) = &figures.posts {
        page += &requests(posts);
    }
    page
}

/// A target: what, what must be reached, what would be better still, and what is measured.
struct Target {
    what: &'static str,
    must: f64,
    moonshot: f64,
    measured: Option<f64>,
}

fn targets(figures: &Figures) -> String {
    let mut text =
        "## Targets\n\n| what | must | moonshot | measured | |\n|---|--:|--:|--:|---|\n".to_owned();
    for target in list(figures) {
        let verdict = match target.measured {
            None => "not measured",
            Some(measured) if measured <= target.moonshot => "moonshot",
            Some(measured) if measured <= target.must => "yes",
            Some(_) => "**no**",
        };
        let measured = target.measured.map_or_else(|| "–".to_owned(), number);
        let (must, moonshot) = (number(target.must), number(target.moonshot));
        let _ = writeln!(
            text,
            "| {} | {must} | {moonshot} | {measured} | {verdict} |",
            target.what
        );
    }
    text + "\n"
}

fn list(figures: &Figures) -> Vec<Target> {
    let find = |workload: &str, entries: u64, days: Option<u32>| {
        figures.runs.iter().find(|run| {
            let order = &run.order;
            !order.peer
                && order.workload == workload
                && (order.entries, order.days) == (entries, days)
        })
    };
    let million = find("W1", 1_000_000, None);
    let year = find("W1", 1_000_000, Some(365));
    let ten_millions = find("W1", 10_000_000, Some(365));
    let posts = figures.posts.as_ref();
    let target = |what, must, moonshot, measured| Target {
        what,
        must,
        moonshot,
        measured,
    };
    vec![
        target(
            "live bytes per view, W1, 1 M",
            40.0,
            34.0,
            million.and_then(Run::live_bytes_per_entry),
        ),
        target(
            "live bytes per view, W1', 1 M",
            52.0,
            46.0,
            find("W1'", 1_000_000, None).and_then(Run::live_bytes_per_entry),
        ),
        target(
            "instructions of a POST with one view",
            3e5,
            6e4,
            posts.map(|posts| posts.one.mean() as f64),
        ),
        target(
            "instructions of each further view in a batch",
            4.5e4,
            2.5e4,
            posts.map(further),
        ),
        target(
            "cycles of a view alone",
            9.7e6,
            9.7e6,
            posts.map(cycles_alone),
        ),
        target(
            "instructions of compaction per view, W1, 1 M",
            1.2e4,
            4e3,
            million.map(|run| run.compaction_per_entry() as f64),
        ),
        target(
            "three dashboards, 30 days of a year of 1 M",
            2e7,
            3e6,
            year.and_then(|run| three(run, Some(30), false)),
        ),
        target(
            "three dashboards, 30 days of a year of 10 M",
            3e7,
            5e6,
            ten_millions.and_then(|run| three(run, Some(30), false)),
        ),
        target(
            "the same, uneven bounds",
            3e7,
            5e6,
            ten_millions.and_then(|run| three(run, Some(30), true)),
        ),
        target(
            "three dashboards, a year of 10 M",
            3e7,
            8e6,
            ten_millions.and_then(|run| three(run, Some(365), false)),
        ),
        target(
            "look-up of a stored entry by key, 1 M",
            6e4,
            1.5e4,
            million.map(|run| run.look_up.mean() as f64),
        ),
        target(
            "opening after an upgrade, 10 M",
            1e9,
            5e7,
            ten_millions.map(|run| run.opening as f64),
        ),
    ]
}

/// The instructions that a further view adds to a batch.
fn further(posts: &Posts) -> f64 {
    posts.hundred.mean().saturating_sub(posts.ten.mean()) as f64 / 90.0
}

/// Cycles of a request with one view.
fn cycles_alone(posts: &Posts) -> f64 {
    (CYCLES_OF_A_MESSAGE + CYCLES_OF_A_BYTE * posts.ingress_one + posts.one.mean()) as f64
}

/// The three dashboards of page views together.
fn three(run: &Run, days: Option<u32>, ugly: bool) -> Option<f64> {
    let each = VIEW_DASHBOARDS.map(|dashboard| run.asked(dashboard, days, ugly)?.instructions);
    each.into_iter()
        .try_fold(0.0, |sum, one| Some(sum + one? as f64))
}

fn stores(figures: &Figures) -> String {
    let mut text = "\
## Storing

Per entry, after half an hour of silence and all compaction that was due: *live* bytes are those that entries take with
all that belongs to them (of the peer the pages of its maps). *Grown* is by how much stable memory grew for all of them,
in steps of 16 MiB, the peer's of 8 MiB: that is what is paid for.
*Set* is the engine's work alone; entries share messages here, so that pages of memory touched first weigh less than in
a message of their own. *Slice* is the heaviest message of compaction. *Look-up* finds a stored entry and refuses it.

| workload | entries | days | store | live, B | grown, MiB | set | refused | compaction | slice | segments | fresh | look-up | upgrade |
|---|--:|--:|---|--:|--:|--:|--:|--:|--:|--:|--:|--:|--:|
"
    .to_owned();
    for run in &figures.runs {
        let days = run
            .order
            .days
            .map_or_else(|| "own rate".to_owned(), |days| days.to_string());
        let store = if run.order.peer { "peer" } else { "ours" };
        let live = run
            .live_bytes_per_entry()
            .map_or_else(|| "–".to_owned(), |live| format!("{live:.1}"));
        let _ = writeln!(
            text,
            "| {} | {} | {days} | {store} | {live} | {} | {} | {} | {} | {} | {} | {} | {} | {} |",
            run.order.workload,
            number(run.order.entries as f64),
            run.grown_bytes() >> 20,
            number(run.progress.set.mean() as f64),
            number(run.progress.refused.mean() as f64),
            number(run.compaction_per_entry() as f64),
            number(run.progress.compaction.heaviest as f64),
            run.size.segments,
            run.size.fresh_entries,
            number(run.look_up.mean() as f64),
            number(run.opening as f64),
        );
    }
    text + "\n"
}

fn dashboards(figures: &Figures) -> String {
    let mut text = "\
## Asking

Instructions of a dashboard over everything, or the last so many days of the spread. Where two figures stand, the second
is that of bounds within days, to the nanosecond. A dash: a query's 5 billion instructions don't suffice.

| workload | entries | store | dashboard | everything | 1 day | 7 days | 30 days | 365 days |
|---|--:|---|---|--:|--:|--:|--:|--:|
"
    .to_owned();
    for run in &figures.runs {
        let store = if run.order.peer { "peer" } else { "ours" };
        for asked in run.dashboards.iter().filter(|asked| asked.days.is_none()) {
            let (name, everything) = (title(asked.dashboard), cell(asked.instructions));
            let (workload, entries) = (&run.order.workload, number(run.order.entries as f64));
            let _ = write!(
                text,
                "| {workload} | {entries} | {store} | {name} | {everything} |"
            );
            for days in PERIODS {
                let both = [false, true].map(|ugly| run.asked(asked.dashboard, Some(days), ugly));
                let _ = match both {
                    [Some(even), Some(uneven)] => {
                        write!(
                            text,
                            " {} / {} |",
                            cell(even.instructions),
                            cell(uneven.instructions)
                        )
                    }
                    _ => write!(text, " |"),
                };
            }
            text += "\n";
        }
    }
    text + "\n"
}

fn title(dashboard: Dashboard) -> &'static str {
    match dashboard {
        Dashboard::Metrics => "metrics",
        Dashboard::TopTen => "top 10",
        Dashboard::Clients => "clients",
        Dashboard::Events => "events",
        Dashboard::WebVitals => "web vitals",
    }
}

fn cell(instructions: Option<u64>) -> String {
    instructions.map_or_else(|| "–".to_owned(), |it| number(it as f64))
}

fn requests(posts: &Posts) -> String {
    let mut text = format!(
        "\
## Requests

`dist/orbiter.wasm` as it ships, with 5,000 views stored: instructions of the whole `http_request_update`, read from
`performance_counter` by a function appended behind the method (`benches/src/meter.rs`). Baseline JSON, headers as Chrome
sends them ({} B). Cycles on a subnet of 13 nodes: 6.2 M + 2,000 × bytes of the ingress message + instructions.

| views in the request | ingress, B | instructions | heaviest | cycles | cycles per view |
|--:|--:|--:|--:|--:|--:|
",
        posts.header_bytes
    );
    for (views, weight, ingress) in [
        (1, posts.one, posts.ingress_one),
        (10, posts.ten, posts.ingress_ten),
        (100, posts.hundred, posts.ingress_hundred),
    ] {
        let cycles = (CYCLES_OF_A_MESSAGE + CYCLES_OF_A_BYTE * ingress + weight.mean()) as f64;
        let _ = writeln!(
            text,
            "| {views} | {ingress} | {} | {} | {} | {} |",
            number(weight.mean() as f64),
            number(weight.heaviest as f64),
            number(cycles),
            number(cycles / f64::from(views)),
        );
    }
    text
}

/// A number as people read it: three digits or so, and k, M or B.
fn number(value: f64) -> String {
    for (unit, name) in [(1e9, " B"), (1e6, " M"), (1e3, " k")] {
        if value >= unit * 0.999_5 {
            return format!("{}{name}", digits(value / unit));
        }
    }
    digits(value)
}

fn digits(value: f64) -> String {
    let places = if value >= 99.95 || (value - value.round()).abs() < 0.005 {
        0
    } else if value >= 9.995 {
        1
    } else {
        2
    };
    format!("{value:.places$}")
}

#[cfg(test)]
mod tests {
    use super::number;

    #[test]
    fn numbers_are_cut_to_what_can_be_read() {
        for (value, text) in [
            (0.0, "0"),
            (7.0, "7"),
            (31.67, "31.7"),
            (999.0, "999"),
            (1_000.0, "1 k"),
            (12_345.0, "12.3 k"),
            (999_999.0, "1 M"),
            (4_200_000.0, "4.20 M"),
            (5e9, "5 B"),
        ] {
            assert_eq!(number(value), text);
        }
    }
}
