//! The management canister `aaaaa-aa`: one method, one place.
