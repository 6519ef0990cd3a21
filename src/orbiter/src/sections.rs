//! What the Wasm says about itself: custom sections, readable from outside as canister metadata.
//!
//! A section named `icp:public NAME` is public metadata under NAME. The linker writes a static of the
//! root crate into the section that its `link_section` names; no tool has to add it afterwards.

/// The version of all crates of this repository.
const VERSION: &str = env!("CARGO_PKG_VERSION");

/// What the build script says of the toolchain, in the environment variable `BUILD_NOTES`: a text without
/// quotes.
const NOTES: &str = match option_env!("BUILD_NOTES") {
    Some(notes) => notes,
    None => "built without scripts/build",
};

/// The length of some texts together, in bytes.
const fn length(texts: &[&str]) -> usize {
    let (mut total, mut index) = (0, 0);
    while index < texts.len() {
        total += texts[index].len();
        index += 1;
    }
    total
}

/// Some texts one after the other; `N` is their [`length`].
const fn joined<const N: usize>(texts: &[&str]) -> [u8; N] {
    let (mut bytes, mut at, mut index) = ([0; N], 0, 0);
    while index < texts.len() {
        let (_, rest) = bytes.split_at_mut(at);
        let (place, _) = rest.split_at_mut(texts[index].len());
        place.copy_from_slice(texts[index].as_bytes());
        at += texts[index].len();
        index += 1;
    }
    bytes
}

/// A static with some texts, in the section of that name.
macro_rules! section {
    ($(#[$doc:meta])* $ident:ident, $name:literal, $texts:expr) => {
        $(#[$doc])*
        #[used]
        #[unsafe(link_section = $name)]
        static $ident: [u8; length(&$texts)] = joined(&$texts);
    };
}

section!(
    /// The public interface.
    CANDID_SERVICE,
    "icp:public candid:service",
    [include_str!("../../../candid/orbiter.did")]
);

section!(
    /// The argument of the installation, for tools that ask for it.
    CANDID_ARGS,
    "icp:public candid:args",
    ["(opt record { controllers : vec principal })"]
);

section!(
    /// By this the tools of the baseline's ecosystem recognise a compatible orbiter.
    JUNO_PACKAGE,
    "icp:public juno:package",
    [r#"{"name":"@junobuild/orbiter","version":""#, VERSION, r#""}"#]
);

section!(
    /// What the Wasm was built from and with.
    BUILD,
    "icp:public build",
    [
        r#"{"package":"orbiter","version":""#,
        VERSION,
        r#"","notes":""#,
        NOTES,
        r#""}"#
    ]
);
