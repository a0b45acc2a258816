"""An import of files that grow a thousandfold: its memory is bounded, and each is named with the reason."""

import gzip
import json
import os
import zlib
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest
from support.journeys import ENOUGH
from support.loaded import Loaded
from support.tables import every_row

from archive.files.contents import MAX_CONTENT_BYTES, ContentError, decoded
from archive.files.warc import record_bytes

SIZE, LESS, ROOM = 160_000_000, 100_000_000, 64  # bytes of a bomb's content; MB over an import of a calm page
ZEROS = bytes(1 << 20)
FIELDS = [
    ("WARC-Type", "response"),
    ("WARC-Record-ID", "<urn:uuid:00000000-0000-4000-8000-000000000001>"),
    ("WARC-Date", "2019-03-02T08:00:00Z"),
    ("WARC-Target-URI", "http://example.com/article/1.html"),
    ("Content-Type", "application/http; msgtype=response"),
]
OK = b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n"

# An import in a process of its own. VmHWM is that of this program; ru_maxrss may be that of who started it.
IMPORT = """
import json, re, sys, tempfile
from pathlib import Path
from archive import open_archive
from archive.importing.filing import IMPORTED
from archive.importing.importer import import_paths
with tempfile.TemporaryDirectory() as home:
    archive = open_archive(home)
    summary = import_paths(archive, [Path(sys.argv[1])], IMPORTED)
    archive.close()
peak = int(re.search(r"VmHWM:\\s+(\\d+) kB", Path("/proc/self/status").read_text())[1]) / 1000
print(json.dumps([peak, [[each.path, each.reason] for each in summary.not_articles + summary.errors]]))
"""


def packed(pieces: Iterator[bytes]) -> bytes:
    compressor = zlib.compressobj(9, zlib.DEFLATED, 31)
    return b"".join([compressor.compress(piece) for piece in pieces]) + compressor.flush()


def many(piece: bytes, size: int = SIZE) -> Iterator[bytes]:
    return (piece for _ in range(size // len(piece)))


@cache
def zeros() -> bytes:
    return packed(many(ZEROS))


def around(before: bytes, piece: bytes, behind: bytes = b"") -> Iterator[bytes]:
    yield before
    yield from many(piece, LESS)
    yield behind


def encoded(coding: str, body: bytes) -> bytes:
    return record_bytes(FIELDS, OK + f"Content-Encoding: {coding}\r\n\r\n".encode() + body)


def one_large_record() -> bytes:
    length = len(OK) + 2 + LESS // len(ZEROS) * len(ZEROS)
    head = "".join(f"{name}: {value}\r\n" for name, value in [*FIELDS, ("Content-Length", str(length))])
    return packed(around(f"WARC/1.1\r\n{head}\r\n".encode() + OK + b"\r\n", ZEROS, b"\r\n\r\n"))


BOMBS = {
    "page.html": (zeros, "no headline"),
    "gzip.warc": (lambda: encoded("gzip", zeros()), "the payload grows past 32 MiB"),
    "gzip-twice.warc.gz": (
        lambda: gzip.compress(encoded("gzip, gzip", gzip.compress(zeros()))),
        "the payload grows past 32 MiB",
    ),
    "deflate.warc": (
        lambda: encoded("deflate", zlib.compress(bytes(LESS), 9)),
        "the payload grows past 32 MiB",
    ),
    "record.warc.gz": (one_large_record, "the record is larger than 32 MiB"),
    "head.warc.gz": (
        lambda: packed(around(b"WARC/1.1\r\nWARC-Type: ", b"a" * (1 << 20))),
        "what follows is not a record",
    ),
    "fields.warc.gz": (
        lambda: packed(around(b"WARC/1.1\r\n", b"A: b\r\n" * (1 << 17))),
        "what follows is not a record",
    ),
}


def imported(path: Path) -> tuple[float, list[tuple[str, str]]]:
    """The peak memory of an import in MB, and the place and reason of each refusal."""
    script = path.with_name("import.py")
    script.write_text(IMPORT)
    process = Loaded([str(script), str(path)], os.environ)
    out, err = process.communicate(timeout=ENOUGH)
    assert process.returncode == 0, err
    peak, told = json.loads(out)
    return peak, [(where, reason) for where, reason in told]


@pytest.fixture(scope="module")
def calm(tmp_path_factory: pytest.TempPathFactory) -> float:
    path = tmp_path_factory.mktemp("calm") / "page.html"
    path.write_text("<title>一页</title><p>平静的一页。</p>")
    return imported(path)[0]


@pytest.mark.slow
@pytest.mark.parametrize("name", BOMBS)
def test_a_bomb_is_named_and_takes_no_more_memory_than_a_large_page(tmp_path: Path, calm: float, name: str):
    bomb, reason = BOMBS[name]
    path = tmp_path / name
    path.write_bytes(bomb())
    assert path.stat().st_size < 500_000
    peak, ((where, said),) = imported(path)
    assert (name in where, reason in said) == (True, True)
    assert peak - calm <= ROOM


def test_a_page_of_many_megabytes_is_not_read(tmp_path: Path, calm: float):
    path = tmp_path / "page.html"
    with path.open("wb") as file:
        file.truncate(SIZE)  # a hole: it takes no room on the disk
    peak, told = imported(path)
    assert told == [(str(path), f"the file is larger than 32 MiB: {SIZE} bytes")]
    assert peak - calm <= ROOM


@every_row("size", [0, 1, (1 << 20) - 1, 1 << 20, (1 << 20) + 1, MAX_CONTENT_BYTES])
def test_content_up_to_the_size_limit_is_decoded_whole(size: int):
    content = bytes(range(256)) * (size // 256 + 1)
    whole = content[:size]
    assert decoded(gzip.compress(whole), {"Content-Encoding": "gzip"}) == whole
    assert decoded(zlib.compress(whole), {"content-encoding": "deflate"}) == whole
    assert decoded(gzip.compress(whole) + b"junk behind it", {"content-encoding": "x-gzip"}) == whole


@pytest.mark.parametrize("cut", [1, 8, 9, 20, 100])
def test_a_payload_that_ends_too_early_or_grows_too_large_is_refused(cut: int):
    content = gzip.compress(bytes(range(256)) * 10_000)
    with pytest.raises(ContentError, match="ends too early"):
        decoded(content[:-cut], {"content-encoding": "gzip"})
    with pytest.raises(ContentError, match="grows past 32 MiB"):
        decoded(gzip.compress(bytes(MAX_CONTENT_BYTES + 1)), {"content-encoding": "gzip"})
