//! What a person sees while a command works: each step named, and how long it took.
//!
//! Progress goes to standard error; standard output holds the result alone, as text or as one JSON object.

use std::time::{Duration, Instant};

use indicatif::{HumanBytes, ProgressBar, ProgressStyle};

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
