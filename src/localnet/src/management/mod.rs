//! The management canister `aaaaa-aa`: one method, one place.
//!
//! [`METHODS`] is the whole interface: who may call a method, which canister it is about, what it does. Arguments and
//! replies are the Candid types of `ic-management-canister-types`, with which clients decode. The state that methods
//! change belongs to [`crate::state_machine`], whose verbs they call; that room in turn hands over every call and
//! query for `aaaaa-aa`.

mod access;
mod chunks;
mod creation;
mod cycles;
mod information;
mod installation;
mod lifecycle;
mod logs;
mod payload;
mod randomness;
mod settings;
mod snapshots;
#[cfg(test)]
mod tests;
mod unsupported;

pub(crate) use payload::empty_reply;

use crate::rejection::{ErrorCode, Reject};
use crate::state_machine::{Author, Network, Origin, Request};
use access::{Access, Via};
use candid::Principal;

/// What became of a call.
pub(crate) struct Outcome {
    /// The answer; none if it comes later.
    pub(crate) result: Option<Result<Vec<u8>, Reject>>,
    /// Instructions that canister code used meanwhile.
    pub(crate) instructions: u64,
}

/// A call while its method runs. What is left in `cycles` afterwards goes back to the caller.
struct Call<'a> {
    request: &'a mut Request,
    instructions: u64,
}

impl Call<'_> {
    fn caller(&self) -> Principal {
        self.request.caller
    }

    /// Who makes the change, for the canister's history.
    fn author(&self, version: Option<u64>) -> Author {
        match self.request.origin {
            Origin::Canister { caller, .. } => Author::Canister(caller, version),
            Origin::Ingress(_) | Origin::System => Author::User(self.caller()),
        }
    }
}

/// What a method gives.
enum Answer {
    /// A Candid reply.
    Now(Vec<u8>),
    /// The state machine answers when it is done.
    Later,
}

type Run = fn(&mut Network, &mut Call) -> Result<Answer, Reject>;
type RunQuery = fn(&Network, Principal, &[u8]) -> Result<Vec<u8>, Reject>;
/// Finds the canister that an argument is about.
type Target = fn(&[u8]) -> Result<Principal, Reject>;

/// A method of the management canister.
struct Method {
    name: &'static str,
    /// Who can call it.
    via: Via,
    /// Who may.
    access: Access,
    run: Run,
    /// What it does as a query, where it is one.
    query: Option<RunQuery>,
}

/// A method that users and canisters can call.
const fn all(name: &'static str, access: Access, run: Run) -> Method {
    Method {
        name,
        via: Via::All,
        access,
        run,
        query: None,
    }
}

/// A method that canisters can call, each of them.
const fn canisters(name: &'static str, run: Run) -> Method {
    Method {
        via: Via::Canisters,
        ..all(name, Access::Anyone, run)
    }
}

/// Anybody.
const ANYONE: Access = Access::Anyone;
/// A controller of the canister in field `canister_id`.
const CONTROLLERS: Access = Access::Controllers(payload::canister_id);
/// A controller of the canister in field `target_canister`.
const CONTROLLERS_OF_TARGET: Access = Access::Controllers(payload::target_canister);
/// A controller of the canister in field `canister_id`, or that canister.
const CONTROLLERS_AND_SELF: Access = Access::ControllersAndSelf(payload::canister_id);

/// Every method there is.
const METHODS: &[Method] = &[
    all(
        "provisional_create_canister_with_cycles",
        ANYONE,
        creation::provisional_create,
    ),
    canisters("create_canister", creation::create),
    all(
        "provisional_top_up_canister",
        ANYONE,
        cycles::provisional_top_up,
    ),
    canisters("deposit_cycles", cycles::deposit),
    all("install_code", CONTROLLERS, installation::install_code),
    all(
        "install_chunked_code",
        CONTROLLERS_OF_TARGET,
        installation::install_chunked_code,
    ),
    all("upload_chunk", CONTROLLERS_AND_SELF, chunks::upload),
    all("stored_chunks", CONTROLLERS_AND_SELF, chunks::stored),
    all("clear_chunk_store", CONTROLLERS_AND_SELF, chunks::clear),
    all("uninstall_code", CONTROLLERS, installation::uninstall_code),
    all("update_settings", CONTROLLERS, settings::update),
    all("canister_status", CONTROLLERS_AND_SELF, information::status),
    canisters("canister_info", information::info),
    all("start_canister", CONTROLLERS, lifecycle::start),
    all("stop_canister", CONTROLLERS, lifecycle::stop),
    all("delete_canister", CONTROLLERS, lifecycle::delete),
    canisters("raw_rand", randomness::raw_rand),
    Method {
        query: Some(logs::fetch_query),
        ..all("fetch_canister_logs", ANYONE, logs::fetch)
    },
    all("take_canister_snapshot", CONTROLLERS, snapshots::take),
    all("load_canister_snapshot", CONTROLLERS, snapshots::load),
    all("list_canister_snapshots", CONTROLLERS, snapshots::list),
    all("delete_canister_snapshot", CONTROLLERS, snapshots::delete),
];

/// Finds a method, or says that there is none, or that it is not supported here.
fn find(name: &str) -> Result<&'static Method, Reject> {
    METHODS
        .iter()
        .find(|method| method.name == name)
        .ok_or_else(|| match unsupported::METHODS.contains(&name) {
            true => Reject::new(
                ErrorCode::UnknownManagementMessage,
                format!("localnet: {name} is not supported"),
            ),
            false => Reject::new(
                ErrorCode::CanisterMethodNotFound,
                format!("Management canister has no method '{name}'"),
            ),
        })
}

/// Whether an ingress message for the management canister is taken: the method exists, users can call it, and this
/// one may.
pub(crate) fn accept(
    network: &Network,
    sender: Principal,
    name: &str,
    payload: &[u8],
) -> Result<(), Reject> {
    let method = find(name)?;
    if method.via == Via::Canisters {
        return Err(Reject::new(
            ErrorCode::CanisterRejectedMessage,
            format!("Only canisters can call ic00 method {name}"),
        ));
    }
    method.access.check(network, sender, name, payload)
}

/// Runs a call. Rights are checked again: they may have changed since the message was taken.
pub(crate) fn call(network: &mut Network, request: &mut Request) -> Outcome {
    let method = find(&request.method).and_then(|method| {
        method
            .access
            .check(network, request.caller, method.name, &request.payload)?;
        Ok(method)
    });
    let method = match method {
        Ok(method) => method,
        Err(reject) => {
            return Outcome {
                result: Some(Err(reject)),
                instructions: 0,
            };
        }
    };
    let mut call = Call {
        request,
        instructions: 0,
    };
    let result = match (method.run)(network, &mut call) {
        Ok(Answer::Now(reply)) => Some(Ok(reply)),
        Ok(Answer::Later) => None,
        Err(reject) => Some(Err(reject)),
    };
    Outcome {
        result,
        instructions: call.instructions,
    }
}

/// Runs a query of the management canister.
pub(crate) fn query(
    network: &Network,
    sender: Principal,
    name: &str,
    payload: &[u8],
) -> Result<Vec<u8>, Reject> {
    let method = find(name)?;
    let run = method.query.ok_or_else(|| {
        Reject::new(
            ErrorCode::CanisterMethodNotFound,
            format!("Query method {name} not found."),
        )
    })?;
    run(network, sender, payload)
}
