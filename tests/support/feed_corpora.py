"""Other people's feeds and trees of sitemaps, and what our reader finds in them."""

import asyncio
import base64
import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from crawler.seeds import links_from
from crawler.seeds.reading import Absent, ListMessage
from crawler.sources import Sitemap, Source
from parsers import Document, ParseError
from parsers.links import feed_links

NOON = datetime(2024, 4, 13, 12, tzinfo=UTC)
BASE = "https://news.example/feed"


def cases(shared: Path, corpus: str) -> list[dict[str, Any]]:
    """The cases of a corpus."""
    lines = (shared / "data/corpora" / corpus / "cases.jsonl").read_text("utf-8").splitlines()
    return [json.loads(line) for line in lines]


def bytes_of(case: dict[str, Any]) -> bytes:
    """The feed of a case."""
    return (
        base64.b64decode(case["input_b64"]) if "input_b64" in case else case["input"].encode("utf-8", "surrogatepass")
    )


def addresses_in(body: bytes) -> list[str] | None:
    """The addresses that our reader finds in a feed, None for what it refuses."""
    try:
        return [link.url for link in feed_links(Document(body, None, BASE, NOON))]
    except ParseError:
        return None


def tree_of(case: dict[str, Any]) -> tuple[list[str], list[str]]:
    """Addresses and errors that our reader finds in the sitemaps named by a site's robots.txt."""
    told, home = case["input"], case["input"]["home"] or case["input"]["kwargs"]["homepage_url"]
    answers = {each["url"]: each for each in told["responses"] if each["status"] == 200}
    found, errors = [], []

    async def read(url: str, _message: ListMessage, _absent: Absent) -> Document | None:
        answer = answers.get(url)
        return answer and Document(_body(answer), answer["headers"].get("Content-Type"), url, NOON)

    async def gather(seed: Sitemap) -> None:
        source = Source("tree", "", home, "UTC", "en", (seed,), ".*")
        async for part in links_from(seed, source, read, datetime.now(UTC)):
            found.extend(link.url for link in part.links)
            errors.extend([part.fault] if part.fault else [])

    for url in _named(answers.get(f"{home}/robots.txt")):
        try:
            asyncio.run(gather(Sitemap(url)))
        except ParseError as error:
            errors.append(error.reason)
    return found, errors


def _body(answer: dict[str, Any]) -> bytes:
    return base64.b64decode(answer["b64"]) if "b64" in answer else answer["text"].encode()


def _named(robots: dict[str, Any] | None) -> list[str]:
    if robots is None or not robots["headers"].get("Content-Type", "").startswith("text/plain"):
        return []
    lines = (line.partition(":") for line in _body(robots).decode().splitlines())
    return [value.strip() for name, _, value in lines if name.strip().lower() in ("sitemap", "site-map")]
