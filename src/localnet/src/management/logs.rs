//! `fetch_canister_logs`, as a query and as an update.

use super::payload::{decode, encode_one};
use super::{Answer, Call};
use crate::rejection::{ErrorCode, Reject};
use crate::state_machine::{Canister, Network};
use candid::Principal;
use ic_management_canister_types::{
    CanisterLogFilter, CanisterLogRecord, FetchCanisterLogsArgs, FetchCanisterLogsResult,
    LogVisibility,
};

/// What a canister printed, for those who may see it.
pub(super) fn fetch_query(
    network: &Network,
    caller: Principal,
    payload: &[u8],
) -> Result<Vec<u8>, Reject> {
    let arguments: FetchCanisterLogsArgs = decode(payload)?;
    let canister = network.canister_ref(arguments.canister_id)?;
    if !may_see(canister, caller) {
        return Err(Reject::new(
            ErrorCode::CanisterRejectedMessage,
            format!("Caller {caller} is not allowed to access canister logs"),
        ));
    }
    encode_one(FetchCanisterLogsResult {
        canister_log_records: canister
            .logs
            .records()
            .map(|record| CanisterLogRecord {
                idx: record.index,
                timestamp_nanos: record.time,
                content: record.content.clone(),
            })
            .filter(|record| selected(record, arguments.filter.as_ref()))
            .collect(),
    })
}

/// The same as an update.
pub(super) fn fetch(network: &mut Network, call: &mut Call) -> Result<Answer, Reject> {
    fetch_query(network, call.caller(), &call.request.payload).map(Answer::Now)
}

fn may_see(canister: &Canister, caller: Principal) -> bool {
    canister.is_controlled_by(caller)
        || match &canister.settings.log_visibility {
            LogVisibility::Controllers => false,
            LogVisibility::Public => true,
            LogVisibility::AllowedViewers(viewers) => viewers.contains(&caller),
        }
}

/// A filter's start belongs to what it selects, its end does not.
fn selected(record: &CanisterLogRecord, filter: Option<&CanisterLogFilter>) -> bool {
    match filter {
        None => true,
        Some(CanisterLogFilter::ByIdx { start, end }) => (*start..*end).contains(&record.idx),
        Some(CanisterLogFilter::ByTimestampNanos { start, end }) => {
            (*start..*end).contains(&record.timestamp_nanos)
        }
    }
}
