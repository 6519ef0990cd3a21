//! What `orbiter status` shows, and how it is written for a person.

use std::fmt;

use candid::Principal;
use serde::Serialize;
use wire::{
    AccessKey, AccessKeyScope, AnalyticsMetricsPageViews, MemorySize, OrbiterSatelliteConfig,
};

use super::storage::StorageView;
use crate::error::{Error, Result};
use crate::report::{bytes, cycles};

/// Everything there is to see; absent is what the caller may not see.
#[derive(Debug, Serialize)]
pub struct Overview {
    network: String,
    caller: Principal,
    /// The orbiter as the network sees it.
    pub orbiter: CanisterView,
    /// The satellite, if one is known.
    pub satellite: Option<CanisterView>,
    /// The orbiter that the satellite's pages report to.
    pub satellite_reports_to: Option<Principal>,
    /// Today's figures.
    pub today: Option<Today>,
    /// The orbiter's memory.
    pub memory: Option<MemoryView>,
    /// What the orbiter stores.
    pub storage: Option<StorageView>,
    /// The satellites the orbiter accepts entries from.
    pub satellites: Option<Vec<SatelliteView>>,
    /// Who may read, write or administer.
    pub access_keys: Option<Vec<KeyView>>,
    /// What a canister would not tell, and why.
    withheld: Vec<String>,
}

/// A canister. Cycles and memory are for its controllers alone.
#[derive(Debug, Serialize)]
pub struct CanisterView {
    /// Its id.
    pub id: Principal,
    /// SHA-256 of its module, hexadecimal; absent: nothing is installed.
    pub module_hash: Option<String>,
    /// Whether it runs the file's module; absent without a file.
    pub runs_this_wasm: Option<bool>,
    /// The balance.
    pub cycles: Option<u128>,
    /// All memory it pays for.
    pub memory_bytes: Option<u128>,
    /// What it costs when nothing happens.
    pub idle_cycles_per_day: Option<u128>,
}

/// Today's figures, all satellites together; the day is UTC.
#[derive(Debug, Serialize)]
pub struct Today {
    page_views: u32,
    sessions: u64,
}

/// The orbiter's memory, bytes.
#[derive(Debug, Serialize)]
pub struct MemoryView {
    stable: u64,
    heap: u64,
}

/// A satellite's configuration.
#[derive(Debug, Serialize)]
pub struct SatelliteView {
    id: Principal,
    page_views: bool,
    track_events: bool,
    performance_metrics: bool,
    restricted_origin: Option<String>,
    version: Option<u64>,
    page_views_today: u32,
}

/// An access key; the principal is shortened, since it names a person.
#[derive(Debug, Serialize)]
pub struct KeyView {
    holder: String,
    name: Option<String>,
    scope: &'static str,
    expires_at: Option<u64>,
    expired: bool,
}

impl Overview {
    /// An overview in which only the orbiter's outside is known.
    pub fn new(network: String, caller: Principal, orbiter: CanisterView) -> Self {
        Self {
            network,
            caller,
            orbiter,
            satellite: None,
            satellite_reports_to: None,
            today: None,
            memory: None,
            storage: None,
            satellites: None,
            access_keys: None,
            withheld: vec![],
        }
    }

    /// What was told; none, and a note of the reason, if the canister refused to.
    pub fn unless_withheld<T>(&mut self, what: &str, told: Result<T>) -> Result<Option<T>> {
        match told {
            Ok(value) => Ok(Some(value)),
            Err(Error::Rejected { message, .. }) => {
                self.withheld.push(format!("{what}: {message}"));
                Ok(None)
            }
            Err(other) => Err(other),
        }
    }
}

impl From<&AnalyticsMetricsPageViews> for Today {
    fn from(totals: &AnalyticsMetricsPageViews) -> Self {
        Self {
            page_views: totals.total_page_views,
            sessions: totals.unique_sessions,
        }
    }
}

impl From<MemorySize> for MemoryView {
    fn from(MemorySize { stable, heap }: MemorySize) -> Self {
        Self { stable, heap }
    }
}

