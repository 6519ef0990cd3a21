//! Randomness that is the same on every machine: xorshift64*, integers, and the little arithmetic that
//! distributions need. The standard library's `ln` and `exp` are the platform's own and may differ in the last
//! bit between a host and Wasm; those here are made of `+ − × ÷` alone, which IEEE 754 defines exactly.

/// The seed of every workload.
pub const SEED: u64 = 88_172_645_463_325_252;

/// The alphabet of nanoid: 64 characters, so each carries 6 bits.
const ALPHABET: &[u8; 64] = b"useandom-26T198340PX75pxJACKVERYMINDBUSHWOLF_GQZbfghjklqvwyzrict";

/// How many characters of [`ALPHABET`] an id has: 126 bits.
const ID_CHARACTERS: usize = 21;

/// A generator xorshift64* (Marsaglia 2003, Vigna 2016).
#[derive(Clone, Debug)]
pub struct Random {
    state: u64,
}

impl Default for Random {
    fn default() -> Self {
        Self { state: SEED }
    }
}

impl Random {
    /// The next 64 bits.
    pub fn bits(&mut self) -> u64 {
        self.state ^= self.state >> 12;
        self.state ^= self.state << 25;
        self.state ^= self.state >> 27;
        self.state.wrapping_mul(0x2545_F491_4F6C_DD1D)
    }

    /// A number below `limit`, all alike likely up to 2^-32; 0 when `limit` is 0.
    pub fn below(&mut self, limit: u32) -> u32 {
        ((u128::from(self.bits()) * u128::from(limit)) >> 64) as u32
    }

    /// Whether a chance of `parts` in `whole` came true.
    pub fn chance(&mut self, parts: u32, whole: u32) -> bool {
        self.below(whole) < parts
    }

    /// One of `all`.
    ///
    /// # Panics
    /// When there is none.
    pub fn one_of<T: Copy>(&mut self, all: &[T]) -> T {
        all[self.below(all.len() as u32) as usize]
    }

    /// A number above 0, at most 1.
    pub fn unit(&mut self) -> f64 {
        ((self.bits() >> 11) + 1) as f64 / (1_u64 << 53) as f64
    }

    /// An exponentially distributed number: the pause before the next event of a Poisson process.
    pub fn exponential(&mut self, mean: f64) -> f64 {
        -ln(self.unit()) * mean
    }

    /// An id as nanoid makes them: 21 characters, 126 random bits.
    pub fn id(&mut self) -> String {
        self.text(ID_CHARACTERS)
    }

    /// A text of so many random characters of nanoid's alphabet.
    pub fn text(&mut self, characters: usize) -> String {
        let mut text = String::with_capacity(characters);
        let mut bits = 0;
        for position in 0..characters {
            if position % 10 == 0 {
                bits = self.bits();
            }
            text.push(char::from(ALPHABET[(bits & 63) as usize]));
            bits >>= 6;
        }
        text
    }
}

/// The natural logarithm of a normal number above 0.
pub fn ln(x: f64) -> f64 {
    const FRACTION: u64 = (1 << 52) - 1;
    let bits = x.to_bits();
    let mut exponent = (bits >> 52) as i64 - 1023;
    let mut fraction = f64::from_bits((bits & FRACTION) | (1023 << 52));
    if fraction > std::f64::consts::SQRT_2 {
        fraction /= 2.0;
        exponent += 1;
    }
    // ln m = 2 artanh s with s = (m − 1) ÷ (m + 1), |s| ≤ 0.172: eleven terms leave 10^-18.
    let s = (fraction - 1.0) / (fraction + 1.0);
    let (mut power, mut sum) = (s, 0.0);
    for odd in 0..11 {
        sum += power / f64::from(2 * odd + 1);
        power *= s * s;
    }
    exponent as f64 * std::f64::consts::LN_2 + 2.0 * sum
}

/// The exponential function, for |x| up to 700.
pub fn exp(x: f64) -> f64 {
    let doublings = (x / std::f64::consts::LN_2).floor();
    let rest = x - doublings * std::f64::consts::LN_2;
    // 0 ≤ rest < 0.694: twenty terms of the series leave 10^-21.
    let (mut term, mut sum) = (1.0, 1.0);
    for n in 1..20 {
        term *= rest / f64::from(n);
        sum += term;
    }
    sum * f64::from_bits(((doublings as i64 + 1023) as u64) << 52)
}

/// Zipf's distribution: rank k (from 0) has a probability proportional to (k + 1)^-exponent.
#[derive(Clone, Debug)]
pub struct Zipf {
    /// At each rank the sum of all weights up to it.
    cumulative: Vec<f64>,
}

impl Zipf {
    /// Over so many ranks.
    pub fn new(exponent: f64, ranks: u32) -> Self {
        let mut sum = 0.0;
        let cumulative = (1..=ranks)
            .map(|rank| {
                sum += exp(-exponent * ln(f64::from(rank)));
                sum
            })
            .collect();
        Self { cumulative }
    }

    /// A rank; 0 when there is none.
    pub fn draw(&self, random: &mut Random) -> u32 {
        let total = self.cumulative.last().copied().unwrap_or_default();
        let wanted = random.unit() * total;
        self.cumulative.partition_point(|sum| *sum < wanted) as u32
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_first_numbers_are_the_same_everywhere() {
        let mut random = Random::default();
        let first: Vec<u64> = (0..3).map(|_| random.bits()).collect();
        assert_eq!(
            first,
            [
                16_620_430_977_058_721_579,
                12_052_379_865_695_375_093,
                11_451_962_570_540_714_196
            ]
        );
        assert_eq!(random.id().len(), 21);
    }

    #[test]
    fn logarithm_and_exponential_are_good_to_fifteen_digits() {
        for x in [1e-300, 1e-16, 0.3, 0.999, 1.0, 1.5, 2.0, 7.25, 1e6, 1e300] {
            let error = (ln(x) - f64::ln(x)).abs();
            assert!(error <= 1e-15 * f64::ln(x).abs(), "ln {x}: {error}");
        }
        for x in [-700.0, -20.5, -1.0, -0.1, 0.0, 0.1, 1.0, 13.37, 700.0] {
            let error = (exp(x) / f64::exp(x) - 1.0).abs();
            assert!(error < 1e-12, "exp {x}: {error}");
        }
    }

    #[test]
    fn zipfs_ranks_come_as_often_as_they_should() {
        let zipf = Zipf::new(1.0, 1000);
        let mut random = Random::default();
        let mut seen = [0_u32; 1000];
        for _ in 0..100_000 {
            seen[zipf.draw(&mut random) as usize] += 1;
        }
        // The sum of 1/k for k up to 1,000 is 7.485.
        assert!((seen[0] as f64 / 100_000.0 - 1.0 / 7.485).abs() < 0.003);
        assert!((seen[9] as f64 / 100_000.0 - 0.1 / 7.485).abs() < 0.001);
    }

    #[test]
    fn pauses_have_the_mean_that_is_asked_for() {
        let mut random = Random::default();
        let sum: f64 = (0..100_000).map(|_| random.exponential(200.0)).sum();
        assert!((sum / 100_000.0 - 200.0).abs() < 2.0);
    }
}
