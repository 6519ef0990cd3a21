//! A page was looked at.
//!
//! The body of a row, after what every row begins with (`store/row.rs`):
//!
//! ```text
//! flags            : u16, little-endian; which optional fields follow, bits as below, the others 0
//! inner_width      : number
//! inner_height     : number
//! screen_width     : number   if bit 9
//! screen_height    : number   if bit 10
//! title            : text
//! href             : text
//! referrer         : text     if bit 0
//! time_zone        : text
//! user_agent       : text     if bit 1
//! client.browser   : text     if bit 2
//! client.os        : text     if bit 2
//! client.device    : text     if bits 2 and 3
//! utm_source       : text     if bit 4
//! utm_medium       : text     if bits 4 and 5
//! utm_campaign     : text     if bits 4 and 6
//! utm_term         : text     if bits 4 and 7
//! utm_content      : text     if bits 4 and 8
//! ```

use super::{Kind, KindName};
use crate::columns::{COMMON, Column, ColumnId, Domain, Fields, Fill, Shape};
use crate::limits::Limit;
use crate::refusal::Refusal;
use crate::store::{RowError, RowReader, RowWriter, owned};
use crate::url_parts::{host_or_text, path_or_text};
use crate::user_agent::{Classes, device_by_screen};

/// A page that was looked at.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PageView<T = String> {
    /// The document's title.
    pub title: T,
    /// The whole URL of the page.
    pub href: T,
    /// The URL of the page before it.
    pub referrer: Option<T>,
    /// Sizes of window and screen.
    pub device: Device,
    /// The IANA name of the visitor's time zone.
    pub time_zone: T,
    /// The User-Agent header, where the client sent it.
    pub user_agent: Option<T>,
    /// What the client found out about itself.
    pub client: Option<Client<T>>,
    /// The campaign that led here.
    pub campaign: Option<Campaign<T>>,
}

/// Sizes of window and screen, in CSS pixels.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Device {
    /// The width of the window's inside.
    pub inner_width: u16,
    /// The height of the window's inside.
    pub inner_height: u16,
    /// The width of the screen.
    pub screen_width: Option<u16>,
    /// The height of the screen.
    pub screen_height: Option<u16>,
}

/// What the client found out about itself.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Client<T = String> {
    /// The name of the browser.
    pub browser: T,
    /// The name of the operating system.
    pub os: T,
    /// The device, for example a model or `tablet`.
    pub device: Option<T>,
}

/// The campaign that led to a page: the `utm_` parameters of its URL.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Campaign<T = String> {
    /// Who sent the visitor.
    pub utm_source: T,
    /// By which medium.
    pub utm_medium: Option<T>,
    /// For which campaign.
    pub utm_campaign: Option<T>,
    /// For which search term.
    pub utm_term: Option<T>,
    /// By which of several links.
    pub utm_content: Option<T>,
}

/// The limits of a page view's texts, in the order in which they are checked. Those of `client` are ours:
/// the baseline has none.
pub mod limits {
    use super::Limit;

    /// `title`
    pub const TITLE: Limit = Limit::new("Page event title", 1024);
    /// `href`
    pub const HREF: Limit = Limit::new("Page event href", 4096);
    /// `referrer`
    pub const REFERRER: Limit = Limit::new("Page event referrer", 4096);
    /// `time_zone`
    pub const TIME_ZONE: Limit = Limit::new("Page event time_zone", 256);
    /// `user_agent`
    pub const USER_AGENT: Limit = Limit::new("Page event user_agent", 1024);
    /// `client.browser`
    pub const BROWSER: Limit = Limit::new("Page event client browser", 256);
    /// `client.os`
    pub const OS: Limit = Limit::new("Page event client os", 256);
    /// `client.device`
    pub const DEVICE: Limit = Limit::new("Page event client device", 256);
    /// `campaign.utm_source`
    pub const UTM_SOURCE: Limit = Limit::new("utm_source", 100);
    /// `campaign.utm_medium`
    pub const UTM_MEDIUM: Limit = Limit::new("utm_medium", 100);
    /// `campaign.utm_campaign`
    pub const UTM_CAMPAIGN: Limit = Limit::new("utm_campaign", 100);
    /// `campaign.utm_term`
    pub const UTM_TERM: Limit = Limit::new("utm_term", 100);
    /// `campaign.utm_content`
    pub const UTM_CONTENT: Limit = Limit::new("utm_content", 100);
}

