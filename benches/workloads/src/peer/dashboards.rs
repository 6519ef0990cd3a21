//! The three dashboards of page views, read row by row.

use super::{Peer, rows};
use ic_principal::Principal;
use ic_stable_structures::Memory;
use std::collections::{BTreeMap, HashMap, HashSet};
use url::Url;

/// Nanoseconds of a day.
const DAY: u64 = 86_400_000_000_000;

/// Totals.
#[derive(Clone, Debug, PartialEq)]
pub struct Metrics {
    /// Views by days since 1970 (UTC).
    pub days: BTreeMap<u64, u64>,
    /// Views.
    pub views: u64,
    /// Different sessions.
    pub sessions: u64,
    /// Different pairs of session and address.
    pub unique_views: u64,
    /// Sessions of one view divided by sessions; 0 without any.
    pub bounce_rate: f64,
}

/// The ten most frequent of each, with their views, most frequent first, then by name.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TopTen {
    /// Hosts of referrers.
    pub referrers: Vec<(String, u32)>,
    /// Paths of pages.
    pub pages: Vec<(String, u32)>,
    /// Time zones.
    pub time_zones: Vec<(String, u32)>,
    /// Sources of campaigns.
    pub utm_sources: Vec<(String, u32)>,
    /// Names of campaigns.
    pub utm_campaigns: Vec<(String, u32)>,
}

/// Some of the shares of views by device and browser, 0 to 1: each view is looked at for all of them.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
#[expect(missing_docs, reason = "the names say it")]
pub struct Shares {
    pub mobile: f64,
    pub tablet: f64,
    pub laptop: f64,
    pub desktop: f64,
    pub chrome: f64,
    pub opera: f64,
    pub firefox: f64,
    pub safari: f64,
}

impl<M: Memory> Peer<M> {
    /// Totals of what a satellite collected in `[from, to)`.
    pub fn metrics(&self, satellite: &Principal, from: u64, to: u64) -> Metrics {
        let mut days: BTreeMap<u64, u64> = BTreeMap::new();
        let mut sessions: HashMap<String, u64> = HashMap::new();
        let mut pairs: HashSet<(String, String)> = HashSet::new();
        let mut views = 0;
        self.views(satellite, from, to, |collected_at, view| {
            views += 1;
            *days.entry(collected_at / DAY).or_default() += 1;
            *sessions.entry(view.session_id.clone()).or_default() += 1;
            pairs.insert((view.session_id, view.body.href));
        });
        let bounces = sessions.values().filter(|views| **views == 1).count();
        Metrics {
            days,
            views,
            sessions: sessions.len() as u64,
            unique_views: pairs.len() as u64,
            bounce_rate: share(bounces as f64, sessions.len() as f64),
        }
    }

    /// What is most frequent in what a satellite collected in `[from, to)`.
    pub fn top_ten(&self, satellite: &Principal, from: u64, to: u64) -> TopTen {
        let mut tallies: [HashMap<String, u32>; 5] = Default::default();
        let [referrers, pages, time_zones, utm_sources, utm_campaigns] = &mut tallies;
        self.views(satellite, from, to, |_, row| {
            let view = row.body;
            if let Some(referrer) = view.referrer {
                let host = Url::parse(&referrer)
                    .ok()
                    .and_then(|url| url.host_str().map(str::to_owned));
                *referrers.entry(host.unwrap_or(referrer)).or_default() += 1;
            }
            let path = Url::parse(&view.href).map(|url| url.path().to_owned());
            *pages.entry(path.unwrap_or(view.href)).or_default() += 1;
            *time_zones.entry(view.time_zone).or_default() += 1;
            if let Some(campaign) = view.campaign {
                *utm_sources.entry(campaign.utm_source).or_default() += 1;
                if let Some(name) = campaign.utm_campaign {
                    *utm_campaigns.entry(name).or_default() += 1;
                }
            }
        });
        let [referrers, pages, time_zones, utm_sources, utm_campaigns] = tallies.map(ten);
        TopTen {
            referrers,
            pages,
            time_zones,
            utm_sources,
            utm_campaigns,
        }
    }

