"""The content of a WARC file that was cut, altered or badly written is never taken for the site's own."""

import gzip
import hashlib
import random
import re
import tracemalloc
from base64 import b32encode
from collections import Counter
from collections.abc import Callable
from contextlib import closing
from io import BytesIO
from itertools import accumulate
from pathlib import Path

import pytest
from support.archiving import SOURCE, page, rows, url
from warcio.statusandheaders import StatusAndHeaders
from warcio.warcwriter import WARCWriter

from archive import open_archive
from archive.files.warc import digest, http_block, record_bytes
from archive.importing.importer import import_paths
from archive.importing.messages import read_response
from archive.importing.records import MAX_BLOCK_BYTES
from archive.replaying.fixity import verify

TAIL = 12  # bytes after a block: line breaks, or the end of a gzip member; a reader may do without
GZIP = b"\x1f\x8b"
HTML = [("Content-Type", "text/html; charset=utf-8")]


def record(
    number: int,
    block: bytes,
    date: str | None = "2019-03-02T08:00:00Z",
    payload: bytes | None = None,
    kind: str = "response",
    more: tuple[tuple[str, str], ...] = (),
) -> bytes:
    """One record as another program writes it, with the digest of a payload that is given, and with more fields."""
    fields = [
        ("WARC-Type", kind),
        *more,
        ("WARC-Record-ID", f"<urn:uuid:00000000-0000-4000-8000-{number:012}>"),
        *([("WARC-Date", date)] if date else []),
        ("WARC-Target-URI", url(number)),
        ("Content-Type", "application/http; msgtype=response"),
        *([("WARC-Payload-Digest", digest(payload))] if payload is not None else []),
    ]
    return record_bytes(fields, block)


def whole(number: int) -> bytes:
    return record(number, http_block(200, HTML, page(number)), payload=page(number))


def undigested(content: bytes) -> bytes:
    """The records without WARC-Block-Digest, which many programs do not write."""
    return re.sub(rb"WARC-Block-Digest: [^\r]*\r\n", b"", content)


def brought_in(folder: Path, content: bytes) -> tuple[set[object], int]:
    """The texts of all revisions after an import of the file, and the number of errors."""
    folder.mkdir()
    name = "old.warc.gz" if content.startswith(GZIP) else "old.warc"
    (folder / name).write_bytes(content)
    archive = open_archive(folder / "home")
    summary = import_paths(archive, [folder / name], SOURCE)
    assert verify(archive).ok
    texts = {text for (text,) in rows(archive, "select headline || body_text from revisions")}
    archive.close()
    return texts, len(summary.errors)


@pytest.mark.slow
@pytest.mark.parametrize("pack", [bytes, gzip.compress])
def test_a_file_that_was_cut_gives_whole_pages_and_is_said_to_be_cut(tmp_path: Path, pack: Callable[[bytes], bytes]):
    records = [pack(whole(number)) for number in range(3)]
    ends = list(accumulate(map(len, records)))
    texts, errors = brought_in(tmp_path / "whole", b"".join(records))
    assert (len(texts), errors) == (3, 0)
    inside = [at for at in range(1, ends[-1]) if all(at > end or at < end - TAIL for end in ends)]
    name = "old.warc" if pack is bytes else "old.warc.gz"
    cuts = {tmp_path / f"{at}-{name}": at for at in random.Random(1).sample(inside, 60)}
    for path, at in cuts.items():
        path.write_bytes(b"".join(records)[:at])
    with closing(open_archive(tmp_path / "home")) as archive:
        said = Counter(Path(error.path.partition(": ")[0]) for error in import_paths(archive, [*cuts], SOURCE).errors)
        assert said == dict.fromkeys(cuts, 1), f"of {ends}"
        assert {text for (text,) in rows(archive, "select headline || body_text from revisions")} <= texts
        assert verify(archive).ok


def test_a_page_that_differs_from_its_digest_makes_no_revision_and_is_said(tmp_path: Path):
    texts, _ = brought_in(tmp_path / "whole", whole(1))
    altered = whole(1).replace("群众".encode(), "大众".encode())
    assert brought_in(tmp_path / "altered", altered) == (set(), 1)
    assert brought_in(tmp_path / "both", altered + whole(2))[1] == 1
    assert len(texts) == 1


@pytest.mark.parametrize("date", [None, "yesterday", "2019-99-99T08:00:00Z", "2019-03-02T08:00:00"])
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


