//! A network that lies on purpose.
//!
//! Clients promise to check what they are told: a gateway its certificates, an agent the signatures of queries. To
//! see them do it, a test starts a network that gets one thing wrong. Nothing here is on unless asked for by name.

use std::str::FromStr;

/// What a network gets wrong.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Faults {
    /// `flip-certificate-byte`: one byte of every certificate is changed, in what agents read and in the
    /// `IC-Certificate` header that the gateway checks.
    pub certificate: bool,
    /// `flip-query-signature`: one byte of every node signature under a query's answer is changed.
    pub query_signature: bool,
}

/// A fault that does not exist.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("there is no fault `{name}`; known are flip-certificate-byte and flip-query-signature")]
pub struct UnknownFault {
    /// What was asked for.
    pub name: String,
}

impl FromStr for Faults {
    type Err = UnknownFault;

    /// Reads names separated by commas; none at all means no fault.
    fn from_str(names: &str) -> Result<Faults, UnknownFault> {
        let mut faults = Faults::default();
        for name in names
            .split(',')
            .map(str::trim)
            .filter(|name| !name.is_empty())
        {
            match name {
                "flip-certificate-byte" => faults.certificate = true,
                "flip-query-signature" => faults.query_signature = true,
                _ => return Err(UnknownFault { name: name.into() }),
            }
        }
        Ok(faults)
    }
}

impl Faults {
    /// Passes a certificate on, changed in its last byte if asked to: the end of the signature, or of the
    /// delegation's.
    pub(crate) fn certificate(self, mut certificate: Vec<u8>) -> Vec<u8> {
        if let (true, Some(last)) = (self.certificate, certificate.last_mut()) {
            *last ^= 1;
        }
        certificate
    }

    /// Passes a signature on, changed in its first byte if asked to.
    pub(crate) fn query_signature(self, mut signature: [u8; 64]) -> [u8; 64] {
        signature[0] ^= u8::from(self.query_signature);
        signature
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn faults_are_read_by_name_and_nothing_else_is_taken() {
        assert_eq!("".parse(), Ok(Faults::default()));
        let both = Faults {
            certificate: true,
            query_signature: true,
        };
        assert_eq!(
            "flip-query-signature, flip-certificate-byte".parse(),
            Ok(both)
        );
        let error = "flip-all".parse::<Faults>().unwrap_err();
        assert!(error.to_string().contains("`flip-all`"), "{error}");
    }

    #[test]
    fn only_what_was_asked_for_is_changed() {
        let none = Faults::default();
        assert_eq!(none.certificate(vec![1, 2]), [1, 2]);
        assert_eq!(none.query_signature([7; 64]), [7; 64]);
        let certificate: Faults = "flip-certificate-byte".parse().unwrap();
        assert_eq!(certificate.certificate(vec![1, 2]), [1, 3]);
        assert_eq!(certificate.query_signature([7; 64]), [7; 64]);
    }
}