const HAS_REFERRER: u16 = 1 << 0;
const HAS_USER_AGENT: u16 = 1 << 1;
const HAS_CLIENT: u16 = 1 << 2;
const HAS_CLIENT_DEVICE: u16 = 1 << 3;
const HAS_CAMPAIGN: u16 = 1 << 4;
const HAS_UTM_MEDIUM: u16 = 1 << 5;
const HAS_UTM_CAMPAIGN: u16 = 1 << 6;
const HAS_UTM_TERM: u16 = 1 << 7;
const HAS_UTM_CONTENT: u16 = 1 << 8;
const HAS_SCREEN_WIDTH: u16 = 1 << 9;
const HAS_SCREEN_HEIGHT: u16 = 1 << 10;
const KNOWN_FLAGS: u16 = (1 << 11) - 1;

impl<T> PageView<T> {
    /// Which optional fields are there.
    fn flags(&self) -> u16 {
        let client = self.client.as_ref();
        let campaign = self.campaign.as_ref();
        [
            (self.referrer.is_some(), HAS_REFERRER),
            (self.user_agent.is_some(), HAS_USER_AGENT),
            (client.is_some(), HAS_CLIENT),
            (
                client.is_some_and(|c| c.device.is_some()),
                HAS_CLIENT_DEVICE,
            ),
            (campaign.is_some(), HAS_CAMPAIGN),
            (
                campaign.is_some_and(|c| c.utm_medium.is_some()),
                HAS_UTM_MEDIUM,
            ),
            (
                campaign.is_some_and(|c| c.utm_campaign.is_some()),
                HAS_UTM_CAMPAIGN,
            ),
            (campaign.is_some_and(|c| c.utm_term.is_some()), HAS_UTM_TERM),
            (
                campaign.is_some_and(|c| c.utm_content.is_some()),
                HAS_UTM_CONTENT,
            ),
            (self.device.screen_width.is_some(), HAS_SCREEN_WIDTH),
            (self.device.screen_height.is_some(), HAS_SCREEN_HEIGHT),
        ]
        .into_iter()
        .fold(
            0,
            |flags, (is_there, bit)| if is_there { flags | bit } else { flags },
        )
    }
}

/// The columns of a page view. The ids are stored: never reuse one.
pub(crate) mod column {
    use super::ColumnId;

    pub const HREF: ColumnId = ColumnId(4);
    pub const TITLE: ColumnId = ColumnId(5);
    /// Of the href; the href itself if it has none.
    pub const HOST: ColumnId = ColumnId(6);
    /// Of the href; the href itself if it is no URL.
    pub const PATH: ColumnId = ColumnId(7);
    pub const REFERRER: ColumnId = ColumnId(8);
    /// Of the referrer; the referrer itself if it has none.
    pub const REFERRER_HOST: ColumnId = ColumnId(9);
    pub const TIME_ZONE: ColumnId = ColumnId(10);
    pub const USER_AGENT: ColumnId = ColumnId(11);
    /// Absent where there is no client; so is [`OS`] then.
    pub const BROWSER: ColumnId = ColumnId(12);
    pub const OS: ColumnId = ColumnId(13);
    pub const DEVICE: ColumnId = ColumnId(14);
    pub const SCREEN_WIDTH: ColumnId = ColumnId(15);
    pub const SCREEN_HEIGHT: ColumnId = ColumnId(16);
    pub const INNER_WIDTH: ColumnId = ColumnId(17);
    pub const INNER_HEIGHT: ColumnId = ColumnId(18);
    /// [`crate::user_agent::DeviceClass`] plus one; 0 for a view that counts nowhere.
    pub const DEVICE_CLASS: ColumnId = ColumnId(19);
    /// [`crate::user_agent::Browser`]
    pub const BROWSER_CLASS: ColumnId = ColumnId(20);
    /// [`crate::user_agent::OperatingSystem`]
    pub const OS_CLASS: ColumnId = ColumnId(21);
    /// Absent where there is no campaign; so are the other four then.
    pub const UTM_SOURCE: ColumnId = ColumnId(22);
    pub const UTM_MEDIUM: ColumnId = ColumnId(23);
    pub const UTM_CAMPAIGN: ColumnId = ColumnId(24);
    pub const UTM_TERM: ColumnId = ColumnId(25);
    pub const UTM_CONTENT: ColumnId = ColumnId(26);

