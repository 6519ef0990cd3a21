//! Candid values read without their types.
//!
//! A canister's streaming token and callback have types that only the canister knows. A decoder that expects a type
//! would turn what it cannot match into nothing, so answers are read as they are and taken apart by field.

use candid::types::Label;
use candid::types::value::{IDLArgs, IDLField, IDLValue};

/// Reads the first argument of a message.
pub(super) fn first_value(bytes: &[u8]) -> Result<IDLValue, Mismatch> {
    let arguments = IDLArgs::from_bytes(bytes).map_err(|error| Mismatch::Candid {
        reason: error.to_string(),
    })?;
    let first = arguments.args.into_iter().next();
    first.ok_or(Mismatch::Nothing)
}

/// How a value differs from what the protocol defines.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub(super) enum Mismatch {
    #[error("it is not Candid ({reason})")]
    Candid { reason: String },
    #[error("it holds no value")]
    Nothing,
    #[error("`{field}` is missing")]
    Missing { field: &'static str },
    #[error("`{field}` is not {expected}")]
    Kind {
        field: &'static str,
        expected: &'static str,
    },
}

/// The fields of a record, taken out one by one. A field of an option type is absent when it is missing, `null` or
/// of type `reserved`, as subtyping has it.
pub(super) struct Record(Vec<IDLField>);

impl Record {
    pub(super) fn new(field: &'static str, value: IDLValue) -> Result<Record, Mismatch> {
        match value {
            IDLValue::Record(fields) => Ok(Record(fields)),
            _ => Err(kind(field, "a record")),
        }
    }

    pub(super) fn take(&mut self, field: &'static str) -> Result<IDLValue, Mismatch> {
        let wanted = Label::Named(field.into()).get_id();
        let place = self.0.iter().position(|it| it.id.get_id() == wanted);
        place
            .map(|place| self.0.swap_remove(place).val)
            .ok_or(Mismatch::Missing { field })
    }

    pub(super) fn take_optional(&mut self, field: &'static str) -> Option<IDLValue> {
        present(self.take(field).ok()?)
    }

    pub(super) fn blob(&mut self, field: &'static str) -> Result<Vec<u8>, Mismatch> {
        match self.take(field)? {
            IDLValue::Blob(bytes) => Ok(bytes),
            // Nothing tells the type of the elements that are not there.
            IDLValue::Vec(elements) if elements.is_empty() => Ok(Vec::new()),
            _ => Err(kind(field, "a blob")),
        }
    }

    pub(super) fn nat16(&mut self, field: &'static str) -> Result<u16, Mismatch> {
        match self.take(field)? {
            IDLValue::Nat16(number) => Ok(number),
            _ => Err(kind(field, "a nat16")),
        }
    }

    pub(super) fn text_pairs(
        &mut self,
        field: &'static str,
    ) -> Result<Vec<(String, String)>, Mismatch> {
        let expected = "a list of pairs of texts";
        let IDLValue::Vec(elements) = self.take(field)? else {
            return Err(kind(field, expected));
        };
        let pair = |element| text_pair(element).ok_or(kind(field, expected));
        elements.into_iter().map(pair).collect()
    }
}

/// What is inside an option; a value that is none counts as itself.
pub(super) fn present(value: IDLValue) -> Option<IDLValue> {
    match value {
        IDLValue::Opt(inner) => Some(*inner),
        IDLValue::None | IDLValue::Null | IDLValue::Reserved => None,
        value => Some(value),
    }
}

fn text_pair(element: IDLValue) -> Option<(String, String)> {
    let IDLValue::Record(fields) = element else {
        return None;
    };
    let [first, second] = <[IDLField; 2]>::try_from(fields).ok()?;
    match (first.id.get_id(), first.val, second.id.get_id(), second.val) {
        (0, IDLValue::Text(name), 1, IDLValue::Text(value)) => Some((name, value)),
        _ => None,
    }
}

pub(super) fn kind(field: &'static str, expected: &'static str) -> Mismatch {
    Mismatch::Kind { field, expected }
}
