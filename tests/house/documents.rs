//! Every path that a document names exists: in backticks, in links, and in commands.

use std::collections::BTreeSet;

/// The documents that describe the repository.
pub const DOCUMENTS: &[&str] = &["README.md", "ARCHITECTURE.md"];

/// Paths that git ignores, because commands of this repository write them.
const BUILT: &[&str] = &[
    "dist",
    "target",
    "node_modules",
    "screenshots",
    ".localnet",
    ".orbiter",
    "canister_ids.json",
];
/// Beginnings of words with a slash that are not paths: media types, packages of npm, addresses.
const NOT_PATHS: &[&str] = &[
    "application/",
    "text/",
    "image/",
    "@",
    "/",
    "http:",
    "https:",
    "api/",
    "console/#",
];
/// Endings by which a word without a slash is a file of the root.
const FILE_ENDINGS: &[&str] = &[".md", ".toml", ".json", ".yaml", ".lock"];

/// What a document names that is not there. `files` are all paths of the repository.
pub fn check(name: &str, text: &str, files: &[String]) -> Vec<String> {
    let known = known_paths(files);
    let named = named_paths(text);
    let missing = named.into_iter().filter(|path| !exists(path, &known));
    missing
        .map(|path| format!("{name} names {path}, which does not exist"))
        .collect()
}

/// All files, and all folders above them.
fn known_paths(files: &[String]) -> BTreeSet<&str> {
    let mut known = BTreeSet::new();
    for file in files {
        let ends = file.match_indices('/').map(|(end, _)| end);
        known.extend(ends.map(|end| &file[..end]));
        known.insert(file.as_str());
    }
    known
}

fn exists(path: &str, known: &BTreeSet<&str>) -> bool {
    let path = path.trim_end_matches('/');
    let top = path.split('/').next().unwrap_or(path);
    known.contains(path) || BUILT.contains(&top)
}

fn named_paths(text: &str) -> BTreeSet<&str> {
    let (prose, commands) = split_fences(text);
    let mut named: BTreeSet<&str> = prose.iter().flat_map(|line| links(line)).collect();
    let quoted = prose.iter().flat_map(|line| quoted(line));
    named.extend(
        quoted
            .chain(commands)
            .flat_map(words)
            .filter(|word| is_path(word)),
    );
    named
}

/// The lines outside and inside of fenced blocks.
fn split_fences(text: &str) -> (Vec<&str>, Vec<&str>) {
    let (mut prose, mut fenced) = (Vec::new(), Vec::new());
    let mut inside = false;
    for line in text.lines() {
        if line.trim_start().starts_with("```") {
            inside = !inside;
        } else if inside {
            fenced.push(line);
        } else {
            prose.push(line);
        }
    }
    (prose, fenced)
}

/// What stands between backticks.
fn quoted(line: &str) -> impl Iterator<Item = &str> {
    line.split('`').skip(1).step_by(2)
}

/// Targets of Markdown links that point into the repository, without their anchors.
fn links(line: &str) -> impl Iterator<Item = &str> {
    let targets = line
        .split("](")
        .skip(1)
        .filter_map(|rest| rest.split(')').next());
    let inside = targets.filter(|target| !target.contains(':') && !target.starts_with('#'));
    inside.filter_map(|target| target.split('#').next())
}

/// Words, without the punctuation and the line numbers that may follow them.
fn words(quoted: &str) -> impl Iterator<Item = &str> {
    quoted.split_whitespace().map(|word| {
        let word = word
            .trim_end_matches([',', '.', ';', ')'])
            .trim_start_matches("./");
        let number =
            |rest: &str| !rest.is_empty() && rest.bytes().all(|byte| byte.is_ascii_digit());
        match word.rsplit_once(':') {
            Some((path, rest)) if number(rest) => path,
            _ => word,
        }
    })
}

/// Whether a word can only mean a path of this repository.
fn is_path(word: &str) -> bool {
    let of_path = |byte: u8| byte.is_ascii_alphanumeric() || b"._-/".contains(&byte);
    if !word.bytes().all(of_path) || NOT_PATHS.iter().any(|start| word.starts_with(start)) {
        return false;
    }
    word.contains('/') || FILE_ENDINGS.iter().any(|ending| word.ends_with(ending))
}

mod tests {
    use super::*;

    fn missing(text: &str) -> Vec<String> {
        let files = ["README.md", "src/engine/lib.rs", "scripts/run"].map(str::to_owned);
        let found = check("A.md", text, &files).into_iter();
        found
            .map(|line| {
                line.replace("A.md names ", "")
                    .replace(", which does not exist", "")
            })
            .collect()
    }

    #[test]
    fn a_path_that_is_not_there_is_found_wherever_it_stands() {
        assert_eq!(missing("See `src/nowhere.rs`."), ["src/nowhere.rs"]);
        assert_eq!(missing("See `src/nowhere.rs:12`."), ["src/nowhere.rs"]);
        assert_eq!(missing("See [this](docs/gone.md#part)."), ["docs/gone.md"]);
        assert_eq!(missing("```sh\nscripts/rum --port 1\n```"), ["scripts/rum"]);
        assert_eq!(missing("Edit `package.yaml`, then go."), ["package.yaml"]);
    }

    #[test]
    fn files_and_folders_that_are_there_are_not() {
        assert!(missing("`src/engine/lib.rs`, `src/engine/`, `src`, [x](README.md), `./scripts/run --port 8001`").is_empty());
    }

    #[test]
    fn what_a_command_writes_may_be_missing() {
        assert!(missing("`dist/orbiter.wasm` and `target/debug/orbiter`").is_empty());
    }

    #[test]
    fn words_that_only_look_like_paths_are_left_alone() {
        assert!(missing("`application/json`, `/view`, `@icp-sdk/core`, `http://a/b`, `a::b`, `[from, to)`, `<a>/b`").is_empty());
    }

    #[test]
    fn prose_outside_of_backticks_is_left_alone() {
        assert!(missing("and/or, see src/nowhere.rs").is_empty());
    }
}
