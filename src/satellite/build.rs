//! Embeds the built pages: every file below a folder becomes a row of `PAGES`, its path from the root of
//! the site beside its bytes.
//!
//! The folder is `SATELLITE_PAGES` if set, else `dist/pages` of the workspace, where `npm run build` puts
//! them. Without it a Wasm build fails, since a satellite without pages is of no use; a native build, which
//! only checks and tests the code, goes on with none.

use std::env;
use std::fmt::Write as _;
use std::fs;
use std::path::{Path, PathBuf};

/// From this size on, in bytes, a response would have to be cut into ranges: no page of ours is meant to get there.
const FILE_LIMIT: u64 = 2_000_000;

fn main() {
    println!("cargo::rerun-if-env-changed=SATELLITE_PAGES");
    let folder = folder();
    // A folder that is missing now may appear later: cargo looks at it again either way.
    println!("cargo::rerun-if-changed={}", folder.display());

    let mut files = Vec::new();
    let found = collect(&folder, &mut files);
    if found.is_err() || files.is_empty() {
        let sentence = format!(
            "There are no pages to embed in {}. Run `npm run build` first, or set SATELLITE_PAGES to a folder that has some.",
            folder.display()
        );
        if env::var("CARGO_CFG_TARGET_ARCH").is_ok_and(|arch| arch == "wasm32") {
            println!("cargo::error={sentence}");
            return;
        }
        println!("cargo::warning={sentence}");
        files.clear();
    }
    files.sort();
    let table = table(&folder, &files);
    let out = PathBuf::from(env::var_os("OUT_DIR").expect("cargo sets OUT_DIR")).join("pages.rs");
    fs::write(out, table).expect("OUT_DIR can be written");
}

/// Where the pages are.
fn folder() -> PathBuf {
    let workspace = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
    env::var_os("SATELLITE_PAGES").map_or_else(|| workspace.join("dist/pages"), PathBuf::from)
}

/// All files below `folder`, except hidden ones.
fn collect(folder: &Path, files: &mut Vec<PathBuf>) -> std::io::Result<()> {
    for entry in fs::read_dir(folder)? {
        let entry = entry?;
        let path = entry.path();
        if entry.file_name().to_string_lossy().starts_with('.') {
            continue;
        }
        if entry.file_type()?.is_dir() {
            println!("cargo::rerun-if-changed={}", path.display());
            collect(&path, files)?;
        } else {
            if entry.metadata()?.len() >= FILE_LIMIT {
                println!(
                    "cargo::error={} is larger than {FILE_LIMIT} bytes, the most one response carries.",
                    path.display()
                );
            }
            files.push(path);
        }
    }
    Ok(())
}

/// The source of the table of files.
fn table(folder: &Path, files: &[PathBuf]) -> String {
    let mut source = String::from(
        "/// The embedded files: path from the root of the site, and content.\npub static PAGES: &[(&str, &[u8])] = &[\n",
    );
    for file in files {
        println!("cargo::rerun-if-changed={}", file.display());
        let path = file
            .strip_prefix(folder)
            .expect("collected below the folder");
        let url = path.to_string_lossy().replace('\\', "/");
        let absolute = fs::canonicalize(file).expect("the file was just listed");
        writeln!(
            source,
            "    ({:?}, include_bytes!({:?})),",
            format!("/{url}"),
            absolute
        )
        .expect("a String takes everything");
    }
    source.push_str("];\n");
    source
}