def foreign(packed: bool) -> bytes:
    """A file as warcio writes it: three pages with their requests, and a saved one."""
    out = BytesIO()
    writer = WARCWriter(out, gzip=packed)
    writer.write_record(writer.create_warcinfo_record("old.warc", {"software": "another"}))
    dated = {"WARC-Date": "2019-03-02T08:00:00Z"}
    for number in range(3):
        head = StatusAndHeaders("200 OK", HTML, protocol="HTTP/1.1")
        asked = StatusAndHeaders("GET / HTTP/1.1", [("Host", "example.com")], is_http_request=True)
        writer.write_request_response_pair(
            writer.create_warc_record(url(number), "request", http_headers=asked, warc_headers_dict=dated),
            writer.create_warc_record(
                url(number), "response", BytesIO(page(number)), len(page(number)), "", dated, http_headers=head
            ),
        )
    saved = BytesIO(page(3))
    writer.write_record(
        writer.create_warc_record(
            url(3), "resource", saved, len(page(3)), "text/html; charset=utf-8", warc_headers_dict=dated
        )
    )
    return out.getvalue()


def damaged(content: bytes, chance: random.Random) -> bytes:
    """The file cut somewhere, or with some bits of one byte flipped, or both."""
    altered, at = bytearray(content), chance.randrange(len(content))
    if chance.random() < 0.7:
        altered[at] ^= chance.randrange(1, 256)
    return bytes(altered if chance.random() < 0.5 else altered[: chance.randrange(1, len(content))])


@pytest.mark.parametrize("packed", [False, True])
def test_cut_or_flipped_files_give_only_captures_of_the_original_pages(tmp_path: Path, packed: bool):
    content, chance = foreign(packed), random.Random(7)
    name = "old.warc.gz" if packed else "old.warc"
    (tmp_path / name).write_bytes(content)
    for number in range(400):
        (tmp_path / f"{number}-{name}").write_bytes(damaged(content, chance))
    archive = open_archive(tmp_path / "home")
    summary = import_paths(archive, [tmp_path / name], SOURCE)
    assert (summary.captures, summary.errors) == (4, [])
    summary = import_paths(archive, sorted(tmp_path.glob(f"*-{name}")), SOURCE)
    assert len(summary.errors) > 300
    kept = {kept for (kept,) in rows(archive, "select payload_digest from captures")}
    assert kept == {digest(page(number)) for number in range(4)}
    assert verify(archive).ok
    archive.close()


REQUEST = record(1, b"GET / HTTP/1.1\r\nHost: example.com\r\n\r\n", kind="request")
SHORT = re.sub(rb"Content-Length: \d+", b"Content-Length: 90", undigested(whole(1)))
PLAIN = http_block(200, HTML, page(1))
CHUNKED = b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n"


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (REQUEST[:-20], "the record is cut: it has 21 of 37 bytes"),
        (SHORT + whole(2), "its length cannot be checked"),
        (undigested(whole(1))[:-30], "the record is cut"),
        (undigested(whole(1)) + b"and then something else", "its length cannot be checked"),
        (whole(1).replace(b"WARC-Record-ID", b"WARC-Rec\0rd-ID"), "its head has zero bytes"),
        (whole(1).replace(b"WARC-Type: response", b"WARC-Typ"), "unknown WARC-Type: ''"),
        (
            whole(1).replace(b"\r\n\r\n", b"\r\r\n\r\r\n", 1) + whole(2),
            "its head is broken or mixes two records: it has ",
        ),
        (record(1, PLAIN, more=(("WARC-Truncated", "length"),)), "only a part: WARC-Truncated: length"),
        (record(1, PLAIN, more=(("WARC-Segment-Number", "1"),)), "only a part: WARC-Segment-Number: 1"),
        (record(1, PLAIN, more=(("Content-Length", "9"),)), "it has content-length twice"),
        (record(1, b"HTTP/1.1 200 OK\r\nContent-Type: text/html"), "no complete HTTP head"),
        (record(1, page(1)), "no complete HTTP head"),
        (record(1, b"HTTP/1.1 OK\r\n\r\n" + page(1)), "no HTTP status line"),
        (record(1, CHUNKED + b"4\r\n<htm\r\n"), "its chunked body is cut or broken after 4 bytes"),
        (record(1, CHUNKED + b"40\r\n<htm"), "its chunked body is cut or broken after 0 bytes"),
        (record(1, CHUNKED.replace(b"chunked", b"gzip, chunked")), "unknown transfer coding 'gzip'"),
    ],
)
def test_an_incomplete_or_broken_record_is_reported_with_its_reason(tmp_path: Path, content: bytes, reason: str):
    (tmp_path / "old.warc").write_bytes(content)
    archive = open_archive(tmp_path / "home")
    error, *_ = import_paths(archive, [tmp_path / "old.warc"], SOURCE).errors
    assert reason in error.reason
    assert error.path == f"{tmp_path / 'old.warc'}: {url(1)}"
    assert not rows(archive, f"select 1 from captures where url = '{url(1)}'")
    archive.close()


