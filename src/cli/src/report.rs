//! What a person sees while a command works: each step named, and how long it took.
//!
//! Progress goes to standard error; standard output holds the result alone, as text or as one JSON object.

use std::time::{Duration, Instant};

use indicatif::{HumanBytes, ProgressBar, ProgressStyle};

use crate::commands::Common;
use crate::error::{Error, Result};

/// How often the spinner turns.
const TICK: Duration = Duration::from_millis(100);

/// How a command reports.
#[derive(Debug, Clone, Copy)]
pub struct Report {
    /// Whether progress is shown.
    pub progress: bool,
    /// Whether the result is JSON.
    pub json: bool,
}

impl Report {
    /// As the words common to all commands say.
    pub fn new(common: &Common) -> Self {
        Self {
            progress: !(common.quiet || common.json),
            json: common.json,
        }
    }

    /// Does a step of the work under its name.
    pub async fn step<T>(&self, name: &str, work: impl Future<Output = Result<T>>) -> Result<T> {
        if !self.progress {
            return work.await;
        }
        let spinner = ProgressBar::new_spinner().with_message(name.to_owned());
        if let Ok(style) = ProgressStyle::with_template("  {spinner} {msg} {elapsed}") {
            spinner.set_style(style);
        }
        spinner.enable_steady_tick(TICK);
        let start = Instant::now();
        let outcome = work.await;
        spinner.finish_and_clear();
        let mark = if outcome.is_ok() { '✓' } else { '✗' };
        eprintln!("  {mark} {name}  {}", seconds(start.elapsed()));
        outcome
    }

    /// Says something that took no work.
    pub fn note(&self, text: &str) {
        if self.progress {
            eprintln!("  · {text}");
        }
    }

    /// Prints the result: `value` as JSON if that was asked for, else its text.
    pub fn result<T: serde::Serialize + std::fmt::Display>(&self, value: &T) -> Result<()> {
        let text = match self.json {
            false => value.to_string(),
            true => serde_json::to_string_pretty(value).map_err(|source| Error::Json {
                path: "standard output".into(),
                source,
            })?,
        };
        println!("{text}");
        Ok(())
    }
}

/// A duration for a person: tenths of a second.
fn seconds(duration: Duration) -> String {
    format!("{:.1} s", duration.as_secs_f64())
}

/// A number of bytes for a person: binary multiples.
pub fn bytes(count: u64) -> String {
    HumanBytes(count).to_string()
}

/// A number of cycles for a person: in T (10¹²), B (10⁹) or M (10⁶), two decimals, rounded down.
pub fn cycles(count: u128) -> String {
    for (unit, name) in [
        (1_000_000_000_000, "T"),
        (1_000_000_000, "B"),
        (1_000_000, "M"),
    ] {
        if count >= unit {
            return format!("{}.{:02} {name}", count / unit, count % unit * 100 / unit);
        }
    }
    count.to_string()
}

/// The day of an instant (ns since 1970, UTC) in the Gregorian calendar, `YYYY-MM-DD`.
///
/// After Howard Hinnant, "chrono-Compatible Low-Level Date Algorithms", `civil_from_days`: years begin in March, so that
/// the leap day is a year's last, and are counted in eras of 400 years.
pub fn date(nanos: u64) -> String {
    const DAY: u64 = 86_400_000_000_000;
    /// Days from 0000-03-01 to 1970-01-01.
    const BEFORE_1970: u64 = 719_468;
    const ERA: u64 = 146_097;
    let days = nanos / DAY + BEFORE_1970;
    let (era, day) = (days / ERA, days % ERA);
    let year = (day - day / 1_460 + day / 36_524 - day / 146_096) / 365;
    let day = day - (365 * year + year / 4 - year / 100);
    let month = (5 * day + 2) / 153;
    let day = day - (153 * month + 2) / 5 + 1;
    let month = if month < 10 { month + 3 } else { month - 9 };
    let year = era * 400 + year + u64::from(month <= 2);
    format!("{year:04}-{month:02}-{day:02}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn cycles_are_written_in_the_largest_unit_and_rounded_down() {
        assert_eq!(cycles(999_999), "999999");
        assert_eq!(cycles(1_000_000), "1.00 M");
        assert_eq!(cycles(1_999_999_999), "1.99 B");
        assert_eq!(cycles(99_998_765_432_100), "99.99 T");
        assert_eq!(
            cycles(u128::MAX),
            format!("{}.43 T", u128::MAX / 1_000_000_000_000)
        );
    }

    #[test]
    fn instants_are_written_as_days_of_the_calendar() {
        for (seconds, expected) in [
            (0, "1970-01-01"),
            (86_399, "1970-01-01"),
            (86_400, "1970-01-02"),
            (951_782_400, "2000-02-29"),
            (951_868_800, "2000-03-01"),
            (1_709_164_800, "2024-02-29"),
            (4_107_542_400, "2100-03-01"),
            (16_725_225_600, "2500-01-01"),
        ] {
            assert_eq!(date(seconds * 1_000_000_000), expected, "{seconds}");
        }
        assert_eq!(date(u64::MAX), "2554-07-21");
    }

    #[test]
    fn a_step_gives_back_what_its_work_gave() {
        let report = Report {
            progress: false,
            json: false,
        };
        let runtime = tokio::runtime::Builder::new_current_thread()
            .build()
            .unwrap();
        let given = runtime.block_on(report.step("count", async { Ok(7) }));
        assert_eq!(given.unwrap(), 7);
    }

    #[test]
    fn durations_are_written_in_tenths_of_a_second() {
        assert_eq!(seconds(Duration::from_millis(1249)), "1.2 s");
    }
}