    /// By these columns cubes count the views.
    pub const COUNTED: &[ColumnId] = &[
        HOST,
        PATH,
        REFERRER_HOST,
        TIME_ZONE,
        DEVICE_CLASS,
        BROWSER_CLASS,
        OS_CLASS,
        UTM_SOURCE,
        UTM_MEDIUM,
        UTM_CAMPAIGN,
        UTM_TERM,
        UTM_CONTENT,
    ];
}

use Shape::{Follows, PerSession};

#[rustfmt::skip]
const COLUMNS: &[Column] = &[
    COMMON[0], COMMON[1], COMMON[2], COMMON[3],
    Column::text(column::HREF, "href", Domain::Href, Shape::Any),
    Column::text(column::TITLE, "title", Domain::Title, Follows(column::HREF)),
    Column::text(column::HOST, "host", Domain::Host, Follows(column::HREF)),
    Column::text(column::PATH, "path", Domain::Path, Follows(column::HREF)),
    Column::text(column::REFERRER, "referrer", Domain::Referrer, PerSession),
    Column::text(column::REFERRER_HOST, "referrer_host", Domain::Host, Follows(column::REFERRER)),
    Column::text(column::TIME_ZONE, "time_zone", Domain::TimeZone, PerSession),
    Column::text(column::USER_AGENT, "user_agent", Domain::UserAgent, PerSession),
    Column::text(column::BROWSER, "browser", Domain::Client, Follows(column::USER_AGENT)),
    Column::text(column::OS, "os", Domain::Client, Follows(column::USER_AGENT)),
    Column::text(column::DEVICE, "device", Domain::Client, Follows(column::USER_AGENT)),
    Column::number(column::SCREEN_WIDTH, "screen_width", PerSession),
    Column::number(column::SCREEN_HEIGHT, "screen_height", Follows(column::SCREEN_WIDTH)),
    Column::number(column::INNER_WIDTH, "inner_width", Follows(column::SCREEN_WIDTH)),
    Column::number(column::INNER_HEIGHT, "inner_height", PerSession),
    Column::number(column::DEVICE_CLASS, "device_class", Follows(column::SCREEN_WIDTH)),
    Column::number(column::BROWSER_CLASS, "browser_class", Follows(column::USER_AGENT)),
    Column::number(column::OS_CLASS, "os_class", Follows(column::OS)),
    Column::text(column::UTM_SOURCE, "utm_source", Domain::Campaign, PerSession),
    Column::text(column::UTM_MEDIUM, "utm_medium", Domain::Campaign, Follows(column::UTM_SOURCE)),
    Column::text(column::UTM_CAMPAIGN, "utm_campaign", Domain::Campaign, Follows(column::UTM_SOURCE)),
    Column::text(column::UTM_TERM, "utm_term", Domain::Campaign, Follows(column::UTM_SOURCE)),
    Column::text(column::UTM_CONTENT, "utm_content", Domain::Campaign, Follows(column::UTM_SOURCE)),
];

impl PageView {
    /// Classes of device, browser and operating system, in one number of 16 bits each: the device without
    /// regard to the screen.
    fn classes(&self) -> u64 {
        let classes = match (&self.client, &self.user_agent) {
            (Some(client), _) => Classes::by_client(&Client {
                browser: &client.browser,
                os: &client.os,
                device: client.device.as_deref(),
            }),
            (None, Some(user_agent)) => Classes::by_user_agent(user_agent),
            (None, None) => Classes::UNKNOWN,
        };
        classes.device as u64
            | (classes.browser as u64) << 16
            | (classes.operating_system as u64) << 32
    }

    /// Fills what depends on what the view was seen with.
    fn fill_client(&self, columns: &mut dyn Fill) {
        let user_agent = columns.optional_text(column::USER_AGENT, self.user_agent.as_deref());
        let client = self.client.as_ref();
        let browser = columns.optional_text(column::BROWSER, client.map(|client| &*client.browser));
        let os = columns.optional_text(column::OS, client.map(|client| &*client.os));
        let device = client.and_then(|client| client.device.as_deref());
        let device = columns.optional_text(column::DEVICE, device);
        let of = match client {
            Some(_) => [browser, os, device],
            None => [0, 0, user_agent],
        };
        let classes = columns.remembered(of, &|| self.classes());
        let class_of_device = match self.device.screen_width {
            Some(width) => device_by_screen(width).map_or(0, |class| class as u64 + 1),
            None => (classes & 0xFFFF) + 1,
        };
        columns.number(column::DEVICE_CLASS, class_of_device);
        columns.number(column::BROWSER_CLASS, classes >> 16 & 0xFFFF);
        columns.number(column::OS_CLASS, classes >> 32);
    }

