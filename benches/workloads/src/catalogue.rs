//! The texts of the workloads: pages, referrers, user agents, time zones, screens. Made up, and of the lengths and
//! shapes that real ones have.

use engine::kinds::{Client, Device};
use std::sync::LazyLock;

/// How many pages the site of most workloads has.
pub const PAGES: u32 = 1_000;
/// How many referrers there are.
pub const REFERRERS: u32 = 50;
/// How many user agents there are.
pub const USER_AGENTS: u32 = (BROWSERS.len() * VERSIONS) as u32;
/// How many time zones there are.
pub const ZONES: u32 = 400;
/// How many heights a window's inside may have.
pub const HEIGHTS: u32 = 120;

/// How many versions of each browser are around.
const VERSIONS: usize = 20;

const SECTIONS: [&str; 8] = [
    "blog", "docs", "guides", "products", "news", "help", "pricing", "about",
];

const WORDS: [&str; 32] = [
    "getting",
    "started",
    "canister",
    "analytics",
    "privacy",
    "release",
    "notes",
    "security",
    "storage",
    "network",
    "wallet",
    "identity",
    "deploy",
    "upgrade",
    "cycles",
    "satellite",
    "console",
    "tracker",
    "budget",
    "export",
    "metrics",
    "sessions",
    "funnels",
    "events",
    "vitals",
    "performance",
    "community",
    "roadmap",
    "changelog",
    "tutorial",
    "reference",
    "faq",
];

const HOSTS: [&str; 25] = [
    "www.google.com",
    "news.ycombinator.com",
    "www.bing.com",
    "duckduckgo.com",
    "t.co",
    "www.reddit.com",
    "github.com",
    "www.linkedin.com",
    "lobste.rs",
    "www.facebook.com",
    "search.brave.com",
    "www.ecosia.org",
    "m.youtube.com",
    "medium.com",
    "dev.to",
    "stackoverflow.com",
    "internetcomputer.org",
    "forum.example.net",
    "mail.example.org",
    "www.qwant.com",
    "yandex.com",
    "www.startpage.com",
    "mastodon.social",
    "bsky.app",
    "out.example.com",
];

/// A browser: what it sends, with `{}` for its version, and what a client library finds out about it.
struct Browser {
    user_agent: &'static str,
    /// The version of the most frequent one; the others count down from it.
    newest: usize,
    browser: &'static str,
    os: &'static str,
    device: Option<&'static str>,
}

