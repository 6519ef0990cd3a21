//! Random scenarios against a model that knows nothing of sandboxes, effects and callbacks' bookkeeping: it copies a
//! canister before each message and puts the copy back when the message traps.

use crate::rejection::ErrorCode;
use crate::state_machine::stage::{CYCLES, Call, Op, Stage, State, encode};
use crate::state_machine::subnet_ids::canister_id;
use candid::Principal;
use proptest::prelude::*;
use std::collections::VecDeque;

/// The canisters of a scenario, by number.
const CANISTERS: u64 = 3;

fn id(number: u64) -> Principal {
    canister_id(0xFFFF_FFFF_FFE0_0000 + number)
}

fn number(id: Principal) -> usize {
    (0..CANISTERS).position(|n| self::id(n) == id).unwrap()
}

/// All that a message can change in its canister.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
struct Contents {
    state: State,
    certified_data: Vec<u8>,
    timer: u64,
    balance: u128,
    version: u64,
}

/// How a call ended: its reply, or why there is none.
type Answer = Result<Vec<u8>, ErrorCode>;

/// A call that entered a canister.
struct Open {
    canister: usize,
    /// The call it answers; none for the user's.
    answers: Option<usize>,
    available: u128,
    responded: bool,
    outstanding: usize,
}

/// A call that left a canister.
struct Made {
    by: usize,
    call: Call,
}

enum Message {
    Call(usize),
    Answer(usize, Answer, u128),
}

/// What a message did besides changing its canister.
#[derive(Default)]
struct Done {
    reply: Vec<u8>,
    answer: Option<Answer>,
    calls: Vec<Call>,
    accepted: u128,
}

#[derive(Default)]
struct Model {
    canisters: Vec<Contents>,
    open: Vec<Open>,
    made: Vec<Made>,
    queue: VecDeque<Message>,
    answer: Option<Answer>,
}

impl Model {
    fn ingress(&mut self, canister: usize, script: &[Op]) -> Answer {
        self.answer = None;
        self.enter(canister, None, 0, script);
        while let Some(message) = self.queue.pop_front() {
            match message {
                Message::Call(made) => {
                    let call = self.made[made].call.clone();
                    let script = decode(&call.payload);
                    let cycles = u128::from(call.cycles);
                    self.enter(number(call.callee), Some(made), cycles, &script);
                }
                Message::Answer(made, answer, refund) => self.return_to(made, answer, refund),
            }
        }
        self.answer.take().expect("every call is answered")
    }

    fn enter(&mut self, canister: usize, answers: Option<usize>, available: u128, script: &[Op]) {
        self.open.push(Open {
            canister,
            answers,
            available,
            responded: false,
            outstanding: 0,
        });
        let open = self.open.len() - 1;
        let ended = self.message(open, script, &encode(script));
        self.settle(open, ended);
    }

    fn return_to(&mut self, made: usize, answer: Answer, refund: u128) {
        let Made { by, call } = &self.made[made];
        let (open, call) = (*by, call.clone());
        self.canisters[self.open[open].canister].balance += refund;
        self.open[open].outstanding -= 1;
        let ended = match answer {
            Ok(reply) => self.message(open, &call.on_reply, &reply),
            Err(_) => self.message(open, &call.on_reject, &[]),
        };
        if ended.is_err()
            && let Some(cleanup) = &call.on_cleanup
        {
            // Whether it traps as well changes the words of the rejection, not its kind.
            let _ = self.message(open, cleanup, &[]);
        }
        self.settle(open, ended);
    }

    /// Runs a script, all or nothing.
    fn message(&mut self, open: usize, script: &[Op], payload: &[u8]) -> Result<(), ErrorCode> {
        let canister = self.open[open].canister;
        let before = self.canisters[canister].clone();
        let mut done = Done::default();
        for op in script {
            if let Err(trap) = self.step(open, op, payload, &mut done) {
                self.canisters[canister] = before;
                return Err(trap);
            }
        }
        self.canisters[canister].version += 1;
        self.open[open].available -= done.accepted;
        for call in done.calls {
            self.made.push(Made { by: open, call });
            self.open[open].outstanding += 1;
            self.queue.push_back(Message::Call(self.made.len() - 1));
        }
        if let Some(answer) = done.answer {
            self.respond(open, answer);
        }
        Ok(())
    }

    /// Runs one operation.
    fn step(
        &mut self,
        open: usize,
        op: &Op,
        payload: &[u8],
        done: &mut Done,
    ) -> Result<(), ErrorCode> {
        let open = &self.open[open];
        let own = &mut self.canisters[open.canister];
        let answered = open.responded || done.answer.is_some();
        match op {
            Op::Heap(cell, value) => own.state.heap[*cell as usize] = *value,
            Op::Global(value) => own.state.global = *value,
            Op::Stable(cell, value) => own.state.stable[*cell as usize] = *value,
            Op::Certify(value) => own.certified_data = vec![*value],
            Op::Timer(time) => own.timer = *time,
            Op::Burn(amount) => own.balance -= u128::from(*amount).min(own.balance),
            Op::Accept(amount) => {
                let accepted = u128::from(*amount).min(open.available - done.accepted);
                own.balance += accepted;
                done.accepted += accepted;
            }
            Op::Trap(_) => return Err(ErrorCode::CanisterCalledTrap),
            Op::AppendState | Op::AppendPayload | Op::Reply(_) | Op::Reject(_) if answered => {
                return Err(ErrorCode::CanisterContractViolation);
            }
            Op::AppendState => done.reply.extend(bytes(&own.state)),
            Op::AppendPayload => done.reply.extend(payload),
            Op::Reply(data) => {
                done.reply.extend(data);
                done.answer = Some(Ok(done.reply.clone()));
            }
            Op::Reject(_) => done.answer = Some(Err(ErrorCode::CanisterRejectedMessage)),
            Op::Call(call) => {
                let cycles = u128::from(call.cycles);
                if cycles > own.balance {
                    return Err(ErrorCode::CanisterOutOfCycles);
                }
                own.balance -= cycles;
                done.calls.push(call.clone());
            }
            other => panic!("no scenario has {other:?}"),
        }
        Ok(())
    }

