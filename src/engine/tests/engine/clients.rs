//! Devices, browsers and systems, by class, by screen and by user agent.

use crate::aggregates::with;
use crate::samples::{ALL, enough, page_view};
use engine::PageView;
use engine::aggregates::{BrowserShares, DeviceShares, OperatingSystemShares};
use engine::kinds::{Client, Device};

fn by_screen(width: u16) -> PageView {
    let device = Device {
        screen_width: Some(width),
        ..page_view().device
    };
    PageView {
        device,
        user_agent: Some("iPhone".to_owned()),
        ..page_view()
    }
}

fn by_client(browser: &str, os: &str, device: Option<&str>) -> PageView {
    let client = Client {
        browser: browser.to_owned(),
        os: os.to_owned(),
        device: device.map(str::to_owned),
    };
    PageView {
        client: Some(client),
        user_agent: Some("Opera on an iPod".to_owned()),
        ..page_view()
    }
}

fn by_user_agent(user_agent: &str) -> PageView {
    PageView {
        user_agent: Some(user_agent.to_owned()),
        ..page_view()
    }
}

/// Which of the shares is 1; none if all are 0.
fn which<const N: usize>(shares: [(f64, &'static str); N]) -> &'static str {
    let mut found = "none";
    for (share, name) in shares {
        assert!(
            share == 0.0 || (share == 1.0 && found == "none"),
            "{shares:?}"
        );
        if share == 1.0 {
            found = name;
        }
    }
    found
}

/// Device, browser and operating system that one view counts as.
fn classes(view: PageView) -> [&'static str; 3] {
    let clients = with([view])
        .orbiter
        .page_view_clients(&ALL, &mut enough())
        .unwrap();
    let DeviceShares {
        mobile,
        tablet,
        laptop,
        desktop,
        others,
    } = clients.devices;
    let devices = [
        (mobile, "mobile"),
        (tablet, "tablet"),
        (laptop, "laptop"),
        (desktop, "desktop"),
        (others, "others"),
    ];
    let BrowserShares {
        chrome,
        opera,
        firefox,
        safari,
        others,
    } = clients.browsers;
    let browsers = [
        (chrome, "chrome"),
        (opera, "opera"),
        (firefox, "firefox"),
        (safari, "safari"),
        (others, "others"),
    ];
    let systems = clients.operating_systems.map(|shares| {
        let OperatingSystemShares {
            ios,
            android,
            windows,
            macos,
            linux,
            others,
        } = shares;
        which([
            (ios, "ios"),
            (android, "android"),
            (windows, "windows"),
            (macos, "macos"),
            (linux, "linux"),
            (others, "others"),
        ])
    });
    [which(devices), which(browsers), systems.unwrap_or("absent")]
}

#[test]
fn a_device_goes_by_the_width_of_its_screen_first() {
    for (width, device) in [
        (0, "none"),
        (1, "mobile"),
        (575, "mobile"),
        (576, "tablet"),
        (991, "tablet"),
        (992, "laptop"),
        (1439, "laptop"),
        (1440, "desktop"),
        (u16::MAX, "desktop"),
    ] {
        assert_eq!(
            classes(by_screen(width)),
            [device, "others", "absent"],
            "{width}"
        );
    }
}

#[test]
fn a_client_goes_before_the_user_agent() {
    for (browser, os, device, expected) in [
        ("Chrome", "Windows", None, ["desktop", "chrome", "windows"]),
        (
            "Mobile Chrome",
            "Android",
            Some("Pixel 8"),
            ["mobile", "chrome", "android"],
        ),
        ("CriOS", "iOS", Some("iPhone"), ["mobile", "chrome", "ios"]),
        (
            "Mobile Safari",
            "iOS",
            Some("iPad"),
            ["tablet", "safari", "ios"],
        ),
        (
            "Safari",
            "macOS",
            Some("Macintosh"),
            ["desktop", "safari", "macos"],
        ),
        (
            "FIREFOX",
            "LINUX",
            Some("TABLET"),
            ["tablet", "firefox", "linux"],
        ),
        (
            "Firefox",
            "Ubuntu",
            Some("android tablet"),
            ["mobile", "firefox", "absent"],
        ),
        (
            "Opera",
            "Android",
            Some("tablet"),
            ["mobile", "opera", "android"],
        ),
        ("OPR", "", Some(""), ["desktop", "opera", "absent"]),
        ("Edge", "Fuchsia", None, ["desktop", "others", "absent"]),
        ("", "", None, ["desktop", "others", "absent"]),
    ] {
        assert_eq!(
            classes(by_client(browser, os, device)),
            expected,
            "{browser} {os} {device:?}"
        );
    }
}

#[test]
fn a_user_agent_says_device_and_browser() {
    for (user_agent, device, browser) in [
        (
            "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/129.0.0.0 Safari/537.36",
            "desktop",
            "chrome",
        ),
        (
            "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/129.0.0.0 Safari/537.36 OPR/114.0.0.0",
            "desktop",
            "opera",
        ),
        (
            "Opera/9.80 (X11; Linux i686) Presto/2.12.388 Version/12.16",
            "desktop",
            "opera",
        ),
        (
            "Mozilla/5.0 (X11; Ubuntu; Linux x86_64) Chromium/129.0 Safari/537.36",
            "desktop",
            "chrome",
        ),
        (
            "Mozilla/5.0 (iPhone; CPU iPhone OS 17_5 like Mac OS X) CriOS/129.0 Mobile/15E148 Safari/604.1",
            "mobile",
            "chrome",
        ),
        (
            "Mozilla/5.0 (iPhone; CPU iPhone OS 17_5 like Mac OS X) FxiOS/130.0 Mobile/15E148 Safari/605.1.15",
            "mobile",
            "firefox",
        ),
        (
            "Mozilla/5.0 (iPod touch; CPU iPhone OS 12_0 like Mac OS X) Version/12.0 Safari/604.1",
            "mobile",
            "safari",
        ),
        (
            "Mozilla/5.0 (Linux; Android 14; Pixel 8) Chrome/129.0.0.0 Mobile Safari/537.36",
            "mobile",
            "chrome",
        ),
        (
            "Mozilla/5.0 (Linux; Android 13; SM-X900) Chrome/129.0.0.0 Safari/537.36",
            "tablet",
            "chrome",
        ),
        (
            "Mozilla/5.0 (iPad; CPU OS 17_5 like Mac OS X) Version/17.5 Mobile/15E148 Safari/604.1",
            "tablet",
            "safari",
        ),
        (
            "Mozilla/5.0 (X11; Linux x86_64; rv:130.0) Gecko/20100101 Firefox/130.0",
            "desktop",
            "firefox",
        ),
        (
            "Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605.1.15 Version/17.5 Safari/605.1.15",
            "desktop",
            "safari",
        ),
        ("something else", "desktop", "others"),
        ("", "desktop", "others"),
    ] {
        assert_eq!(
            classes(by_user_agent(user_agent)),
            [device, browser, "absent"],
            "{user_agent}"
        );
    }
    assert_eq!(classes(page_view()), ["others", "others", "absent"]);
}

#[test]
fn shares_are_of_all_views_and_unknown_systems_count_with_the_others() {
    let views = [
        by_client("Chrome", "Windows", None),
        by_client("Chrome", "Plan 9", None),
        by_user_agent("Mozilla/5.0 (iPad) Safari"),
        by_screen(0),
    ];
    let clients = with(views)
        .orbiter
        .page_view_clients(&ALL, &mut enough())
        .unwrap();
    let devices = DeviceShares {
        mobile: 0.0,
        tablet: 0.25,
        laptop: 0.0,
        desktop: 0.5,
        others: 0.0,
    };
    let browsers = BrowserShares {
        chrome: 0.5,
        opera: 0.0,
        firefox: 0.0,
        safari: 0.25,
        others: 0.25,
    };
    let systems = OperatingSystemShares {
        ios: 0.0,
        android: 0.0,
        windows: 0.25,
        macos: 0.0,
        linux: 0.0,
        others: 0.75,
    };
    assert_eq!(clients.devices, devices);
    assert_eq!(clients.browsers, browsers);
    assert_eq!(clients.operating_systems, Some(systems));
}

#[test]
fn clients_that_only_look_alike_when_put_together_are_kept_apart() {
    let views = [
        by_client("Chrome", "", None),
        by_client("", "Chrome", None),
        by_client("", "", Some("Chrome")),
        by_user_agent("Chrome"),
    ];
    let clients = with(views)
        .orbiter
        .page_view_clients(&ALL, &mut enough())
        .unwrap();
    assert_eq!(
        (clients.browsers.chrome, clients.browsers.others),
        (0.5, 0.5)
    );
}
