"""What an orbiter keeps of what it was sent, after the rules of its public wire; shares nothing with the Rust code."""

import json
from urllib.parse import urlsplit

# Schemes whose URLs always have a host and a path that begins with a slash.
SPECIAL = {"http", "https"}


def number(value):
    """A number of JSON, or one that travels as {"__bigint__": "123"}."""
    return int(value["__bigint__"]) if isinstance(value, dict) else value


def split(text):
    """The parts of an absolute URL; None for other texts. Good for URLs of plain ASCII without dot segments."""
    parts = urlsplit(text)
    return parts if parts.scheme in SPECIAL and parts.hostname else None


def path(href):
    """The path of a URL, or the text itself."""
    parts = split(href)
    return href if parts is None else parts.path or "/"


def host(referrer):
    """The host of a URL, or the text itself."""
    parts = split(referrer)
    return referrer if parts is None else parts.hostname


class Orbiter:
    """Entries by kind and key, as they are after some requests."""

    def __init__(self):
        self.entries = {"page_view": {}, "track_event": {}, "performance_metric": {}}

    def set_batch(self, lines):
        """Takes the entries of one request; gives the message of its answer, None when nothing is refused."""
        refused = []
        for line in lines:
            reason = self.set(line)
            if reason is not None:
                refused.append(f"{line['key']['key']}: {reason}")
        return ", ".join(refused) or None

    def set(self, line):
        """Takes one entry, or gives the reason why not."""
        kind = line["kind"]
        entry = dict(line[kind], satellite_id=line["satellite_id"])
        key = (number(line["key"]["collected_at"]), line["key"]["key"])
        current = self.entries[kind].get(key)
        if current is not None:
            if "version" not in entry:
                return "juno.error.no_version_provided"
            given = number(entry["version"])
            if given != current["version"]:
                return f"juno.error.version_outdated_or_future ({current['version']} - {given})"
            for field, name in (("session_id", "Session"), ("satellite_id", "Satellite")):
                if entry[field] != current[field]:
                    return f"{name} IDs do not match ({current[field]} - {entry[field]})"
        entry["version"] = 1 if current is None else current["version"] + 1
        self.entries[kind][key] = entry
        return None

    def page_views(self):
        """Rows for the table of page views."""
        for (collected_at, _), view in self.entries["page_view"].items():
            device, client, campaign = view["device"], view.get("client"), view.get("campaign") or {}
            referrer = view.get("referrer")
            yield {
                "satellite": view["satellite_id"],
                "collected_at": collected_at,
                "session": view["session_id"],
                "href": view["href"],
                "page": path(view["href"]),
                "referrer": None if referrer is None else host(referrer),
                "time_zone": view["time_zone"],
                "screen_width": device.get("screen_width"),
                "user_agent": lower(view.get("user_agent")),
                "browser": lower(client and client["browser"]),
                "os": lower(client and client["os"]),
                "device": lower(client and client.get("device", "")),
                "utm_source": campaign.get("utm_source"),
                "utm_campaign": campaign.get("utm_campaign"),
            }

    def track_events(self):
        """Rows for the table of events."""
        for (collected_at, _), event in self.entries["track_event"].items():
            yield {
                "satellite": event["satellite_id"],
                "collected_at": collected_at,
                "name": event["name"],
            }

    def performance_metrics(self):
        """Rows for the table of web vitals."""
        for (collected_at, _), metric in self.entries["performance_metric"].items():
            yield {
                "satellite": metric["satellite_id"],
                "collected_at": collected_at,
                "page": path(metric["href"]),
                "metric": metric["metric_name"],
                "value": metric["data"]["WebVitalsMetric"]["value"],
            }


def lower(text):
    """The text without regard to case; None stays."""
    return None if text is None else text.lower()


def lines(file):
    """The values of a file of JSON lines."""
    with open(file, encoding="utf-8") as text:
        for line in text:
            yield json.loads(line)
