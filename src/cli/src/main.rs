//! `orbiter`: the command line. Deploys an orbiter and its satellite, looks at them, resets them.
//!
//! A command is words ([`commands`]), a decision that needs no network ([`plan`]), and calls any client could make
//! ([`connection`], [`management`], [`orbiter`], [`satellite`]). What is remembered between two runs is [`project`]'s.
//! Progress and questions go to standard error, results to standard output; the exit code is 0 or 1.

mod commands;
mod connection;
mod context;
mod error;
mod identity;
mod keepsake;
mod management;
mod network;
mod orbiter;
mod plan;
mod project;
mod prompt;
mod report;
mod satellite;
mod wasm;

use std::process::ExitCode;

use clap::Parser;

#[tokio::main]
async fn main() -> ExitCode {
    match commands::run(commands::Words::parse()).await {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("Error: {error}.");
            if let Some(advice) = error.advice() {
                eprintln!("{advice}");
            }
            ExitCode::FAILURE
        }
    }
}
