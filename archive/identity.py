"""Which work a page shows: permanent keys and the digest of a state, both pure functions of what is said."""

import hashlib
import json
from typing import Any

from archive.ledger import canonical
from parsers.article import Article, from_json, to_json
from parsers.urls import urlkey

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
    return f"{source}-{hashlib.sha256(urlkey(url).encode()).hexdigest()[:12]}"


def content(article: Article) -> dict[str, Any]:
    """The properties that make a state."""
    properties = to_json(article)
    return {name: properties[name] for name in CONTENT}


def content_digest(article: Article) -> str:
    """`sha256:…` over the canonical JSON of the properties that make a state."""
    return "sha256:" + hashlib.sha256(canonical(content(article)).encode()).hexdigest()


def storable(article: Article) -> Article:
    """The article without lone surrogates (JSON can spell them, UTF-8 and SQLite cannot): each becomes `?`."""
    text = canonical(to_json(article))
    try:
        text.encode()
    except UnicodeEncodeError:
        return from_json(json.loads(text.encode("utf-8", "replace")))
    return article


def differences(before: Article, after: Article) -> list[tuple[str, str | None, str | None]]:
    """Each property that differs, as text before and after; a list is one item a line."""
    old, new = content(before), content(after)
    return [(name, _text(old[name]), _text(new[name])) for name in CONTENT if old[name] != new[name]]


def _text(value: Any) -> str | None:
    text: str | None = value if not isinstance(value, list) else None
    if isinstance(value, list):
        return "\n".join(": ".join(item) if isinstance(item, list) else str(item) for item in value) or None
    return text
