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
use crate::limits::Limit;
use crate::refusal::Refusal;
use crate::store::{RowError, RowReader, RowWriter, owned};

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

impl Kind for PageView {
    const NAME: KindName = KindName::PageView;

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
