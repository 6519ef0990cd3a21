//! Which user agents are bots.

use engine::is_bot;
use proptest::prelude::*;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::LazyLock;

static THEIRS: LazyLock<isbot::Bots> = LazyLock::new(isbot::Bots::default);

/// The user agents that the crate `isbot` is tested with; its source lies where cargo says.
fn fixtures() -> PathBuf {
    let metadata = Command::new(env!("CARGO"))
        .args(["metadata", "--format-version", "1", "--offline"])
        .current_dir(env!("CARGO_MANIFEST_DIR"))
        .output()
        .unwrap();
    let metadata = String::from_utf8(metadata.stdout).unwrap();
    let manifest = metadata
        .split("\"manifest_path\":\"")
        .filter_map(|rest| rest.split('"').next())
        .find(|path| path.contains("/isbot-"))
        .expect("cargo knows where isbot is");
    Path::new(manifest).with_file_name("fixtures")
}

#[test]
fn every_verdict_over_the_fixtures_of_isbot_is_that_of_isbot() {
    let (mut bots, mut browsers) = (0, 0);
    for file in fixtures().read_dir().unwrap() {
        let text = String::from_utf8(std::fs::read(file.unwrap().path()).unwrap()).unwrap();
        for user_agent in text.lines().map(|line| line.trim_matches([' ', '"', ','])) {
            let verdict = THEIRS.is_bot(user_agent);
            assert_eq!(is_bot(user_agent), verdict, "{user_agent}");
            *(if verdict { &mut bots } else { &mut browsers }) += 1;
        }
    }
    assert!(bots > 5_000, "{bots} bots among the fixtures");
    assert!(browsers > 5_000, "{browsers} browsers among the fixtures");
}

#[test]
fn ordinary_browsers_are_no_bots() {
    for user_agent in [
        "",
        "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/129.0.0.0 Safari/537.36",
        "Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/17.5 Safari/605.1.15",
        "Mozilla/5.0 (X11; Linux x86_64; rv:130.0) Gecko/20100101 Firefox/130.0",
        "Mozilla/5.0 (iPhone; CPU iPhone OS 17_5 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/17.5 Mobile/15E148 Safari/604.1",
        "Mozilla/5.0 (Linux; Android 14; Pixel 8) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/129.0.0.0 Mobile Safari/537.36",
        "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/129.0.0.0 Safari/537.36 OPR/114.0.0.0",
        "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/129.0.0.0 Safari/537.36 Edg/129.0.0.0",
    ] {
        assert!(!is_bot(user_agent), "{user_agent}");
        assert!(!THEIRS.is_bot(user_agent), "{user_agent}");
    }
}

#[test]
fn crawlers_and_headless_browsers_are_bots() {
    for user_agent in [
        "Mozilla/5.0 (compatible; Googlebot/2.1; +http://www.google.com/bot.html)",
        "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) HeadlessChrome/129.0.0.0 Safari/537.36",
        "curl/8.5.0",
        "PostmanRuntime/7.40.0",
        "some BOT",
    ] {
        assert!(is_bot(user_agent), "{user_agent}");
        assert!(THEIRS.is_bot(user_agent), "{user_agent}");
    }
}

/// Words that patterns of the list are made of, and some that break them.
fn fragments() -> impl Strategy<Value = String> {
    let words = prop::sample::select(vec![
        "bot",
        "BOT",
        " ",
        "  ",
        "/",
        ")",
        ";",
        "-",
        "daum",
        "oa",
        "7",
        "٣",
        "fdm",
        "\t",
        "\u{a0}",
        "\n",
        "whatsapp",
        "+",
        "/2.",
        "A",
        "ptst",
        "http",
        "s",
        "://",
        "bit.ly/",
        "bit",
        "viber",
        "2ip",
        "ru",
        "é",
        "castro",
        "curl",
        "y!j",
        "ü",
        "crawl",
        "mozilla/5.0 (",
    ]);
    prop::collection::vec(words, 0..8).prop_map(|words| words.concat())
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 20_000, ..ProptestConfig::default() })]

    #[test]
    fn every_verdict_over_made_up_user_agents_is_that_of_isbot(user_agent in fragments()) {
        prop_assert_eq!(is_bot(&user_agent), THEIRS.is_bot(&user_agent));
    }
}