const fn browser(
    user_agent: &'static str,
    newest: usize,
    names: (&'static str, &'static str, Option<&'static str>),
) -> Browser {
    let (browser, os, device) = names;
    Browser {
        user_agent,
        newest,
        browser,
        os,
        device,
    }
}

const BROWSERS: [Browser; 10] = [
    browser(
        "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/{}.0.0.0 Safari/537.36",
        141,
        ("Chrome", "Windows", None),
    ),
    browser(
        "Mozilla/5.0 (iPhone; CPU iPhone OS 18_{} like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.6 Mobile/15E148 Safari/604.1",
        26,
        ("Mobile Safari", "iOS", Some("iPhone")),
    ),
    browser(
        "Mozilla/5.0 (Linux; Android 10; K) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/{}.0.0.0 Mobile Safari/537.36",
        141,
        ("Mobile Chrome", "Android", Some("K")),
    ),
    browser(
        "Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/{}.0.0.0 Safari/537.36",
        141,
        ("Chrome", "macOS", Some("Macintosh")),
    ),
    browser(
        "Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:{}.0) Gecko/20100101 Firefox/144.0",
        144,
        ("Firefox", "Windows", None),
    ),
    browser(
        "Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/{}.1 Safari/605.1.15",
        26,
        ("Safari", "macOS", Some("Macintosh")),
    ),
    browser(
        "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/141.0.0.0 Safari/537.36 Edg/{}.0.0.0",
        141,
        ("Edge", "Windows", None),
    ),
    browser(
        "Mozilla/5.0 (X11; Linux x86_64; rv:{}.0) Gecko/20100101 Firefox/144.0",
        144,
        ("Firefox", "Linux", None),
    ),
    browser(
        "Mozilla/5.0 (iPad; CPU OS 17_{} like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/17.7 Mobile/15E148 Safari/604.1",
        27,
        ("Mobile Safari", "iOS", Some("iPad")),
    ),
    browser(
        "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0.0.0 Safari/537.36 OPR/{}.0.0.0",
        123,
        ("Opera", "Windows", None),
    ),
];

/// Sizes of screens in CSS pixels.
pub const SCREENS: [(u16, u16); 40] = [
    (1920, 1080),
    (390, 844),
    (1536, 864),
    (360, 800),
    (1366, 768),
    (393, 873),
    (1440, 900),
    (412, 915),
    (2560, 1440),
    (414, 896),
    (1280, 720),
    (375, 812),
    (1680, 1050),
    (430, 932),
    (1600, 900),
    (384, 832),
    (768, 1024),
    (1512, 982),
    (360, 780),
    (1728, 1117),
    (820, 1180),
    (402, 874),
    (1280, 800),
    (810, 1080),
    (3840, 2160),
    (375, 667),
    (1470, 956),
    (428, 926),
    (1024, 768),
    (360, 640),
    (3440, 1440),
    (834, 1194),
    (1280, 1024),
    (412, 892),
    (1792, 1120),
    (1920, 1200),
    (320, 568),
    (2048, 1152),
    (601, 962),
    (1360, 768),
];

/// The address and the title of the page with this rank on the site of satellite `site`; rank 0 is its start.
pub fn page(site: usize, rank: u32) -> (String, String) {
    let host = match site {
        0 => "www.example.com".to_owned(),
        site => format!("site-{site:02}.example.com"),
    };
    if rank == 0 {
        return (
            format!("https://{host}/"),
            "Example: analytics you own".to_owned(),
        );
    }
    let section = SECTIONS[(rank / 5) as usize % SECTIONS.len()];
    let first = WORDS[rank as usize % WORDS.len()];
    let second = WORDS[rank as usize / WORDS.len() % WORDS.len()];
    match rank / (WORDS.len() * WORDS.len()) as u32 {
        0 => (
            format!("https://{host}/{section}/{first}-{second}"),
            format!("{first} {second} | Example"),
        ),
        volume => (
            format!("https://{host}/{section}/{first}-{second}-{volume}"),
            format!("{first} {second} {volume} | Example"),
        ),
    }
}

/// The referrer with this rank.
pub fn referrer(rank: u32) -> String {
    let host = HOSTS[rank as usize % HOSTS.len()];
    match rank as usize / HOSTS.len() {
        0 => format!("https://{host}/"),
        page => format!(
            "https://{host}/{}/{}?id={}",
            WORDS[page],
            WORDS[rank as usize % 32],
            40_000 + rank
        ),
    }
}

/// The user agent with this rank, and what a client library finds out about it.
pub fn user_agent(rank: u32) -> (String, Client) {
    let rank = rank as usize;
    let browser = &BROWSERS[rank % BROWSERS.len()];
    let version = browser.newest - rank / BROWSERS.len() % VERSIONS;
    let client = Client {
        browser: browser.browser.to_owned(),
        os: browser.os.to_owned(),
        device: browser.device.map(str::to_owned),
    };
    (
        browser.user_agent.replace("{}", &version.to_string()),
        client,
    )
}

/// The time zone with this rank.
pub fn zone(rank: u32) -> &'static str {
    static NAMES: LazyLock<Vec<&str>> =
        LazyLock::new(|| include_str!("zones.txt").split_whitespace().collect());
    NAMES.get(rank as usize).copied().unwrap_or("UTC")
}

/// The device with this screen (by its position in [`SCREENS`]) and window.
pub fn device(screen: u32, height: u32) -> Device {
    let (width, screen_height) = SCREENS[screen as usize % SCREENS.len()];
    // Where a mouse is, a scroll bar is.
    let inner_width = if width < 1_000 { width } else { width - 15 };
    Device {
        inner_width,
        inner_height: 480 + 4 * height as u16,
        screen_width: Some(width),
        screen_height: Some(screen_height),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::BTreeSet;

    #[test]
    fn each_rank_has_a_text_of_its_own() {
        let pages: BTreeSet<_> = (0..20_000).map(|rank| page(0, rank)).collect();
        assert_eq!(pages.len(), 20_000);
        let referrers: BTreeSet<_> = (0..REFERRERS).map(referrer).collect();
        assert_eq!(referrers.len(), 50);
        let user_agents: BTreeSet<_> = (0..USER_AGENTS).map(|rank| user_agent(rank).0).collect();
        assert_eq!(user_agents.len(), 200);
        let zones: BTreeSet<_> = (0..ZONES).map(zone).collect();
        assert_eq!(zones.len(), 400);
        let screens: BTreeSet<_> = SCREENS.into_iter().collect();
        assert_eq!(screens.len(), 40);
    }

    #[test]
    fn no_user_agent_is_a_known_bots() {
        assert!((0..USER_AGENTS).all(|rank| !engine::is_bot(&user_agent(rank).0)));
    }
}
