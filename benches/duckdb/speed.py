"""speed.py: how long DuckDB takes on one thread, in nanoseconds per row, for page views that come as JSON lines on
standard input (`storage lines`). The fastest of some runs counts."""

import sys
import tempfile
import time

import duckdb

TIMES = 7

COLUMNS = {
    "key": "struct(collected_at struct(__bigint__ varchar))",
    "satellite_id": "varchar",
    "page_view": "struct(href varchar, session_id varchar, user_agent varchar, time_zone varchar, referrer varchar, "
    "device struct(screen_width integer), client struct(browser varchar, os varchar))",
}

LOAD = """create table v as select key.collected_at.__bigint__::ubigint as collected_at, satellite_id,
    page_view.href as href, regexp_extract(page_view.href, '^https?://[^/]+([^?#]*)', 1) as page,
    page_view.session_id as session, page_view.user_agent as user_agent, page_view.time_zone as time_zone,
    regexp_extract(page_view.referrer, '^https?://([^/]+)', 1) as referrer,
    page_view.device.screen_width as screen_width, page_view.client.browser as browser, page_view.client.os as os
    from read_json('/dev/stdin', columns=$columns, format='newline_delimited')"""

TOP = "select {0}, count(*) from v group by 1 order by 2 desc, 1 limit 10"

DASHBOARDS = {
    "filter by user agent + breakdown by page": [
        "select page, count(*) from v where user_agent = (select user_agent from v limit 1) group by 1"
    ],
    "breakdown by page": ["select page, count(*) from v group by 1"],
    "views per day": ["select collected_at // 86400000000000, count(*) from v group by 1"],
    "distinct sessions": ["select count(distinct session) from v"],
    "bounces": ["select count(*) from (select session from v group by 1 having count(*) = 1)"],
    "metrics: days, sessions, pages, bounces": [
        "select collected_at // 86400000000000, count(*) from v group by 1",
        "select count(*), count(*) filter (views = 1), sum(pages) from "
        "(select count(*) as views, count(distinct href) as pages from v group by session)",
    ],
    "top 10: referrers, pages, zones": [TOP.format(column) for column in ("referrer", "page", "time_zone")],
    "clients: devices, browsers, systems": [
        "select screen_width, count(*) from v group by 1",
        "select browser, count(*) from v group by 1",
        "select os, count(*) from v group by 1",
    ],
}


def seconds(db, queries):
    """How much processor time a dashboard takes."""
    start = time.process_time()
    for query in queries:
        db.execute(query).fetchall()
    return time.process_time() - start


def main():
    # In a file, as DuckDB stores and compresses it; in memory it compresses nothing.
    folder = tempfile.TemporaryDirectory()
    db = duckdb.connect(f"{folder.name}/views.duckdb")
    db.execute("set threads = 1")
    columns = "{" + ", ".join(f"'{name}': '{of}'" for name, of in COLUMNS.items()) + "}"
    db.execute(LOAD.replace("$columns", columns))
    db.execute("checkpoint")
    (rows,) = db.execute("select count(*) from v").fetchone()
    for name, queries in DASHBOARDS.items():
        fastest = min(seconds(db, queries) for _ in range(TIMES))
        print(f"{name:<42} {fastest * 1e9 / rows:>10.3f}")


sys.exit(main())
