//! Random programs of messages, compared with a naive model that copies everything before each message.

use crate::engine::testing::{Bench, message};
use crate::engine::{CodeChange, SandboxImage};
use crate::execution::{Context, Entry};
use crate::memory::Finder;
use proptest::prelude::*;

/// One step of a message, as five numbers in its argument: what to do, where, with what.
#[derive(Clone, Copy, Debug)]
enum Step {
    Heap(u32, u32),
    Global(u32),
    Stable(u32, u32),
    GrowHeap,
    GrowStable,
    Trap,
}

#[derive(Clone, Debug)]
enum Action {
    Message(Vec<Step>),
    Commit,
    RollBack,
    Upgrade,
    Reinstall,
    Freeze,
    Thaw,
}

/// Runs the steps in its argument: 12 bytes each, kind, place and value.
const MACHINE: &str = r#"(module
  (import "ic0" "msg_arg_data_size" (func $size (result i32)))
  (import "ic0" "msg_arg_data_copy" (func $copy (param i32 i32 i32)))
  (import "ic0" "stable64_grow" (func $grow (param i64) (result i64)))
  (import "ic0" "stable64_write" (func $write (param i64 i64 i64)))
  (memory 2)
  (data (i32.const 70000) "begin")
  (global $g (mut i32) (i32.const 7))
  (func (export "canister_init") (local $at i32) (local $end i32) (local $place i32) (local $value i32)
    (local.set $end (i32.add (i32.const 1024) (call $size)))
    (call $copy (i32.const 1024) (i32.const 0) (call $size))
    (local.set $at (i32.const 1024))
    (block $done (loop $next
      (br_if $done (i32.ge_u (local.get $at) (local.get $end)))
      (local.set $place (i32.load offset=4 (local.get $at)))
      (local.set $value (i32.load offset=8 (local.get $at)))
      (block $trap (block $grow_stable (block $grow_heap (block $stable (block $global (block $heap
        (br_table $heap $global $stable $grow_heap $grow_stable $trap (i32.load (local.get $at))))
        (i32.store (local.get $place) (local.get $value)) (br $trap))
        (global.set $g (local.get $value)) (br $trap))
        (i32.store (i32.const 1000) (local.get $value))
        (call $write (i64.extend_i32_u (local.get $place)) (i64.const 1000) (i64.const 4)) (br $trap))
        (drop (memory.grow (i32.const 1))) (br $trap))
        (drop (call $grow (i64.const 1))) (br $trap))
      (if (i32.eq (i32.load (local.get $at)) (i32.const 5)) (then (unreachable)))
      (local.set $at (i32.add (local.get $at) (i32.const 12)))
      (br $next)))
    (memory.fill (i32.const 1000) (i32.const 0) (i32.const 4000)))
  (func (export "canister_post_upgrade")
    (i32.store (i32.const 0) (global.get $g))))"#;

/// Everything a canister holds.
#[derive(Clone, Debug, PartialEq)]
struct State {
    heap: Vec<u8>,
    global: u32,
    stable: Vec<u8>,
}

const PAGE: usize = 1 << 16;

impl State {
    fn fresh() -> Self {
        let mut heap = vec![0; 2 * PAGE];
        heap[70000..70005].copy_from_slice(b"begin");
        Self {
            heap,
            global: 7,
            stable: Vec::new(),
        }
    }

    /// The state after the steps, or none when they trap.
    fn run(&self, steps: &[Step]) -> Option<Self> {
        let mut state = self.clone();
        for step in steps {
            let (memory, place, value) = match *step {
                Step::Heap(place, value) => (&mut state.heap, place, value),
                Step::Stable(place, value) => (&mut state.stable, place, value),
                Step::Global(value) => {
                    state.global = value;
                    continue;
                }
                Step::GrowHeap => {
                    state.heap.resize(state.heap.len() + PAGE, 0);
                    continue;
                }
                Step::GrowStable => {
                    state.stable.resize(state.stable.len() + PAGE, 0);
                    continue;
                }
                Step::Trap => return None,
            };
            let place = place as usize;
            memory
                .get_mut(place..place + 4)?
                .copy_from_slice(&value.to_le_bytes());
        }
        state.heap[1000..5000].fill(0);
        Some(state)
    }
}

fn encode(steps: &[Step]) -> Vec<u8> {
    let words = steps.iter().flat_map(|step| match *step {
        Step::Heap(place, value) => [0, place, value],
        Step::Global(value) => [1, 0, value],
        Step::Stable(place, value) => [2, place, value],
        Step::GrowHeap => [3, 0, 0],
        Step::GrowStable => [4, 0, 0],
        Step::Trap => [5, 0, 0],
    });
    words.flat_map(u32::to_le_bytes).collect()
}

