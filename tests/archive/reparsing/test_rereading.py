"""Two parser versions over the same captures: a change by the site is an edit, a new reading by the parser is not."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import datetime, timedelta
from functools import partial
from pathlib import Path

import pytest
from support.archiving import NOON, PARAGRAPHS, SOURCE, Reads, dump, fetched, page, rows

import parsers
from archive import Archive, open_archive
from archive.answers import articles
from archive.decisions import Reparsed, SeenAgain
from archive.files.warc import digest
from archive.history.conversions import state_conversion
from archive.history.undo_reparse import take_back_readings
from archive.judging.crawl_ingest import CrawlIngest
from archive.judging.reading.readings import PageReading, UnreadPage
from archive.replaying.proof import prove
from archive.rules.identity import ArticleState, state_of
from archive.search import search
from parsers import Document

DAY = timedelta(days=1)
EDITED = (PARAGRAPHS[0].replace("三省一市", "苏浙皖沪"), *PARAGRAPHS[1:])
EDITS = {3}  # of the articles 1 to 4


@pytest.fixture
def archive(tmp_path: Path) -> Iterator[Archive]:
    opened = open_archive(tmp_path)
    yield opened
    opened.close()


def learned(version: str, readable: bytes, page: Document) -> PageReading:
    """From version 2 on the speaker is known, from 3 on a paragraph is lost."""
    if readable not in page.payload:
        return UnreadPage("not_article", "today's parser does not know this layout")
    article = parsers.parse(page)
    if version >= "2":
        article = replace(article, speaker="林知远")
    if version >= "3":
        article = replace(article, paragraphs=article.paragraphs[:-1])
    return state_of(article, version)


@contextmanager
def ingesting(archive: Archive, at: datetime, version: str, readable: bytes = b"") -> Iterator[CrawlIngest]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(parsers, "PARSER_VERSION", version)
        with CrawlIngest(archive, SOURCE, Reads(partial(learned, version, readable)), clock=lambda: at) as ingest:
            ingest.begin_crawl(at)
            yield ingest
            ingest.finish("finished", 1, 0, at)


def crawl(archive: Archive, day: int, version: str, readable: bytes = b"") -> int:
    """Crawl pages with another advertisement each day, some edited from day 1 on. Returns the number of edits."""
    at = NOON + day * DAY
    with ingesting(archive, at, version, readable) as ingest:
        for number in range(1, 5):
            paragraphs = EDITED if number in EDITS and day else PARAGRAPHS
            ingest.add(fetched(number, page(number, paragraphs=paragraphs, note=f"day {day}"), at))
        return ingest.counts.new_revisions


NUMBERED = """
    select a.key, r.number, r.captured_at from revisions r join articles a on a.id = r.article_id
     where number is not null order by 1, 2
"""


@pytest.mark.parametrize("version", ["1", "2", "3"])
def test_a_crawl_by_a_better_parser_counts_only_the_sites_edits(archive: Archive, tmp_path: Path, version: str):
    assert crawl(archive, 0, "1") == 0
    assert crawl(archive, 1, version) == 1
    assert rows(archive, "select kind, count(*) from events where kind in ('new', 'edited') group by 1") == [
        ("edited", 1),
        ("new", 4),
    ]
    assert rows(archive, "select count(*), sum(revisions) from articles") == [(4, 5)]
    reread = 0 if version == "1" else 4
    assert rows(archive, "select count(*) from revisions where origin = 'reparse'") == [(reread,)]
    assert rows(archive, "select count(*) from latest_changes") == [(1,)]
    (tmp_path / "scratch").mkdir()
    assert prove(archive, tmp_path / "scratch") == ()


def test_each_version_names_its_parser_version_and_its_changed_properties(archive: Archive):
    crawl(archive, 0, "1")
    crawl(archive, 1, "2")
    ((key,),) = rows(archive, "select key from articles where revisions > 1")
    found = articles.history(archive.conn, str(key))
    assert [(row["number"], row["origin"], row["parser_version"]) for row in found] == [
        (1, "site", "1"),
        (None, "reparse", "2"),
        (2, "site", "2"),
    ]
    assert [[change["property"] for change in row["changes"]] for row in found] == [[], ["speaker"], ["body_text"]]
    assert [each["property"] for each in articles.diff(archive.conn, str(key), "1..2")["properties"]] == ["body_text"]


def test_old_bytes_that_cannot_be_read_prove_no_edit(archive: Archive):
    crawl(archive, 0, "1")
    assert crawl(archive, 1, "2", readable=b"day 1") == 0
    assert rows(archive, "select distinct kind from events where article_id is not null") == [("new",), ("reparsed",)]
    assert crawl(archive, 2, "2") == 0


def read_again(archive: Archive, version: str, reparse: str) -> None:
    """Read every capture that holds bytes again and record its reading, as a run over all captures does."""
    with ingesting(archive, NOON + 9 * DAY, version) as ingest:
        stored = rows(archive, "select record_id, url, payload_digest, captured_at from captures order by id")
        for record_id, url, payload_digest, at in stored:
            state = ingest.session.reader.record(ingest.session.stored(str(record_id)))
            assert isinstance(state, ArticleState)
            (key,) = rows(archive, f"select key from articles where url = '{url}'")[0]
            known = rows(archive, f"select 1 from states where content_digest = '{state.digest}'")
            moment = datetime.fromisoformat(str(at))
            made = ingest.stores.keep_derived(state_conversion(str(record_id), str(url), moment, state, None), moment)
            said = {"at": at, "key": key, "content_digest": state.digest, "payload_digest": payload_digest,
                    "conversion_digest": digest(state.block), "record_id": record_id, "parser_version": version,
                    "reparse": reparse}  # fmt: skip
            line = SeenAgain(**said) if known else Reparsed(**said, conversion=made.record_id, origin="reparse")
            ingest.stores.tell(line, state)


def claimed(archive: Archive) -> dict[str, list[tuple[object, ...]]]:
    """The archive's claims about articles, row ids included, and the content of its search index."""
    told = dump(archive)
    told["index"] = rows(
        archive, "select id, sz from article_words_docsize union all select id, sz from revision_words_docsize"
    )
    told["people rows"] = rows(archive, "select name, biography from people")
    return {
        name: told[name]
        for name in told
        if name not in ("warc_records", "warc_ranges", "applied", "crawls", "coverage")
    }


@pytest.mark.parametrize("last", ["1", "2"])
def test_a_run_over_all_captures_makes_no_edit_and_is_taken_back_whole(archive: Archive, tmp_path: Path, last: str):
    crawl(archive, 0, "1")
    crawl(archive, 1, last)
    before, numbered = claimed(archive), rows(archive, NUMBERED)
    read_again(archive, "3", "run-3")
    assert rows(archive, NUMBERED) == numbered
    assert rows(archive, "select distinct speaker from articles") == [("林知远",)]
    assert len(search(archive.conn, "林知远")) == 4
    (tmp_path / "scratch").mkdir()
    assert prove(archive, tmp_path / "scratch") == ()
    archive.conn.execute("begin immediate")
    take_back_readings(archive.conn, archive.home.captures, "run-3", SOURCE.name)
    archive.conn.commit_group()
    assert claimed(archive) == before