    fn fill_campaign(&self, columns: &mut dyn Fill) {
        if let Some(campaign) = &self.campaign {
            columns.text(column::UTM_SOURCE, &campaign.utm_source);
            columns.optional_text(column::UTM_MEDIUM, campaign.utm_medium.as_deref());
            columns.optional_text(column::UTM_CAMPAIGN, campaign.utm_campaign.as_deref());
            columns.optional_text(column::UTM_TERM, campaign.utm_term.as_deref());
            columns.optional_text(column::UTM_CONTENT, campaign.utm_content.as_deref());
        }
    }
}

impl Kind for PageView {
    const NAME: KindName = KindName::PageView;

    const COLUMNS: &'static [Column] = COLUMNS;

    fn fill(&self, columns: &mut dyn Fill) {
        let href = columns.text(column::HREF, &self.href);
        columns.derived(column::HOST, href, &|| host_or_text(&self.href));
        columns.derived(column::PATH, href, &|| path_or_text(&self.href));
        columns.text(column::TITLE, &self.title);
        if let Some(referrer) = &self.referrer {
            let code = columns.text(column::REFERRER, referrer);
            columns.derived(column::REFERRER_HOST, code, &|| host_or_text(referrer));
        }
        columns.text(column::TIME_ZONE, &self.time_zone);
        columns.number(column::INNER_WIDTH, self.device.inner_width.into());
        columns.number(column::INNER_HEIGHT, self.device.inner_height.into());
        columns.optional_number(column::SCREEN_WIDTH, self.device.screen_width);
        columns.optional_number(column::SCREEN_HEIGHT, self.device.screen_height);
        self.fill_client(columns);
        self.fill_campaign(columns);
    }

    fn take(columns: &dyn Fields) -> Result<Self, RowError> {
        let text = |column| columns.optional_text(Domain::Client, column);
        let client = match text(column::BROWSER)? {
            Some(browser) => Some(Client {
                browser,
                os: columns.text(Domain::Client, column::OS)?,
                device: text(column::DEVICE)?,
            }),
            None => None,
        };
        let text = |column| columns.optional_text(Domain::Campaign, column);
        let campaign = match text(column::UTM_SOURCE)? {
            Some(utm_source) => Some(Campaign {
                utm_source,
                utm_medium: text(column::UTM_MEDIUM)?,
                utm_campaign: text(column::UTM_CAMPAIGN)?,
                utm_term: text(column::UTM_TERM)?,
                utm_content: text(column::UTM_CONTENT)?,
            }),
            None => None,
        };
        Ok(Self {
            title: columns.text(Domain::Title, column::TITLE)?,
            href: columns.text(Domain::Href, column::HREF)?,
            referrer: columns.optional_text(Domain::Referrer, column::REFERRER)?,
            device: Device {
                inner_width: columns.u16(column::INNER_WIDTH)?,
                inner_height: columns.u16(column::INNER_HEIGHT)?,
                screen_width: columns.optional_u16(column::SCREEN_WIDTH)?,
                screen_height: columns.optional_u16(column::SCREEN_HEIGHT)?,
            },
            time_zone: columns.text(Domain::TimeZone, column::TIME_ZONE)?,
            user_agent: columns.optional_text(Domain::UserAgent, column::USER_AGENT)?,
            client,
            campaign,
        })
    }

    type Row<'a> = PageView<&'a [u8]>;

    fn check_limits(&self) -> Result<(), Refusal> {
        limits::TITLE.check(&self.title)?;
        limits::HREF.check(&self.href)?;
        limits::REFERRER.check_optional(self.referrer.as_deref())?;
        limits::TIME_ZONE.check(&self.time_zone)?;
        limits::USER_AGENT.check_optional(self.user_agent.as_deref())?;
        if let Some(client) = &self.client {
            limits::BROWSER.check(&client.browser)?;
            limits::OS.check(&client.os)?;
            limits::DEVICE.check_optional(client.device.as_deref())?;
        }
        if let Some(campaign) = &self.campaign {
            limits::UTM_SOURCE.check(&campaign.utm_source)?;
            limits::UTM_MEDIUM.check_optional(campaign.utm_medium.as_deref())?;
            limits::UTM_CAMPAIGN.check_optional(campaign.utm_campaign.as_deref())?;
            limits::UTM_TERM.check_optional(campaign.utm_term.as_deref())?;
            limits::UTM_CONTENT.check_optional(campaign.utm_content.as_deref())?;
        }
        Ok(())
    }