fn run(bench: &mut Bench, steps: &[Step]) -> bool {
    let mut input = message(Context::Init, Entry::Hook("canister_init"));
    input.payload = encode(steps);
    bench.sandbox.execute(input).outcome.is_ok()
}

fn steps() -> impl Strategy<Value = Vec<Step>> {
    // Places come from few, so that steps meet; heap places keep clear of the program's own area and the first word.
    let heap = (0..40u32, any::<u32>()).prop_map(|(at, value)| Step::Heap(5000 + at * 4093, value));
    let stable = (0..30u32, any::<u32>()).prop_map(|(at, value)| Step::Stable(at * 4093, value));
    let step = prop_oneof![
        6 => heap,
        2 => any::<u32>().prop_map(Step::Global),
        6 => stable,
        1 => Just(Step::GrowHeap),
        2 => Just(Step::GrowStable),
        1 => Just(Step::Trap),
    ];
    prop::collection::vec(step, 0..12)
}

fn actions() -> impl Strategy<Value = Vec<Action>> {
    let action = prop_oneof![
        8 => steps().prop_map(Action::Message),
        4 => Just(Action::Commit),
        2 => Just(Action::RollBack),
        1 => Just(Action::Upgrade),
        1 => Just(Action::Reinstall),
        1 => Just(Action::Freeze),
        1 => Just(Action::Thaw),
    ];
    prop::collection::vec(action, 1..40)
}

/// Carries out an action on the model: committed, tentative, frozen.
fn model(action: &Action, states: &mut [State; 3]) {
    let [committed, tentative, frozen] = states;
    match action {
        Action::Message(steps) => {
            if let Some(after) = tentative.run(steps) {
                *tentative = after;
            }
        }
        Action::Commit => committed.clone_from(tentative),
        Action::RollBack => tentative.clone_from(committed),
        Action::Upgrade => {
            let stable = std::mem::take(&mut tentative.stable);
            *tentative = State {
                stable,
                ..State::fresh()
            };
        }
        Action::Reinstall => *tentative = State::fresh(),
        Action::Freeze => frozen.clone_from(committed),
        Action::Thaw => tentative.clone_from(frozen),
    }
}

fn perform(action: &Action, bench: &mut Bench, frozen: &mut SandboxImage) -> bool {
    match action {
        Action::Message(steps) => return run(bench, steps),
        Action::Commit => bench.sandbox.commit(),
        Action::RollBack => bench.sandbox.roll_back(),
        Action::Upgrade => bench.change(MACHINE, CodeChange::KeepStable),
        Action::Reinstall => bench.change(MACHINE, CodeChange::Fresh),
        Action::Freeze => *frozen = bench.sandbox.image(),
        Action::Thaw => bench.sandbox.load_image(frozen),
    }
    true
}

/// Compares the tentative state with the model. The global shows in the first word of the heap, written by a message.
fn compare(bench: &mut Bench, expected: &mut State) -> Result<(), TestCaseError> {
    let input = message(Context::Init, Entry::Hook("canister_post_upgrade"));
    let execution = bench.sandbox.execute(input);
    prop_assert!(execution.outcome.is_ok());
    expected.heap[..4].copy_from_slice(&expected.global.to_le_bytes());
    prop_assert_eq!(bench.sandbox.heap_size(), expected.heap.len() as u64);
    prop_assert!(
        bench.sandbox.heap_bytes() == expected.heap,
        "the heaps differ"
    );
    prop_assert!(
        bench.sandbox.stable_memory() == expected.stable,
        "stable memories differ"
    );
    Ok(())
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(150))]

    #[test]
    fn nothing_is_ever_half_written(
        actions in actions(),
        finder in prop::sample::select(vec![Finder::Scan, Finder::Pagemap, Finder::Compare]),
    ) {
        let mut bench = Bench::install(MACHINE);
        bench.sandbox.set_finder(finder);
        let mut frozen = bench.sandbox.image();
        let mut states = [State::fresh(), State::fresh(), State::fresh()];
        for action in &actions {
            let went_well = match action {
                Action::Message(steps) => states[1].run(steps).is_some(),
                _ => true,
            };
            prop_assert_eq!(perform(action, &mut bench, &mut frozen), went_well, "{:?}", action);
            model(action, &mut states);
            compare(&mut bench, &mut states[1])?;
        }
    }
}