impl SatelliteView {
    /// A configuration, and the page views of today that came under it.
    pub fn new(id: Principal, config: OrbiterSatelliteConfig, page_views_today: u32) -> Self {
        let features = config.features.as_ref();
        Self {
            id,
            page_views: features.is_some_and(|features| features.page_views),
            track_events: features.is_some_and(|features| features.track_events),
            performance_metrics: features.is_some_and(|features| features.performance_metrics),
            restricted_origin: config.restricted_origin,
            version: config.version,
            page_views_today,
        }
    }
}

impl KeyView {
    /// A key as it stands at `now`, ns.
    pub fn new(holder: Principal, key: AccessKey, now: u64) -> Self {
        let ends = key.scope != AccessKeyScope::Admin;
        let mut metadata = key.metadata.into_iter();
        let name = metadata.find(|(field, _)| field == "name");
        Self {
            holder: shortened(holder),
            name: name.map(|(_, name)| name),
            scope: match key.scope {
                AccessKeyScope::Admin => "admin",
                AccessKeyScope::Write => "write",
                AccessKeyScope::Submit => "submit",
            },
            expires_at: key.expires_at,
            expired: ends && key.expires_at.is_some_and(|expires_at| expires_at <= now),
        }
    }
}

/// The first and the last group of a principal: enough to recognise one's own.
fn shortened(principal: Principal) -> String {
    let text = principal.to_text();
    match (text.split_once('-'), text.rsplit_once('-')) {
        (Some((first, _)), Some((_, last))) if text.len() > 30 => format!("{first}…{last}"),
        _ => text,
    }
}

impl fmt::Display for Overview {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Network {}, as {}", self.network, self.caller)?;
        write!(f, "\n\nOrbiter {}", self.orbiter)?;
        if let Some(memory) = &self.memory {
            let (stable, heap) = (bytes(memory.stable), bytes(memory.heap));
            write!(f, "\n  memory      {stable} stable, {heap} heap")?;
        }
        if let Some(storage) = &self.storage {
            write!(f, "\n{storage}")?;
        }
        if let Some(today) = &self.today {
            let views = counted(today.page_views.into(), "page view");
            let sessions = counted(today.sessions, "session");
            write!(f, "\n  today       {views}, {sessions}")?;
        }
        if let Some(satellite) = &self.satellite {
            write!(f, "\n\nSatellite {satellite}")?;
            if let Some(orbiter) = self.satellite_reports_to {
                write!(f, "\n  reports to  {orbiter}")?;
            }
        }
        write_list(f, "Satellites that may report", self.satellites.as_deref())?;
        if let Some(storage) = &self.storage {
            storage.write_satellites(f)?;
        }
        write_list(f, "Access keys", self.access_keys.as_deref())?;
        for reason in &self.withheld {
            write!(f, "\n\nNot shown: {reason}")?;
        }
        Ok(())
    }
}

/// A heading with the number of things, then each on a line.
fn write_list<T: fmt::Display>(
    f: &mut fmt::Formatter<'_>,
    heading: &str,
    list: Option<&[T]>,
) -> fmt::Result {
    let Some(list) = list else { return Ok(()) };
    write!(f, "\n\n{heading}: {}", list.len())?;
    list.iter().try_for_each(|item| write!(f, "\n  {item}"))
}

impl fmt::Display for CanisterView {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let hash = self.module_hash.as_deref().unwrap_or("none installed");
        let compared = match self.runs_this_wasm {
            Some(true) => " (the built one)",
            Some(false) => " (not the built one)",
            None => "",
        };
        write!(f, "{}\n  module      {hash}{compared}", self.id)?;
        match (self.cycles, self.idle_cycles_per_day) {
            (Some(balance), Some(idle)) => {
                let (balance, idle) = (cycles(balance), cycles(idle));
                write!(f, "\n  cycles      {balance}, {idle} a day at rest")
            }
            _ => write!(f, "\n  cycles      only its controllers may know"),
        }
    }
}

