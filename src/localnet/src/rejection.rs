//! Why a message was not answered: reject codes, error codes and the words that go with them.
//!
//! Names and numbers are those of the Internet Computer interface specification and of the PocketIC clients,
//! which parse the names; a name outside their enumeration would not parse.

use std::fmt;

/// The class of a rejection, as canisters see it in `msg_reject_code`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum RejectCode {
    /// Fatal system error; a retry is unlikely to help.
    SysFatal = 1,
    /// Transient system error; a retry might help.
    SysTransient = 2,
    /// The destination does not exist or does not take the message.
    DestinationInvalid = 3,
    /// The canister rejected explicitly.
    CanisterReject = 4,
    /// The canister trapped, did not reply, or is stopped.
    CanisterError = 5,
    /// The outcome is unknown (best-effort call that timed out).
    SysUnknown = 6,
}

macro_rules! error_codes {
    ($($name:ident = $number:literal, $class:ident, $meaning:literal;)*) => {
        /// The precise reason, as agents and PocketIC clients see it.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
        pub enum ErrorCode { $(#[doc = $meaning] $name = $number,)* }

        impl ErrorCode {
            /// Every code, for tests that walk over all of them.
            pub const ALL: &'static [ErrorCode] = &[$(ErrorCode::$name,)*];

            /// The name as PocketIC's clients parse it.
            pub fn name(self) -> &'static str {
                match self { $(ErrorCode::$name => stringify!($name),)* }
            }

            /// The reject code that goes with this error.
            pub fn reject_code(self) -> RejectCode {
                match self { $(ErrorCode::$name => RejectCode::$class,)* }
            }
        }
    };
}

error_codes! {
    SubnetOversubscribed = 101, SysTransient, "The subnet has no room for another canister.";
    IngressHistoryFull = 204, SysTransient, "Too many ingress messages are remembered.";
    CanisterIdAlreadyExists = 205, SysTransient, "The chosen canister id is taken.";
    StopCanisterRequestTimeout = 206, SysTransient, "The canister did not stop in time.";
    CanisterOutOfCycles = 207, SysTransient, "The balance does not cover the freezing reserve and this message.";
    CanisterNotFound = 301, DestinationInvalid, "No canister has this id.";
    CanisterSnapshotNotFound = 305, DestinationInvalid, "No snapshot has this id.";
    CanisterRejectedMessage = 406, CanisterReject, "The canister rejected the message itself.";
    UnknownManagementMessage = 407, DestinationInvalid, "The management canister has no such method.";
    InvalidManagementPayload = 408, CanisterReject, "The argument of a management method does not decode or is out of bounds.";
    CanisterSnapshotImmutable = 409, CanisterReject, "The snapshot cannot be changed.";
    CanisterTrapped = 502, CanisterError, "The Wasm trapped.";
    CanisterCalledTrap = 503, CanisterError, "The canister called ic0.trap.";
    CanisterContractViolation = 504, CanisterError, "A system call was used where it is not allowed.";
    CanisterInvalidWasm = 505, CanisterError, "The module is not one the Internet Computer runs.";
    CanisterDidNotReply = 506, CanisterError, "The canister neither replied nor rejected.";
    CanisterOutOfMemory = 507, CanisterError, "Memory was asked for beyond the limit.";
    CanisterStopped = 508, CanisterError, "The canister is stopped.";
    CanisterStopping = 509, CanisterError, "The canister is stopping.";
    CanisterNotStopped = 510, CanisterError, "The canister must be stopped first.";
    CanisterInvalidController = 512, CanisterError, "The caller does not control the canister.";
    CanisterFunctionNotFound = 513, CanisterError, "A callback's table index holds no function.";
    CanisterNonEmpty = 514, CanisterError, "The canister already has code.";
    QueryCallGraphLoopDetected = 517, CanisterError, "A composite query called itself.";
    InsufficientCyclesInCall = 520, CanisterError, "The call carries too few cycles.";
    CanisterWasmEngineError = 521, CanisterError, "The engine failed.";
    CanisterInstructionLimitExceeded = 522, CanisterError, "The message used more instructions than allowed.";
    CanisterMemoryAccessLimitExceeded = 524, CanisterError, "The message touched more stable memory than allowed.";
    QueryCallGraphTooDeep = 525, CanisterError, "Composite queries are nested too deep.";
    CompositeQueryCalledInReplicatedMode = 527, CanisterError, "A composite query cannot run as an update.";
    CanisterMethodNotFound = 536, CanisterError, "The canister has no such method.";
    CanisterWasmModuleNotFound = 537, CanisterError, "The canister has no code.";
    CanisterAlreadyInstalled = 538, CanisterError, "The canister already has code.";
    DeadlineExpired = 601, SysUnknown, "A best-effort call ran out of time.";
}

/// A rejection as it travels to callers: code, error and a sentence.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Reject {
    /// The class, as canisters see it.
    pub code: RejectCode,
    /// The precise reason, as clients see it.
    pub error: ErrorCode,
    /// A sentence for people.
    pub message: String,
}

impl Reject {
    /// A rejection with the class that belongs to `error`.
    pub fn new(error: ErrorCode, message: impl Into<String>) -> Self {
        Self {
            code: error.reject_code(),
            error,
            message: message.into(),
        }
    }
}

impl fmt::Display for Reject {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} ({})", self.message, self.error.name())
    }
}

impl std::error::Error for Reject {}
