"""Sitemaps are read in each packing, other payloads are refused, and reading ends at bounds that each have a name."""

import gzip
from collections.abc import Callable, Iterator
from itertools import pairwise

import pytest
from support.feeds import APRIL, ATOM, NOW, RDF, RSS
from support.tables import every_row

from parsers import Document, ParseError
from parsers.links import Link, sitemap_links

BASE = "https://www.example.cn/sitemap.xml"
ONE, TWO = Link("https://www.example.cn/a/1"), Link("https://www.example.cn/a/2")
URLSET = '<?xml version="1.0" encoding="UTF-8"?>\n<urlset><url><loc>/a/1</loc></url><url><loc>/a/2</loc></url></urlset>'
NETSCAPE = '"-//Netscape Communications//DTD RSS 0.91//EN" "http://my.netscape.com/publish/formats/rss-0.91.dtd"'


def read(payload: str | bytes, content_type: str | None = None) -> tuple[list[Link], str | None]:
    """The links up to the end or an error, and which."""
    body = payload.encode() if isinstance(payload, str) else payload
    found: list[Link] = []
    try:
        found.extend(sitemap_links(Document(body, content_type, BASE, NOW)))
    except ParseError as error:
        return found, error.reason
    return found, None


def packed(text: str, *cuts: int) -> bytes:
    """The text as a gzip file, of several members where it is cut."""
    body = text.encode()
    ends = [0, *cuts, len(body)]
    return b"".join(gzip.compress(body[start:end], mtime=0) for start, end in pairwise(ends))


@every_row(
    ("payload", "links"),
    [
        (URLSET, [ONE, TWO]),
        ("\ufeff\n" + URLSET, [ONE, TWO]),
        (packed(URLSET), [ONE, TWO]),
        (packed(URLSET, 20, 60), [ONE, TWO]),
        (packed(URLSET) + b"\0" * 9, [ONE, TWO]),
        (URLSET.replace("UTF-8", "UTF-16").encode("utf-16"), [ONE, TWO]),
        ('<?xml version="1.0" encoding="gbk"?><urlset><url><loc>/思/1</loc></url></urlset>'.encode("gbk"),
         [Link("https://www.example.cn/思/1")]),
        ("<!DOCTYPE urlset>" + URLSET.partition("\n")[2], [ONE, TWO]),
        ("https://www.example.cn/a/1\r\nhttps://www.example.cn/a/2#x\r\n", [ONE, TWO]),
        ("\ufeff\n https://www.example.cn/a/1 \n\n/a/3\njavascript:alert(1)\nhttps://www.example.cn/a/1\n", [ONE]),
        (packed("https://www.example.cn/a/1\nhttps://www.example.cn/a/2"), [ONE, TWO]),
        (ATOM, [Link("https://www.example.cn/a/1", "One & two", APRIL)]),
        (packed(RDF), [Link("https://www.example.cn/a/1", "T", APRIL)]),
        ("<urlset></urlset>", []),
        ('<!DOCTYPE urlset SYSTEM "http://evil.example/x.dtd"><urlset/>', []),  # which nobody fetches
    ],
)  # fmt: skip
def test_sitemaps_are_read_plain_or_packed_as_xml_or_text(payload: str | bytes, links: list[Link]) -> None:
    assert read(payload) == (links, None)


def test_a_feed_is_a_sitemap_too() -> None:
    assert [link.title for link in read(RSS)[0]] == ["江与海", "By guid"]


def test_of_a_day_the_end_counts_for_a_sitemap_that_an_index_names() -> None:
    """It may change once more on that day; 2024-04-13 begins and ends in Shanghai."""
    index = "<sitemapindex><sitemap><loc>/1.xml</loc><lastmod>2024-04-13</lastmod></sitemap></sitemapindex>"
    ((link,), _) = read(index)
    assert link.published_at is not None
    assert link.published_at.isoformat() == "2024-04-13T23:59:59+08:00"


DOCTYPE = "the XML declares a document type; feeds and sitemaps need none, so it is not read"