    /// After a message: a call that can't be answered any more is rejected.
    fn settle(&mut self, open: usize, ended: Result<(), ErrorCode>) {
        if self.open[open].outstanding == 0 {
            let reason = ended.err().unwrap_or(ErrorCode::CanisterDidNotReply);
            self.respond(open, Err(reason));
        }
    }

    fn respond(&mut self, open: usize, answer: Answer) {
        let open = &mut self.open[open];
        if std::mem::replace(&mut open.responded, true) {
            return;
        }
        let refund = std::mem::take(&mut open.available);
        match open.answers {
            None => self.answer = Some(answer),
            Some(made) => self.queue.push_back(Message::Answer(made, answer, refund)),
        }
    }
}

/// As `AppendState` puts it.
fn bytes(state: &State) -> Vec<u8> {
    let global = u32::from(state.global).to_le_bytes();
    [state.heap, global, state.stable].concat()
}

/// Scripts travel encoded; the model keeps those it sent.
fn decode(payload: &[u8]) -> Vec<Op> {
    SENT.with(|sent| {
        let sent = sent.borrow();
        let found = sent.iter().find(|script| encode(script) == payload);
        found
            .expect("only scripts of the scenario are sent")
            .clone()
    })
}

thread_local! {
    static SENT: std::cell::RefCell<Vec<Vec<Op>>> = const { std::cell::RefCell::new(Vec::new()) };
}

/// A call, with the script of the callee as its payload.
fn call(callee: u64, script: Vec<Op>) -> Call {
    SENT.with(|sent| sent.borrow_mut().push(script.clone()));
    Call::run(id(callee), &script)
}

/// Operations that every message may do.
fn plain() -> impl Strategy<Value = Op> {
    prop_oneof![
        (0..4u8, any::<u8>()).prop_map(|(cell, value)| Op::Heap(cell, value)),
        any::<u8>().prop_map(Op::Global),
        (0..4u8, any::<u8>()).prop_map(|(cell, value)| Op::Stable(cell, value)),
        (u64::MAX / 2..u64::MAX).prop_map(Op::Timer),
        (1..1000u64).prop_map(Op::Burn),
        Just(Op::Trap("at random".into())),
    ]
}

/// Operations of methods and callbacks that call nobody.
fn leaf() -> impl Strategy<Value = Op> {
    prop_oneof![
        6 => plain(),
        1 => any::<u8>().prop_map(Op::Certify),
        1 => (1..1000u64).prop_map(Op::Accept),
        1 => Just(Op::AppendState),
        3 => prop::collection::vec(any::<u8>(), 0..3).prop_map(Op::Reply),
        1 => Just(Op::Reject("at random".into())),
    ]
}

/// Scripts that call each other's canisters up to three levels deep.
fn script() -> impl Strategy<Value = Vec<Op>> {
    let leaves = prop::collection::vec(leaf(), 0..5);
    leaves.prop_recursive(3, 40, 4, |inner| {
        let call = (
            (0..CANISTERS, inner.clone(), 0..1000u64),
            inner.clone(),
            inner,
            prop::option::of(prop::collection::vec(plain(), 0..3)),
        );
        let call = call.prop_map(|((callee, script, cycles), on_reply, on_reject, cleanup)| {
            let mut call = self::call(callee, script).cycles(cycles);
            call.on_reply = [vec![Op::AppendPayload], on_reply].concat();
            call.on_reject = on_reject;
            call.on_cleanup = cleanup;
            call.op()
        });
        prop::collection::vec(prop_oneof![2 => leaf(), 1 => call], 0..6)
    })
}

/// What the network holds, as the model sees it.
fn observe(stage: &mut Stage) -> Vec<Contents> {
    (0..CANISTERS)
        .map(|number| {
            let state = stage.state(id(number));
            let kept = stage.kept(id(number));
            Contents {
                state,
                certified_data: kept.registers.certified_data.clone(),
                timer: kept.registers.global_timer,
                balance: kept.registers.balance,
                version: kept.version,
            }
        })
        .collect()
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 200, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn every_scenario_ends_as_the_model_says(
        scenario in prop::collection::vec((0..CANISTERS, script()), 1..6)
    ) {
        let mut stage = Stage::new();
        let mut model = Model::default();
        for number in 0..CANISTERS {
            prop_assert_eq!(stage.canister(), id(number));
            model.canisters.push(Contents {
                balance: CYCLES,
                version: 1,
                ..Contents::default()
            });
        }
        for (canister, script) in scenario {
            let expected = model.ingress(canister as usize, &script);
            let answer = stage.run(id(canister), &script).map_err(|reject| reject.error);
            stage.network.round();
            prop_assert_eq!(answer, expected);
            prop_assert_eq!(observe(&mut stage), model.canisters.clone());
        }
        let kept: u128 = model.canisters.iter().map(|canister| canister.balance).sum();
        prop_assert!(kept <= CYCLES * u128::from(CANISTERS));
    }
}
