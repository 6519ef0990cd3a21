//! Classes of devices, browsers and operating systems, by what a page view says of its client.
//!
//! A text is looked through without regard to ASCII case. Where several words match, the first rule wins.

use crate::kinds::Client;

/// A class of device.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum DeviceClass {
    Mobile,
    Tablet,
    Laptop,
    Desktop,
    Other,
}

/// A family of browsers.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Browser {
    Chrome,
    Opera,
    Firefox,
    Safari,
    Other,
}

/// A family of operating systems.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum OperatingSystem {
    Ios,
    Android,
    Windows,
    Macos,
    Linux,
    Other,
}

/// What a client is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Classes {
    /// By client or user agent; a screen's width goes before it, see [`device_by_screen`].
    pub device: DeviceClass,
    pub browser: Browser,
    pub operating_system: OperatingSystem,
}

impl Classes {
    /// Of a view that says nothing of its client.
    pub(crate) const UNKNOWN: Self = Self {
        device: DeviceClass::Other,
        browser: Browser::Other,
        operating_system: OperatingSystem::Other,
    };

    /// By what the client found out about itself.
    pub(crate) fn by_client(client: &Client<&str>) -> Self {
        let os = client.os.to_ascii_lowercase();
        let device = client.device.unwrap_or_default().to_ascii_lowercase();
        Self {
            device: device_by_client(&device, &os),
            browser: browser_by_client(&client.browser.to_ascii_lowercase()),
            operating_system: operating_system(&os),
        }
    }

    /// By the User-Agent header. Says nothing of the operating system.
    pub(crate) fn by_user_agent(user_agent: &str) -> Self {
        let user_agent = user_agent.to_ascii_lowercase();
        Self {
            device: device_by_user_agent(&user_agent),
            browser: browser_by_user_agent(&user_agent),
            operating_system: OperatingSystem::Other,
        }
    }
}

/// The class of device by the width of the screen in CSS pixels; none for a width of 0, which counts nowhere.
pub(crate) fn device_by_screen(width: u16) -> Option<DeviceClass> {
    match width {
        0 => None,
        1..=575 => Some(DeviceClass::Mobile),
        576..=991 => Some(DeviceClass::Tablet),
        992..=1439 => Some(DeviceClass::Laptop),
        1440.. => Some(DeviceClass::Desktop),
    }
}

fn has_any(text: &str, words: &[&str]) -> bool {
    words.iter().any(|word| text.contains(word))
}

fn device_by_client(device: &str, os: &str) -> DeviceClass {
    if has_any(device, &["iphone", "android"]) || os.contains("android") {
        DeviceClass::Mobile
    } else if has_any(device, &["ipad", "tablet"]) {
        DeviceClass::Tablet
    } else {
        DeviceClass::Desktop
    }
}

fn browser_by_client(browser: &str) -> Browser {
    if has_any(browser, &["chrome", "crios"]) {
        Browser::Chrome
    } else if browser.contains("firefox") {
        Browser::Firefox
    } else if browser.contains("safari") {
        Browser::Safari
    } else if has_any(browser, &["opera", "opr"]) {
        Browser::Opera
    } else {
        Browser::Other
    }
}

fn operating_system(os: &str) -> OperatingSystem {
    [
        ("ios", OperatingSystem::Ios),
        ("android", OperatingSystem::Android),
        ("windows", OperatingSystem::Windows),
        ("mac", OperatingSystem::Macos),
        ("linux", OperatingSystem::Linux),
    ]
    .into_iter()
    .find(|(word, _)| os.contains(word))
    .map_or(OperatingSystem::Other, |(_, family)| family)
}

fn device_by_user_agent(user_agent: &str) -> DeviceClass {
    let is_android = user_agent.contains("android");
    let is_mobile = user_agent.contains("mobile");
    if has_any(user_agent, &["iphone", "ipod"]) || (is_android && is_mobile) {
        DeviceClass::Mobile
    } else if user_agent.contains("ipad") || is_android {
        DeviceClass::Tablet
    } else {
        DeviceClass::Desktop
    }
}

/// Opera goes first: its user agent names Chrome and Safari as well. So does Chrome's name Safari.
fn browser_by_user_agent(user_agent: &str) -> Browser {
    if has_any(user_agent, &["opera", "opr"]) {
        Browser::Opera
    } else if has_any(user_agent, &["chrome", "chromium", "crios"]) {
        Browser::Chrome
    } else if has_any(user_agent, &["firefox", "fxios"]) {
        Browser::Firefox
    } else if user_agent.contains("safari") {
        Browser::Safari
    } else {
        Browser::Other
    }
}
