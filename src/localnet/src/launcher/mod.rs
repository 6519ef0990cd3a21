//! Command line: which of the faces (PocketIC server, launcher, plain words) the arguments ask for.

mod arguments;
mod run;
mod status_file;

use crate::pocketic::server;
use arguments::{Arguments, Command};
use clap::Parser;
use std::ffi::OsString;
use std::process::ExitCode;

/// Flags by which another tool would start this program as its launcher of networks.
const LAUNCHER_FLAGS: [&str; 2] = ["--interface-version", "--status-dir"];

/// Does what the arguments ask for; the first one is the program's name. Errors are one sentence on standard
/// error and exit code 1 (2 when the arguments themselves are wrong).
pub fn main(arguments: Vec<OsString>) -> ExitCode {
    if let Some(flag) = launcher_flag(&arguments) {
        return fail(&format!(
            "{flag} is not supported: localnet cannot be started as the network launcher of icp-cli yet"
        ));
    }
    let arguments = Arguments::parse_from(arguments);
    let runtime = match tokio::runtime::Runtime::new() {
        Ok(runtime) => runtime,
        Err(error) => return fail(&format!("no threads to run on: {error}")),
    };
    let ended = match arguments.command {
        Some(Command::Run(run)) => runtime
            .block_on(run::run(run, arguments.fault))
            .map_err(|e| e.to_string()),
        None => {
            let options = arguments.server.options(arguments.fault);
            runtime
                .block_on(server::run(options))
                .map_err(|error| error.to_string())
        }
    };
    // A message that runs for long does not keep the process.
    runtime.shutdown_background();
    match ended {
        Ok(()) => ExitCode::SUCCESS,
        Err(sentence) => fail(&sentence),
    }
}

/// The first argument that only a launcher has, without its value.
fn launcher_flag(arguments: &[OsString]) -> Option<&'static str> {
    let mut arguments = arguments.iter().skip(1).filter_map(|it| it.to_str());
    arguments.find_map(|argument| {
        let name = argument.split('=').next();
        LAUNCHER_FLAGS.into_iter().find(|flag| name == Some(flag))
    })
}

fn fail(sentence: &str) -> ExitCode {
    eprintln!("localnet: {sentence}");
    ExitCode::FAILURE
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn flags_of_a_launcher_are_recognised_with_and_without_a_value() {
        let flag = |arguments: &[&str]| {
            let arguments: Vec<OsString> = arguments.iter().map(OsString::from).collect();
            launcher_flag(&arguments)
        };
        assert_eq!(
            flag(&["localnet", "--port", "0", "--interface-version=1"]),
            Some("--interface-version")
        );
        assert_eq!(
            flag(&["localnet", "--status-dir", "x"]),
            Some("--status-dir")
        );
        assert_eq!(flag(&["localnet", "run", "--status-file", "x"]), None);
    }
}
