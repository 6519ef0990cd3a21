//! How sources and scripts look: a source file begins by saying what it is, a script can be read at a glance.

/// The longest a script may be, in lines.
const SCRIPT_LINES: usize = 60;
/// The folder of scripts.
const SCRIPTS: &str = "scripts/";

/// Kinds of source file, by the end of their name, and how each may begin to say what it is.
const HEADERS: &[(&str, &[&str])] = &[(".rs", &["//! "]), (".ts", &["/** ", "/**\n"])];
/// Ends of names of files that say nothing of their own: declarations of types, and the settings of tools.
const EXEMPT: &[&str] = &[".d.ts", ".config.ts"];

/// Scripts that are too long. `files` are paths with their text.
pub fn check_scripts(files: &[(String, String)]) -> Vec<String> {
    let scripts = files.iter().filter(|(path, _)| path.starts_with(SCRIPTS));
    let counted = scripts.map(|(path, text)| (path, text.lines().count()));
    let long = counted.filter(|(_, lines)| *lines > SCRIPT_LINES);
    long.map(|(path, lines)| format!("{path} has {lines} lines, more than {SCRIPT_LINES}"))
        .collect()
}

/// Source files that do not begin by saying what they are. `files` are paths with their text.
pub fn check_headers(files: &[(String, String)]) -> Vec<String> {
    let silent = files
        .iter()
        .filter(|(path, text)| !says_what_it_is(path, text));
    silent
        .map(|(path, _)| format!("{path} does not begin with a comment that says what it is"))
        .collect()
}

fn says_what_it_is(path: &str, text: &str) -> bool {
    let kind = HEADERS.iter().find(|(ending, _)| path.ends_with(ending));
    let Some((_, beginnings)) = kind else {
        return true;
    };
    EXEMPT.iter().any(|ending| path.ends_with(ending))
        || beginnings
            .iter()
            .any(|beginning| text.starts_with(beginning))
}

mod tests {
    use super::*;

    fn file(path: &str, text: &str) -> [(String, String); 1] {
        [(path.to_owned(), text.to_owned())]
    }

    #[test]
    fn a_long_script_is_found_and_a_long_source_is_none() {
        let long = "x\n".repeat(SCRIPT_LINES + 1);
        let found = check_scripts(&file("scripts/run", &long));
        assert_eq!(found, ["scripts/run has 61 lines, more than 60"]);
        assert!(check_scripts(&file("src/main.rs", &long)).is_empty());
        assert!(check_scripts(&file("scripts/run", &"x\n".repeat(SCRIPT_LINES))).is_empty());
    }

    #[test]
    fn a_source_that_does_not_say_what_it_is_is_found() {
        for (path, text) in [
            ("a.rs", "fn main() {}"),
            ("a.rs", ""),
            ("a.rs", "// x"),
            ("a.ts", "import b"),
            ("a.test.ts", "/* x */"),
        ] {
            let found = check_headers(&file(path, text));
            assert_eq!(
                found,
                [format!(
                    "{path} does not begin with a comment that says what it is"
                )]
            );
        }
    }

    #[test]
    fn a_source_that_does_is_not() {
        for (path, text) in [
            ("a.rs", "//! A."),
            ("a.ts", "/** A. */"),
            ("a.ts", "/**\n * A.\n */"),
            ("a.d.ts", ""),
            ("a.txt", ""),
        ] {
            assert!(check_headers(&file(path, text)).is_empty(), "{path} {text}");
        }
    }
}
