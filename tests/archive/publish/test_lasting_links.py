"""A permalink shows the same text after acts, a better parser's readings and a rebuild."""

import random
from collections.abc import Callable
from contextlib import closing
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from datasette.app import Datasette
from support.archiving import NOON, PARAGRAPHS, SOURCE, fetched, page, rows
from support.journeys import SOAK
from support.lives import MIRROR
from support.parser_versions import reads
from support.small_site import get, served

import parsers
from archive import Archive, open_archive
from archive.files.home import Home
from archive.judging import Acting, UnfitError, merge, split, standing_acts, undo
from archive.judging.crawl_ingest import CrawlIngest
from archive.judging.reading.readings import PageReading, read_page
from archive.reparsing.applying import apply
from archive.reparsing.selecting import Selection
from archive.replaying.rebuild import rebuild_database
from archive.rules.identity import ArticleState, state_of
from parsers import Document

DAY = timedelta(days=1)
OPS = Acting("ops", "same_work")
# Articles of each source, a quarter on two addresses, with a text each day: in full size over 500 texts. Fewer articles
# have as many acts, so that more of them are merged and split again and again.
ARTICLES, ACTS = (84, 50) if SOAK else (20, 30)
VERSIONS = """
    select a.key, s.content_digest from revision_records r
      join states s on s.id = r.state_id join articles a on a.id = r.article_id order by 1, 2
    """
SEVERAL = """
    select k.key, min(d.url) from keys k join addresses d on d.article_id = k.article_id
     group by 1 having count(*) > 1 order by 1
    """


def read_with_speaker(document: Document) -> PageReading:
    """A better parser's reading: it finds a speaker in each page."""
    found = read_page(document)
    if not isinstance(found, ArticleState):
        return found
    return state_of(replace(found.article, speaker="张望"), parsers.PARSER_VERSION)


def crawl_all(archive: Archive, day: int) -> None:
    """Crawl two sources: each article has an address with a text of its own, which is edited each day."""
    for source in (SOURCE, MIRROR):
        with CrawlIngest(archive, source, clock=lambda: NOON + day * DAY) as ingest:
            ingest.begin_crawl(NOON + day * DAY)
            for number in range(1, ARTICLES + 1):
                text = (*PARAGRAPHS, f"{source.name} 的第 {number} 篇，第 {day} 天。")
                ingest.add(fetched(number, page(number, paragraphs=text), NOON + day * DAY))
                if number % 4 == 0:  # a second address of the same article
                    response = fetched(number, page(number, paragraphs=(*text, "另一处登出。")), NOON + day * DAY)
                    ingest.add(replace(response, url=response.url + "?again=1"))
            ingest.finish("finished", ARTICLES, 0, NOON + day * DAY)


def at(moment: datetime) -> Callable[[], datetime]:
    """A clock that stands still."""
    return lambda: moment


def act_often(archive: Archive, chance: random.Random) -> int:
    """Merge, split and undo at random until as many acts stand in the ledger as a trial has."""
    done = 0
    while done < ACTS:
        keys = [str(key) for (key,) in rows(archive, "select key from keys order by key")]
        several = rows(archive, SEVERAL)
        acts = standing_acts(archive.conn)
        now = at(NOON + timedelta(days=10, hours=done))
        try:
            match chance.choice(["merge", "merge", "split", *["undo"] * bool(acts)]):
                case "merge":
                    merge(archive, *chance.sample(keys, 2), OPS, now)
                case "split":
                    key, url = chance.choice(several)
                    split(archive, str(key), [str(url)], OPS, now)
                case _:
                    undo(archive, chance.choice(acts).digest[7:19], OPS, now)
        except UnfitError:
            continue
        done += 1
    return done


def texts(site: Datasette, links: list[str]) -> dict[str, object]:
    """By link: the headline and the paragraphs that it leads to, after at most three redirects."""
    found: dict[str, object] = {}
    for link in links:
        path = link
        for _ in range(3):
            answer = get(site, path)
            if answer.status_code != 302:
                break
            path = answer.headers["location"]
        shown = answer.json()
        found[link] = (answer.status_code, shown.get("headline"), shown.get("paragraphs"))
    return found


@pytest.mark.slow
@pytest.mark.soak
def test_permalinks_lead_to_the_same_text_after_acts_a_reparse_and_a_rebuild(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with closing(open_archive(tmp_path)) as archive:
        for day in (0, 1, 2):
            crawl_all(archive, day)
        links = [f"/a/{key}/v/{str(digest)[7:19]}.json" for key, digest in rows(archive, VERSIONS)]
        keys = [str(key) for (key,) in rows(archive, "select key from keys")]
    assert len(links) > 6 * ARTICLES
    with served(Home(tmp_path)) as site:
        before = texts(site, links)
    assert {status for status, *_ in before.values()} == {200}  # type: ignore[misc]
    with closing(open_archive(tmp_path)) as archive:
        assert act_often(archive, random.Random(1)) == ACTS
    with served(Home(tmp_path)) as site:
        assert texts(site, links) == before
        assert {get(site, f"/a/{key}").status_code for key in keys} == {200, 302}
    with monkeypatch.context() as patched, closing(open_archive(tmp_path)) as archive:
        reads(patched, "99", read_with_speaker)
        for source in ("newsroom", "mirror"):
            apply(archive, Selection(source), f"reparse-{source}", lambda: NOON + 20 * DAY)
        assert rows(archive, "select count(*) from articles where speaker is null") == [(0,)]
    with served(Home(tmp_path)) as site:
        assert texts(site, links) == before
    for path in tmp_path.glob("archive.db*"):
        path.unlink()
    assert rebuild_database(tmp_path, NOON + 30 * DAY).lost == ()
    with served(Home(tmp_path)) as site:
        assert texts(site, links) == before
