//! What entries are made of, and what each text counts as: the model parses nothing.

/// Hrefs and their paths.
pub const PAGES: [(&str, &str); 6] = [
    ("https://example.com/", "/"),
    ("https://example.com/?utm_source=x", "/"),
    ("https://example.com/shop", "/shop"),
    ("https://example.com/shop?page=2", "/shop"),
    ("https://example.com/a/b#c", "/a/b"),
    ("not a url", "not a url"),
];

/// Referrers and their hosts.
pub const REFERRERS: [(&str, &str); 4] = [
    ("https://search.example/", "search.example"),
    ("https://search.example/find?q=x", "search.example"),
    ("http://blog.example:8080/post", "blog.example"),
    ("somewhere", "somewhere"),
];

/// User agents, and what they count as: 0 mobile, 1 tablet, 2 laptop, 3 desktop, 4 others; 0 Chrome, 1 Opera,
/// 2 Firefox, 3 Safari, 4 others.
pub const USER_AGENTS: [(&str, usize, usize); 5] = [
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
        "Mozilla/5.0 (iPad; CPU OS 17_5 like Mac OS X) Version/17.5 Safari/604.1",
        1,
        3,
    ),
    ("Lynx/2.9.0", 3, 4),
];

/// Clients' browser, system and device, and what they count as; systems 0 iOS, 1 Android, 2 Windows, 3 macOS,
/// 4 Linux, 5 others.
pub const CLIENTS: [(&str, &str, Option<&str>, [usize; 3]); 4] = [
    ("Chrome", "Android", Some("Pixel"), [0, 0, 1]),
    ("Mobile Safari", "iOS", Some("iPad"), [1, 3, 0]),
    ("Firefox", "Windows", None, [3, 2, 2]),
    ("Konqueror", "Haiku", None, [3, 4, 5]),
];

/// Widths of screens, and what they count as.
pub const WIDTHS: [(u16, Option<usize>); 5] = [
    (0, None),
    (400, Some(0)),
    (800, Some(1)),
    (1280, Some(2)),
    (2560, Some(3)),
];

pub const NAMES: [&str; 4] = ["buy", "click", "", "größe"];

pub const CAMPAIGNS: [(&str, Option<&str>); 3] = [
    ("mail", Some("spring")),
    ("mail", None),
    ("ads", Some("summer")),
];
