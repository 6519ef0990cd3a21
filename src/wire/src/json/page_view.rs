//! Page views in JSON.

use super::BigInt;
use crate::{PageViewCampaign, PageViewClient, PageViewDevice};
use serde::{Deserialize, Serialize};

/// A page view in a request. Fields as in [`crate::SetPageView`]; the satellite is named once, in the
/// request.
#[derive(Deserialize, Clone, Debug, PartialEq, Eq)]
pub struct SetPageView {
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
    /// Session of the visitor.
    pub session_id: String,
    /// Sent by older clients; not used.
    pub updated_at: Option<BigInt>,
    /// The current version, when an existing entry is to be overwritten.
    pub version: Option<BigInt>,
}

/// A stored page view in an answer. Fields as in [`crate::PageView`].
#[derive(Serialize, Clone, Debug, PartialEq, Eq)]
pub struct PageView {
    /// Title of the page.
    pub title: String,
    /// Address of the page.
    pub href: String,
    /// Address of the page before.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub referrer: Option<String>,
    /// Window and screen.
    pub device: PageViewDevice,
    /// IANA name of the time zone.
    pub time_zone: String,
    /// The raw user agent.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub user_agent: Option<String>,
    /// The browser by name.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub client: Option<PageViewClient>,
    /// Campaign parameters.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub campaign: Option<PageViewCampaign>,
    /// Text of the satellite's principal.
    pub satellite_id: String,
    /// Session of the visitor.
    pub session_id: String,
    /// When the entry was first stored, ns.
    pub created_at: BigInt,
    /// When the entry was last stored, ns.
    pub updated_at: BigInt,
    /// 1 for a new entry, one more with each overwrite.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub version: Option<BigInt>,
}