@every_row(
    ("payload", "reason"),
    [
        ("", "the XML cannot be read: Document is empty, line 1, column 1"),
        ("hello", "expected a sitemap, got a text whose first line is no address"),
        ("/a/1\nhttps://www.example.cn/a/1", "expected a sitemap, got a text whose first line is no address"),
        ("<!doctype html><html></html>", "expected XML, got an HTML page"),
        ("<html></html>", "expected a sitemap (urlset or sitemapindex), got <html>"),
        (packed("<html></html>"), "expected a sitemap (urlset or sitemapindex), got <html>"),
        (packed(URLSET)[:-9], "the gzip ends before its content does"),
        (b"\x1f\x8b\x08\x00nonsense", "the gzip ends before its content does"),
        (b"\x1f\x8b\x07\x00nonsense",
         "the gzip cannot be read: Error -3 while decompressing data: unknown compression method"),
        ('<!DOCTYPE urlset [<!ENTITY a "b">]><urlset/>', DOCTYPE),
        ('<!DOCTYPE urlset SYSTEM "file:///etc/passwd"><urlset/>', DOCTYPE),
        ('<!DOCTYPE urlset PUBLIC "a" "file:///etc/passwd"><urlset/>', DOCTYPE),
        (f'<!DOCTYPE rss PUBLIC {NETSCAPE} [<!ENTITY a "b">]><rss/>', DOCTYPE),
        ('<!DOCTYPE urlset><!DOCTYPE urlset [<!ENTITY a "b">]><urlset/>', DOCTYPE),
        (packed("<!-- " + "x" * 131_060 + ' --><!DOCTYPE urlset [<!ENTITY a "b">]><urlset/>'), DOCTYPE),
        (packed("<urlset>" + " " * 65_524 + '<!ENTITY a "b"></urlset>'), DOCTYPE),  # across two pieces
    ],
)  # fmt: skip
def test_payloads_that_are_no_sound_sitemap_are_refused_with_a_reason(payload: str | bytes, reason: str) -> None:
    found, told = read(payload)
    assert (told, set(found) <= {ONE, TWO}) == (reason, True)


def entries(count: int) -> Iterator[str]:
    yield "<urlset>"
    yield from (f"<url><loc>/a/{number}</loc></url>" for number in range(count))
    yield "</urlset>"


TWO_PARAMETERS = "https://www.example.cn/detail?id=1&sid=2"


@every_row("ahead", range(65_440, 65_540, 3))
@every_row(
    "written", [TWO_PARAMETERS, TWO_PARAMETERS.replace("&", "&amp;"), TWO_PARAMETERS.replace("&", "&#38;"),
                f"<![CDATA[{TWO_PARAMETERS}]]>"],
)  # fmt: skip
def test_an_address_of_two_parameters_is_read_alike_in_each_escaped_form(written: str, ahead: int) -> None:
    """Also where it stands across two pieces; a parser that recovers makes ?id=1=2 of a bare ampersand."""
    text = f"<urlset>{' ' * ahead}<url><loc>{written}</loc></url><url><loc>{written}&x</loc></url></urlset>"
    assert [link.url for link in read(text)[0]] == [TWO_PARAMETERS, f"{TWO_PARAMETERS}&x"]


@every_row("rest", ["", "\n", "<url><loc>/a/3", "<url><loc>/a/3</loc>", "<!-- </urlset> -->"])
@every_row("pack", [str.encode, packed])
def test_a_sitemap_that_does_not_end_is_cut_behind_its_last_whole_entry(
    rest: str, pack: Callable[[str], bytes]
) -> None:
    """A sitemap that stops in the middle is no list that was read whole, although its length fits."""
    found, told = read(pack(URLSET.removesuffix("</urlset>") + rest))
    assert (found, told) == ([ONE, TWO], "the XML ends before its first element does: it is cut")


def test_a_sitemap_that_is_cut_in_its_first_tag_is_cut() -> None:
    assert read('<urlset xmlns="http://www.sitemaps') == ([], "the XML ends before its first element does: it is cut")


@pytest.mark.slow
@pytest.mark.parametrize(
    ("payload", "count", "reason"),
    [
        ("".join(entries(50_000)), 50_000, None),
        ("".join(entries(50_001)), 50_000, "names more than 50,000 addresses: those behind them are not read"),
        (packed(URLSET[:-9] + " " * 52_428_800 + "</urlset>"), 2,
         "is larger than 52,428,800 bytes: what stands behind them is not read"),
        (URLSET[:-9] + "<url>" + "<x/>" * 20_001 + "</url></urlset>", 2,
         "has more than 20,000 elements between two entries: the rest is not read"),
        (URLSET[:-9] + "<x/>" * 20_001 + "</urlset>", 2,
         "has more than 20,000 elements between two entries: the rest is not read"),
        (packed("https://www.example.cn/a/1\n" + "x" * 52_000_000), 1,
         "has a line of more than 65,536 characters: the rest is not read"),
        (packed("x" * 52_000_000), 0, "has a line of more than 65,536 characters: the rest is not read"),
    ],
    ids=["50,000", "50,001", "large", "one entry", "no entries", "one line", "no line"],
)  # fmt: skip
def test_a_sitemap_over_a_bound_gives_the_links_before_it_and_then_an_error(
    payload: str | bytes, count: int, reason: str | None
) -> None:
    found, told = read(payload)
    assert (len(found), told) == (count, reason)
