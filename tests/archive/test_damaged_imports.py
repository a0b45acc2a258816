"""A WARC file that was cut, altered or written otherwise is never taken for what the site said."""

import gzip
import random
from collections.abc import Callable
from itertools import accumulate
from pathlib import Path

import pytest
from archiving import SOURCE, page, rows, url

from archive import open_archive
from archive.importer import import_paths
from archive.warc import digest, http_block, record_bytes

TAIL = 12  # bytes after a block: line breaks, or the end of a gzip member; a reader may do without
HTML = [("Content-Type", "text/html; charset=utf-8")]


def record(number: int, block: bytes, date: str | None = "2019-03-02T08:00:00Z", payload: bytes | None = None) -> bytes:
    """One response record as another program writes it, with digests unless payload is None."""
    fields = [
        ("WARC-Type", "response"),
        ("WARC-Record-ID", f"<urn:uuid:00000000-0000-4000-8000-{number:012}>"),
        *([("WARC-Date", date)] if date else []),
        ("WARC-Target-URI", url(number)),
        ("Content-Type", "application/http; msgtype=response"),
        *([("WARC-Payload-Digest", digest(payload))] if payload is not None else []),
    ]
    return record_bytes(fields, block)


def whole(number: int) -> bytes:
    return record(number, http_block(200, HTML, page(number)), payload=page(number))


def brought_in(folder: Path, content: bytes) -> tuple[set[object], int]:
    """What an import of the file leaves: the texts of all revisions, and how many errors were said."""
    folder.mkdir()
    name = "old.warc.gz" if content.startswith(b"\x1f\x8b") else "old.warc"
    (folder / name).write_bytes(content)
    archive = open_archive(folder / "home")
    summary = import_paths(archive, [folder / name], lambda _: SOURCE)
    texts = {text for (text,) in rows(archive, "select headline || body_text from revisions")}
    archive.close()
    return texts, len(summary.errors)


@pytest.mark.parametrize("pack", [bytes, gzip.compress])
def test_a_file_that_was_cut_gives_whole_pages_and_is_said_to_be_cut(tmp_path: Path, pack: Callable[[bytes], bytes]):
    records = [pack(whole(number)) for number in range(3)]
    ends = list(accumulate(map(len, records)))
    texts, errors = brought_in(tmp_path / "whole", b"".join(records))
    assert (len(texts), errors) == (3, 0)
    inside = [at for at in range(1, ends[-1]) if all(at > end or at < end - TAIL for end in ends)]
    for cut in random.Random(1).sample(inside, 60):
        left, errors = brought_in(tmp_path / str(cut), b"".join(records)[:cut])
        assert (left <= texts, errors) == (True, 1), f"cut at {cut} of {ends}"


def test_a_page_that_differs_from_its_digest_makes_no_revision_and_is_said(tmp_path: Path):
    texts, _ = brought_in(tmp_path / "whole", whole(1))
    altered = whole(1).replace("群众".encode(), "大众".encode())
    assert brought_in(tmp_path / "altered", altered) == (set(), 1)
    assert brought_in(tmp_path / "both", altered + whole(2))[1] == 1
    assert len(texts) == 1


@pytest.mark.parametrize("date", [None, "yesterday", "2019-99-99T08:00:00Z"])
def test_a_record_without_a_date_is_said_and_the_rest_goes_on(tmp_path: Path, date: str | None):
    block = http_block(200, HTML, page(1))
    texts, errors = brought_in(tmp_path / "undated", record(1, block, date=date) + whole(2))
    assert (len(texts), errors) == (1, 1)


@pytest.mark.parametrize("size", [100, 4096])
def test_a_body_in_chunks_is_read_without_their_sizes(tmp_path: Path, size: int):
    """wget and Heritrix store a body as it came over the wire."""
    parts = [page(1)[at : at + size] for at in range(0, len(page(1)), size)]
    chunked = b"".join(b"%x\r\n%s\r\n" % (len(part), part) for part in parts) + b"0\r\n\r\n"
    head = b"HTTP/1.1 200 OK\r\nContent-Type: text/html; charset=utf-8\r\nTransfer-Encoding: chunked\r\n\r\n"
    plain, _ = brought_in(tmp_path / "plain", whole(1))
    assert brought_in(tmp_path / "chunked", record(1, head + chunked)) == (plain, 0)
