"""The baseline's aggregates in DuckDB's SQL. Every query runs over the view `v`, `e` or `m`: the rows of a range."""

DEVICE = """case
    when screen_width = 0 then 'nowhere'
    when screen_width <= 575 then 'mobile' when screen_width <= 991 then 'tablet'
    when screen_width <= 1439 then 'laptop' when screen_width >= 1440 then 'desktop'
    when browser is not null then case
        when contains(device, 'iphone') or contains(device, 'android') or contains(os, 'android') then 'mobile'
        when contains(device, 'ipad') or contains(device, 'tablet') then 'tablet'
        else 'desktop' end
    when user_agent is null then 'others'
    when contains(user_agent, 'iphone') or contains(user_agent, 'ipod')
        or (contains(user_agent, 'android') and contains(user_agent, 'mobile')) then 'mobile'
    when contains(user_agent, 'ipad') or contains(user_agent, 'android') then 'tablet'
    else 'desktop' end"""

BROWSER = """case
    when browser is not null then case
        when regexp_matches(browser, 'chrome|crios') then 'chrome'
        when contains(browser, 'firefox') then 'firefox'
        when contains(browser, 'safari') then 'safari'
        when regexp_matches(browser, 'opera|opr') then 'opera'
        else 'others' end
    when user_agent is null then 'others'
    when regexp_matches(user_agent, 'opera|opr') then 'opera'
    when regexp_matches(user_agent, 'chrome|chromium|crios') then 'chrome'
    when regexp_matches(user_agent, 'firefox|fxios') then 'firefox'
    when contains(user_agent, 'safari') then 'safari'
    else 'others' end"""

SYSTEM = """case
    when os is null then 'others'
    when contains(os, 'ios') then 'ios' when contains(os, 'android') then 'android'
    when contains(os, 'windows') then 'windows' when contains(os, 'mac') then 'macos'
    when contains(os, 'linux') then 'linux' else 'others' end"""

CLASSES = {
    "devices": (DEVICE, ["mobile", "tablet", "laptop", "desktop", "others"]),
    "browsers": (BROWSER, ["chrome", "opera", "firefox", "safari", "others"]),
    "operating_systems": (SYSTEM, ["ios", "android", "windows", "macos", "linux", "others"]),
}

VITALS = ["CLS", "FCP", "INP", "LCP", "TTFB"]

# Nanoseconds of a day.
DAY = 86_400_000_000_000


def restrict(db, question):
    """Makes the views `v`, `e` and `m` of the rows that a question is about."""
    conditions = ["true"]
    if question["satellite_id"] is not None:
        conditions.append(f"satellite = '{question['satellite_id']}'")
    if question["from"] is not None:
        conditions.append(f"collected_at >= {question['from']}::ubigint")
    if question["to"] is not None:
        conditions.append(f"collected_at < {question['to']}::ubigint")
    where = " and ".join(conditions)
    for view, table in (("v", "views"), ("e", "events"), ("m", "metrics")):
        db.execute(f"create or replace temp view {view} as select * from {table} where {where}")


def metrics(db):
    """Totals of page views."""
    days = db.execute(
        f"select (date '1970-01-01' + (collected_at // {DAY})::integer)::varchar, count(*) from v group by 1 order by 1"
    ).fetchall()
    views, sessions, unique = db.execute(
        "select count(*), count(distinct session), count(distinct (session, href)) from v"
    ).fetchone()
    (bounces,) = db.execute(
        "select count(*) from (select session from v group by session having count(*) = 1)"
    ).fetchone()
    return {
        "daily_total_page_views": [list(day) for day in days],
        "unique_sessions": sessions,
        "unique_page_views": unique,
        "total_page_views": views,
        "average_page_views_per_session": views / sessions if sessions else 0.0,
        "bounce_rate": bounces / sessions if sessions else 0.0,
    }


def most_frequent(db, column):
    """The ten most frequent values of a column, then by name."""
    rows = db.execute(
        f"select {column}, count(*) from v where {column} is not null group by 1 order by 2 desc, 1 limit 10"
    ).fetchall()
    return [list(row) for row in rows]


def top_10(db):
    """What page views have most often."""
    return {
        "referrers": most_frequent(db, "referrer"),
        "pages": most_frequent(db, "page"),
        "time_zones": most_frequent(db, "time_zone"),
        "utm_sources": most_frequent(db, "utm_source") or None,
        "utm_campaigns": most_frequent(db, "utm_campaign") or None,
    }


def clients(db):
    """Shares by class of device, browser and operating system."""
    (views,) = db.execute("select count(*) from v").fetchone()
    answer = {}
    for name, (expression, classes) in CLASSES.items():
        found = dict(db.execute(f"select {expression}, count(*) from v group by 1").fetchall())
        answer[name] = {which: found.get(which, 0) / views if views else 0.0 for which in classes}
        if name == "operating_systems" and found.get("others", 0) == views:
            answer[name] = None
    return answer


def track_events(db):
    """How often each event happened."""
    rows = db.execute("select name, count(*) from e group by 1 order by 1").fetchall()
    return [list(row) for row in rows]


def web_vitals(db):
    """Means of web vitals, overall and by page: `/` first, then in order."""
    overall = dict(db.execute("select metric, avg(value) from m group by 1").fetchall())
    pages = {}
    for page, metric, mean in db.execute("select page, metric, avg(value) from m group by 1, 2").fetchall():
        pages.setdefault(page, {})[metric] = mean
    order = sorted(pages, key=lambda page: (page != "/", page.encode()))
    complete = lambda means: {name: means.get(name) for name in VITALS}
    return {"overall": complete(overall), "pages": [[page, complete(pages[page])] for page in order]}


ALL = {
    "metrics": metrics,
    "top_10": top_10,
    "clients": clients,
    "track_events": track_events,
    "web_vitals": web_vitals,
}
