//! The domain: entries, their rules, storage and queries. Knows no ic_cdk, Candid, JSON or HTTP.
