//! The arguments of the faces.

use crate::agent::Faults;
use crate::pocketic::server::Options;
use clap::{Args, Parser, Subcommand};
use std::net::IpAddr;
use std::path::PathBuf;
use std::time::Duration;

/// What `--version` prints together with [`PROTOCOL_VERSION`]: clients of PocketIC compare both before they start
/// a server, and take no other name.
const PROTOCOL_NAME: &str = "pocket-ic-server";

/// The version of PocketIC whose REST interface this is.
const PROTOCOL_VERSION: &str = "16.1.0";

/// An embedded Internet Computer for tests and for work on one machine.
///
/// It executes canister Wasm in one process and speaks the interfaces of the standard clients: agents, browsers
/// and the clients of PocketIC. It is not the official PocketIC server and not a replica: there are no nodes and no
/// consensus, keys are public, and what it cannot do it refuses by name. `--version` prints the name and version
/// of the interface it serves, because PocketIC's clients ask for exactly that.
///
/// `localnet run` starts one network that stays up until Ctrl-C. Without a command it is a server for the clients
/// of PocketIC (set POCKET_IC_BIN to this program), which start and end it by themselves.
#[derive(Debug, Parser)]
#[command(name = PROTOCOL_NAME, bin_name = "localnet", version = PROTOCOL_VERSION)]
#[command(args_conflicts_with_subcommands = true, arg_required_else_help = true)]
pub struct Arguments {
    #[command(subcommand)]
    pub command: Option<Command>,
    #[command(flatten)]
    pub server: Server,
    /// Get things wrong on purpose, to see that clients notice: flip-certificate-byte, flip-query-signature (by commas)
    #[arg(long, global = true, value_name = "NAMES", default_value = "")]
    pub fault: Faults,
}

#[derive(Debug, Subcommand)]
pub enum Command {
    /// Run one network with its HTTP gateway until Ctrl-C
    Run(Run),
}

/// `localnet run`.
#[derive(Debug, Args)]
pub struct Run {
    /// Port of the gateway on 127.0.0.1; 0 takes any free one
    #[arg(long, default_value_t = 8000)]
    pub port: u16,
    /// Keep the canisters' memories in this directory, which must be empty or missing (default: a temporary one)
    #[arg(long, value_name = "DIR")]
    pub directory: Option<PathBuf>,
    /// Write ports, keys and ids as JSON to this file once the network is up; removed at the end
    #[arg(long, value_name = "PATH")]
    pub status_file: Option<PathBuf>,
}

/// The server for clients of PocketIC.
#[derive(Debug, Args)]
#[command(next_help_heading = "Server for clients of PocketIC")]
pub struct Server {
    /// Write the port and a line feed to this file; end quietly if another server does
    #[arg(long, value_name = "PATH")]
    pub port_file: Option<PathBuf>,
    /// Port to listen on; 0 takes any free one
    #[arg(long, short, default_value_t = 0)]
    pub port: u16,
    /// Address to listen on (default: 127.0.0.1)
    #[arg(long, short, value_name = "ADDRESS")]
    pub ip_addr: Option<IpAddr>,
    /// End when no request came for this long
    #[arg(long, value_name = "SECONDS", default_value_t = 60)]
    pub ttl: u64,
    /// End after this long, whatever happens
    #[arg(long, value_name = "SECONDS")]
    pub hard_ttl: Option<u64>,
    /// Taken without effect: localnet prints what canisters print, and its own failures
    #[arg(long, short, value_name = "LEVELS")]
    pub log_levels: Option<String>,
}

impl Server {
    /// As the server takes them.
    pub fn options(self, faults: Faults) -> Options {
        Options {
            faults,
            port_file: self.port_file,
            address: self.ip_addr,
            port: self.port,
            ttl: Duration::from_secs(self.ttl),
            hard_ttl: self.hard_ttl.map(Duration::from_secs),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use clap::CommandFactory;

    fn parse(arguments: &[&str]) -> Result<Arguments, String> {
        let arguments = ["localnet"].iter().chain(arguments);
        Arguments::try_parse_from(arguments).map_err(|error| error.to_string())
    }

    #[test]
    fn the_version_is_one_line_that_pocket_ic_clients_accept() {
        let version = parse(&["--version"]).expect_err("is printed instead");
        assert_eq!(version, "pocket-ic-server 16.1.0\n");
    }

    #[test]
    fn the_arguments_of_pocket_ic_clients_are_taken() {
        let taken = parse(&[
            "--ttl",
            "5",
            "--hard-ttl",
            "9",
            "--port-file",
            "/x.port",
            "-i",
            "::1",
            "-p",
            "7",
            "--log-levels",
            "error",
        ]);
        let options = taken.expect("parses").server.options(Faults::default());
        assert_eq!(options.port_file, Some(PathBuf::from("/x.port")));
        assert_eq!(options.ttl, Duration::from_secs(5));
        assert_eq!(options.hard_ttl, Some(Duration::from_secs(9)));
        assert_eq!(options.address, "::1".parse().ok());
        assert_eq!(options.port, 7);
    }

    #[test]
    fn what_only_the_official_server_has_is_refused_by_name() {
        let refusal = parse(&["--mainnet-routing-table", "x"]).expect_err("is refused");
        assert!(refusal.contains("--mainnet-routing-table"), "{refusal}");
    }

    #[test]
    fn run_has_a_default_port_and_takes_no_arguments_of_the_server() {
        match parse(&["run"]).expect("parses").command {
            Some(Command::Run(run)) => assert_eq!((run.port, run.directory), (8000, None)),
            None => panic!("run is a command"),
        }
        assert!(parse(&["run", "--port-file", "x"]).is_err());
    }

    #[test]
    fn help_says_what_it_is_not() {
        let help = Arguments::command().render_long_help().to_string();
        assert!(
            help.contains("It is not the official PocketIC server"),
            "{help}"
        );
    }
}
