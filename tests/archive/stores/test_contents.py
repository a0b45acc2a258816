"""Content codings: what a payload holds, where it ends too early, and where it is a bomb."""

import gzip
import hashlib
import json
import zlib
from collections.abc import Callable
from pathlib import Path
from typing import Any

import brotli
import pytest
from backports import zstd
from support.tables import every_row

from archive.files.contents import MAX_CONTENT_BYTES, MAX_MEMBERS, ContentError, CutShort, decoded
from newsroom.faults.encodings import ENCODERS

PAGE = "<html><body>改革开放以来，浦东的发展。</body></html>".encode() * 2000


def raw_deflate(body: bytes) -> bytes:
    packer = zlib.compressobj(9, zlib.DEFLATED, -15)
    return packer.compress(body) + packer.flush()


def in_parts(pack: Callable[[bytes], bytes]) -> Callable[[bytes], bytes]:
    return lambda body: b"".join(pack(body[at : at + 7000]) for at in range(0, len(body), 7000)) or pack(b"")


PACKERS: dict[str, tuple[str, Callable[[bytes], bytes]]] = {
    "gzip": ("gzip", gzip.compress),
    "gzip in members": ("x-gzip", in_parts(gzip.compress)),
    "gzip in members of one byte": ("gzip", lambda body: b"".join(gzip.compress(bytes([each])) for each in body[:50])),
    "deflate": ("deflate", zlib.compress),
    "deflate, level 1": ("deflate", lambda body: zlib.compress(body, 1)),
    "deflate without a header": ("deflate", raw_deflate),
    "br": ("br", brotli.compress),
    "br, stored": ("br", ENCODERS["br"]),
    "zstd": ("zstd", zstd.compress),
    "zstd in frames": ("zstd", in_parts(zstd.compress)),
    "zstd, a skippable frame between": (
        "zstd",
        lambda body: zstd.compress(body) + b"\x50\x2a\x4d\x18\3\0\0\0abc" + zstd.compress(b""),
    ),
    "zstd, stored": ("zstd", ENCODERS["zstd"]),
    "twice": ("gzip, br", lambda body: brotli.compress(gzip.compress(body))),
    "thrice, written otherwise": (
        " GZIP,, identity ,deflate,Zstd",
        lambda body: zstd.compress(zlib.compress(gzip.compress(body))),
    ),
    "none": ("identity", lambda body: body),
}  # fmt: skip


@every_row("name", PACKERS)
@every_row("size", [1, 50, 20_000, len(PAGE)])
def test_a_payload_is_read_whole(name: str, size: int) -> None:
    coding, pack = PACKERS[name]
    body = PAGE[: min(size, 50)] if name == "gzip in members of one byte" else PAGE[:size]
    assert decoded(pack(body), {"content-encoding": coding}) == body


@every_row("name", [name for name in PACKERS if name != "none"])
def test_a_payload_without_its_last_bytes_is_a_part(name: str) -> None:
    coding, pack = PACKERS[name]
    with pytest.raises(CutShort, match="ends too early"):
        decoded(pack(PAGE)[:-1], {"content-encoding": coding})


@every_row("name", ["gzip", "deflate", "deflate without a header", "br", "zstd", "twice"])
@every_row("share", [0.0, 0.3, 0.6, 0.95])
def test_a_payload_that_ends_anywhere_is_a_part(name: str, share: float) -> None:
    """Between two members or frames nobody can tell: these have one."""
    coding, pack = PACKERS[name]
    packed = pack(PAGE)
    with pytest.raises(CutShort, match="ends too early"):
        decoded(packed[: int(len(packed) * share)], {"content-encoding": coding})


@every_row(
    ("coding", "payload", "said"),
    [
        ("gzip", b"<html>", "the payload is not gzip"),
        ("gzip", gzip.compress(PAGE)[:-8] + bytes(8), "the payload is not gzip"),
        ("gzip", gzip.compress(PAGE) + b"\x1f\x8bjunk of sixteen bytes", "the payload is not gzip"),
        ("deflate", b"<html>", "the payload is not deflate"),
        ("br", b"<html>" * 100, "the payload is not br"),
        ("zstd", b"<html>" * 100, "the payload is not zstd"),
        ("zstd", zstd.compress(bytes(1 << 25), options={zstd.CompressionParameter.window_log: 25}), "is not zstd"),
        ("br", brotli.compress(PAGE) + b"\n", "the payload is not br"),  # the library holds what follows to be damage
        ("compress", b"\x1f\x9d", "unknown content coding 'compress'"),
        ("gzip, sdch", b"", "unknown content coding 'sdch'"),
        ("gzip", gzip.compress(b"") * (MAX_MEMBERS + 1), f"more than {MAX_MEMBERS} gzip members"),
        ("zstd", zstd.compress(b"") * (MAX_MEMBERS + 1), f"more than {MAX_MEMBERS} zstd frames"),
    ],
)
def test_damaged_payloads_and_unknown_codings_are_named_in_the_error(coding: str, payload: bytes, said: str) -> None:
    with pytest.raises(ContentError, match=said):
        decoded(payload, {"content-encoding": coding})


