//! `{"__bigint__":"123"}`: a 64-bit number that survives JavaScript.

use serde::ser::SerializeStruct;
use serde::{Deserialize, Deserializer, Serialize, Serializer};
use std::borrow::Cow;

/// An unsigned 64-bit number; in JSON an object with its decimal digits.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct BigInt(pub u64);

/// The object around the digits, which stay where they are.
#[derive(Deserialize)]
struct Object<'a> {
    #[serde(rename = "__bigint__", borrow)]
    digits: Cow<'a, str>,
}

impl Serialize for BigInt {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut object = serializer.serialize_struct("Object", 1)?;
        object.serialize_field("__bigint__", &format_args!("{}", self.0))?;
        object.end()
    }
}

impl<'de> Deserialize<'de> for BigInt {
    /// # Errors
    /// Serde's own for another shape; for digits that are no u64 the text of
    /// [`std::num::ParseIntError`].
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let object = Object::deserialize(deserializer)?;
        object
            .digits
            .parse()
            .map(BigInt)
            .map_err(serde::de::Error::custom)
    }
}

#[cfg(test)]
mod tests {
    use super::BigInt;

    #[test]
    fn a_bigint_is_an_object_with_digits() {
        let text = serde_json::to_string(&BigInt(u64::MAX)).unwrap();
        assert_eq!(text, r#"{"__bigint__":"18446744073709551615"}"#);
        assert_eq!(
            serde_json::from_str::<BigInt>(&text).unwrap(),
            BigInt(u64::MAX)
        );
    }

    #[test]
    fn other_shapes_are_refused_with_a_reason() {
        let reason = |text| {
            serde_json::from_str::<BigInt>(text)
                .unwrap_err()
                .to_string()
        };
        assert!(reason("12").starts_with("invalid type: integer `12`, expected struct Object"));
        assert!(reason(r#"{"__bigint__":12}"#).starts_with("invalid type: integer `12`"));
        assert!(reason(r#"{"__bigint__":"-1"}"#).starts_with("invalid digit found in string"));
        assert!(reason(r#"{"__bigint__":""}"#).starts_with("cannot parse integer from empty"));
        assert!(
            reason(r#"{"__bigint__":"18446744073709551616"}"#)
                .starts_with("number too large to fit in target type")
        );
        assert!(reason("{}").starts_with("missing field `__bigint__`"));
    }
}
