//! Page views: what a client sets and what it reads back.

use candid::{CandidType, Principal};
use serde::{Deserialize, Serialize};

/// The window and the screen, in CSS pixels.
#[derive(CandidType, Serialize, Deserialize, Clone, Debug, PartialEq, Eq)]
pub struct PageViewDevice {
    /// Width of the window.
    pub inner_width: u16,
    /// Height of the window.
    pub inner_height: u16,
    /// Width of the screen, where the client tells it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub screen_width: Option<u16>,
    /// Height of the screen, where the client tells it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub screen_height: Option<u16>,
}

/// The browser, as the client itself names it.
#[derive(CandidType, Serialize, Deserialize, Clone, Debug, PartialEq, Eq)]
pub struct PageViewClient {
    /// Name of the browser.
    pub browser: String,
    /// Name of the operating system.
    pub os: String,
    /// Kind or model of the device.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub device: Option<String>,
}

/// The campaign parameters of the address, each at most 100 bytes.
#[derive(CandidType, Serialize, Deserialize, Clone, Debug, PartialEq, Eq)]
pub struct PageViewCampaign {
    /// `utm_source`.
    pub utm_source: String,
    /// `utm_medium`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub utm_medium: Option<String>,
    /// `utm_campaign`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub utm_campaign: Option<String>,
    /// `utm_term`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub utm_term: Option<String>,
    /// `utm_content`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub utm_content: Option<String>,
}

/// A page view as a client sets it.
#[derive(CandidType, Deserialize, Clone, Debug, PartialEq, Eq)]
pub struct SetPageView {
    /// Title of the page, at most 1024 bytes.
    pub title: String,
    /// Address of the page, at most 4096 bytes.
    pub href: String,
    /// Address of the page before, at most 4096 bytes.
    pub referrer: Option<String>,
    /// Window and screen.
    pub device: PageViewDevice,
    /// IANA name of the time zone, at most 256 bytes.
    pub time_zone: String,
    /// The raw user agent, at most 1024 bytes.
    pub user_agent: Option<String>,
    /// The browser by name, instead of a raw user agent.
    pub client: Option<PageViewClient>,
    /// Campaign parameters of the address.
    pub campaign: Option<PageViewCampaign>,
    /// The satellite whose visitor this is.
    pub satellite_id: Principal,
    /// Session of the visitor, at most 36 bytes.
    pub session_id: String,
    /// Sent by older clients; not used.
    pub updated_at: Option<u64>,
    /// The current version, when an existing entry is to be overwritten.
    pub version: Option<u64>,
}

/// A stored page view. Fields as in [`SetPageView`].
#[derive(CandidType, Deserialize, Clone, Debug, PartialEq, Eq)]
pub struct PageView {
    /// Title of the page.
    pub title: String,
    /// Address of the page.
    pub href: String,
    /// Address of the page before.
    pub referrer: Option<String>,
    /// Window and screen.
    pub device: PageViewDevice,
    /// IANA name of the time zone.
    pub time_zone: String,
    /// The raw user agent.
    pub user_agent: Option<String>,
    /// The browser by name.
    pub client: Option<PageViewClient>,
    /// Campaign parameters.
    pub campaign: Option<PageViewCampaign>,
    /// The satellite whose visitor this is.
    pub satellite_id: Principal,
    /// Session of the visitor.
    pub session_id: String,
    /// When the entry was first stored, ns.
    pub created_at: u64,
    /// When the entry was last stored, ns.
    pub updated_at: u64,
    /// 1 for a new entry, one more with each overwrite.
    pub version: Option<u64>,
}
