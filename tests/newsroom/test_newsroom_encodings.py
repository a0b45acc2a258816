"""Content encodings that a client may not expect, and the pages of firewalls."""

import gzip
import zlib

import brotli
import pytest
from support.newsroom_client import ask, get
from support.tables import every_row

from newsroom.faults.encodings import ENCODERS

SIZES = [0, 1, 2, 65_535, 65_536, 65_537, 131_072, 131_073, 500_000]


@pytest.mark.slow
@pytest.mark.parametrize("path", ["/article/12.html", "/article/10.html", "/list/1", "/robots.txt", "/sitemap-1.xml"])
@pytest.mark.parametrize(
    ("how", "decoded"), [("gzip", gzip.decompress), ("br", brotli.decompress), ("deflate", zlib.decompress)]
)
def test_an_encoded_body_is_the_same_body(site, path, how, decoded):
    plain = get(site, path)
    site.event(do="encoding", path=path, how=how)
    answer = get(site, path, If_None_Match=plain.headers["ETag"] or "", Accept_Encoding="identity")
    assert (answer.status, answer.headers["Content-Encoding"]) == (200, how)
    assert answer.headers["Content-Type"] == plain.headers["Content-Type"]
    assert decoded(answer.body) == plain.body != answer.body
    assert get(site, path).body == answer.body


def test_gzip_comes_in_members(site):
    whole = get(site, "/list/1").body
    site.event(do="encoding", path="/list/1")
    packed, parts = get(site, "/list/1").body, []
    while packed:
        decoder = zlib.decompressobj(31)
        parts.append(decoder.decompress(packed))
        packed = decoder.unused_data
    assert len(parts) == 3
    assert all(parts)
    assert b"".join(parts) == whole


@every_row("size", SIZES)
@every_row(("how", "decoded"), [("gzip", gzip.decompress), ("br", brotli.decompress)])
def test_every_size_can_be_encoded(how, decoded, size):
    body = bytes(range(256)) * (size // 256) + bytes(size % 256)
    assert decoded(ENCODERS[how](body)) == body


# As RFC 8878 has it: magic number, one segment with its size in eight bytes, raw blocks (zstandard 0.25 reads these).
@pytest.mark.parametrize(
    ("body", "expected"),
    [
        (b"", "28b52ffd e0 0000000000000000 010000"),
        (b"abc", "28b52ffd e0 0300000000000000 190000 616263"),
        (bytes(131_073), "28b52ffd e0 0100020000000000 000010" + "00" * 131_072 + "090000 00"),
    ],
    ids=len,
)
def test_zstd_is_a_frame_of_raw_blocks(body, expected):
    assert ENCODERS["zstd"](body).hex() == expected.replace(" ", "")


def test_the_encoding_event_sends_a_body_as_zstd(site):
    whole = get(site, "/robots.txt").body
    site.event(do="encoding", path="/robots.txt", how="zstd")
    answer = get(site, "/robots.txt")
    assert answer.headers["Content-Encoding"] == "zstd"
    assert answer.body == ENCODERS["zstd"](whole)


BLOCKED = {
    None: "访问验证",
    "verify": "访问验证",
    "moment": "Just a moment...",
    "captcha": "请输入验证码",
    "rate": "访问过于频繁",
    "refused": "您的请求已被网站防火墙拦截",
    "json": "访问过于频繁",
}


@pytest.mark.slow
@pytest.mark.parametrize("path", ["/article/12.html", "/news/getNewsDetail?id=700012", "/list/1", "/robots.txt"])
@pytest.mark.parametrize(("how", "words"), BLOCKED.items())
def test_a_block_page_looks_like_success(site, path, how, words):
    plain = get(site, path)
    site.event(do="block_page", path=path, **({"how": how} if how else {}))
    blocked = get(site, path, If_None_Match=plain.headers["ETag"] or "")
    assert (blocked.status, words in blocked.text) == (200, True)
    assert (blocked.headers["ETag"], blocked.headers["Last-Modified"]) == (None, None)
    assert ("json" in blocked.headers["Content-Type"]) == (how == "json")
    assert get(site, path).body == blocked.body


def test_a_block_page_with_another_status_answers_a_posted_form(site):
    site.event(do="block_page", path="/news/homeMoreNews", how="json", status=403)
    answer = ask(site, "/news/homeMoreNews", "POST", "page=1")
    assert (answer.status, answer.json["success"]) == (403, False)
