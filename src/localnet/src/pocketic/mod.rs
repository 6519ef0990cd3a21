//! PocketIC's REST interface: instances, blobs and everything a test does to a network.
//!
//! A request is answered when its work is done, with 200 or an error, never with "started" or "busy": work queues
//! on the thread of its instance. Errors are `{"message": …}`. What PocketIC has and localnet has not is refused by
//! name.
//!
//! ```text
//! server      the process: candidates, port file, signals, end      lifetime, port_file
//! router      paths to handlers, and what holds for every path      routes/*, layers, request, failure
//! instances   networks by number                                    creation, gateways, blobs
//! shapes      the JSON
//! ```

pub mod blobs;
pub mod canister_signature;
pub mod creation;
pub mod failure;
pub mod gateways;
pub mod instances;
pub mod layers;
pub mod lifetime;
pub mod port_file;
pub mod request;
pub mod routes;
pub mod server;
pub mod shapes;
