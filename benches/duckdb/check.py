"""check.py FOLDER: holds FOLDER/answers.jsonl, what an orbiter answered, against what DuckDB counts over
FOLDER/sent.jsonl, what it was sent. Ends non-zero when something differs."""

import itertools
import json
import math
import sys
import tempfile
from pathlib import Path

import duckdb

import aggregates
from orbiter import Orbiter, lines

TABLES = {
    "views": "satellite varchar, collected_at ubigint, session varchar, href varchar, page varchar, referrer varchar, "
    "time_zone varchar, screen_width integer, user_agent varchar, browser varchar, os varchar, device varchar, "
    "utm_source varchar, utm_campaign varchar",
    "events": "satellite varchar, collected_at ubigint, name varchar",
    "metrics": "satellite varchar, collected_at ubigint, page varchar, metric varchar, value double",
}


def tables(orbiter):
    """A database with what the orbiter keeps."""
    db = duckdb.connect()
    rows = {
        "views": orbiter.page_views(),
        "events": orbiter.track_events(),
        "metrics": orbiter.performance_metrics(),
    }
    for table, columns in TABLES.items():
        db.execute(f"create table {table} ({columns})")
        with tempfile.NamedTemporaryFile("w", suffix=".jsonl", encoding="utf-8") as file:
            file.writelines(json.dumps(row) + "\n" for row in rows[table])
            file.flush()
            types = ", ".join("'{}': '{}'".format(*column.split()) for column in columns.split(", "))
            db.execute(
                f"insert into {table} by name select * from read_json('{file.name}', columns={{{types}}}, "
                "format='newline_delimited')"
            )
    return db


def differences(ours, theirs, where):
    """Where two answers differ. Floats may by a part in 10^12: means depend on the order of adding."""
    if isinstance(ours, float) or isinstance(theirs, float):
        if ours is None or theirs is None or not math.isclose(ours, theirs, rel_tol=1e-12, abs_tol=0.0):
            yield f"{where}: {ours} instead of {theirs}"
    elif isinstance(ours, dict) and isinstance(theirs, dict) and ours.keys() == theirs.keys():
        for name, value in ours.items():
            yield from differences(value, theirs[name], f"{where}.{name}")
    elif isinstance(ours, list) and isinstance(theirs, list) and len(ours) == len(theirs):
        for position, pair in enumerate(zip(ours, theirs)):
            yield from differences(*pair, f"{where}[{position}]")
    elif ours != theirs:
        yield f"{where}: {ours} instead of {theirs}"


def main(folder):
    batches = itertools.groupby(lines(folder / "sent.jsonl"), key=lambda line: line["batch"])
    orbiter, db, asked, found = Orbiter(), None, 0, []
    for answer in lines(folder / "answers.jsonl"):
        if "batch" in answer:
            number, batch = next(batches)
            assert number == answer["batch"]
            message, db = orbiter.set_batch(batch), None
            expected = {"batch": number, "status": 200 if message is None else 403, "message": message}
            found += differences(answer, expected, f"request {number}")
            continue
        db = db or tables(orbiter)
        aggregates.restrict(db, answer["question"])
        for name, aggregate in aggregates.ALL.items():
            asked += 1
            found += differences(answer[name], aggregate(db), f"{name} of {answer['question']}")
    entries = sum(len(kind) for kind in orbiter.entries.values())
    print(f"{entries} entries, {asked} answers, {len(found)} differences")
    print("\n".join(found[:20]))
    return 1 if found or not asked else 0


sys.exit(main(Path(sys.argv[1])))
