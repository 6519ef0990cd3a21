//! The answer bodies: `{"ok":{"data":…}}` or `{"err":{"code":…,"message":…}}`.

use serde::Serialize;

/// Body of any JSON answer.
#[derive(Serialize, Clone, Debug, PartialEq, Eq)]
pub enum Answer<Data> {
    /// The entry as stored; nothing, hence `null`, for a batch.
    #[serde(rename = "ok")]
    Ok(AnswerData<Data>),
    /// Why nothing, or not everything, was stored.
    #[serde(rename = "err")]
    Err(AnswerError),
}

/// What a successful answer carries.
#[derive(Serialize, Clone, Debug, PartialEq, Eq)]
pub struct AnswerData<Data> {
    /// The entry as stored.
    pub data: Data,
}

/// What an error answer carries.
#[derive(Serialize, Clone, Debug, PartialEq, Eq)]
pub struct AnswerError {
    /// The HTTP status.
    pub code: u16,
    /// What went wrong.
    pub message: String,
}

#[cfg(test)]
mod tests {
    use super::{Answer, AnswerData, AnswerError};

    #[test]
    fn answers_are_ok_with_data_or_err_with_code_and_message() {
        let ok = Answer::Ok(AnswerData { data: () });
        assert_eq!(
            serde_json::to_string(&ok).unwrap(),
            r#"{"ok":{"data":null}}"#
        );
        let err: Answer<()> = Answer::Err(AnswerError {
            code: 404,
            message: "Not found".into(),
        });
        assert_eq!(
            serde_json::to_string(&err).unwrap(),
            r#"{"err":{"code":404,"message":"Not found"}}"#
        );
    }
}
