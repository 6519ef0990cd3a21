//! What the management canister tells, and to whom.

use super::*;
use crate::state_machine::Query;
use ic_management_canister_types::*;

fn logs_as(stage: &mut Stage, sender: Principal, id: Principal) -> Result<Vec<String>, Reject> {
    filtered_logs(stage, sender, id, None)
}

fn filtered_logs(
    stage: &mut Stage,
    sender: Principal,
    canister_id: Principal,
    filter: Option<CanisterLogFilter>,
) -> Result<Vec<String>, Reject> {
    let arguments = FetchCanisterLogsArgs {
        canister_id,
        filter,
    };
    let reply = stage.network.query(Query {
        sender,
        canister: Principal::management_canister(),
        method: "fetch_canister_logs".into(),
        payload: candid::encode_one(arguments).unwrap(),
        sender_info: None,
    })?;
    let logs: FetchCanisterLogsResult = candid::decode_one(&reply).unwrap();
    let line = |record: CanisterLogRecord| String::from_utf8(record.content).unwrap();
    Ok(logs.canister_log_records.into_iter().map(line).collect())
}

fn print(text: &str) -> Op {
    Op::Print(text.into())
}

#[test]
fn logs_tell_what_updates_printed_and_why_they_trapped() {
    let mut stage = Stage::new();
    let id = stage.canister();
    stage.run(id, &[print("one"), ok()]).unwrap();
    stage.query(id, "read", &[print("a query"), ok()]).unwrap();
    stage.run(id, &[print("two"), trap()]).unwrap_err();
    let logs = logs_as(&mut stage, Stage::user(), id).unwrap();
    assert_eq!(logs[..2], ["one", "two"]);
    assert!(logs[2].contains("on purpose"), "{logs:?}");
    assert_eq!(logs.len(), 3);
    let second = Some(CanisterLogFilter::ByIdx { start: 1, end: 2 });
    assert_eq!(
        filtered_logs(&mut stage, Stage::user(), id, second),
        Ok(vec!["two".into()])
    );
    let arguments = FetchCanisterLogsArgs {
        canister_id: id,
        filter: None,
    };
    let updated: FetchCanisterLogsResult = read(stage.manage("fetch_canister_logs", (arguments,)));
    assert_eq!(updated.canister_log_records.len(), 3);
}

#[test]
fn logs_are_for_those_whom_the_settings_name() {
    let mut stage = Stage::new();
    let id = stage.canister();
    let other = somebody_else();
    let reject = logs_as(&mut stage, other, id).unwrap_err();
    assert!(reject.message.contains("not allowed"), "{reject}");
    for visible in [
        LogVisibility::Public,
        LogVisibility::AllowedViewers(vec![other]),
    ] {
        let settings = CanisterSettings {
            log_visibility: Some(visible),
            ..Default::default()
        };
        stage.set(id, settings);
        assert_eq!(logs_as(&mut stage, other, id), Ok(vec![]));
    }
}

#[test]
fn an_upgrade_keeps_logs_and_a_reinstall_drops_them() {
    let mut stage = Stage::new();
    let id = stage.canister();
    stage.run(id, &[print("one"), ok()]).unwrap();
    let mode = CanisterInstallMode::Upgrade(None);
    stage
        .install(
            id,
            mode,
            crate::state_machine::stage::module(),
            &[print("two")],
        )
        .unwrap();
    assert_eq!(
        logs_as(&mut stage, Stage::user(), id).unwrap(),
        ["one", "two"]
    );
    let mode = CanisterInstallMode::Reinstall;
    stage
        .install(
            id,
            mode,
            crate::state_machine::stage::module(),
            &[print("three")],
        )
        .unwrap();
    assert_eq!(logs_as(&mut stage, Stage::user(), id).unwrap(), ["three"]);
}

#[test]
fn status_tells_settings_sizes_and_hash() {
    let mut stage = Stage::new();
    let id = stage.canister();
    stage.run(id, &[Op::Stable(0, 1), ok()]).unwrap();
    let settings = CanisterSettings {
        freezing_threshold: Some(77u8.into()),
        environment_variables: Some(vec![EnvironmentVariable {
            name: "A".into(),
            value: "1".into(),
        }]),
        ..Default::default()
    };
    stage.set(id, settings);
    let status: CanisterStatusResult = read(stage.manage("canister_status", about(id)));
    assert_eq!(status.status, CanisterStatusType::Running);
    assert_eq!(status.version, 3);
    assert_eq!(status.cycles, CYCLES);
    assert_eq!(status.settings.freezing_threshold, 77u8);
    assert_eq!(status.settings.environment_variables[0].value, "1");
    assert_eq!(status.memory_metrics.wasm_memory_size, 16u32 * 65536);
    assert_eq!(status.memory_metrics.stable_memory_size, 65536u32);
    let hash = stage.network.canister(id).unwrap().module_hash.unwrap();
    assert_eq!(status.module_hash, Some(hash.to_vec()));
}

