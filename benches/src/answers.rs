//! Lets `dist/orbiter.wasm` answer, and writes down what was sent and what it said: two files of JSON lines, for a check
//! that shares no code with ours (`benches/duckdb/check.py`).
//!
//! ```text
//! sent.jsonl     {"batch": 0, "kind": "page_view", "now": …, "satellite_id": "…", "key": {…}, "page_view": {…}} …
//! answers.jsonl  {"batch": 0, "status": 200, "message": null} …            what each request was answered
//!                {"after": 120, "question": {"satellite_id": …, "from": …, "to": …},
//!                 "metrics": {…}, "top_10": {…}, "clients": {…}, "track_events": {…}, "web_vitals": {…}} …
//!                                                                         asked after so many requests
//! ```

use crate::json;
use crate::network::built;
use crate::posts::Orbiter;
use candid::Principal;
use candid::utils::ArgumentDecoder;
use serde_json::{Value, json};
use std::io::Write;
use std::path::Path;
use std::time::Duration;
use wire::{
    AnalyticsClientsPageViews, AnalyticsMetricsPageViews, AnalyticsTop10PageViews,
    AnalyticsTrackEvents, AnalyticsWebVitals, Counts, GetAnalytics, PageMetrics,
};
use workloads::random::Random;
use workloads::{Sent, Spread, Workload};

/// How many entries of each workload come: 20,000 in all, enough of them for compaction.
const ENTRIES: [(Workload, u64); 7] = [
    (Workload::W1, 8_500),
    (Workload::W1Single, 1_000),
    (Workload::W2, 2_000),
    (Workload::W3, 1_000),
    (Workload::W4, 1_000),
    (Workload::W5, 3_500),
    (Workload::W6, 3_000),
];
/// Entries that are sent between two looks at the clock, in requests by kind and satellite.
const WINDOW: usize = 200;
/// How many questions are asked at a time.
const QUESTIONS: usize = 40;

/// Sends everything, asks in the middle, at the end, and after an upgrade; writes `sent.jsonl` and `answers.jsonl` into
/// `folder`.
///
/// # Errors
/// What went wrong with the files.
///
/// # Panics
/// When the canister misbehaves.
pub fn write(folder: &Path) -> std::io::Result<()> {
    let mut entries: Vec<Sent> = Vec::new();
    for (workload, count) in ENTRIES {
        entries.extend(workload.entries(count, Spread::OwnRate));
    }
    entries.sort_by_key(|sent| sent.now);
    let satellites = Workload::W2.satellites();
    let mut session = Session {
        orbiter: Orbiter::install(built("orbiter.wasm"), &satellites),
        random: Random::default(),
        satellites,
        instants: Vec::new(),
        batches: 0,
        sent: std::io::BufWriter::new(std::fs::File::create(folder.join("sent.jsonl"))?),
        answers: std::io::BufWriter::new(std::fs::File::create(folder.join("answers.jsonl"))?),
    };
    let (first, second) = entries.split_at(entries.len() * 3 / 5);
    session.send(first)?;
    session.ask()?;
    session.send(second)?;
    session.ask()?;
    let empty = candid::encode_args(()).expect("Candid");
    session
        .orbiter
        .canister
        .upgrade(built("orbiter.wasm"), empty);
    session.let_pass_an_hour();
    session.ask()?;
    session.sent.flush()?;
    session.answers.flush()
}

/// An orbiter, and what it was sent.
struct Session<W: Write> {
    orbiter: Orbiter,
    random: Random,
    satellites: Vec<Principal>,
    /// When entries were collected.
    instants: Vec<u64>,
    batches: usize,
    sent: W,
    answers: W,
}

impl<W: Write> Session<W> {
    fn send(&mut self, entries: &[Sent]) -> std::io::Result<()> {
        for window in entries.chunks(WINDOW) {
            let time = window.last().map_or(0, |last| last.now);
            let time = pocket_ic::Time::from_nanos_since_unix_epoch(time);
            self.orbiter.canister.network.set_time(time);
            for batch in by_kind_and_satellite(window) {
                self.post(&batch)?;
            }
        }
        Ok(())
    }

    fn post(&mut self, batch: &[Sent]) -> std::io::Result<()> {
        for sent in batch {
            let line = json::line(sent, self.batches);
            writeln!(self.sent, "{line}")?;
            self.instants.push(sent.key.collected_at);
        }
        let (path, body) = json::batch(batch);
        let (answer, _) = self.orbiter.post(path, body);
        let body: Value = serde_json::from_slice(&answer.body).expect("JSON");
        let line = json!({
            "batch": self.batches,
            "status": answer.status_code,
            "message": body["err"]["message"],
        });
        self.batches += 1;
        writeln!(self.answers, "{line}")
    }

    fn let_pass_an_hour(&self) {
        let network = &self.orbiter.canister.network;
        network.advance_time(Duration::from_secs(3_600));
        for _ in 0..20 {
            network.tick();
        }
    }

