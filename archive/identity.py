"""Which work a page shows: permanent keys and the digest of a state, both pure functions of what is said."""

import hashlib
import json
from dataclasses import dataclass
from typing import Any

from archive.captures import key_of
from archive.ledger import canonical
from archive.search_text import index_row
from parsers.article import Article, from_json, to_json

# Properties whose change makes a revision. What the page says about itself or about others (its modification time,
# related links, its canonical address) changes without the text and is kept, but makes none.
CONTENT = (
    "headline", "alternative_headline", "kicker", "article_section", "speaker", "standfirst", "authors", "editors",
    "source_line", "keywords", "date_published", "body_text", "headings", "biography", "reprint_notice", "metadata",
)  # fmt: skip


def article_key(source: str, url: str | None, article: Article, payload_digest: str) -> str:
    """The permanent key: source and the publisher's own id, else a digest of the address, else of the bytes."""
    if article.identity:
        return f"{source}-{article.identity}"
    if url is None or url.startswith("urn:"):
        return f"{source}-{payload_digest.removeprefix('sha256:')[:12]}"
    return f"{source}-{hashlib.sha256(key_of(url).encode()).hexdigest()[:12]}"


def content(article: Article) -> dict[str, Any]:
    """The properties that make a state."""
    properties = to_json(article)
    return {name: properties[name] for name in CONTENT}


@dataclass(frozen=True, slots=True)
class State:
    """An article, the digest of what makes its state, the block that keeps it whole, and its row of the index.

    Of one page of an article in pages `following` is the address of the next page.
    """

    article: Article
    digest: str
    block: bytes
    index: tuple[str, ...]
    following: str | None = None


def state_of(article: Article, parser_version: str) -> State:
    """The state that an article is in.

    A lone surrogate (JSON can spell one, UTF-8 and SQLite cannot) becomes `?` first.
    """
    properties = to_json(article)
    try:
        kept = {name: value for name, value in properties.items() if name != "body_text"}  # the paragraphs say it
        block = canonical({"parser_version": parser_version, "article": kept}).encode()
    except UnicodeEncodeError:
        text = canonical(properties).encode("utf-8", "replace")
        return state_of(from_json(json.loads(text)), parser_version)
    said = canonical({name: properties[name] for name in CONTENT}).encode()
    return State(article, "sha256:" + hashlib.sha256(said).hexdigest(), block, index_of(article))


def index_of(article: Article) -> tuple[str, ...]:
    """The article's row of the search index."""
    return index_row(
        article.headline, article.alternative_headline, article.body_text, article.speaker, article.keywords
    )


def kept_state(block: bytes, digest: str) -> State:
    """The state that a conversion block keeps. Raises ValueError, KeyError or TypeError for any other bytes."""
    article = from_json(json.loads(block)["article"])
    return State(article, digest, block, index_of(article))


def differences(before: Article, after: Article) -> list[tuple[str, str | None, str | None]]:
    """Each property that differs, as text before and after; a list is one item a line."""
    old, new = content(before), content(after)
    return [(name, _text(old[name]), _text(new[name])) for name in CONTENT if old[name] != new[name]]


def _text(value: Any) -> str | None:
    text: str | None = value if not isinstance(value, list) else None
    if isinstance(value, list):
        return "\n".join(": ".join(item) if isinstance(item, list) else str(item) for item in value) or None
    return text
