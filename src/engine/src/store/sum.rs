//! Sums of floats that don't depend on the order in which they are added up, as far as a mean shows.

/// A sum and what rounding took from it: the two-sum of Knuth (The Art of Computer Programming 2, 4.2.2),
/// added up as Neumaier does (Zeitschrift für Angewandte Mathematik und Mechanik 54, 1974).
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub(crate) struct Sum {
    sum: f64,
    rest: f64,
}

impl Sum {
    /// Adds a number.
    pub(crate) fn add(&mut self, number: f64) {
        let sum = self.sum + number;
        let part = sum - self.sum;
        self.rest += (self.sum - (sum - part)) + (number - part);
        self.sum = sum;
    }

    /// Adds another sum.
    pub(crate) fn merge(&mut self, other: Self) {
        self.add(other.sum);
        self.rest += other.rest;
    }

    /// The sum as one float; infinite where it passed the largest.
    pub(crate) fn value(self) -> f64 {
        if self.sum.is_finite() {
            self.sum + self.rest
        } else {
            self.sum
        }
    }

    pub(crate) fn to_bits(self) -> [u64; 2] {
        [self.sum.to_bits(), self.rest.to_bits()]
    }

    pub(crate) fn from_bits([sum, rest]: [u64; 2]) -> Self {
        Self {
            sum: f64::from_bits(sum),
            rest: f64::from_bits(rest),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::Sum;

    #[test]
    fn small_numbers_survive_large_ones_in_any_order() {
        for numbers in [[1e100, 1.0, -1e100, 1e-9], [1e-9, 1.0, 1e100, -1e100]] {
            let mut sum = Sum::default();
            for number in numbers {
                sum.add(number);
            }
            assert_eq!(sum.value(), 1.000_000_001);
        }
    }

    #[test]
    fn a_merged_sum_is_that_of_all_its_parts() {
        let (mut first, mut second) = (Sum::default(), Sum::default());
        first.add(1e16);
        first.add(1.0);
        second.add(1.0);
        second.add(-1e16);
        first.merge(second);
        assert_eq!(first.value(), 2.0);
        assert_eq!(Sum::from_bits(first.to_bits()), first);
    }

    #[test]
    fn beyond_the_largest_number_the_sum_is_infinite() {
        let mut sum = Sum::default();
        sum.add(f64::MAX);
        sum.add(f64::MAX);
        assert_eq!(sum.value(), f64::INFINITY);
    }
}