    fn ask(&mut self) -> std::io::Result<()> {
        for _ in 0..QUESTIONS {
            let question = self.question();
            let line = json!({
                "after": self.batches,
                "question": {
                    "satellite_id": question.satellite_id.map(|id| id.to_text()),
                    "from": question.from,
                    "to": question.to,
                },
                "metrics": metrics(self.answer("get_page_views_analytics_metrics", &question)),
                "top_10": top_10(self.answer("get_page_views_analytics_top_10", &question)),
                "clients": clients(self.answer("get_page_views_analytics_clients", &question)),
                "track_events": counts(
                    &self.answer::<AnalyticsTrackEvents>("get_track_events_analytics", &question).total,
                ),
                "web_vitals": web_vitals(
                    self.answer("get_performance_metrics_analytics_web_vitals", &question),
                ),
            });
            writeln!(self.answers, "{line}")?;
        }
        Ok(())
    }

    fn answer<Answer>(&self, method: &str, question: &GetAnalytics) -> Answer
    where
        (Answer,): for<'a> ArgumentDecoder<'a>,
    {
        let answer: Result<(Answer,), String> = self.orbiter.canister.query(method, (question,));
        answer
            .unwrap_or_else(|reject| panic!("{method} of {question:?}: {reject}"))
            .0
    }

    /// Any satellite or all, and bounds of every sort.
    fn question(&mut self) -> GetAnalytics {
        let number = self.random.below(self.satellites.len() as u32 * 2) as usize;
        let (mut from, mut to) = (self.bound(), self.bound());
        // Mostly the right way round.
        if from > to && to.is_some() && self.random.chance(9, 10) {
            (from, to) = (to, from);
        }
        GetAnalytics {
            satellite_id: match self.random.below(3) {
                0 => None,
                1 => self.satellites.first().copied(),
                _ => self.satellites.get(number).copied(),
            },
            from,
            to,
        }
    }

    /// None; a midnight; the instant of an entry or just beside it; anything.
    fn bound(&mut self) -> Option<u64> {
        const DAY: u64 = 86_400_000_000_000;
        let position = self.random.below(self.instants.len() as u32) as usize;
        let instant = self.instants[position];
        match self.random.below(8) {
            0 | 1 => None,
            2 => Some(instant / DAY * DAY),
            3 => Some(instant),
            4 => Some(instant.saturating_add(1)),
            5 => Some(instant.saturating_sub(1)),
            6 => Some(instant.saturating_add(self.random.bits() % DAY)),
            _ => Some(instant.saturating_sub(self.random.bits() % DAY)),
        }
    }
}

/// Groups that one request can bring each, in the order of their first entries.
fn by_kind_and_satellite(window: &[Sent]) -> Vec<Vec<Sent>> {
    let mut groups: Vec<Vec<Sent>> = Vec::new();
    for sent in window {
        let of = (sent.entry.kind(), sent.entry.satellite_id());
        let group = groups.iter_mut().find(|group| {
            let first = &group[0].entry;
            (first.kind(), first.satellite_id()) == of
        });
        match group {
            Some(group) => group.push(sent.clone()),
            None => groups.push(vec![sent.clone()]),
        }
    }
    groups
}

fn counts(counts: &Counts) -> Value {
    counts
        .iter()
        .map(|(name, count)| json!([name, count]))
        .collect()
}

fn metrics(answer: AnalyticsMetricsPageViews) -> Value {
    let days = answer.daily_total_page_views.iter();
    let days: Vec<Value> = days
        .map(|(date, views)| {
            json!([
                format!("{:04}-{:02}-{:02}", date.year, date.month, date.day),
                views
            ])
        })
        .collect();
    json!({
        "daily_total_page_views": days,
        "unique_sessions": answer.unique_sessions,
        "unique_page_views": answer.unique_page_views,
        "total_page_views": answer.total_page_views,
        "average_page_views_per_session": answer.average_page_views_per_session,
        "bounce_rate": answer.bounce_rate,
    })
}

fn top_10(answer: AnalyticsTop10PageViews) -> Value {
    json!({
        "referrers": counts(&answer.referrers),
        "pages": counts(&answer.pages),
        "time_zones": answer.time_zones.as_ref().map(counts),
        "utm_sources": answer.utm_sources.as_ref().map(counts),
        "utm_campaigns": answer.utm_campaigns.as_ref().map(counts),
    })
}

fn clients(answer: AnalyticsClientsPageViews) -> Value {
    let (devices, browsers) = (answer.devices, answer.browsers);
    json!({
        "devices": {
            "mobile": devices.mobile, "tablet": devices.tablet, "laptop": devices.laptop,
            "desktop": devices.desktop, "others": devices.others,
        },
        "browsers": {
            "chrome": browsers.chrome, "opera": browsers.opera, "firefox": browsers.firefox,
            "safari": browsers.safari, "others": browsers.others,
        },
        "operating_systems": answer.operating_systems.map(|systems| json!({
            "ios": systems.ios, "android": systems.android, "windows": systems.windows,
            "macos": systems.macos, "linux": systems.linux, "others": systems.others,
        })),
    })
}

fn web_vitals(answer: AnalyticsWebVitals) -> Value {
    let vitals = |means: &PageMetrics| {
        json!({
            "CLS": means.cls, "FCP": means.fcp, "INP": means.inp, "LCP": means.lcp, "TTFB": means.ttfb,
        })
    };
    let pages: Vec<Value> = answer
        .pages
        .iter()
        .map(|(page, means)| json!([page, vitals(means)]))
        .collect();
    json!({ "overall": vitals(&answer.overall), "pages": pages })
}