#[test]
fn only_controllers_and_the_canister_itself_get_its_status() {
    let mut stage = Stage::new();
    let (id, other) = (stage.canister(), stage.canister());
    let reject = manage_as(&mut stage, somebody_else(), "canister_status", about(id)).unwrap_err();
    assert_eq!(reject.error, ErrorCode::CanisterInvalidController);
    let words = format!("Only controllers of canister {id} can call ic00 method canister_status");
    assert_eq!(reject.message, words);
    assert!(manage_from(&mut stage, id, "canister_status", about(id), 0).is_ok());
    let reject = manage_from(&mut stage, other, "canister_status", about(id), 0).unwrap_err();
    assert_eq!(reject, format!("IC0512: {words}"));
}

#[test]
fn changes_of_settings_are_for_controllers_and_all_or_nothing() {
    let mut stage = Stage::new();
    let id = stage.canister();
    let update = |settings| {
        (UpdateSettingsArgs {
            canister_id: id,
            settings,
            sender_canister_version: None,
        },)
    };
    let give = CanisterSettings {
        controllers: Some(vec![somebody_else()]),
        ..Default::default()
    };
    let reject = manage_as(
        &mut stage,
        somebody_else(),
        "update_settings",
        update(give.clone()),
    );
    assert_eq!(
        reject.unwrap_err().error,
        ErrorCode::CanisterInvalidController
    );
    let bad = CanisterSettings {
        compute_allocation: Some(101u8.into()),
        ..give.clone()
    };
    let reject = stage.manage("update_settings", update(bad)).unwrap_err();
    assert_eq!(reject.error, ErrorCode::InvalidManagementPayload);
    assert_eq!(
        stage.network.canister(id).unwrap().controllers,
        [Stage::user()]
    );
    stage.manage("update_settings", update(give)).unwrap();
    let controllers = stage.network.canister(id).unwrap().controllers.to_vec();
    assert_eq!(controllers, [somebody_else()]);
}

#[test]
fn info_tells_canisters_the_latest_changes() {
    let mut stage = Stage::new();
    let (id, asking) = (stage.canister(), stage.canister());
    let arguments = CanisterInfoArgs {
        canister_id: id,
        num_requested_changes: Some(1),
    };
    let reply = manage_from(&mut stage, asking, "canister_info", (arguments,), 0).unwrap();
    let info: CanisterInfoResult = candid::decode_one(&reply).unwrap();
    assert_eq!(info.total_num_changes, 2);
    assert_eq!(info.controllers, [Stage::user()]);
    let [change] = &info.recent_changes[..] else {
        panic!("{:?}", info.recent_changes);
    };
    assert_eq!(change.canister_version, 1);
    let user = FromUserRecord {
        user_id: Stage::user(),
    };
    assert_eq!(change.origin, ChangeOrigin::FromUser(user));
    assert!(matches!(
        &change.details,
        Some(ChangeDetails::CodeDeployment(record)) if record.mode == CodeDeploymentMode::Install
    ));
}

#[test]
fn randomness_differs_between_calls_and_repeats_with_the_seed() {
    let draw = || {
        let mut stage = Stage::new();
        let id = stage.canister();
        let mut next = || {
            let reply = manage_from(&mut stage, id, "raw_rand", (), 0).unwrap();
            candid::decode_one::<Vec<u8>>(&reply).unwrap()
        };
        (next(), next())
    };
    let (first, second) = draw();
    assert_eq!((first.len(), second.len()), (32, 32));
    assert_ne!(first, second);
    assert_eq!(draw(), (first, second));
}

#[test]
fn an_argument_that_does_not_decode_is_refused() {
    let mut stage = Stage::new();
    let management = Principal::management_canister();
    for method in ["canister_status", "provisional_create_canister_with_cycles"] {
        let reject = stage
            .call(management, method, b"nonsense".to_vec())
            .unwrap_err();
        assert_eq!(
            reject.error,
            ErrorCode::InvalidManagementPayload,
            "{method}"
        );
    }
}
