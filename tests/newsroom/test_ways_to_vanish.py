"""Every way in which the newsroom makes an article go, on every shape: three crawls confirm it, one event records it.

The same bytes come on every visit, or a 304 where the site gives validators; each page is asked beside another one of
its shape that is well. `front` is a redirect that leads out of the source.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from support.journeys import SOAK
from support.newsroom_client import get
from support.tables import every_row
from support.ways_to_go import ENDINGS, NUMBER, SHAPES, paths_of

from archive import Archive, open_archive
from archive.judging.crawl_ingest import CrawlIngest
from archive.judging.reading.fetched import Fetched
from archive.replaying.rebuild import rebuild_database
from archive.settings.source_record import SourceRecord
from newsroom.process import Site, running

WELL = 8  # an article to which nothing happens
START = datetime(2026, 11, 25, 12, tzinfo=UTC)
SOURCES = {
    "newsroom": ("ordinary", "gbk", "second page"),
    "shangguan": ("上观 JSON", "上观 before 2020"),
    "jiefang": ("printed", "printed before 2024-12-16"),
    "a5qu": ("mirror",),
}
OTHERS = {  # so that each shape shows an article of its own
    "second page": "/article/12.html",
    "上观 before 2020": f"/news/detail?id={700_000 + 16}",
    "printed": f"/journal/getJournalPageArticle.do?id={500_000 + 7}",
}
STATES = {"404": "removed", "410": "removed", "shell": "removed", "front": "redirected"}
DATA = {"上观 JSON", "printed", "printed before 2024-12-16"}  # shapes that say of every removal alike that it is gone
# What answers 404, 410 or a redirect is asked without validators the next time, whether it has them or not.
BOTH = ("shell", None)
WAYS = [
    {**ending, "validators": validators}
    for ending in ENDINGS
    for validators in (False, True)
    if SOAK or validators or ending.get("how") in BOTH
]


def judged(shape: str, way: Mapping[str, object]) -> str:
    if way["do"] == "restrict":
        return "restricted"
    return "removed" if shape in DATA else STATES[str(way["how"])]


@dataclass
class Reader:
    """A visitor of the site who sends the validators of the last visit, as a crawl does."""

    site: Site
    etags: dict[str, str] = field(default_factory=dict)

    def fetch(self, path: str, at: datetime) -> Fetched:
        known = {"If_None_Match": self.etags[path]} if path in self.etags else {}
        answer = get(self.site, path, **known)
        if answer.status in (200, 304) and answer.headers["ETag"]:
            self.etags[path] = answer.headers["ETag"]
        return Fetched(f"{self.site.address}{path}", answer.status, tuple(answer.headers.items()), answer.body, at)


def crawl(archive: Archive, reader: Reader, source: str, paths: list[str], at: datetime) -> None:
    record = SourceRecord(source, removal_probes=3, removal_spacing=3600)
    with CrawlIngest(archive, record, clock=lambda: at) as ingest:
        ingest.begin_crawl(at)
        for path in paths:
            outcome = ingest.add(reader.fetch(path, at))
            while unfinished := outcome.unfinished:
                page = reader.fetch(unfinished.url.removeprefix(reader.site.address), at)
                outcome = ingest.add_page(unfinished, page)
        ingest.finish("finished", len(paths), 0, at)


def well(site: Site) -> dict[str, str]:
    """An article of each source to which nothing happens."""
    mirror = re.findall(r'class="tit" href="(/viewpoint/\w+_\d+\.html)"', get(site, "/viewpoint/page_1.html").text)
    return {
        "newsroom": f"/article/{WELL}.html",
        "shangguan": f"/news/getNewsDetail?id={700_000 + WELL}",
        "jiefang": f"/journal/getJournalPageArticle.do?id={500_000 + WELL}",
        "a5qu": next(path for path in mirror if not path.endswith(f"_{NUMBER}.html")),
    }


@pytest.fixture(scope="module", params=WAYS, ids=lambda way: f"{way.get('how', 'restricted')} {way['validators']}")
def gone(request, tmp_path_factory) -> Iterator[tuple[Mapping[str, object], Path, dict[str, list[str]]]]:
    """The way, the home, and of each shape how its article stood after each of five crawls; it went before the second.

    A crawl within the spacing of the source stands between the third and the last.
    """
    home = tmp_path_factory.mktemp("home")
    with running(articles=40, clock="2024-12-20T09:00+08:00") as site:
        paths = {shape: path for shape, (_, path) in paths_of(site).items()} | OTHERS
        site.event(do="paginate", article=12, pages=2)
        healthy, reader = well(site), Reader(site)
        stood: dict[str, list[str]] = {shape: [] for shape in SHAPES}
        archive = open_archive(home)
        for hours in (0, 1, 2, 2.5, 3):
            if hours == 1:
                for number in (3, NUMBER, 7, 12, 16):
                    site.event(article=number, **request.param)
            for source, shapes in SOURCES.items():
                at = START + timedelta(hours=hours)
                crawl(archive, reader, source, [healthy[source], *(paths[shape] for shape in shapes)], at)
            for shape in SHAPES:
                stood[shape].append(state(archive, f"{site.address}{paths[shape]}"))
        archive.close()
        yield request.param, home, {**stood, "events": events(home)}


def state(archive: Archive, url: str) -> str:
    return str(archive.conn.execute("select state from articles where url = ?", (url,)).fetchone()[0])


def events(home: Path) -> list[str]:
    archive = open_archive(home)
    rows = archive.conn.execute("select kind from events where kind <> 'new' order by kind").fetchall()
    archive.close()
    return [kind for (kind,) in rows]


@pytest.mark.soak
@pytest.mark.slow
@every_row("shape", SHAPES)
def test_three_crawls_with_a_witness_confirm_a_disappearance(gone, shape):
    way, _, stood = gone
    assert stood[shape] == ["live", "soft_gone", "soft_gone", "soft_gone", judged(shape, way)]


def test_one_event_records_each_disappearance(gone):
    way, _, stood = gone
    assert stood["events"] == sorted(judged(shape, way) for shape in SHAPES)


def test_the_probes_that_count_are_the_evidence(gone):
    _, home, _ = gone
    archive = open_archive(home)
    rows = archive.conn.execute(
        """
        select a.key, json_array_length(e.detail, '$.evidence'), count(p.id), sum(p.counted = 'yes'),
               count(p.capture_id), count(p.witness_id)
          from events e join articles a on a.id = e.article_id join probes p on p.article_id = a.id
         where e.kind <> 'new' group by a.id
        """
    ).fetchall()
    archive.close()
    assert {row[1:] for row in rows} == {(3, 4, 3, 4, 4)}
    assert len(rows) == len(SHAPES)


def test_a_rebuild_gives_the_same_judgements(gone, tmp_path):
    _, home, _ = gone
    before = told(home)
    rebuild_database(home, START)
    assert told(home) == before


def told(home: Path) -> list[tuple[object, ...]]:
    archive = open_archive(home)
    rows = archive.conn.execute(
        """
        select a.key, a.state, a.misses, a.first_missed_at, a.last_seen_at, p.at, p.outcome, p.counted,
               c.record_id, w.record_id
          from articles a left join probes p on p.article_id = a.id
          left join captures c on c.id = p.capture_id left join captures w on w.id = p.witness_id order by 1, 6
        """
    ).fetchall()
    archive.close()
    return rows
