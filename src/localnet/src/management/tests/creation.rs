//! Making canisters and moving cycles into them.

use super::*;
use crate::state_machine::SubnetKind;
use ic_management_canister_types::{
    CanisterSettings, CreateCanisterArgs, ProvisionalCreateCanisterWithCyclesArgs,
    ProvisionalTopUpCanisterArgs,
};

fn create(
    stage: &mut Stage,
    arguments: ProvisionalCreateCanisterWithCyclesArgs,
) -> Result<Principal, Reject> {
    let reply = stage.manage("provisional_create_canister_with_cycles", (arguments,))?;
    let record: CanisterIdRecord = candid::decode_one(&reply).unwrap();
    Ok(record.canister_id)
}

fn cycles(stage: &Stage, id: Principal) -> u128 {
    stage.network.canister(id).unwrap().cycles
}

#[test]
fn canisters_get_the_ids_that_people_paste() {
    let mut stage = Stage::new();
    assert_eq!(stage.create().to_text(), "lxzze-o7777-77777-aaaaa-cai");
    assert_eq!(stage.create().to_text(), "lqy7q-dh777-77777-aaaaq-cai");
    let first = stage.network.default_effective_canister_id();
    assert_eq!(first.to_text(), "lxzze-o7777-77777-aaaaa-cai");
}

#[test]
fn the_creator_controls_the_canister_and_chooses_its_cycles() {
    let mut stage = Stage::new();
    let id = create(&mut stage, Default::default()).unwrap();
    let view = stage.network.canister(id).unwrap();
    assert_eq!(view.controllers, [Stage::user()]);
    assert_eq!(view.cycles, 100_000_000_000_000);
    let arguments = ProvisionalCreateCanisterWithCyclesArgs {
        amount: Some(u128::MAX.into()),
        settings: Some(CanisterSettings {
            controllers: Some(vec![somebody_else()]),
            ..Default::default()
        }),
        ..Default::default()
    };
    let id = create(&mut stage, arguments).unwrap();
    let view = stage.network.canister(id).unwrap();
    assert_eq!(view.controllers, [somebody_else()]);
    assert_eq!(view.cycles, u128::MAX);
}

#[test]
fn a_chosen_id_is_given_once_and_one_outside_every_range_joins_the_application_subnet() {
    let mut stage = Stage::with(&[SubnetKind::Nns, SubnetKind::Application]);
    let asked = |id| ProvisionalCreateCanisterWithCyclesArgs {
        specified_id: Some(Principal::from_text(id).unwrap()),
        ..Default::default()
    };
    let ledger = "ryjl3-tyaaa-aaaaa-aaaba-cai";
    let id = create(&mut stage, asked(ledger)).unwrap();
    assert_eq!(id.to_text(), ledger);
    let nns = stage.network.subnets()[0].authority.subnet_id();
    assert_eq!(stage.network.canister(id).unwrap().subnet, nns);
    let again = create(&mut stage, asked(ledger)).unwrap_err();
    assert_eq!(again.error, ErrorCode::CanisterIdAlreadyExists);
    let outside = create(&mut stage, asked("uc7f6-kaaaa-aaaaq-qaaaa-cai")).unwrap();
    let application = &stage.network.subnets()[1];
    assert_eq!(application.ranges[1], (outside, outside));
    let home = stage.network.subnet_for(outside).unwrap();
    assert_eq!(
        home.authority.subnet_id(),
        application.authority.subnet_id()
    );
    let reject = create(&mut stage, asked("2vxsx-fae")).unwrap_err();
    assert_eq!(reject.error, ErrorCode::InvalidManagementPayload);
}

#[test]
fn the_effective_id_chooses_the_subnet() {
    let mut stage = Stage::with(&[SubnetKind::Application, SubnetKind::Nns]);
    let arguments = ProvisionalCreateCanisterWithCyclesArgs::default();
    let payload = encode_args((arguments,)).unwrap();
    let mut create_at = |effective| {
        let method = "provisional_create_canister_with_cycles";
        let mut message = Stage::ingress(Principal::management_canister(), method, payload.clone());
        message.effective = Some(effective);
        let record: CanisterIdRecord = read(stage.send(message));
        stage.network.canister(record.canister_id).unwrap().subnet
    };
    let ledger = Principal::from_text("ryjl3-tyaaa-aaaaa-aaaba-cai").unwrap();
    let by_canister = create_at(ledger);
    assert_eq!(create_at(by_canister), by_canister);
    assert_eq!(
        stage.network.subnets()[1].authority.subnet_id(),
        by_canister
    );
}

#[test]
fn a_canister_makes_canisters_with_the_cycles_of_its_call() {
    let mut stage = Stage::new();
    let id = stage.canister();
    let arguments = (CreateCanisterArgs::default(),);
    let reply = manage_from(&mut stage, id, "create_canister", arguments, 300).unwrap();
    let made: CanisterIdRecord = candid::decode_one(&reply).unwrap();
    assert_eq!(cycles(&stage, made.canister_id), 300);
    assert_eq!(cycles(&stage, id), CYCLES - 300);
    let view = stage.network.canister(made.canister_id).unwrap();
    assert_eq!(view.controllers, [id]);
}

#[test]
fn deposited_cycles_arrive_and_those_for_nobody_come_back() {
    let mut stage = Stage::new();
    let (id, other) = (stage.canister(), stage.canister());
    manage_from(&mut stage, id, "deposit_cycles", about(other), 300).unwrap();
    assert_eq!(cycles(&stage, id), CYCLES - 300);
    assert_eq!(cycles(&stage, other), CYCLES + 300);
    let nobody = about(Principal::anonymous());
    let reject = manage_from(&mut stage, id, "deposit_cycles", nobody, 300).unwrap_err();
    assert!(reject.starts_with("IC0301"), "{reject}");
    assert_eq!(cycles(&stage, id), CYCLES - 300);
}

#[test]
fn anybody_makes_cycles() {
    let mut stage = Stage::new();
    let canister_id = stage.create();
    let arguments = ProvisionalTopUpCanisterArgs {
        canister_id,
        amount: 5u8.into(),
    };
    let method = "provisional_top_up_canister";
    manage_as(&mut stage, somebody_else(), method, (arguments,)).unwrap();
    assert_eq!(cycles(&stage, canister_id), CYCLES + 5);
    assert_eq!(stage.network.add_cycles(canister_id, 4), Ok(CYCLES + 9));
}
