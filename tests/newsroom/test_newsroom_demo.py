"""The demo's story: the site before its first act, a saved page of it, and a bureau that reprints it."""

import gzip
import urllib.error
import urllib.request
from collections import Counter
from collections.abc import Iterator
from io import BytesIO

import pytest
from fastwarc.warc import ArchiveIterator, WarcRecordType

from cli.demo import MIN_ARTICLES
from newsroom.process import Site, running
from newsroom.server.recording import recording
from newsroom.site import demo
from newsroom.site.room import DEFAULT_CLOCK
from newsroom.stories.dates import iso
from newsroom.stories.story import THINKER
from newsroom.stories.words.people import CAST

OPEN = urllib.request.build_opener(urllib.request.ProxyHandler({})).open


@pytest.fixture
def site() -> Iterator[Site]:
    with running(articles=60, demo=True, also=["localhost"]) as site:
        yield site


def read(address: str) -> tuple[str, str]:
    """The final address of a page, and its text."""
    with OPEN(address, timeout=60) as answer:
        return answer.url, answer.read().decode()


def test_the_demo_covers_24_months_and_its_whole_cast_speaks() -> None:
    room = demo.opened(60, 1, DEFAULT_CLOCK)
    months = Counter(iso(room.published(number))[:7] for number in range(1, 61))
    heads = [room.head(number) for number in range(1, 61)]
    speakers = {head.speaker for head in heads if head.column is THINKER}
    assert len(months) == demo.MONTHS
    assert {name.zh for name in CAST} <= speakers <= {name for each in CAST for name in each}


def test_the_recording_of_the_site_is_a_warc_file_of_its_past(site: Site) -> None:
    records = [
        (record.headers["WARC-Date"], record.headers["WARC-Target-URI"], record.reader.read().decode(errors="replace"))
        for record in ArchiveIterator(BytesIO(site.recording()), record_types=WarcRecordType.response)
    ]
    seen = [(moment, url.rpartition("/")[2]) for moment, url, _ in records]
    titles = [body.partition("<h1>")[2].partition("</h1>")[0] for _, url, body in records if url.endswith("/21.html")]
    assert seen == sorted(seen)
    assert (len(seen), seen[0][0][:7], seen[-1][0][:7]) == (52, "2024-12", "2026-07")
    assert Counter(name for _, name in seen).most_common(3) == [("21.html", 2), ("38.html", 2), ("1.html", 1)]
    assert [title.partition("：")[2] for title in titles] == [
        "老楼装电梯，难在哪一层",
        "老楼装电梯，难在坐到一张桌子前",
    ]


def test_the_same_arguments_save_the_same_bytes() -> None:
    first, again = (b"".join(recording(demo.opened(60, 1, DEFAULT_CLOCK))) for _ in range(2))
    assert first == again
    assert gzip.decompress(first)


def test_the_bureau_keeps_its_reprints_unedited_and_moves_them_to_another_host(site: Site) -> None:
    _, listed = read(f"{site.address}/bureau/")
    paths = [part.partition('"')[0] for part in listed.split('href="')[1:]]
    scan, *paths = paths
    assert "<p>" not in read(site.address + scan)[1]
    assert paths == ["/bureau/art/20260303/38.html", "/bureau/art/20250807/21.html", "/bureau/art/20250421/12.html"]
    for event in demo.FIRST_ACT:
        site.event(**event)
    assert "1.2万名老人" in read(site.address + paths[2])[1]
    assert "1.8万名老人" in "".join(site.truth(12)["paragraphs"])
    url, moved = read(site.address + paths[0])
    assert url == site.at("localhost").address + paths[0]
    assert "走访的人多了。" in moved
    with pytest.raises(urllib.error.HTTPError):
        read(f"{site.address}/bureau/art/20260304/38.html")


@pytest.mark.parametrize(
    ("event", "reason"),
    [
        ({"do": "move", "article": 3}, "move: the bureau has no reprint of article 3"),
        ({"do": "reprint", "article": 12, "instead_of": "无此句"}, "reprint: article 12 does not say '无此句'"),
    ],
)
def test_impossible_events_are_refused_with_a_reason(site: Site, event: dict[str, object], reason: str) -> None:
    with pytest.raises(ValueError, match=reason):
        site.event(**event)


def test_the_command_asks_for_as_many_articles_as_have_a_part() -> None:
    assert MIN_ARTICLES == demo.ARTICLES
