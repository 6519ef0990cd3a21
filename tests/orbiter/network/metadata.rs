//! What the Wasm says about itself.

use super::wasm;
use std::collections::BTreeMap;

/// The custom sections of a Wasm: a section with id 0 begins with its name.
fn custom_sections(wasm: &[u8]) -> BTreeMap<String, Vec<u8>> {
    let mut sections = BTreeMap::new();
    let mut rest = &wasm[8..];
    while let Some((id, after)) = rest.split_first() {
        let (length, after) = leb128(after);
        let (content, next) = after.split_at(length);
        if *id == 0 {
            let (name_length, content) = leb128(content);
            let (name, data) = content.split_at(name_length);
            let name = String::from_utf8(name.to_vec()).expect("UTF-8");
            sections.insert(name, data.to_vec());
        }
        rest = next;
    }
    sections
}

/// An unsigned LEB128 number and what follows it.
fn leb128(bytes: &[u8]) -> (usize, &[u8]) {
    let mut number = 0;
    for (index, byte) in bytes.iter().enumerate() {
        number |= usize::from(byte & 0x7F) << (7 * index);
        if byte & 0x80 == 0 {
            return (number, &bytes[index + 1..]);
        }
    }
    panic!("a number without an end");
}

#[test]
fn the_wasm_carries_its_interface_and_its_name() {
    let sections = custom_sections(&wasm());
    let text = |name: &str| {
        let section = sections
            .get(name)
            .unwrap_or_else(|| panic!("no section {name}"));
        String::from_utf8(section.clone()).expect("UTF-8")
    };
    assert_eq!(
        text("icp:public candid:service"),
        include_str!("../../../candid/orbiter.did")
    );
    assert_eq!(
        text("icp:public candid:args"),
        "(opt record { controllers : vec principal })"
    );
    let package: serde_json::Value =
        serde_json::from_str(&text("icp:public juno:package")).expect("JSON");
    assert_eq!(package["name"], "@junobuild/orbiter");
    assert_eq!(package["version"], env!("CARGO_PKG_VERSION"));
    let build: serde_json::Value = serde_json::from_str(&text("icp:public build")).expect("JSON");
    assert_eq!(build["package"], "orbiter");
    assert!(
        build["notes"]
            .as_str()
            .is_some_and(|notes| notes.starts_with("rustc ")),
        "{build}"
    );
}