    fn write(&self, row: &mut RowWriter) {
        row.flags(self.flags());
        row.number(self.device.inner_width.into());
        row.number(self.device.inner_height.into());
        row.optional_number(self.device.screen_width.map(u64::from));
        row.optional_number(self.device.screen_height.map(u64::from));
        row.text(&self.title);
        row.text(&self.href);
        row.optional_text(self.referrer.as_deref());
        row.text(&self.time_zone);
        row.optional_text(self.user_agent.as_deref());
        if let Some(client) = &self.client {
            row.text(&client.browser);
            row.text(&client.os);
            row.optional_text(client.device.as_deref());
        }
        if let Some(campaign) = &self.campaign {
            row.text(&campaign.utm_source);
            row.optional_text(campaign.utm_medium.as_deref());
            row.optional_text(campaign.utm_campaign.as_deref());
            row.optional_text(campaign.utm_term.as_deref());
            row.optional_text(campaign.utm_content.as_deref());
        }
    }

    fn read<'a>(row: &mut RowReader<'a>) -> Result<PageView<&'a [u8]>, RowError> {
        let flags = row.flags(KNOWN_FLAGS)?;
        let has = |bit| flags & bit != 0;
        let device = Device {
            inner_width: row.number_u16()?,
            inner_height: row.number_u16()?,
            screen_width: row.when(has(HAS_SCREEN_WIDTH), RowReader::number_u16)?,
            screen_height: row.when(has(HAS_SCREEN_HEIGHT), RowReader::number_u16)?,
        };
        Ok(PageView {
            device,
            title: row.text()?,
            href: row.text()?,
            referrer: row.when(has(HAS_REFERRER), RowReader::text)?,
            time_zone: row.text()?,
            user_agent: row.when(has(HAS_USER_AGENT), RowReader::text)?,
            client: row.when(has(HAS_CLIENT), |row| {
                Ok(Client {
                    browser: row.text()?,
                    os: row.text()?,
                    device: row.when(has(HAS_CLIENT_DEVICE), RowReader::text)?,
                })
            })?,
            campaign: row.when(has(HAS_CAMPAIGN), |row| {
                Ok(Campaign {
                    utm_source: row.text()?,
                    utm_medium: row.when(has(HAS_UTM_MEDIUM), RowReader::text)?,
                    utm_campaign: row.when(has(HAS_UTM_CAMPAIGN), RowReader::text)?,
                    utm_term: row.when(has(HAS_UTM_TERM), RowReader::text)?,
                    utm_content: row.when(has(HAS_UTM_CONTENT), RowReader::text)?,
                })
            })?,
        })
    }

    fn to_owned(row: &PageView<&[u8]>) -> Result<Self, RowError> {
        Ok(PageView {
            title: owned(row.title)?,
            href: owned(row.href)?,
            referrer: row.referrer.map(owned).transpose()?,
            device: row.device,
            time_zone: owned(row.time_zone)?,
            user_agent: row.user_agent.map(owned).transpose()?,
            client: row.client.as_ref().map(owned_client).transpose()?,
            campaign: row.campaign.as_ref().map(owned_campaign).transpose()?,
        })
    }
}

fn owned_client(client: &Client<&[u8]>) -> Result<Client, RowError> {
    Ok(Client {
        browser: owned(client.browser)?,
        os: owned(client.os)?,
        device: client.device.map(owned).transpose()?,
    })
}

fn owned_campaign(campaign: &Campaign<&[u8]>) -> Result<Campaign, RowError> {
    Ok(Campaign {
        utm_source: owned(campaign.utm_source)?,
        utm_medium: campaign.utm_medium.map(owned).transpose()?,
        utm_campaign: campaign.utm_campaign.map(owned).transpose()?,
        utm_term: campaign.utm_term.map(owned).transpose()?,
        utm_content: campaign.utm_content.map(owned).transpose()?,
    })
}
