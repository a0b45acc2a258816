"""Identify the work that a page shows: permanent keys and state digests, as pure functions of its properties."""

import hashlib
import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from archive.files import canonical
from archive.properties import PROPERTIES
from archive.rules.urlkeys import key_of
from archive.search import ASKED_FOR, index_row
from parsers.article import Article, from_json, opening_standfirst, to_json

# The properties under `content_digest`, for ever. Null and empty ones are left out, so that a property added later
# changes no digest or permalink of pages without it. A page's modification time, related links and canonical address
# are stored without being part of the state.
CONTENT = tuple(each.attribute for each in PROPERTIES if each.in_digest)
# Stored with a state but no part of it; a reparse shows those that earlier parser versions did not read.
BESIDE = tuple(each.attribute for each in PROPERTIES if each.beside)
SHOWN = {each.attribute: each.name for each in PROPERTIES}  # the names that readers see


IDENTITY = re.compile(r"[A-Za-z0-9._-]{1,64}")


def article_key(source: str, url: str | None, article: Article, payload_digest: str) -> str:
    """The permanent key `SOURCE-ID`, such as `newsroom-751736`.

    ID is the publisher's own id; if `has_identity` is False, the first 12 hex digits of the SHA-256 of the urlkey, or
    of the payload if there is no address (None or a `urn:`). Raises ValueError for an invalid address.
    """
    if has_identity(article):
        return f"{source}-{article.identity}"
    if url is None or url.startswith("urn:"):
        return f"{source}-{payload_digest.removeprefix('sha256:')[:12]}"
    return f"{source}-{hashlib.sha256(key_of(url).encode()).hexdigest()[:12]}"


def has_identity(article: Article) -> bool:
    """True if the page states an id for its article that may stand in a key: 1 to 64 of `A-Z a-z 0-9 . _ -`."""
    return article.identity is not None and IDENTITY.fullmatch(article.identity) is not None


def is_same_path(url: str, other: str) -> bool:
    """True if two addresses have the same path and query, on one host or two; False for front pages without a query.

    Raises ValueError for an invalid address.
    """
    return key_of(url).partition(")")[2] == key_of(other).partition(")")[2] not in ("", "/")


def adds_query(url: str, other: str) -> bool:
    """True if `url` is `other` with a query added, and `other` has none. Raises ValueError for an invalid address."""
    key, plain = key_of(url), key_of(other)
    return "?" not in plain and key.startswith(f"{plain}?")


def content(article: Article) -> dict[str, Any]:
    """The properties that make a state, as JSON values by field of `Article`, such as `paragraphs`.

    `attachments`, no field, is a list of {url, caption}, made of the media of kind "attachment". Null and empty
    values are left out.
    """
    return _content(to_json(article))


def content_digest(article: Article) -> str:
    """`sha256:` and 64 hex digits, the digest of the canonical JSON of `content(article)`."""
    return _digest(content(article))


def _content(properties: dict[str, Any]) -> dict[str, Any]:
    attachments = [_present(item, ("url", "caption")) for item in properties["media"] if _attached(item)]
    return _present({**properties, "attachments": attachments}, CONTENT)


def _digest(said: dict[str, Any]) -> str:
    return "sha256:" + hashlib.sha256(canonical(said).encode()).hexdigest()


def _present(values: dict[str, Any], names: tuple[str, ...]) -> dict[str, Any]:
    return {name: values[name] for name in names if values[name] not in (None, "", [])}


def _attached(item: dict[str, Any]) -> bool:
    return bool(item["kind"] == "attachment")


@dataclass(frozen=True, slots=True)
class ArticleState:
    """An article, the digest of its state, the block that stores it whole, and its row of the search index.

    following: the address of the next page, if this is one page of an article in pages. unmatched: the selectors of the
    source's declaration that found nothing.
    """

    article: Article
    digest: str
    block: bytes
    index: tuple[str, ...]
    following: str | None = None
    unmatched: tuple[str, ...] = ()


def state_of(article: Article, parser_version: str) -> ArticleState:
    """The state of an article. Its block, for a conversion record, names the parser version that read it.

    A lone surrogate (JSON can spell one, UTF-8 and SQLite cannot) becomes `?` first.
    """
    properties = to_json(article)
    try:
        kept = {name: value for name, value in properties.items() if name != "body_text"}  # the paragraphs say it
        block = canonical({"parser_version": parser_version, "article": kept}).encode()
    except UnicodeEncodeError:
        text = canonical(properties).encode("utf-8", "replace")
        return state_of(from_json(json.loads(text)), parser_version)
    return ArticleState(article, _digest(_content(properties)), block, index_of(article))


def index_of(article: Article, more: Mapping[str, list[str]] | None = None) -> tuple[str, ...]:
    """The article's row of the search index, one text for each of its columns, as `index_row` makes it.

    more: texts beside those of its page, by property, as `more_texts` gives them.
    """
    return index_row({name: getattr(article, name) for name in ASKED_FOR}, more)


def state_in(block: bytes) -> ArticleState:
    """The state in a conversion block. Raises ValueError, KeyError or TypeError for any other bytes."""
    article = from_json(json.loads(block)["article"])
    return ArticleState(article, content_digest(article), block, index_of(article))


def differences(before: Article, after: Article) -> list[tuple[str, str | None, str | None]]:
    """The properties of the state that differ, each as (name, text before, text after); None where it is empty.

    They are in the order of PROPERTIES and have its names, such as `body_text` for the paragraphs. The text of a list
    has one item a line. The body may begin with the standfirst: if the body differs in nothing else, `body_text` is
    left out.
    """
    old, new = content(before), content(after)
    differ = [name for name in CONTENT if old.get(name) != new.get(name)]
    if "standfirst" in differ and "paragraphs" in differ and _under_standfirst(old) == _under_standfirst(new):
        differ.remove("paragraphs")
    return [(SHOWN[name], _text(old.get(name)), _text(new.get(name))) for name in differ]


def _under_standfirst(said: dict[str, Any]) -> list[str]:
    paragraphs: list[str] = said.get("paragraphs", [])
    return paragraphs[opening_standfirst(said.get("standfirst"), paragraphs) :]


def learned(before: Article, after: Article) -> list[tuple[str, str | None, str | None]]:
    """The properties of BESIDE that `after` has and `before` lacks, each as (name, None, text).

    BESIDE are those that are stored with a state and are no part of it, such as `links`. A reparse shows them, but
    stores no new reading because of them alone.
    """
    old, new = to_json(before), to_json(after)
    return [(name, None, _text(new[name])) for name in BESIDE if new[name] and not old[name]]


def _text(value: Any) -> str | None:
    return "\n".join(map(_item, value)) if isinstance(value, list) else value


def _item(item: Any) -> str:
    if isinstance(item, dict):
        return " ".join(str(value) for value in item.values())
    return ": ".join(item) if isinstance(item, list) else str(item)
