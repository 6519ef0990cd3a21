//! Questions to the person at the terminal, and what happens when nobody is there.

use std::io::{BufRead, IsTerminal, Write};

use candid::Principal;

use crate::error::{Error, Result};

/// Who answers questions.
pub struct Prompt<Input> {
    input: Input,
    /// Whether a person can answer.
    attended: bool,
    /// Whether every question was answered yes on the command line.
    yes: bool,
}

impl Prompt<std::io::StdinLock<'static>> {
    /// The person at standard input, if it is a terminal; `yes` answers every question.
    pub fn at_terminal(yes: bool) -> Self {
        let input = std::io::stdin();
        let attended = input.is_terminal();
        Self {
            input: input.lock(),
            attended,
            yes,
        }
    }
}

impl<Input: BufRead> Prompt<Input> {
    /// Asks whether to go on with `action`; anything but `y` or `yes` ends the command.
    pub fn go_ahead(&mut self, action: &str) -> Result<()> {
        if self.yes {
            return Ok(());
        }
        match self
            .ask(action, "Go ahead? [y/N] ")?
            .to_lowercase()
            .as_str()
        {
            "y" | "yes" => Ok(()),
            _ => Err(Error::Declined),
        }
    }

    /// Asks for an id to be typed out, so that what cannot be undone is not done by habit.
    pub fn type_out(&mut self, action: &str, expected: Principal) -> Result<()> {
        if self.yes {
            return Ok(());
        }
        let typed = self.ask(action, &format!("Type {expected} to go ahead: "))?;
        if typed == expected.to_text() {
            return Ok(());
        }
        Err(Error::WrongIdTyped { typed, expected })
    }

    /// Questions go to standard error, so that standard output holds results alone.
    fn ask(&mut self, action: &str, question: &str) -> Result<String> {
        if !self.attended {
            return Err(Error::NobodyToAsk {
                action: action.to_owned(),
            });
        }
        eprintln!("{action}.");
        eprint!("{question}");
        let mut answer = String::new();
        std::io::stderr()
            .flush()
            .and_then(|()| self.input.read_line(&mut answer))
            .map_err(|source| Error::file("read", "the answer", source))?;
        Ok(answer.trim().to_owned())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn prompt(answer: &str, attended: bool, yes: bool) -> Prompt<&[u8]> {
        Prompt {
            input: answer.as_bytes(),
            attended,
            yes,
        }
    }

    fn id() -> Principal {
        Principal::from_text("lxzze-o7777-77777-aaaaa-cai").unwrap()
    }

    #[test]
    fn only_a_yes_goes_ahead() {
        for answer in ["y\n", "Yes\n", " y "] {
            assert!(
                prompt(answer, true, false).go_ahead("x").is_ok(),
                "{answer:?}"
            );
        }
        for answer in ["\n", "", "n\n", "yess\n"] {
            let stopped = prompt(answer, true, false).go_ahead("x");
            assert!(matches!(stopped, Err(Error::Declined)), "{answer:?}");
        }
    }

    #[test]
    fn only_the_whole_id_goes_ahead() {
        let right = format!("{}\n", id());
        assert!(prompt(&right, true, false).type_out("x", id()).is_ok());
        for answer in ["y\n", "lxzze\n", ""] {
            let stopped = prompt(answer, true, false).type_out("x", id());
            assert!(
                matches!(stopped, Err(Error::WrongIdTyped { typed, expected })
                if typed == answer.trim() && expected == id())
            );
        }
    }

    #[test]
    fn with_nobody_there_a_question_is_a_refusal() {
        let right = format!("{}\n", id());
        let refused = prompt(&right, false, false).type_out("Resetting", id());
        assert!(matches!(refused, Err(Error::NobodyToAsk { action }) if action == "Resetting"));
        let refused = prompt("y\n", false, false).go_ahead("Deploying");
        assert!(matches!(refused, Err(Error::NobodyToAsk { action }) if action == "Deploying"));
    }

    #[test]
    fn yes_on_the_command_line_answers_every_question() {
        assert!(prompt("", false, true).go_ahead("x").is_ok());
        assert!(prompt("", false, true).type_out("x", id()).is_ok());
    }
}
