//! The metadata of an event: an object, or an array of pairs.

use serde::de::{MapAccess, SeqAccess, Visitor};
use serde::ser::SerializeMap;
use serde::{Deserialize, Deserializer, Serialize, Serializer};
use std::fmt;

/// Pairs of name and value in the order of the body.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Metadata(pub Vec<(String, String)>);

impl Serialize for Metadata {
    /// Always an object.
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut object = serializer.serialize_map(Some(self.0.len()))?;
        for (name, value) in &self.0 {
            object.serialize_entry(name, value)?;
        }
        object.end()
    }
}

impl<'de> Deserialize<'de> for Metadata {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(MetadataVisitor)
    }
}

/// Accepts both shapes.
struct MetadataVisitor;

impl<'de> Visitor<'de> for MetadataVisitor {
    type Value = Metadata;

    fn expecting(&self, formatter: &mut fmt::Formatter) -> fmt::Result {
        formatter.write_str("an object of strings or an array of pairs of strings")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut object: A) -> Result<Metadata, A::Error> {
        let mut pairs = Vec::new();
        while let Some(pair) = object.next_entry()? {
            pairs.push(pair);
        }
        Ok(Metadata(pairs))
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut array: A) -> Result<Metadata, A::Error> {
        let mut pairs = Vec::new();
        while let Some(pair) = array.next_element()? {
            pairs.push(pair);
        }
        Ok(Metadata(pairs))
    }
}

#[cfg(test)]
mod tests {
    use super::Metadata;

    fn pairs(text: &str) -> Metadata {
        serde_json::from_str(text).unwrap()
    }

    #[test]
    fn an_object_and_an_array_of_pairs_mean_the_same() {
        let expected = Metadata(vec![("b".into(), "1".into()), ("a".into(), "2".into())]);
        assert_eq!(pairs(r#"{"b":"1","a":"2"}"#), expected);
        assert_eq!(pairs(r#"[["b","1"],["a","2"]]"#), expected);
        assert_eq!(
            serde_json::to_string(&expected).unwrap(),
            r#"{"b":"1","a":"2"}"#
        );
    }

    #[test]
    fn other_shapes_are_refused_with_a_reason() {
        let reason = |text| {
            serde_json::from_str::<Metadata>(text)
                .unwrap_err()
                .to_string()
        };
        assert!(reason("3").starts_with(
            "invalid type: integer `3`, expected an object of strings or an array of pairs"
        ));
        assert!(reason(r#"{"a":1}"#).starts_with("invalid type: integer `1`, expected a string"));
        assert!(reason(r#"[["a"]]"#).starts_with("invalid length 1"));
    }
}
