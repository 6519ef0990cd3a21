//! Comparing bytes eight at a time. On Wasm a slice's own comparison goes byte by byte and costs some 26
//! instructions for each; texts are compared with every entry that is stored and every figure that is added up.

use std::cmp::Ordering;

/// Whether both have the same bytes.
pub(crate) fn equal(a: &[u8], b: &[u8]) -> bool {
    if a.len() != b.len() {
        return false;
    }
    let ((a, a_rest), (b, b_rest)) = (a.as_chunks::<8>(), b.as_chunks::<8>());
    let words = a.iter().zip(b);
    words
        .into_iter()
        .all(|(a, b)| u64::from_ne_bytes(*a) == u64::from_ne_bytes(*b))
        && a_rest.iter().zip(b_rest).all(|(a, b)| a == b)
}

/// The order of both as byte strings.
pub(crate) fn compare(a: &[u8], b: &[u8]) -> Ordering {
    let (a_words, b_words) = (a.as_chunks::<8>().0, b.as_chunks::<8>().0);
    for (a_word, b_word) in a_words.iter().zip(b_words) {
        let (a_word, b_word) = (u64::from_be_bytes(*a_word), u64::from_be_bytes(*b_word));
        if a_word != b_word {
            return a_word.cmp(&b_word);
        }
    }
    let same = a_words.len().min(b_words.len()) * 8;
    let rest = |bytes: &[u8]| bytes.get(same..).map_or(0, <[u8]>::len);
    let common = rest(a).min(rest(b));
    for at in same..same + common {
        match a[at].cmp(&b[at]) {
            Ordering::Equal => {}
            unequal => return unequal,
        }
    }
    a.len().cmp(&b.len())
}

/// Whether both have the same numbers.
pub(crate) fn equal_numbers(a: &[u64], b: &[u64]) -> bool {
    // One pass without a way out: cheaper than looking at each, and almost always all are the same.
    a.len() == b.len() && a.iter().zip(b).fold(0, |unequal, (a, b)| unequal | (a ^ b)) == 0
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bytes_compare_as_slices_do() {
        let texts: Vec<Vec<u8>> = ["", "a", "abcdefg", "abcdefgh", "abcdefgi", "abcdefghi", "b"]
            .iter()
            .map(|text| text.as_bytes().to_vec())
            .chain([vec![0xFF; 17], vec![0xFF; 16], vec![0; 8], vec![0; 9]])
            .collect();
        for a in &texts {
            for b in &texts {
                assert_eq!(equal(a, b), a == b, "{a:?} {b:?}");
                assert_eq!(compare(a, b), a.cmp(b), "{a:?} {b:?}");
            }
        }
    }

    #[test]
    fn numbers_are_equal_where_all_of_them_are() {
        assert!(equal_numbers(&[1, 2], &[1, 2]));
        assert!(!equal_numbers(&[1, 2], &[1, 3]));
        assert!(!equal_numbers(&[1, 2], &[1]));
    }
}
