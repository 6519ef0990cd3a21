//! Page views.

use super::{Json, Wire, digits};
use candid::Principal;
use engine::kinds::{Campaign, Client, Device};
use engine::{Entry, PageView, SetEntry};
use wire::json::{self, BigInt, Key};

impl Wire for PageView {
    type Set = wire::SetPageView;
    type Stored = wire::PageView;

    fn set_entry(set: wire::SetPageView) -> SetEntry<Self> {
        SetEntry {
            satellite_id: set.satellite_id,
            session_id: set.session_id,
            version: set.version,
            body: PageView {
                title: set.title,
                href: set.href,
                referrer: set.referrer,
                device: device(set.device),
                time_zone: set.time_zone,
                user_agent: set.user_agent,
                client: set.client.map(client),
                campaign: set.campaign.map(campaign),
            },
        }
    }

    fn stored(entry: Entry<Self>) -> wire::PageView {
        wire::PageView {
            title: entry.body.title,
            href: entry.body.href,
            referrer: entry.body.referrer,
            device: wire_device(entry.body.device),
            time_zone: entry.body.time_zone,
            user_agent: entry.body.user_agent,
            client: entry.body.client.map(wire_client),
            campaign: entry.body.campaign.map(wire_campaign),
            satellite_id: entry.satellite_id,
            session_id: entry.session_id,
            created_at: entry.created_at,
            updated_at: entry.updated_at,
            version: Some(entry.version),
        }
    }
}

impl Json for PageView {
    type One = json::SetPageViewRequest;
    type Many = json::SetPageViewsRequest;
    type JsonSet = json::SetPageView;
    type JsonStored = json::PageView;

    fn one(body: Self::One) -> (String, (Key, Self::JsonSet)) {
        (body.satellite_id, (body.key, body.page_view))
    }

    fn many(body: Self::Many) -> (String, impl Iterator<Item = (Key, Self::JsonSet)>) {
        let entries = body.page_views.into_iter();
        (
            body.satellite_id,
            entries.map(|entry| (entry.key, entry.page_view)),
        )
    }

    fn from_json(set: json::SetPageView, satellite_id: Principal) -> wire::SetPageView {
        wire::SetPageView {
            title: set.title,
            href: set.href,
            referrer: set.referrer,
            device: set.device,
            time_zone: set.time_zone,
            user_agent: set.user_agent,
            client: set.client,
            campaign: set.campaign,
            satellite_id,
            session_id: set.session_id,
            updated_at: set.updated_at.map(digits),
            version: set.version.map(digits),
        }
    }

    fn into_json(stored: wire::PageView, satellite_id: String) -> json::PageView {
        json::PageView {
            title: stored.title,
            href: stored.href,
            referrer: stored.referrer,
            device: stored.device,
            time_zone: stored.time_zone,
            user_agent: stored.user_agent,
            client: stored.client,
            campaign: stored.campaign,
            satellite_id,
            session_id: stored.session_id,
            created_at: BigInt(stored.created_at),
            updated_at: BigInt(stored.updated_at),
            version: stored.version.map(BigInt),
        }
    }
}

fn device(device: wire::PageViewDevice) -> Device {
    Device {
        inner_width: device.inner_width,
        inner_height: device.inner_height,
        screen_width: device.screen_width,
        screen_height: device.screen_height,
    }
}

fn wire_device(device: Device) -> wire::PageViewDevice {
    wire::PageViewDevice {
        inner_width: device.inner_width,
        inner_height: device.inner_height,
        screen_width: device.screen_width,
        screen_height: device.screen_height,
    }
}

fn client(client: wire::PageViewClient) -> Client {
    Client {
        browser: client.browser,
        os: client.os,
        device: client.device,
    }
}

fn wire_client(client: Client) -> wire::PageViewClient {
    wire::PageViewClient {
        browser: client.browser,
        os: client.os,
        device: client.device,
    }
}

fn campaign(campaign: wire::PageViewCampaign) -> Campaign {
    Campaign {
        utm_source: campaign.utm_source,
        utm_medium: campaign.utm_medium,
        utm_campaign: campaign.utm_campaign,
        utm_term: campaign.utm_term,
        utm_content: campaign.utm_content,
    }
}

fn wire_campaign(campaign: Campaign) -> wire::PageViewCampaign {
    wire::PageViewCampaign {
        utm_source: campaign.utm_source,
        utm_medium: campaign.utm_medium,
        utm_campaign: campaign.utm_campaign,
        utm_term: campaign.utm_term,
        utm_content: campaign.utm_content,
    }
}
