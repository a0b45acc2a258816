"""Pages and their readings as bytes, as they go to a parser in another process or on another machine, and back."""

import json
from collections.abc import Iterator
from dataclasses import asdict
from datetime import datetime
from typing import IO, Any

from archive.judging.reading.readings import PageReading, UnreadPage
from archive.rules import ArticleState
from parsers import Document, from_json
from parsers.selectors import Selectors

# An answer as it is sent: its line of JSON, and the conversion block with the columns of the index row, none for a page
# without an article.
SentReading = tuple[dict[str, Any], list[bytes]]


def send_page(pipe: IO[bytes], page: Document) -> None:
    """Write a page: a line of JSON, then the payload."""
    told = {
        "bytes": len(page.payload),
        "content_type": page.content_type,
        "url": page.url,
        "captured_at": page.captured_at.isoformat(),
        "source": page.source,
        "further": page.further,
        "selectors": page.selectors.said(),
        "edition": page.selectors.edition,
    }
    pipe.write(json.dumps(told).encode() + b"\n")
    pipe.write(page.payload)  # written apart: joining would copy a large payload


def received_pages(pipe: IO[bytes]) -> Iterator[Document]:
    """Yield the pages of a stream until it ends."""
    while line := pipe.readline():
        told = json.loads(line)
        payload = pipe.read(told["bytes"])
        at = datetime.fromisoformat(told["captured_at"])
        selectors = Selectors.of(told["selectors"], told["edition"])
        yield Document(payload, told["content_type"], told["url"], at, told["source"], told["further"], selectors)


def as_sent(reading: PageReading) -> SentReading:
    """A reading in the form in which it is sent."""
    if isinstance(reading, UnreadPage):
        return asdict(reading), []
    parts = [reading.block, *(column.encode() for column in reading.index)]
    head = {
        "digest": reading.digest, "lengths": [len(part) for part in parts], "following": reading.following,
        "unmatched": reading.unmatched,
    }  # fmt: skip
    return head, parts


def as_bytes(sent: SentReading) -> bytes:
    """An answer as `received_reading` reads it."""
    head, parts = sent
    return b"".join([json.dumps(head).encode(), b"\n", *parts])


def received_reading(pipe: IO[bytes]) -> SentReading:
    """The next answer of a stream. Raises EOFError if the answer breaks off."""
    line = pipe.readline()
    if not line.endswith(b"\n"):
        raise EOFError
    told = json.loads(line)
    return told, [_exactly(pipe, length) for length in told.get("lengths", ())]


def reading_of(sent: SentReading) -> PageReading:
    """The reading that an answer holds."""
    told, parts = sent
    if "reason" in told:
        return UnreadPage(told["verdict"], told["reason"], told["leads_to"])
    block, *columns = parts
    article = from_json(json.loads(block)["article"])
    index = tuple(column.decode() for column in columns)
    return ArticleState(article, told["digest"], block, index, told["following"], tuple(told["unmatched"]))


def _exactly(pipe: IO[bytes], length: int) -> bytes:
    found = pipe.read(length)
    if len(found) != length:
        raise EOFError
    return found