@pytest.mark.parametrize("pack", [bytes, gzip.compress])
def test_records_without_digests_are_kept_where_each_ends_at_the_next(tmp_path: Path, pack: Callable[[bytes], bytes]):
    plain, _ = brought_in(tmp_path / "plain", whole(1) + whole(2))
    assert brought_in(tmp_path / "other", pack(undigested(whole(1) + whole(2)))) == (plain, 0)
    assert len(plain) == 2


def test_a_member_of_a_gzip_file_that_is_not_whole_is_named_by_its_place(tmp_path: Path):
    first, second = gzip.compress(whole(1)), gzip.compress(whole(2))
    (tmp_path / "old.warc.gz").write_bytes(first + second[:-1])
    archive = open_archive(tmp_path / "home")
    (error,) = import_paths(archive, [tmp_path / "old.warc.gz"], SOURCE).errors
    assert error.path == str(tmp_path / "old.warc.gz")
    assert f"the gzip member at byte {len(first)} is incomplete" in error.reason
    assert rows(archive, "select url from captures") == [(url(1),)]
    archive.close()


@pytest.mark.parametrize(
    "head",
    [
        b"HTTP/1.1 200 OK\r\r\nContent-Type: text/html; charset=utf-8\r\r\n\r\r\n",
        b"HTTP/1.1 200 OK\nContent-Type: text/html; charset=utf-8\n\n",
        b"HTTP/1.0 200\r\nContent-Type: text/html;\r\n charset=utf-8\r\n\r\n",
        b"HTTP/1.1 200 OK\r\nContent-Type: text/html; charset=utf-8\r\nTransfer-Encoding: chunked\r\n\r\n",
    ],
)
def test_a_head_of_another_form_is_read_and_the_page_after_it_whole(tmp_path: Path, head: bytes):
    """Line breaks of other kinds, a field in two lines, chunks that are undone though the head says otherwise."""
    body = page(1).replace(b"<article>", b"\r\n\r\n<article>")
    plain = brought_in(tmp_path / "plain", record(1, http_block(200, HTML, body)))
    assert brought_in(tmp_path / "other", record(1, head + body)) == plain
    assert len(plain[0]) == 1
    message = read_response(head + body)
    assert (message.status, message.header("content-type"), message.payload) == (200, HTML[0][1], body)


@pytest.mark.parametrize("label", ["sha1", "md5", "sha-256", "SHA512"])
def test_block_digests_of_every_kind_are_compared(tmp_path: Path, label: str):
    """In both cases of hexadecimal digits, and in Base32."""
    content = b""
    for number in range(3):
        block = http_block(200, HTML, page(number))
        made = hashlib.new(label.lower().replace("-", ""), block).digest()
        text = (made.hex(), made.hex().upper(), b32encode(made).decode())[number]
        content += re.sub(rb"(Block-Digest): \S+", rf"\1: {label}:{text}".encode(), record(number, block))
    texts, errors = brought_in(tmp_path / "whole", content)
    assert (len(texts), errors) == (3, 0)
    assert brought_in(tmp_path / "altered", content.replace("群众".encode(), "大众".encode())) == (set(), 3)


@pytest.mark.parametrize("there", [100, MAX_BLOCK_BYTES + 1])
def test_a_record_that_is_too_large_is_refused_unread(tmp_path: Path, there: int):
    """The stated length may be true or not; if not, the records that follow in the file lie within it."""
    head, _, _ = record(1, b"").partition(b"WARC-Block-Digest")
    large = head + b"Content-Length: %d\r\n\r\n" % (MAX_BLOCK_BYTES + 1) + bytes(there) + b"\r\n\r\n"
    tracemalloc.start()
    texts, errors = brought_in(tmp_path / "large", gzip.compress(large, 1) + gzip.compress(whole(2)))
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert peak < MAX_BLOCK_BYTES / 4
    assert (len(texts), errors) == (int(there > MAX_BLOCK_BYTES), 1)
