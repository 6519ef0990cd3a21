//! What happens to a message before a round.

use crate::rejection::{ErrorCode, RejectCode};
use crate::state_machine::IngressStatus;
use crate::state_machine::stage::{self as script, CYCLES, Op, Stage, encode, ok, trap};
use candid::Principal;

fn inspecting() -> (Stage, Principal) {
    let mut stage = Stage::new();
    let module = script::with_hooks(&["canister_inspect_message"]);
    let id = stage.canister_with(module);
    (stage, id)
}

#[test]
fn a_message_is_received_then_answered_and_knows_its_sender() {
    let mut stage = Stage::new();
    let id = stage.canister();
    let message = Stage::ingress(id, "run", encode(&[ok()]));
    let message = stage.network.submit(message).unwrap();
    let received = (Stage::user(), &IngressStatus::Received);
    assert_eq!(stage.network.ingress_status(&message), Some(received));
    assert!(stage.network.has_work());
    stage.network.round();
    assert_eq!(stage.answer(message), Some(Ok(vec![1])));
    assert_eq!(stage.network.ingress_status(&[0; 32]), None);
}

#[test]
fn a_message_that_comes_twice_runs_once() {
    let mut stage = Stage::new();
    let id = stage.canister();
    let mut message = Stage::ingress(id, "run", encode(&[Op::Increment(0), ok()]));
    message.id = Some([9; 32]);
    assert_eq!(stage.network.submit(message.clone()), Ok([9; 32]));
    stage.network.round();
    assert_eq!(stage.network.submit(message), Ok([9; 32]));
    stage.network.round();
    assert_eq!(stage.state(id).heap[0], 1);
}

#[test]
fn a_message_that_inspection_accepts_runs_and_inspection_changes_nothing() {
    let (mut stage, id) = inspecting();
    let script = [Op::AcceptMessage, Op::Increment(0)];
    let message = Stage::ingress(id, "run", encode(&script));
    stage.network.submit(message).unwrap();
    assert_eq!(stage.state(id).heap[0], 0);
}

#[test]
fn a_message_that_inspection_does_not_accept_is_refused() {
    let (mut stage, id) = inspecting();
    let reject = stage.run(id, &[Op::Increment(0)]).unwrap_err();
    assert_eq!(reject.code, RejectCode::CanisterReject);
    assert_eq!(reject.error, ErrorCode::CanisterRejectedMessage);
    assert_eq!(
        reject.message,
        format!("Canister {id} rejected the message")
    );
    assert_eq!(stage.state(id).heap[0], 0);
    let reject = stage.run(id, &[Op::AcceptMessage, trap()]).unwrap_err();
    assert_eq!(reject.error, ErrorCode::CanisterCalledTrap);
    assert!(!stage.network.has_work());
}

#[test]
fn calls_and_queries_are_not_inspected() {
    let (mut stage, id) = inspecting();
    let caller = stage.canister();
    let call = script::Call::run(id, &[Op::Reply(vec![3])]).on_reply(&[ok()]);
    assert_eq!(stage.run(caller, &[call.op()]), Ok(vec![1]));
    assert_eq!(stage.query(id, "read", &[Op::Reply(vec![3])]), Ok(vec![3]));
}

#[test]
fn a_message_to_nowhere_is_refused_at_once() {
    let mut stage = Stage::new();
    let id = stage.canister();
    let empty = stage.create();
    let mut refusal = |canister, method| {
        let message = Stage::ingress(canister, method, vec![]);
        let reject = stage.network.submit(message).unwrap_err();
        (reject.error, reject.message)
    };
    let nobody = Principal::from_slice(&[0, 0, 0, 0, 0, 0, 0, 99, 1, 1]);
    let (error, message) = refusal(nobody, "run");
    assert_eq!(error, ErrorCode::CanisterNotFound);
    assert_eq!(message, format!("Canister {nobody} not found"));
    assert_eq!(
        refusal(empty, "run").0,
        ErrorCode::CanisterWasmModuleNotFound
    );
    let (error, message) = refusal(id, "walk");
    assert_eq!(error, ErrorCode::CanisterMethodNotFound);
    assert!(message.contains("has no update method 'walk'"), "{message}");
    let composite = ErrorCode::CompositeQueryCalledInReplicatedMode;
    assert_eq!(refusal(id, "compose").0, composite);
    let management = Principal::management_canister();
    let (error, message) = refusal(management, "raw_rand");
    assert_eq!(error, ErrorCode::CanisterRejectedMessage);
    assert_eq!(message, "Only canisters can call ic00 method raw_rand");
    assert_eq!(refusal(management, "create_canister").0, error);
    assert_eq!(
        refusal(management, "http_request").1,
        "localnet: http_request is not supported"
    );
}

#[test]
fn a_query_method_called_as_an_update_answers_and_changes_no_memory() {
    let mut stage = Stage::new();
    let id = stage.canister();
    let script = [
        Op::Heap(0, 1),
        Op::AppendState,
        Op::AppendCertificate,
        Op::ReplyAppended,
    ];
    let reply = stage.call(id, "read", encode(&script)).unwrap();
    assert_eq!(script::State::of(&reply).heap[0], 1);
    assert_eq!(reply.len(), 12, "a certificate in replicated execution");
    assert_eq!(stage.state(id).heap[0], 0);
}

#[test]
fn a_replicated_query_keeps_the_cycles_it_accepts() {
    let mut stage = Stage::new();
    let (id, other) = (stage.canister(), stage.canister());
    let accepting = encode(&[Op::Accept(30), Op::Heap(0, 1), ok()]);
    let call = script::Call::method(other, "read", accepting);
    let call = call.cycles(100).on_reply(&[ok()]);
    assert_eq!(stage.run(id, &[call.op()]), Ok(vec![1]));
    assert_eq!(stage.cycles(other), CYCLES + 30);
    assert_eq!(stage.state(other).heap[0], 0);
}
