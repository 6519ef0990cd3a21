//! What entries of random histories are made of, and what each class of client counts as: the model looks
//! through no user agent.

/// Hrefs: few, some of one path, some no URL.
pub const HREFS: [&str; 14] = [
    "https://example.com/",
    "https://example.com",
    "https://example.com/?utm_source=x",
    "https://example.com/shop",
    "https://example.com/shop?page=2",
    "http://other.example:8080/shop#top",
    "https://example.com/a/b/c",
    "https://example.com/größe/🦀 rot",
    "app://com.example/start",
    "mailto:me@example.com",
    "https://",
    "/shop",
    "not a url",
    "",
];

/// Referrers: likewise.
pub const REFERRERS: [&str; 9] = [
    "https://search.example/",
    "https://search.example/find?q=x",
    "https://SEARCH.example:443/",
    "http://blog.example:8080/post",
    "https://user@blog.example/",
    "app://com.example.reader",
    "mailto:me@example.com",
    "somewhere",
    "",
];

/// User agents, and what they count as: 0 mobile, 1 tablet, 2 laptop, 3 desktop, 4 others; 0 Chrome, 1 Opera,
/// 2 Firefox, 3 Safari, 4 others.
pub const USER_AGENTS: [(&str, usize, usize); 10] = [
    (
        "Mozilla/5.0 (Windows NT 10.0) Chrome/129.0.0.0 Safari/537.36",
        3,
        0,
    ),
    (
        "Mozilla/5.0 (Windows NT 10.0) Chrome/129.0.0.0 Safari/537.36 OPR/114.0.0.0",
        3,
        1,
    ),
    (
        "Mozilla/5.0 (Android 14; Mobile; rv:130.0) Gecko/130.0 Firefox/130.0",
        0,
        2,
    ),
    (
        "Mozilla/5.0 (Linux; Android 14; SM-X710) Chrome/129.0.0.0 Safari/537.36",
        1,
        0,
    ),
    (
        "Mozilla/5.0 (iPad; CPU OS 17_5 like Mac OS X) Version/17.5 Safari/604.1",
        1,
        3,
    ),
    (
        "Mozilla/5.0 (iPhone; CPU iPhone OS 17_5 like Mac OS X) CriOS/129.0.0.0 Mobile Safari/604.1",
        0,
        0,
    ),
    (
        "Mozilla/5.0 (iPod touch; CPU iPhone OS 12_0) FxiOS/8.3b5826 Safari/605.1",
        0,
        2,
    ),
    ("Lynx/2.9.0", 3, 4),
    ("größe/1 🦀", 3, 4),
    ("", 3, 4),
];

/// Clients' browser, system and device, and what they count as; systems 0 iOS, 1 Android, 2 Windows, 3 macOS,
/// 4 Linux, 5 others.
pub type ClientRow = (&'static str, &'static str, Option<&'static str>, [usize; 3]);

pub const CLIENTS: [ClientRow; 9] = [
    ("Chrome", "Android", Some("Pixel"), [0, 0, 1]),
    ("Mobile Safari", "iOS", Some("iPad"), [1, 3, 0]),
    ("CRIOS", "IOS", Some("iPhone"), [0, 0, 0]),
    ("Firefox", "Windows", None, [3, 2, 2]),
    ("Opera", "macOS", None, [3, 1, 3]),
    ("OPR", "Linux", Some(""), [3, 1, 4]),
    ("Konqueror", "Haiku", None, [3, 4, 5]),
    ("Konqueror", "Haiku", Some("Tablet"), [1, 4, 5]),
    ("", "", None, [3, 4, 5]),
];

/// Widths of screens, and what they count as.
pub const WIDTHS: [(u16, Option<usize>); 9] = [
    (0, None),
    (1, Some(0)),
    (575, Some(0)),
    (576, Some(1)),
    (991, Some(1)),
    (992, Some(2)),
    (1439, Some(2)),
    (1440, Some(3)),
    (u16::MAX, Some(3)),
];

pub const TITLES: [&str; 5] = [
    "Start",
    "Shop",
    "Größe 🦀",
    "",
    "a title that goes on and on",
];

pub const TIME_ZONES: [&str; 4] = ["Europe/Zurich", "UTC", "America/New_York", ""];

/// Names of events.
pub const NAMES: [&str; 6] = ["buy", "click", "Click", "", "größe", "a name with spaces"];

/// Sources, media and names of campaigns.
pub const CAMPAIGNS: [(&str, Option<&str>, Option<&str>); 6] = [
    ("mail", Some("letter"), Some("spring")),
    ("mail", None, Some("summer")),
    ("mail", None, None),
    ("ads", Some(""), Some("summer")),
    ("größe", None, Some("🦀")),
    ("", None, Some("")),
];

/// Session ids: as clients make them and as nobody does; the last is too long by a byte.
pub const SESSIONS: [&str; 10] = [
    "V1StGXR8_Z5jdHi6B-myT",
    "mh3f0qJx9cXk2nB7vLwYd",
    "uH-0000000000000000zz",
    "6f1c8a52-3d1e-4b7a-9c55-0b8e2f6d1a34",
    "6F1C8A52-3D1E-4B7A-9C55-0B8E2F6D1A34",
    "s",
    "größe 🦀",
    "",
    "abcdefghijklmnopqrstuvwxyz0123456789",
    "abcdefghijklmnopqrstuvwxyz0123456789+",
];

/// Texts of keys, likewise, none too long.
pub const KEYS: [&str; 8] = [
    "Zk2nB7vLwYdmh3f0qJx9c",
    "00000000000000000000A",
    "3b0d1c9e-58a5-4ef3-8f9a-1b2c3d4e5f60",
    "a",
    "b",
    "ä🦀",
    "",
    "abcdefghijklmnopqrstuvwxyz0123456789",
];

/// Ids of web vitals: as the library makes them and otherwise.
pub const VITAL_IDS: [&str; 5] = [
    "v5-1700000000000-1234567890123",
    "v5-1700000000123-0000000000001",
    "v4-1-2",
    "größe",
    "",
];
