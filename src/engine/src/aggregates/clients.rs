//! What page views were seen with: devices, browsers, operating systems.

use super::Aggregate;
use super::tally::Map;
use crate::budget::{Budget, QueryRefusal};
use crate::kinds::{Client, PageView};
use crate::store::{Row, RowError, utf8};
use crate::user_agent::{Browser, Classes, DeviceClass, OperatingSystem, device_by_screen};

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

/// What is kept of the views read so far: counts by class, at the index that is the class's number.
#[derive(Default)]
pub(crate) struct Clients {
    total: u32,
    devices: [u32; 5],
    browsers: [u32; 5],
    operating_systems: [u32; 6],
    /// The classes of each client or user agent seen: looked through once.
    known: Map<Box<[u8]>, Classes>,
    /// Where the key into `known` is put together.
    key: Vec<u8>,
}

impl Clients {
    fn classes(&mut self, view: &PageView<&[u8]>) -> Result<Classes, RowError> {
        self.key.clear();
        match (&view.client, view.user_agent) {
            (Some(client), _) => {
                // No UTF-8 has these bytes, so that different clients have different keys.
                self.key.extend([0xFF]);
                self.key.extend(client.browser);
                self.key.extend([0xFF]);
                self.key.extend(client.os);
                self.key.extend([0xFF]);
                self.key.extend(client.device.unwrap_or_default());
            }
            (None, Some(user_agent)) => self.key.extend(user_agent),
            (None, None) => return Ok(Classes::UNKNOWN),
        }
        if let Some(classes) = self.known.get(self.key.as_slice()) {
            return Ok(*classes);
        }
        let classes = classify(view)?;
        self.known.insert(self.key.as_slice().into(), classes);
        Ok(classes)
    }
}

fn classify(view: &PageView<&[u8]>) -> Result<Classes, RowError> {
    Ok(match (&view.client, view.user_agent) {
        (Some(client), _) => Classes::by_client(&Client {
            browser: utf8(client.browser)?,
            os: utf8(client.os)?,
            device: client.device.map(utf8).transpose()?,
        }),
        (None, Some(user_agent)) => Classes::by_user_agent(utf8(user_agent)?),
        (None, None) => Classes::UNKNOWN,
    })
}

impl Aggregate for Clients {
    type Kind = PageView;
    type Answer = PageViewClients;

    fn add(&mut self, _: u64, row: &Row<'_, PageView>) -> Result<(), RowError> {
        let view = &row.body;
        let classes = self.classes(view)?;
        let device = match view.device.screen_width {
            Some(width) => device_by_screen(width),
            None => Some(classes.device),
        };
        self.total += 1;
        if let Some(device) = device {
            self.devices[device as usize] += 1;
        }
        self.browsers[classes.browser as usize] += 1;
        self.operating_systems[classes.operating_system as usize] += 1;
        Ok(())
    }

    fn finish(self, _: &mut Budget<'_>) -> Result<PageViewClients, QueryRefusal> {
        let share = |count: u32| {
            if self.total == 0 {
                0.0
            } else {
                f64::from(count) / f64::from(self.total)
            }
        };
        let device = |class: DeviceClass| share(self.devices[class as usize]);
        let browser = |family: Browser| share(self.browsers[family as usize]);
        let system = |family: OperatingSystem| share(self.operating_systems[family as usize]);
        let unknown_systems = self.operating_systems[OperatingSystem::Other as usize];
        Ok(PageViewClients {
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
            operating_systems: (unknown_systems < self.total).then(|| OperatingSystemShares {
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
