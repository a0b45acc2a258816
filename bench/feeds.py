"""Other projects' feeds and sitemaps: the addresses that our reader finds, beside those of feedparser.

    PYTHONPATH=$(echo .peers/lib/python3*/site-packages) python bench/feeds.py [-v]

with the peers' environment of bench/requirements.txt; without it only ours is counted. -v prints the cases that the two
read differently. ultimate-sitemap-parser's addresses are those that its own tests expect.
"""

from __future__ import annotations

import json
import sys
from collections import Counter
from importlib.util import find_spec
from pathlib import Path
from urllib.parse import urljoin

ROOT = Path(__file__).resolve().parents[1]
sys.path[:0] = [str(ROOT), str(ROOT / "tests")]

from support.feed_corpora import BASE, addresses_in, bytes_of, cases, tree_of  # noqa: E402 the tests read them too

SHARED = ROOT.parent / "shared"


def peers_in_feed(body: bytes) -> list[str] | None:
    """The addresses that feedparser finds, None for a document that it does not know as a feed."""
    import feedparser

    feed = feedparser.parse(body, response_headers={"content-location": BASE})
    links = [urljoin(BASE, entry["link"]).partition("#")[0] for entry in feed.entries if entry.get("link")]
    return [link for link in links if link.startswith(("http://", "https://"))] if feed.version or links else None


def feeds(corpus: str) -> dict[str, Counter[str]]:
    """Counts by reader: cases, those it reads, those with an address, and addresses."""
    counts = {"ours": Counter[str](), "peer": Counter[str](), "both": Counter[str]()}
    for case in cases(SHARED, corpus):
        body = bytes_of(case)
        found = {"ours": addresses_in(body), "peer": peers_in_feed(body) if find_spec("feedparser") else None}
        for name, links in found.items():
            counts[name]["cases"] += 1
            counts[name]["read"] += links is not None
            counts[name]["with an address"] += bool(links)
            counts[name]["addresses"] += len(set(links or ()))
        same = set(found["ours"] or ()) == set(found["peer"] or ())
        counts["both"]["the same addresses"] += same
        if not same and "-v" in sys.argv:
            print(case["id"], found)
    return counts


def trees(corpus: str) -> Counter[str]:
    """Counts of sitemap trees, and of those in which our reader finds exactly ultimate-sitemap-parser's pages."""
    counts = Counter[str]()
    for case in cases(SHARED, corpus):
        found, errors = tree_of(case)
        same = set(found) == {page["url"] for page in case["expected"]["pages"]}
        counts.update({"trees": 1, "the same pages": same, "pages": len(set(found)), "with an error": bool(errors)})
        if not same and "-v" in sys.argv:
            print(case["id"], found, errors)
    return counts


if __name__ == "__main__":
    if not SHARED.is_dir():
        sys.exit(print(f"skipped: the corpora are absent: {SHARED}"))
    for name in ("feeds-feedparser", "feeds-w3c-validator"):
        print(name, json.dumps(feeds(name)))
    print("sitemaps-usp", json.dumps(trees("sitemaps-usp")))
