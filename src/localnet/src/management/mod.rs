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

const fn method(name: &'static str, via: Via, access: Access, run: Run) -> Method {
    Method {
        name,
        via,
        access,
        run,
        query: None,
    }
}

/// A controller of the canister in field `canister_id`.
const CONTROLLERS: Access = Access::Controllers(payload::canister_id);
/// The same, or that canister.
const CONTROLLERS_AND_SELF: Access = Access::ControllersAndSelf(payload::canister_id);

/// Every method there is.
const METHODS: &[Method] = &[
    method(
        "provisional_create_canister_with_cycles",
        Via::All,
        Access::Anyone,
        creation::provisional_create,
    ),
    method(
        "create_canister",
        Via::Canisters,
        Access::Anyone,
        creation::create,
    ),
    method(
        "provisional_top_up_canister",
        Via::All,
        Access::Anyone,
        cycles::provisional_top_up,
    ),
    method(
        "deposit_cycles",
        Via::Canisters,
        Access::Anyone,
        cycles::deposit,
    ),
    method(
        "install_code",
        Via::All,
        CONTROLLERS,
        installation::install_code,
    ),
    method(
        "install_chunked_code",
        Via::All,
        Access::Controllers(payload::target_canister),
        installation::install_chunked_code,
    ),
    method(
        "upload_chunk",
        Via::All,
        CONTROLLERS_AND_SELF,
        chunks::upload,
    ),
    method(
        "stored_chunks",
        Via::All,
        CONTROLLERS_AND_SELF,
        chunks::stored,
    ),
    method(
        "clear_chunk_store",
        Via::All,
        CONTROLLERS_AND_SELF,
        chunks::clear,
    ),
    method(
        "uninstall_code",
        Via::All,
        CONTROLLERS,
        installation::uninstall_code,
    ),
    method("update_settings", Via::All, CONTROLLERS, settings::update),
    method(
        "canister_status",
        Via::All,
        CONTROLLERS_AND_SELF,
        information::status,
    ),
    method(
        "canister_info",
        Via::Canisters,
        Access::Anyone,
        information::info,
    ),
    method("start_canister", Via::All, CONTROLLERS, lifecycle::start),
    method("stop_canister", Via::All, CONTROLLERS, lifecycle::stop),
    method("delete_canister", Via::All, CONTROLLERS, lifecycle::delete),
    method(
        "raw_rand",
        Via::Canisters,
        Access::Anyone,
        randomness::raw_rand,
    ),
    Method {
        query: Some(logs::fetch_query),
        ..method("fetch_canister_logs", Via::All, Access::Anyone, logs::fetch)
    },
    method(
        "take_canister_snapshot",
        Via::All,
        CONTROLLERS,
        snapshots::take,
    ),
    method(
        "load_canister_snapshot",
        Via::All,
        CONTROLLERS,
        snapshots::load,
    ),
    method(
        "list_canister_snapshots",
        Via::All,
        CONTROLLERS,
        snapshots::list,
    ),
    method(
        "delete_canister_snapshot",
        Via::All,
        CONTROLLERS,
        snapshots::delete,
    ),
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_method_is_in_one_table_once() {
        let mut names: Vec<_> = METHODS.iter().map(|method| method.name).collect();
        names.extend(unsupported::METHODS);
        let all = names.len();
        names.sort();
        names.dedup();
        assert_eq!(names.len(), all);
    }

    #[test]
    fn what_is_missing_is_refused_by_name() {
        let refused = |name| find(name).map(|method| method.name).unwrap_err();
        let known = refused("sign_with_ecdsa");
        assert_eq!(known.error, ErrorCode::UnknownManagementMessage);
        assert_eq!(known.message, "localnet: sign_with_ecdsa is not supported");
        let unknown = refused("nonsense");
        assert_eq!(unknown.error, ErrorCode::CanisterMethodNotFound);
        assert_eq!(
            unknown.message,
            "Management canister has no method 'nonsense'"
        );
    }
}