impl fmt::Display for SatelliteView {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let kinds = [
            (self.page_views, "page views"),
            (self.track_events, "events"),
            (self.performance_metrics, "web vitals"),
        ];
        let on = kinds.iter().filter(|(on, _)| *on).map(|(_, name)| *name);
        let on = match on.collect::<Vec<_>>() {
            none if none.is_empty() => "nothing".to_owned(),
            some => some.join(", "),
        };
        let today = counted(self.page_views_today.into(), "page view");
        write!(f, "{}  {on}; {today} today", self.id)?;
        match &self.restricted_origin {
            Some(origin) => write!(f, "; answers readable from {origin} alone"),
            None => Ok(()),
        }
    }
}

impl fmt::Display for KeyView {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:<12} {:<6}", self.holder, self.scope)?;
        if let Some(name) = &self.name {
            write!(f, " {name}")?;
        }
        match self.expired {
            true => write!(f, " (expired)"),
            false => Ok(()),
        }
    }
}

/// A number of things, in the singular or the plural with an s.
pub fn counted(count: u64, thing: &str) -> String {
    format!("{count} {thing}{}", if count == 1 { "" } else { "s" })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn id() -> Principal {
        Principal::from_text("lxzze-o7777-77777-aaaaa-cai").unwrap()
    }

    fn outside() -> CanisterView {
        CanisterView {
            id: id(),
            module_hash: Some("ab".to_owned()),
            runs_this_wasm: Some(false),
            cycles: None,
            memory_bytes: None,
            idle_cycles_per_day: None,
        }
    }

    #[test]
    fn a_persons_principal_is_shortened_and_a_canisters_is_not() {
        let person = Principal::self_authenticating([1; 44]);
        let text = person.to_text();
        let short = shortened(person);
        assert!(short.len() < 12, "{short}");
        assert!(text.starts_with(&short[..5]) && text.ends_with(&short[short.len() - 3..]));
        assert_eq!(shortened(id()), id().to_text());
    }

    #[test]
    fn only_keys_that_can_expire_are_shown_as_expired() {
        let key = |scope| AccessKey {
            metadata: vec![("name".to_owned(), "ci".to_owned())],
            kind: None,
            scope,
            created_at: 1,
            updated_at: 1,
            expires_at: Some(10),
        };
        let write = KeyView::new(id(), key(AccessKeyScope::Write), 10);
        assert!(write.expired);
        assert_eq!((write.scope, write.name.as_deref()), ("write", Some("ci")));
        assert!(!KeyView::new(id(), key(AccessKeyScope::Write), 9).expired);
        assert!(!KeyView::new(id(), key(AccessKeyScope::Admin), 10).expired);
    }

    #[test]
    fn a_satellite_without_features_collects_nothing() {
        let config = OrbiterSatelliteConfig {
            features: None,
            restricted_origin: None,
            created_at: 1,
            updated_at: 1,
            version: Some(1),
        };
        let view = SatelliteView::new(id(), config, 1).to_string();
        assert_eq!(view, format!("{}  nothing; 1 page view today", id()));
    }

    #[test]
    fn a_stranger_sees_the_module_and_that_the_rest_is_not_for_him() {
        let text = outside().to_string();
        assert!(text.contains("ab (not the built one)"), "{text}");
        assert!(text.contains("only its controllers may know"), "{text}");
    }

    #[test]
    fn a_refusal_is_noted_and_any_other_failure_ends_the_command() {
        let mut overview = Overview::new("local".to_owned(), id(), outside());
        let refused = Error::Rejected {
            canister: id(),
            method: "memory_size".to_owned(),
            message: "no".to_owned(),
        };
        let told = overview.unless_withheld::<u8>("memory", Err(refused));
        assert_eq!(told.unwrap(), None);
        assert_eq!(overview.withheld, ["memory: no"]);
        assert_eq!(overview.unless_withheld("memory", Ok(7)).unwrap(), Some(7));
        let broken = overview.unless_withheld::<u8>("memory", Err(Error::Clock));
        assert!(matches!(broken, Err(Error::Clock)));
    }
}
