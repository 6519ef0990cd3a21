//! Access keys.

use engine::{AccessKey, AccessKeyKind, AccessKeyScope, SetAccessKey};

/// A key as an admin sets it, for the engine.
pub fn set_access_key(set: wire::SetAccessKey) -> SetAccessKey {
    SetAccessKey {
        metadata: set.metadata,
        kind: set.kind.map(|kind| match kind {
            wire::AccessKeyKind::Emulator => AccessKeyKind::Emulator,
            wire::AccessKeyKind::Automation => AccessKeyKind::Automation,
        }),
        scope: match set.scope {
            wire::AccessKeyScope::Write => AccessKeyScope::Write,
            wire::AccessKeyScope::Admin => AccessKeyScope::Admin,
            wire::AccessKeyScope::Submit => AccessKeyScope::Submit,
        },
        expires_at: set.expires_at,
    }
}

/// A stored key, for a client.
pub fn access_key(key: AccessKey) -> wire::AccessKey {
    wire::AccessKey {
        metadata: key.metadata,
        kind: key.kind.map(|kind| match kind {
            AccessKeyKind::Emulator => wire::AccessKeyKind::Emulator,
            AccessKeyKind::Automation => wire::AccessKeyKind::Automation,
        }),
        scope: match key.scope {
            AccessKeyScope::Write => wire::AccessKeyScope::Write,
            AccessKeyScope::Admin => wire::AccessKeyScope::Admin,
            AccessKeyScope::Submit => wire::AccessKeyScope::Submit,
        },
        created_at: key.created_at,
        updated_at: key.updated_at,
        expires_at: key.expires_at,
    }
}
