//! The program: hands its arguments to [`localnet::launcher`].

use std::process::ExitCode;

fn main() -> ExitCode {
    localnet::launcher::main(std::env::args_os().collect())
}
