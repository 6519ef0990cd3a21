//! Scripts for the canister in `script.wat`.

use candid::Principal;

/// One operation.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Op {
    /// Sets a byte of heap.
    Heap(u8, u8),
    /// Sets a mutable global.
    Global(u8),
    /// Sets a byte of stable memory.
    Stable(u8, u8),
    /// Sets certified data of one byte.
    Certify(u8),
    /// Sets the global timer (ns; 0 = off).
    Timer(u64),
    /// Replies with what was appended and this.
    Reply(Vec<u8>),
    Reject(String),
    Trap(String),
    /// Accepts cycles.
    Accept(u64),
    Call(Call),
    /// Appends heap bytes 0 to 3, the global and stable bytes 0 to 3: [`State`].
    AppendState,
    /// Appends the argument or, in a reply callback, the reply.
    AppendPayload,
    /// Appends reject code and message.
    AppendReject,
    AppendNumber(Number),
    AppendCertificate,
    Burn(u64),
    Forever,
    /// Adds one to a byte of heap.
    Increment(u8),
    AcceptMessage,
    Print(String),
    /// What a hook runs from now on.
    On(Hook, Vec<Op>),
    /// Replies with what was appended.
    ReplyAppended,
    /// Grows the heap by pages of 64 KiB.
    Grow(u8),
    /// Appends mebibytes of zeros.
    AppendMebibytes(u8),
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Number {
    Refunded,
    Instructions,
    Version,
    Deadline,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Hook {
    BeforeUpgrade,
    AtTimer,
    AtHeartbeat,
}

/// A call and what follows.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Call {
    pub callee: Principal,
    pub method: String,
    pub payload: Vec<u8>,
    pub cycles: u64,
    pub timeout: Option<u32>,
    pub on_reply: Vec<Op>,
    pub on_reject: Vec<Op>,
    pub on_cleanup: Option<Vec<Op>>,
}

impl Call {
    /// Has a script canister run a script; both callbacks do nothing.
    pub fn run(callee: Principal, script: &[Op]) -> Call {
        Call::method(callee, "run", encode(script))
    }

    pub fn method(callee: Principal, method: &str, payload: Vec<u8>) -> Call {
        Call {
            callee,
            method: method.into(),
            payload,
            cycles: 0,
            timeout: None,
            on_reply: vec![],
            on_reject: vec![],
            on_cleanup: None,
        }
    }

    pub fn cycles(self, cycles: u64) -> Call {
        Call { cycles, ..self }
    }

    pub fn timeout(self, seconds: u32) -> Call {
        let timeout = Some(seconds);
        Call { timeout, ..self }
    }

    pub fn on_reply(self, script: &[Op]) -> Call {
        let on_reply = script.to_vec();
        Call { on_reply, ..self }
    }

    pub fn on_reject(self, script: &[Op]) -> Call {
        let on_reject = script.to_vec();
        Call { on_reject, ..self }
    }

    pub fn on_cleanup(self, script: &[Op]) -> Call {
        let on_cleanup = Some(script.to_vec());
        Call { on_cleanup, ..self }
    }

    pub fn op(self) -> Op {
        Op::Call(self)
    }
}

/// The bytes of a script.
pub fn encode(script: &[Op]) -> Vec<u8> {
    script.iter().flat_map(bytes).collect()
}

fn bytes(op: &Op) -> Vec<u8> {
    match op {
        Op::Heap(cell, value) => vec![1, *cell, *value],
        Op::Global(value) => vec![2, *value],
        Op::Stable(cell, value) => vec![3, *cell, *value],
        Op::Certify(value) => vec![4, *value],
        Op::Timer(time) => tagged(&[5], &time.to_le_bytes()),
        Op::Reply(data) => tagged(&[6], &stored(data)),
        Op::Reject(text) => tagged(&[7], &stored(text.as_bytes())),
        Op::Trap(text) => tagged(&[8], &stored(text.as_bytes())),
        Op::Accept(amount) => tagged(&[9], &amount.to_le_bytes()),
        Op::Call(call) => call_bytes(call),
        Op::AppendState => vec![11],
        Op::AppendPayload => vec![12],
        Op::AppendReject => vec![13],
        Op::AppendNumber(number) => vec![14, *number as u8],
        Op::AppendCertificate => vec![15],
        Op::Burn(amount) => tagged(&[16], &amount.to_le_bytes()),
        Op::Forever => vec![17],
        Op::Increment(cell) => vec![18, *cell],
        Op::AcceptMessage => vec![19],
        Op::Print(text) => tagged(&[20], &stored(text.as_bytes())),
        Op::On(hook, script) => tagged(&[21, *hook as u8], &stored(&encode(script))),
        Op::ReplyAppended => vec![22],
        Op::Grow(pages) => vec![23, *pages],
        Op::AppendMebibytes(count) => vec![24, *count],
    }
}

fn call_bytes(call: &Call) -> Vec<u8> {
    let callee = call.callee.as_slice();
    let timeout = call.timeout.unwrap_or(u32::MAX);
    let cleanup = match &call.on_cleanup {
        Some(script) => tagged(&[1], &stored(&encode(script))),
        None => vec![0],
    };
    [
        &[10, callee.len() as u8][..],
        callee,
        &call.cycles.to_le_bytes(),
        &timeout.to_le_bytes(),
        &stored(call.method.as_bytes()),
        &stored(&call.payload),
        &stored(&encode(&call.on_reply)),
        &stored(&encode(&call.on_reject)),
        &cleanup,
    ]
    .concat()
}

fn tagged(tag: &[u8], rest: &[u8]) -> Vec<u8> {
    [tag, rest].concat()
}

fn stored(data: &[u8]) -> Vec<u8> {
    tagged(&(data.len() as u32).to_le_bytes(), data)
}

/// What [`Op::AppendState`] appends.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct State {
    pub heap: [u8; 4],
    pub global: u8,
    pub stable: [u8; 4],
}

impl State {
    /// Reads it back.
    pub fn of(reply: &[u8]) -> State {
        State {
            heap: reply[..4].try_into().unwrap(),
            global: reply[4],
            stable: reply[8..12].try_into().unwrap(),
        }
    }
}

/// The module, without heartbeat and inspection.
pub fn module() -> Vec<u8> {
    with_hooks(&[])
}

/// The module with some of `canister_heartbeat` and `canister_inspect_message`.
pub fn with_hooks(hooks: &[&str]) -> Vec<u8> {
    let mut text = include_str!("script.wat").to_string();
    for (placeholder, hook) in [
        ("\"HEARTBEAT\"", "canister_heartbeat"),
        ("\"INSPECT\"", "canister_inspect_message"),
    ] {
        let name = match hooks.contains(&hook) {
            true => format!("\"{hook}\""),
            false => format!("\"unused {hook}\""),
        };
        text = text.replace(placeholder, &name);
    }
    wat::parse_str(text).unwrap()
}
