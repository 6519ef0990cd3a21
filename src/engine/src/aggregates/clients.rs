//! What page views were seen with: devices, browsers, operating systems.

use super::Aggregate;
use crate::budget::{Budget, QueryRefusal};
use crate::kinds::KindName;
use crate::kinds::page_view::column;
use crate::store::{Accumulator, Wanted};
use crate::user_agent::{Browser, DeviceClass, OperatingSystem};

/// What the page views of a range were seen with. Shares of all views, 0 to 1; 0 without views.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct PageViewClients {
    /// By class of device. A view whose screen has a width of 0 counts nowhere.
    pub devices: DeviceShares,
    /// By family of browsers.
    pub browsers: BrowserShares,
    /// By family of operating systems; none if no view had a known one. Otherwise a view whose system isn't
    /// known (also because its client says nothing of itself) counts with the others.
    pub operating_systems: Option<OperatingSystemShares>,
}

/// Shares of devices, 0 to 1.
#[derive(Clone, Copy, Debug, PartialEq)]
#[expect(missing_docs, reason = "the names say it")]
pub struct DeviceShares {
    pub mobile: f64,
    pub tablet: f64,
    pub laptop: f64,
    pub desktop: f64,
    pub others: f64,
}

/// Shares of browsers, 0 to 1.
#[derive(Clone, Copy, Debug, PartialEq)]
#[expect(missing_docs, reason = "the names say it")]
pub struct BrowserShares {
    pub chrome: f64,
    pub opera: f64,
    pub firefox: f64,
    pub safari: f64,
    pub others: f64,
}

/// Shares of operating systems, 0 to 1.
#[derive(Clone, Copy, Debug, PartialEq)]
#[expect(missing_docs, reason = "the names say it")]
pub struct OperatingSystemShares {
    pub ios: f64,
    pub android: f64,
    pub windows: f64,
    pub macos: f64,
    pub linux: f64,
    pub others: f64,
}

impl Aggregate for PageViewClients {
    const KIND: KindName = KindName::PageView;
    const WANTED: Wanted = Wanted {
        counts: &[
            column::DEVICE_CLASS,
            column::BROWSER_CLASS,
            column::OS_CLASS,
        ],
        ..Wanted::NOTHING
    };

    fn answer(total: &Accumulator, _: &mut Budget<'_>) -> Result<Self, QueryRefusal> {
        let views = total.rows as u64;
        let share = |column, number| {
            if views == 0 {
                0.0
            } else {
                total.number(column, number) as f64 / views as f64
            }
        };
        let device = |class: DeviceClass| share(column::DEVICE_CLASS, class as u64 + 1);
        let browser = |family: Browser| share(column::BROWSER_CLASS, family as u64);
        let system = |family: OperatingSystem| share(column::OS_CLASS, family as u64);
        let unknown_systems = total.number(column::OS_CLASS, OperatingSystem::Other as u64);
        Ok(Self {
            devices: DeviceShares {
                mobile: device(DeviceClass::Mobile),
                tablet: device(DeviceClass::Tablet),
                laptop: device(DeviceClass::Laptop),
                desktop: device(DeviceClass::Desktop),
                others: device(DeviceClass::Other),
            },
            browsers: BrowserShares {
                chrome: browser(Browser::Chrome),
                opera: browser(Browser::Opera),
                firefox: browser(Browser::Firefox),
                safari: browser(Browser::Safari),
                others: browser(Browser::Other),
            },
            operating_systems: (unknown_systems < views).then(|| OperatingSystemShares {
                ios: system(OperatingSystem::Ios),
                android: system(OperatingSystem::Android),
                windows: system(OperatingSystem::Windows),
                macos: system(OperatingSystem::Macos),
                linux: system(OperatingSystem::Linux),
                others: system(OperatingSystem::Other),
            }),
        })
    }
}
