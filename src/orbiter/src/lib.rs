//! The orbiter canister: endpoints, wire to engine and back, one memory map, lifecycle, HTTP, guards.
