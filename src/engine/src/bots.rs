//! Which user agents are bots', by the list of the crate `isbot`.

/// The list of known bots, ready to be asked. Making it costs some 15 M instructions: keep it.
pub struct Bots {
    list: isbot::Bots,
}

impl Default for Bots {
    fn default() -> Self {
        Self::new()
    }
}

impl Bots {
    /// Makes the list.
    pub fn new() -> Self {
        Self {
            list: isbot::Bots::default(),
        }
    }

    /// Whether `user_agent` is a known bot's. Headless browsers are bots.
    pub fn is_bot(&self, user_agent: &str) -> bool {
        self.list.is_bot(user_agent)
    }
}