@every_row("name", ["gzip", "deflate", "zstd"])
@every_row("behind", [b"\0", b"junk", b"\n" * 40_000])
def test_bytes_after_the_end_of_a_compressed_payload_are_left_out(name: str, behind: bytes) -> None:
    coding, pack = PACKERS[name]
    assert decoded(pack(PAGE) + behind, {"content-encoding": coding}) == PAGE


@pytest.mark.slow
@pytest.mark.parametrize("name", ["gzip", "gzip in members", "deflate", "br", "zstd", "twice"])
def test_the_limit_is_exact(name: str) -> None:
    coding, pack = PACKERS[name]
    pack = {"gzip in members": lambda body: gzip.compress(body[:-1]) + gzip.compress(body[-1:])}.get(name, pack)
    whole = bytes(MAX_CONTENT_BYTES)
    assert decoded(pack(whole), {"content-encoding": coding}) == whole
    with pytest.raises(ContentError, match="grows past 32 MiB"):
        decoded(pack(whole + b"\0"), {"content-encoding": coding})


def cases(shared: Path, corpus: str) -> list[dict[str, Any]]:
    lines = (shared / "data/corpora" / corpus / "cases.jsonl").read_text("utf-8").splitlines()
    return [json.loads(line) for line in lines]


@pytest.mark.shared
def test_bodies_of_googles_brotli_suite_are_decoded(shared: Path) -> None:
    passed = 0
    for case in cases(shared, "brotli-bodies"):
        content = decoded(
            (shared / "data/corpora/brotli-bodies" / case["input"]).read_bytes(), {"content-encoding": "br"}
        )
        said = case["expected"]
        assert (len(content), hashlib.sha256(content).hexdigest()) == (said["size"], said["sha256"]), case["id"]
        passed += 1
    assert passed == 23


# What the corpus holds and no server sends under these names: containers, and a text without any coding.
FILES = {"feed-sample1.tar", "feed-sample1.xml.bz2", "feed-sample1.zip", "unexpected-eof-output.txt"}
NAMED = {"bomb-zstd.bin": "zstd", "bomb-gzip.bin": "gzip", "html-gzip-deflate-gzip.bin": "gzip, deflate, gzip"}


def coding_of(name: str) -> str:
    return NAMED.get(name) or next(
        coding for part, coding in (("deflate", "deflate"), ("zstd", "zstd"), (".gz", "gzip")) if part in name
    )


def outcome(payload: bytes, coding: str) -> str:
    try:
        content = decoded(payload, {"content-encoding": coding})
    except CutShort:
        return "a part"
    except ContentError as error:
        return str(error)
    return "a page" if b"</html>" in content else f"{len(content)} bytes"


@pytest.mark.shared
def test_compressed_bodies_of_scrapy_are_decoded_or_found_truncated(shared: Path) -> None:
    """A part is a part and a page is read; the two bombs are for a limit of 10 MB, and held by ours as large pages."""
    found = {
        case["id"]: outcome(
            (shared / "data/corpora/compressed-bodies" / case["input"]).read_bytes(), coding_of(case["id"])
        )
        for case in cases(shared, "compressed-bodies")
        if case["id"] not in FILES
    }
    assert len(found) == 10
    assert found == {
        "bomb-gzip.bin": "11511612 bytes",  # less than our limit
        "bomb-zstd.bin": "11511612 bytes",
        "feed-sample1.xml.gz": "9950 bytes",
        "html-gzip-deflate-gzip.bin": "a page",
        "html-rawdeflate.bin": "a page",
        "html-zlibdeflate.bin": "a page",
        "html-zstd-static-no-content-size.bin": "a page",
        "html-zstd-streaming-no-content-size.bin": "a page",
        "truncated-crc-error-short.gz": "a part",
        "unexpected-eof.gz": "a part",
    }
