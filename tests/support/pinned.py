"""A hundred real articles, and the content_digest that the reader gives each: `python -m support.pinned` pins it anew.

They are chosen by a rule over the internal test data, not over the reader's results: every article of
policy-pages, and of extraction one page a host, evenly along the names of the hosts, a third of them Chinese.
"""

import csv
import gzip
import json
from datetime import UTC, datetime
from typing import Any
from urllib.parse import urlsplit

from support.checkout import SHARED, TESTS

from archive.judging.reading.readings import read_page
from archive.rules.identity import ArticleState
from parsers import Document

PINS = TESTS / "archive" / "history" / "pinned_digests.tsv"
PAGES = 100
DIGITS = 16
BODY = {"paragraphs", "body", "with"}  # under which names a truth holds the text of an article
CAPTURED = datetime(2026, 10, 5, tzinfo=UTC)  # no page says when it was saved


def pinned() -> dict[str, str]:
    """The pinned digests of the pages."""
    return dict(line.split("\t") for line in PINS.read_text("utf-8").splitlines())


def digests() -> dict[str, str]:
    """The digests of the same pages as the reader reads them now, or its verdict if it finds no article."""
    policy = _policy_pages()
    taken = {(row["repo"], row["path"]) for row in policy}
    extraction = _extraction(taken, PAGES - len(policy))
    return {row["name"]: _digest(row) for row in [*policy, *extraction]}


def _digest(row: dict[str, Any]) -> str:
    raw = (SHARED / "data" / row["file"]).read_bytes()
    payload = gzip.decompress(raw) if row["file"].endswith(".gz") else raw
    found = read_page(Document(payload, "text/html", row["url"] or f"urn:file:{row['name']}", CAPTURED))
    return found.digest.removeprefix("sha256:")[:DIGITS] if isinstance(found, ArticleState) else found.verdict


def _policy_pages() -> list[dict[str, Any]]:
    """Every article of policy-pages, by name."""
    with (SHARED / "data/policy-pages/MANIFEST.tsv").open(encoding="utf-8") as table:
        rows = [row for row in csv.DictReader(table, delimiter="\t") if row["kind"].startswith("article")]
    return [
        {**row, "name": row["file"], "file": f"policy-pages/{row['file']}", "url": _address(row["original_url"])}
        for row in sorted(rows, key=lambda row: row["file"])
    ]


def _address(told: str) -> str | None:
    return told.split()[0] if told.startswith("http") else None


def _extraction(taken: set[tuple[str, str]], count: int) -> list[dict[str, Any]]:
    """`count` pages of extraction besides those taken, a third of them Chinese."""
    lines = (SHARED / "data/extraction/truth.jsonl").read_text("utf-8").splitlines()
    rows = [
        {**row, "name": row["id"], "file": f"extraction/{row['file']}"}
        for row in map(json.loads, lines)
        if (row["repo"], row["path"]) not in taken and row["truth"].keys() & BODY
    ]
    chinese, others = ([row for row in rows if (row["lang"] == "zh") is asked] for asked in (True, False))
    return [*_evenly(chinese, count // 3), *_evenly(others, count - count // 3)]


def _evenly(rows: list[dict[str, Any]], count: int) -> list[dict[str, Any]]:
    """`count` pages, one a host, evenly along the hosts' names; a page without an address is a host of its own."""
    backward = sorted(rows, key=lambda row: str(row["name"]), reverse=True)
    hosts = {urlsplit(row["url"] or "").hostname or row["name"]: row for row in backward}
    first = [hosts[name] for name in sorted(hosts)]
    return [first[number * len(first) // count] for number in range(count)]


if __name__ == "__main__":
    before, now = pinned(), digests()
    print(*(f"{name}: {before.get(name)} -> {now[name]}" for name in now if now[name] != before.get(name)), sep="\n")
    PINS.write_text("".join(f"{name}\t{digest}\n" for name, digest in now.items()), encoding="utf-8")
