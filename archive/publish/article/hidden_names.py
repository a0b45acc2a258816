"""Look for a withdrawn article in the bytes of another page: for its address, or for a headline that it had."""

from __future__ import annotations

import re
import sqlite3
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache
from html import unescape
from pathlib import Path
from urllib.parse import urlsplit

from archive.files import ContentError, StoredBytes, WarcError, decoded, read_record, stored_bytes
from archive.rules import state_in
from parsers.decoding import decode

MAX_READ_BYTES = 32 << 20  # of a payload; a larger one is no page
SHORTEST_HEADLINE = 4  # characters; a shorter one stands in many texts by chance
_INDEX = re.compile(r"(index|default|content)[\w-]*\.\w+", re.IGNORECASE)
_BLANKS = re.compile(r"\s+")
_ESCAPED = re.compile(r"\\u([0-9a-fA-F]{4})")  # as in JSON and JavaScript


@dataclass(frozen=True, slots=True)
class HiddenArticles:
    """The addresses of all withdrawn articles, and the places of the records that keep their texts."""

    urls: tuple[str, ...]
    records: tuple[tuple[str, int, int], ...]  # file, offset and length


def hidden_articles(conn: sqlite3.Connection) -> HiddenArticles:
    """The withdrawn articles; without any, an index says so at once."""
    urls = conn.execute(
        "select d.url from articles a join addresses d on d.article_id = a.id where a.state = 'withdrawn'"
    )
    records = conn.execute(
        """
        select w.warc_file, w.warc_offset, w.warc_length from articles a join states s on s.article_id = a.id
          join warc_records w on w.record_id = s.conversion_id where a.state = 'withdrawn'
        """
    )
    return HiddenArticles(tuple(url for (url,) in urls), tuple(records.fetchall()))


def is_kept_back(hidden: HiddenArticles, folder: Path, warc_file: str, offset: int, length: int) -> bool:
    """True if the payload of a response or resource record must not leave: it names a withdrawn article.

    Raises as `stored_bytes`.
    """
    if not hidden.urls:
        return False
    stored = stored_bytes(folder / warc_file, offset, length)
    return stored.size <= MAX_READ_BYTES and names_hidden(hidden, folder, stored)


def names_hidden(hidden: HiddenArticles, folder: Path, stored: StoredBytes) -> bool:
    """True if a payload has an address or a headline of a withdrawn article; it reads the payload's pieces.

    Also for a payload that cannot be decoded. Raises WarcError if it is damaged.
    """
    try:
        content = decoded(b"".join(stored.pieces), dict(stored.head.headers))
    except ContentError:
        return True
    if any(re.search(_pattern(url), content) for url in hidden.urls):
        return True
    text = _plain(decode(content, stored.head.header("content-type"))[0])
    return any(headline in text for headline in _headlines(folder, hidden.records))


def _pattern(url: str) -> bytes:
    """A regular expression for the last part of an address, which relative links have too."""
    split = urlsplit(url)
    parts = [part for part in split.path.split("/") if part] or [split.netloc]
    named = parts[-2:] if _INDEX.fullmatch(parts[-1]) else parts[-1:]
    last = split.query.rpartition("&")[2] or "/".join(named)
    return rb"(?<![0-9A-Za-z])" + re.escape(last.encode()) + rb"(?![0-9A-Za-z])"


def _headlines(folder: Path, records: Iterable[tuple[str, int, int]]) -> set[str]:
    return {headline for record in records for headline in _kept(folder, *record)}


@lru_cache(10_000)
def _kept(folder: Path, file: str, offset: int, length: int) -> tuple[str, ...]:
    try:
        article = state_in(read_record(folder, file, offset, length).block).article
    except (OSError, WarcError, ValueError, KeyError, TypeError):
        return ()  # `thinker verify` names the damage
    said = (article.headline, article.alternative_headline)
    return tuple(plain for each in said if each and len(plain := _plain(each)) >= SHORTEST_HEADLINE)


def _plain(text: str) -> str:
    """A text without blanks, escapes and character references: pages break headlines where they like."""
    return _BLANKS.sub("", unescape(_ESCAPED.sub(lambda found: chr(int(found[1], 16)), text)))
