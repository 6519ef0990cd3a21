//! What does not belong in a public repository: paths of somebody's machine, hosts of somebody's network, the words of
//! how it was made instead of what it is.

/// Text that no file may contain, upper and lower case alike. Written in two parts, so that this list does not find
/// itself.
const FORBIDDEN: &[(&str, &str)] = &[
    // Paths of a machine.
    ("/ho", "me/"),
    ("/us", "ers/"),
    ("/ro", "ot/"),
    ("/wo", "rk/"),
    ("/tm", "p/trees"),
    ("c:\\", "users"),
    // Package registries and proxies other than the public ones.
    ("artifact", "ory"),
    ("/nexus", "/repository"),
    (".inter", "nal:"),
    (".inter", "nal/"),
    // How it was made.
    ("work", "tree"),
    ("sub", "agent"),
    ("co-authored", "-by"),
    ("fix", "me"),
];

/// Where packages may come from, as lock files write it: the field, and how its value begins. A package of the
/// repository itself is named by its folder.
const SOURCES: &[(&str, &str, &[&str])] = &[
    (
        "Cargo.lock",
        "source = \"",
        &["registry+https://github.com/rust-lang/crates.io-index"],
    ),
    (
        "package-lock.json",
        "\"resolved\": \"",
        &["https://registry.npmjs.org/"],
    ),
];

/// What a repository's files contain that they must not. `files` are paths with their text.
pub fn check(files: &[(String, String)]) -> Vec<String> {
    let leaks = files.iter().flat_map(|(path, text)| words_in(path, text));
    let strangers = files
        .iter()
        .flat_map(|(path, text)| foreign_sources(path, text));
    leaks.chain(strangers).collect()
}

fn words_in(path: &str, text: &str) -> Vec<String> {
    let mut found = Vec::new();
    for (number, line) in text.lines().enumerate() {
        let line = line.to_lowercase();
        for (start, end) in FORBIDDEN {
            let word = format!("{start}{end}");
            if line.contains(&word) {
                found.push(format!("{path}:{} contains {word}", number + 1));
            }
        }
    }
    found
}

fn foreign_sources(path: &str, text: &str) -> Vec<String> {
    let Some((_, field, allowed)) = SOURCES.iter().find(|(file, ..)| *file == path) else {
        return vec![];
    };
    let values = text
        .split(field)
        .skip(1)
        .filter_map(|rest| rest.split('"').next());
    let remote = values.filter(|value| value.contains("://"));
    let foreign = remote.filter(|value| !allowed.iter().any(|start| value.starts_with(start)));
    foreign
        .map(|value| format!("{path} takes a package from {value}"))
        .collect()
}

mod tests {
    use super::*;

    fn found(path: &str, text: &str) -> Vec<String> {
        check(&[(path.to_owned(), text.to_owned())])
    }

    #[test]
    fn every_forbidden_text_is_found_with_its_line() {
        for (start, end) in FORBIDDEN {
            let text = format!("fine\nnot {}{end} fine", start.to_uppercase());
            assert_eq!(
                found("a.md", &text),
                [format!("a.md:2 contains {start}{end}")]
            );
        }
    }

    #[test]
    fn a_package_from_elsewhere_is_found() {
        let text = r#""resolved": "https://mirror.example/a.tgz", "integrity": "x""#;
        assert_eq!(
            found("package-lock.json", text),
            ["package-lock.json takes a package from https://mirror.example/a.tgz"]
        );
        let text = "source = \"git+https://example.org/a\"";
        assert_eq!(
            found("Cargo.lock", text),
            ["Cargo.lock takes a package from git+https://example.org/a"]
        );
    }

    #[test]
    fn public_registries_and_folders_of_the_repository_are_not() {
        assert!(
            found(
                "package-lock.json",
                r#""resolved": "https://registry.npmjs.org/a/-/a-1.tgz""#
            )
            .is_empty()
        );
        assert!(found("package-lock.json", r#""resolved": "console""#).is_empty());
        assert!(
            found(
                "Cargo.lock",
                "source = \"registry+https://github.com/rust-lang/crates.io-index\""
            )
            .is_empty()
        );
    }
}
