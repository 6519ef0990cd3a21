//! The words of the command line.

mod deploy;
mod inspect;
mod reset;
mod status;

use std::path::PathBuf;

use clap::{Args, Parser, Subcommand};

use crate::context::Context;
use crate::error::Result;
use crate::report::Report;

/// Web analytics in a canister of your own, on the Internet Computer.
///
/// An orbiter stores page views, events and web vitals, and answers questions about them; a satellite serves your pages
/// and the dashboard. This program puts both on a network, and looks after them.
#[derive(Debug, Parser)]
#[command(name = "orbiter", version, propagate_version = true, after_help = EXAMPLES)]
pub struct Words {
    #[command(flatten)]
    common: Common,
    #[command(subcommand)]
    command: Command,
}

const EXAMPLES: &str = "\
Examples:
  orbiter deploy                           on the local network, port 8000
  orbiter --port 8001 status               on a local network that listens elsewhere
  orbiter --network ic --identity key.pem deploy --orbiter ID --satellite ID
  orbiter reset --keep-config              wipe the entries, keep satellites and keys";

/// What every command takes.
#[derive(Debug, Args)]
#[command(next_help_heading = "Common options")]
pub struct Common {
    /// The network: `local`, `ic` (the Internet Computer), or an address.
    #[arg(
        long,
        global = true,
        default_value = "local",
        value_name = "local|ic|URL"
    )]
    pub network: String,
    /// The local network's port [default: 8000].
    #[arg(long, global = true, value_name = "N")]
    pub port: Option<u16>,
    /// The file in which the local network says where it listens.
    #[arg(long, global = true, value_name = "FILE")]
    pub status_file: Option<PathBuf>,
    /// The private key that signs, as PEM. On local networks one is made where none is named.
    #[arg(long, global = true, value_name = "PEM FILE")]
    pub identity: Option<PathBuf>,
    /// Answer every question with yes; for scripts.
    #[arg(long, short, global = true)]
    pub yes: bool,
    /// Print the result alone, no progress.
    #[arg(long, short, global = true)]
    pub quiet: bool,
    /// Print the result as JSON, no progress.
    #[arg(long, global = true)]
    pub json: bool,
}

#[derive(Debug, Subcommand)]
enum Command {
    Deploy(deploy::Deploy),
    Status(status::Status),
    Inspect(inspect::Inspect),
    Reset(reset::Reset),
}

/// Does what the words say.
pub async fn run(words: Words) -> Result<()> {
    if let Command::Inspect(inspect::Inspect {
        file: Some(path), ..
    }) = &words.command
    {
        return inspect::Inspect::describe_file(path, &Report::new(&words.common));
    }
    let context = Context::open(&words.common).await?;
    match words.command {
        Command::Deploy(deploy) => deploy.run(&context).await,
        Command::Status(status) => status.run(&context).await,
        Command::Inspect(inspect) => inspect.run(&context).await,
        Command::Reset(reset) => reset.run(&context).await,
    }
}

#[cfg(test)]
mod tests {
    use clap::CommandFactory;

    use super::*;

    #[test]
    fn the_words_do_not_contradict_each_other() {
        Words::command().debug_assert();
    }

    #[test]
    fn common_options_stand_before_or_after_the_command() {
        for line in [
            "orbiter --port 8123 --yes deploy",
            "orbiter deploy --yes --port 8123",
        ] {
            let words = Words::try_parse_from(line.split(' ')).unwrap();
            assert_eq!(
                (words.common.port, words.common.yes),
                (Some(8123), true),
                "{line}"
            );
            assert!(matches!(words.command, Command::Deploy(_)), "{line}");
        }
    }

    #[test]
    fn the_network_is_the_local_one_unless_said_otherwise() {
        let words = Words::try_parse_from(["orbiter", "status"]).unwrap();
        assert_eq!(words.common.network, "local");
    }

    #[test]
    fn nonsense_is_refused() {
        for line in [
            "orbiter",
            "orbiter launch",
            "orbiter deploy --port x",
            "orbiter --port 65536 status",
        ] {
            assert!(Words::try_parse_from(line.split(' ')).is_err(), "{line}");
        }
    }

    #[test]
    fn the_help_of_every_command_says_what_it_does() {
        for command in Words::command().get_subcommands() {
            assert!(command.get_about().is_some(), "{}", command.get_name());
            for argument in command.get_arguments() {
                assert!(
                    argument.get_help().is_some(),
                    "{} {}",
                    command.get_name(),
                    argument.get_id()
                );
            }
        }
    }
}
