//! Blobs that clients upload before they name them: contents of stable memory.

use super::failure::Failure;
use flate2::read::GzDecoder;
use sha2::{Digest, Sha256};
use std::collections::HashMap;
use std::io::Read;
use std::sync::{Arc, Mutex, PoisonError};

/// SHA-256 of a blob as it was sent.
pub type BlobId = [u8; 32];

/// All blobs of a server; they live as long as it does.
#[derive(Default)]
pub struct Blobs(Mutex<HashMap<BlobId, Arc<Vec<u8>>>>);

impl Blobs {
    /// Keeps a blob, unzipped when it was sent zipped, and gives its name. Fails when it does not unzip.
    pub fn store(&self, sent: Vec<u8>, zipped: bool) -> Result<BlobId, Failure> {
        let id = Sha256::digest(&sent).into();
        let content = if zipped { unzip(&sent)? } else { sent };
        self.table().insert(id, Arc::new(content));
        Ok(id)
    }

    /// A blob by its name.
    pub fn get(&self, id: &[u8]) -> Result<Arc<Vec<u8>>, Failure> {
        let found = BlobId::try_from(id)
            .ok()
            .and_then(|id| self.table().get(&id).cloned());
        found.ok_or_else(|| Failure::NoBlob(hex::encode(id)))
    }

    fn table(&self) -> std::sync::MutexGuard<'_, HashMap<BlobId, Arc<Vec<u8>>>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

fn unzip(zipped: &[u8]) -> Result<Vec<u8>, Failure> {
    let mut content = Vec::new();
    GzDecoder::new(zipped)
        .read_to_end(&mut content)
        .map_err(|error| Failure::Malformed(format!("the blob does not unzip: {error}")))?;
    Ok(content)
}

#[cfg(test)]
mod tests {
    use super::*;
    use flate2::Compression;
    use flate2::write::GzEncoder;
    use std::io::Write;

    #[test]
    fn a_zipped_blob_is_named_by_what_was_sent_and_read_unzipped() {
        let mut zip = GzEncoder::new(Vec::new(), Compression::fast());
        zip.write_all(b"content").expect("writes to memory");
        let sent = zip.finish().expect("writes to memory");
        let blobs = Blobs::default();
        let id = blobs.store(sent.clone(), true).expect("unzips");
        assert_eq!(id, <BlobId>::from(Sha256::digest(&sent)));
        assert_eq!(*blobs.get(&id).expect("is there"), b"content");
    }

    #[test]
    fn what_does_not_unzip_is_refused() {
        let refused = Blobs::default().store(b"content".to_vec(), true);
        assert!(matches!(refused, Err(Failure::Malformed(_))));
    }

    #[test]
    fn a_blob_that_was_never_sent_is_named_in_the_refusal() {
        let refused = Blobs::default().get(&[0xab; 2]);
        assert!(matches!(refused, Err(Failure::NoBlob(id)) if id == "abab"));
    }
}
