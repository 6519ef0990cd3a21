//! The orbiter's methods this program calls, typed. The interface is `candid/orbiter.did`.

use candid::Principal;
use wire::{
    AccessKey, AnalyticsMetricsPageViews, GetAnalytics, GetSegment, ListSegments, MemorySize,
    OrbiterSatelliteConfig, SegmentPart, SegmentSummary, SetAccessKey, SetControllersArgs,
    SetSatelliteConfig, StorageOverview,
};

use crate::connection::Connection;
use crate::error::Result;

/// Satellites with their configuration.
pub type Configs = Vec<(Principal, OrbiterSatelliteConfig)>;
/// Principals with their access key.
pub type Keys = Vec<(Principal, AccessKey)>;

/// The method that lists satellite configurations.
const CONFIGS: &str = "list_satellite_configs";
/// The method that lists access keys.
const KEYS: &str = "list_controllers";

/// An orbiter, as the caller of a connection sees it.
pub struct Orbiter<'a> {
    connection: &'a Connection,
    /// Its canister id.
    pub id: Principal,
}

impl<'a> Orbiter<'a> {
    /// The orbiter of that id.
    pub fn new(connection: &'a Connection, id: Principal) -> Self {
        Self { connection, id }
    }

    /// All satellite configurations; for admins.
    pub async fn configs(&self) -> Result<Configs> {
        let (configs,) = self.connection.query(self.id, CONFIGS, ()).await?;
        Ok(configs)
    }

    /// The same as all replicas agree on them: a query may be answered by one that lags behind, which is good enough to
    /// look at but not to decide on what is written or wiped.
    pub async fn certified_configs(&self) -> Result<Configs> {
        let (configs,) = self.connection.update(self.id, CONFIGS, ()).await?;
        Ok(configs)
    }

    /// Sets the configuration of one satellite; for admins. Its version must be the current one, if there is one.
    pub async fn set_config(&self, satellite: Principal, config: SetSatelliteConfig) -> Result<()> {
        let arguments = (vec![(satellite, config)],);
        let (_stored,): (Configs,) = self
            .connection
            .update(self.id, "set_satellite_configs", arguments)
            .await?;
        Ok(())
    }

    /// All access keys; for admins.
    pub async fn keys(&self) -> Result<Keys> {
        let (keys,) = self.connection.query(self.id, KEYS, ()).await?;
        Ok(keys)
    }

    /// The same as all replicas agree on them; see [`Self::certified_configs`].
    pub async fn certified_keys(&self) -> Result<Keys> {
        let (keys,) = self.connection.update(self.id, KEYS, ()).await?;
        Ok(keys)
    }

    /// Gives one principal an access key, in place of the one it may have; for admins.
    pub async fn set_key(&self, principal: Principal, key: SetAccessKey) -> Result<()> {
        let arguments = SetControllersArgs {
            controllers: vec![principal],
            controller: key,
        };
        let (_all,): (Keys,) = self
            .connection
            .update(self.id, "set_controllers", (arguments,))
            .await?;
        Ok(())
    }

    /// The memory in use; for whoever may read.
    pub async fn memory(&self) -> Result<MemorySize> {
        let (size,) = self.connection.query(self.id, "memory_size", ()).await?;
        Ok(size)
    }

    /// What is stored, in figures; for whoever may read.
    pub async fn storage(&self) -> Result<StorageOverview> {
        let method = "get_storage_overview";
        let (overview,) = self.connection.query(self.id, method, ()).await?;
        Ok(overview)
    }

    /// All segments, in the order of their ids; for admins.
    pub async fn segments(&self) -> Result<Vec<SegmentSummary>> {
        let mut all: Vec<SegmentSummary> = vec![];
        loop {
            let after = all.last().map(|segment| segment.id);
            let arguments = (ListSegments { after },);
            let listed = self.connection.query(self.id, "list_segments", arguments);
            let (more,): (Vec<SegmentSummary>,) = listed.await?;
            if more.is_empty() {
                return Ok(all);
            }
            all.extend(more);
        }
    }

    /// The bytes of a segment; for admins.
    pub async fn segment(&self, segment: u64) -> Result<Vec<u8>> {
        let mut content = vec![];
        loop {
            let offset = content.len() as u64;
            let arguments = (GetSegment { segment, offset },);
            let read = self.connection.query(self.id, "get_segment", arguments);
            let (part,): (SegmentPart,) = read.await?;
            content.extend_from_slice(&part.bytes);
            if part.bytes.is_empty() || content.len() as u64 >= part.total {
                return Ok(content);
            }
        }
    }

    /// Totals of a satellite's page views (none: of all satellites') collected since `from`, ns; for whoever may read.
    pub async fn page_views(
        &self,
        satellite: Option<Principal>,
        from: u64,
    ) -> Result<AnalyticsMetricsPageViews> {
        let range = GetAnalytics {
            satellite_id: satellite,
            from: Some(from),
            to: None,
        };
        let method = "get_page_views_analytics_metrics";
        let (totals,) = self.connection.query(self.id, method, (range,)).await?;
        Ok(totals)
    }
}
