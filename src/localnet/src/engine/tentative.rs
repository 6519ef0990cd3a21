//! A value that may be replaced until further notice.

/// A value, and the one it goes back to if the replacement is not committed.
pub(super) struct Tentative<T> {
    current: T,
    original: Option<T>,
}

impl<T> Tentative<T> {
    /// A committed value.
    pub fn new(value: T) -> Self {
        Self {
            current: value,
            original: None,
        }
    }

    /// Replaces the value; the first one replaced is kept, later ones are dropped.
    pub fn replace(&mut self, value: T) {
        let old = std::mem::replace(&mut self.current, value);
        self.original.get_or_insert(old);
    }

    /// The value, replacement included.
    pub fn current(&self) -> &T {
        &self.current
    }

    /// The value, to be changed in place.
    pub fn current_mut(&mut self) -> &mut T {
        &mut self.current
    }

    /// The value without the replacement.
    pub fn committed(&self) -> &T {
        self.original.as_ref().unwrap_or(&self.current)
    }

    /// Makes a replacement last; gives what it replaced.
    pub fn commit(&mut self) -> Option<T> {
        self.original.take()
    }

    /// Takes a replacement back; gives it.
    pub fn roll_back(&mut self) -> Option<T> {
        let original = self.original.take()?;
        Some(std::mem::replace(&mut self.current, original))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn goes_back_to_the_value_before_the_first_replacement() {
        let mut value = Tentative::new(1);
        value.replace(2);
        value.replace(3);
        assert_eq!((*value.current(), *value.committed()), (3, 1));
        assert_eq!(value.roll_back(), Some(3));
        assert_eq!((*value.current(), *value.committed()), (1, 1));
        assert_eq!(value.roll_back(), None);
    }

    #[test]
    fn a_committed_replacement_stays() {
        let mut value = Tentative::new(1);
        value.replace(2);
        assert_eq!(value.commit(), Some(1));
        assert_eq!(value.roll_back(), None);
        assert_eq!((*value.current(), *value.committed()), (2, 2));
    }
}