    /// Shares of what a satellite collected in `[from, to)`.
    pub fn clients(&self, satellite: &Principal, from: u64, to: u64) -> Shares {
        let mut shares = Shares::default();
        let mut views = 0.0;
        self.views(satellite, from, to, |_, row| {
            let view = row.body;
            views += 1.0;
            if let Some(device) = device(&mut shares, &view) {
                *device += 1.0;
            }
            if let Some(browser) = browser(&mut shares, &view) {
                *browser += 1.0;
            }
        });
        let Shares {
            mobile,
            tablet,
            laptop,
            desktop,
            chrome,
            opera,
            firefox,
            safari,
        } = shares;
        Shares {
            mobile: share(mobile, views),
            tablet: share(tablet, views),
            laptop: share(laptop, views),
            desktop: share(desktop, views),
            chrome: share(chrome, views),
            opera: share(opera, views),
            firefox: share(firefox, views),
            safari: share(safari, views),
        }
    }
}

fn share(part: f64, whole: f64) -> f64 {
    if whole == 0.0 { 0.0 } else { part / whole }
}

fn ten(tally: HashMap<String, u32>) -> Vec<(String, u32)> {
    let mut all: Vec<_> = tally.into_iter().collect();
    all.sort_by(|a, b| b.1.cmp(&a.1).then_with(|| a.0.cmp(&b.0)));
    all.truncate(10);
    all
}

fn has(text: &str, words: &[&str]) -> bool {
    words.iter().any(|word| text.contains(word))
}

fn device<'a>(shares: &'a mut Shares, view: &rows::PageView) -> Option<&'a mut f64> {
    if let Some(width) = view.device.screen_width {
        return match width {
            0 => None,
            1..=575 => Some(&mut shares.mobile),
            576..=991 => Some(&mut shares.tablet),
            992..=1439 => Some(&mut shares.laptop),
            _ => Some(&mut shares.desktop),
        };
    }
    let (text, os) = match (&view.client, &view.user_agent) {
        (Some(client), _) => (
            client.device.clone().unwrap_or_default().to_lowercase(),
            client.os.to_lowercase(),
        ),
        (None, Some(user_agent)) => (user_agent.to_lowercase(), String::new()),
        (None, None) => return None,
    };
    let is_agent = view.client.is_none();
    let android = has(&text, &["android"]);
    let mobile = if is_agent {
        has(&text, &["iphone", "ipod"]) || android && has(&text, &["mobile"])
    } else {
        android || has(&text, &["iphone"]) || has(&os, &["android"])
    };
    if mobile {
        Some(&mut shares.mobile)
    } else if has(&text, &["ipad"])
        || (is_agent && android)
        || (!is_agent && has(&text, &["tablet"]))
    {
        Some(&mut shares.tablet)
    } else {
        Some(&mut shares.desktop)
    }
}

fn browser<'a>(shares: &'a mut Shares, view: &rows::PageView) -> Option<&'a mut f64> {
    let (text, opera_first) = match (&view.client, &view.user_agent) {
        (Some(client), _) => (client.browser.to_lowercase(), false),
        (None, Some(user_agent)) => (user_agent.to_lowercase(), true),
        (None, None) => return None,
    };
    let opera = has(&text, &["opera", "opr"]);
    if opera_first && opera {
        Some(&mut shares.opera)
    } else if has(&text, &["chrome", "chromium", "crios"]) {
        Some(&mut shares.chrome)
    } else if has(&text, &["firefox", "fxios"]) {
        Some(&mut shares.firefox)
    } else if has(&text, &["safari"]) {
        Some(&mut shares.safari)
    } else {
        opera.then_some(&mut shares.opera)
    }
}
