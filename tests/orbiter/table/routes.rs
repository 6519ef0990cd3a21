//! Paths, methods and user agents.

use super::{Kind, OPEN, Row, post};

/// Bots that name themselves in different ways.
const BOTS: [&str; 4] = [
    "Mozilla/5.0 (compatible; Googlebot/2.1; +http://www.google.com/bot.html)",
    "curl/8.5.0",
    "python-requests/2.32.0",
    "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) HeadlessChrome/120.0 Safari/537.36",
];

pub fn rows() -> Vec<Row> {
    [unknown_paths(), methods(), user_agents()]
        .into_iter()
        .flatten()
        .collect()
}

fn with_method(mut row: Row, method: &str) -> Row {
    row.request.method = method.to_owned();
    row.upgrades = false;
    row
}

fn unknown_paths() -> Vec<Row> {
    let mut rows = Vec::new();
    let deep = format!("/{}", "deep/".repeat(1_000));
    for path in [
        "/",
        "/nothing",
        "/view/",
        "/view/1",
        "/views?x=1/../",
        "/VIEW",
        "/api/v2/status",
        &deep,
    ] {
        for method in ["GET", "POST", "OPTIONS", "HEAD", "BREW"] {
            let name = format!(
                "{method} on the unknown path {}",
                &path[..path.len().min(20)]
            );
            let row = with_method(post(name, path, ""), method);
            rows.push(match path {
                // The query begins after the known path.
                "/views?x=1/../" if method == "POST" => continue,
                "/views?x=1/../" if method == "OPTIONS" => no_content(row),
                "/views?x=1/../" => row.err(405, "Method not allowed"),
                _ => row.err(404, "Not found"),
            });
        }
    }
    rows
}

fn no_content(mut row: Row) -> Row {
    row.status = 204;
    row
}

fn methods() -> Vec<Row> {
    let mut rows = Vec::new();
    for kind in Kind::ALL {
        for path in [kind.one(), kind.many()] {
            rows.push(no_content(with_method(
                post(format!("a preflight on {path}"), path, ""),
                "OPTIONS",
            )));
            for method in ["GET", "HEAD", "PUT", "PATCH", "DELETE", "post", "BREW", ""] {
                let row = post(format!("the method '{method}' on {path}"), path, "{}");
                rows.push(with_method(row, method).err(405, "Method not allowed"));
            }
        }
    }
    rows
}

fn user_agents() -> Vec<Row> {
    let body = Kind::View.body(1, "user-agents", &Kind::View.entry());
    let with = |name: String, user_agent: Option<&str>, body: &str| {
        let mut row = post(name, "/view", body);
        row.request.headers.retain(|(name, _)| name != "User-Agent");
        let user_agent = user_agent.map(|value| ("User-Agent".to_owned(), value.to_owned()));
        row.request.headers.extend(user_agent);
        row
    };
    let missing = "error_missing_user_agent";
    let mut rows = vec![
        with("without a user agent".into(), None, &body).err(400, missing),
        with("with an empty user agent".into(), Some(" "), &body).err(400, missing),
        with(
            "without a user agent, before the body is read".into(),
            None,
            "{",
        )
        .err(400, missing),
        with("a bot, before the body is read".into(), Some(BOTS[0]), "{")
            .err(403, "error_bot_call"),
    ];
    for bot in BOTS {
        let row = with(
            format!("the bot {}", &bot[..10.min(bot.len())]),
            Some(bot),
            &body,
        );
        let mut row = row.err(403, "error_bot_call");
        row.name.push_str(&bot[bot.len() - 4..]);
        rows.push(row);
    }
    let mut any_case = post("a user agent under a name in capitals", "/view", body)
        .ok(&Kind::View.stored_for(OPEN, &Kind::View.entry(), 1))
        .storing(Kind::View, 1, "user-agents");
    any_case.request.headers[1].0 = "USER-AGENT".to_owned();
    rows.push(any_case);
    rows
}
