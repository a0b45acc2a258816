"""Every address of the site, for /api and /openapi.json: its name, its group, its path, and the shape of its JSON.

The forms of an address (`.json`, `.csv`, …) and its parameters are those of its route in archive/publish/routes.py.
"""

from __future__ import annotations

from typing import NamedTuple

HTML = "text/html; charset=utf-8"
JSON = "application/json; charset=utf-8"
LINKS = "application/link-format; charset=utf-8"
BYTES = "application/octet-stream"
ENDINGS = {  # after the path of an address: the type of its reply
    ".json": JSON,
    ".csv": "text/csv; header=present; charset=utf-8",
    ".xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    ".datapackage.json": JSON,
    ".jsonl": "application/jsonl; charset=utf-8",
    ".atom": "application/atom+xml; charset=utf-8",
    ".feed.json": "application/feed+json; charset=utf-8",
    ".svg": "image/svg+xml; charset=utf-8",
    ".patch": "text/plain; charset=utf-8",
    ".bib": "application/x-bibtex; charset=utf-8",
    ".ris": "application/x-research-info-systems; charset=utf-8",
    ".csl.json": "application/vnd.citationstyles.csl+json; charset=utf-8",
    ".txt": "text/plain; charset=utf-8",
}


class SiteAddress(NamedTuple):
    """An address of the site, with `{name}` for what varies; its summary is the message `api_NAME`.

    shape: the name of the shape of its JSON. query: the parameters of its example. plain: the type of the reply without
    an ending, None if there is no such address. answered: if /api shows an example of its answer.
    """

    name: str
    group: str
    path: str
    shape: str | None = None
    query: str = ""
    plain: str | None = HTML
    answered: bool = False


_NAMED = ("person", "tag", "column", "source")
_TIMES = ("day", "month", "year")

ADDRESSES = (
    SiteAddress("front", "lists", "/", "Front"),
    SiteAddress("latest", "lists", "/latest", plain=None),
    SiteAddress("changes", "lists", "/changes", "Changes", "all=1", answered=True),
    SiteAddress("removed", "lists", "/removed", "Removed", answered=True),
    *(SiteAddress(kind, "places", f"/{kind}/{{{kind}}}", "Place", answered=kind == "person") for kind in _NAMED),
    *(SiteAddress(kind, "places", f"/{kind}/{{{kind}}}", "Place", answered=kind == "month") for kind in _TIMES),
    *(SiteAddress(f"{kind}_changes", "places", f"/{kind}/{{{kind}}}/changes", "Changes") for kind in _NAMED),
    *(SiteAddress(f"{kind}_changes", "places", f"/{kind}/{{{kind}}}/changes", "Changes") for kind in _TIMES),
    *(SiteAddress(f"{kind}_files", "files", f"/{kind}/{{{kind}}}/articles", "Package", plain=None) for kind in _NAMED),
    *(SiteAddress(f"{kind}_files", "files", f"/{kind}/{{{kind}}}/articles", "Package", plain=None) for kind in _TIMES),
    SiteAddress("browse", "places", "/browse", "Browse"),
    SiteAddress("browse_people", "places", "/browse/people", "Names", answered=True),
    SiteAddress("browse_tags", "places", "/browse/tags", "Names"),
    SiteAddress("browse_columns", "places", "/browse/columns", "Names"),
    SiteAddress("browse_sources", "places", "/browse/sources", "Names"),
    SiteAddress("search", "words", "/search", "Search", "q={word}", answered=True),
    SiteAddress("search_files", "files", "/search/articles", "Package", "q={word}", plain=None),
    SiteAddress("search_changes", "words", "/search/changes", "Changes", "q={word}"),
    SiteAddress("phrase", "words", "/phrase", "Phrase", "q={word}", answered=True),
    SiteAddress("phrase_changes", "words", "/phrase/changes", "Changes", "q={word}"),
    SiteAddress("article", "articles", "/a/{key}", "Article", answered=True),
    SiteAddress("version", "articles", "/a/{key}/v/{digest}", "Article"),
    SiteAddress("comparison", "articles", "/a/{key}/diff/{before}..{after}", "Comparison", answered=True),
    SiteAddress("timemap", "articles", "/a/{key}/timemap", "TimeMap", plain=LINKS, answered=True),
    SiteAddress("timegate", "articles", "/a/{key}/timegate", plain="text/plain"),
    SiteAddress("captures", "captures", "/a/{key}/captures", "Captures", answered=True),
    SiteAddress("article_capture", "captures", "/a/{key}/capture/{record}", plain=BYTES),
    SiteAddress("capture", "captures", "/capture/{record}", "CapturePage", answered=True),
    SiteAddress("capture_bytes", "captures", "/capture/{record}/bytes", plain=BYTES),
    SiteAddress("data", "files", "/data", "Data"),
    SiteAddress("month_file", "files", "/data/articles-{month}", plain=None),
    SiteAddress("public_file", "files", "/data/files/{file}", plain=BYTES),
    SiteAddress("table", "files", "/archive/{table}", "TableRows", "_shape=objects&_size=2", answered=True),
    SiteAddress("ready", "files", "/archive/{question}", "Answers", "_shape=objects"),
    SiteAddress("about", "site", "/about", "About"),
    SiteAddress("help", "site", "/help", "Help"),
    SiteAddress("status", "site", "/status", "Status"),
    SiteAddress("health", "site", "/-/healthz", "Health", "deep=1", plain="application/json"),
    SiteAddress("metrics", "site", "/-/metrics", plain="application/openmetrics-text; version=1.0.0; charset=utf-8"),
    SiteAddress("sitemap", "site", "/sitemap.xml", plain="application/xml; charset=utf-8"),
    SiteAddress("sitemap_part", "site", "/sitemap-{number}.xml", plain="application/xml; charset=utf-8"),
    SiteAddress("sitemap_people", "site", "/sitemap-people-{number}.xml", plain="application/xml; charset=utf-8"),
    SiteAddress("sitemap_tags", "site", "/sitemap-tags-{number}.xml", plain="application/xml; charset=utf-8"),
    SiteAddress("robots", "site", "/robots.txt", plain="text/plain; charset=utf-8"),
    SiteAddress("api", "site", "/api", "Api"),
    SiteAddress("openapi", "site", "/openapi.json", "OpenApi", plain=JSON),
    SiteAddress("llms", "site", "/llms.txt", plain="text/markdown; charset=utf-8"),
)
GROUPS = ("words", "articles", "lists", "places", "captures", "files", "site")
DATASETTE = {"table": ("", ".json", ".csv"), "ready": ("", ".json", ".csv")}  # forms of what has no route of ours
