"""A retrieval becomes a capture, and where something differs a revision and an event."""

from datetime import timedelta
from itertools import count

import pytest
from support.archiving import NOON, PARAGRAPHS, SOURCE, Reads, crawl, dump, fetched, page, rows, url

from archive import Archive, open_archive
from archive.answers import articles
from archive.files.ledger import read_lines
from archive.files.lock import Locked
from archive.judging.crawl_ingest import CrawlIngest
from archive.judging.import_ingest import ImportIngest
from archive.rules.identity import state_of
from archive.search.fields import COLUMNS
from parsers import Article

DAY = timedelta(days=1)


@pytest.fixture
def archive(tmp_path):
    opened = open_archive(tmp_path)
    yield opened
    opened.close()


def test_a_new_article_is_one_row_of_everything(archive: Archive):
    summary, outcomes = crawl(archive, NOON, {1: page(1)})
    assert (summary.captures, summary.new_articles, summary.new_revisions, summary.errors) == (1, 1, 0, 0)
    assert [outcome.kind for outcome in outcomes] == ["new"]
    assert rows(archive, "select headline, date_published, published_date, state, revisions from articles") == [
        ("第1篇文章谈一体化", "2024-04-13T23:01:01+08:00", "2024-04-13", "live", 1)
    ]
    assert rows(archive, "select number, significance, origin, body_text from revisions") == [
        (1, "substantive", "site", "\n".join(PARAGRAPHS))
    ]
    assert rows(archive, "select kind from events") == [("new",)]
    assert rows(archive, "select outcome from coverage") == [("done",)]


def test_the_same_bytes_are_a_revisit_and_nothing_else_changes(archive: Archive):
    crawl(archive, NOON, {1: page(1)})
    before = dump(archive)
    summary, _ = crawl(archive, NOON + DAY, {1: page(1)})
    assert (summary.captures, summary.revisits, summary.new_revisions) == (1, 1, 0)
    after = dump(archive)
    for same in ("revisions", "changes", "keywords", "people", "events"):
        assert after[same] == before[same]
    assert rows(archive, "select record_type, refers_to is not null from captures order by id") == [
        ("response", 0),
        ("revisit", 1),
    ]
    assert rows(archive, "select last_seen_at from articles") == [("2026-11-26T12:00:00Z",)]


def test_304_is_a_revisit_too(archive: Archive):
    crawl(archive, NOON, {1: page(1)})
    summary, outcomes = crawl(archive, NOON + DAY, {1: 304})
    assert (summary.revisits, outcomes[0].kind) == (1, "revisit")
    assert rows(archive, "select count(distinct payload_digest) from captures") == [(1,)]


def test_other_bytes_with_the_same_text_are_no_revision(archive: Archive):
    crawl(archive, NOON, {1: page(1)})
    summary, outcomes = crawl(archive, NOON + DAY, {1: page(1, note="another advertisement")})
    assert (summary.new_revisions, outcomes[0].kind) == (0, "seen")
    assert rows(archive, "select revision_id, capture_id from revision_captures") == [(1, 1), (1, 2)]


def test_an_edit_is_a_revision_with_a_row_for_each_property(archive: Archive):
    crawl(archive, NOON, {1: page(1)})
    edited = (PARAGRAPHS[0].replace("三省一市", "苏浙皖沪"), *PARAGRAPHS[1:])
    summary, outcomes = crawl(archive, NOON + DAY, {1: page(1, headline="新题目谈一体化发展", paragraphs=edited)})
    assert (summary.new_revisions, outcomes[0].kind) == (1, "edited")
    assert rows(archive, "select property, before, after from changes order by id") == [
        ("headline", "第1篇文章谈一体化", "新题目谈一体化发展"),
        ("body_text", "\n".join(PARAGRAPHS), "\n".join(edited)),
    ]
    assert [revision["number"] for revision in articles.history(archive.conn, outcomes[0].key)] == [1, 2]
    found = articles.diff(archive.conn, outcomes[0].key, "1..2")
    body = next(part for part in found["properties"] if part["property"] == "body_text")
    assert [(s["op"], s["text"]) for s in body["segments"] if s["op"] != "equal"] == [
        ("delete", "三省一市"),
        ("insert", "苏浙皖沪"),
    ]


def test_a_width_change_is_cosmetic(archive: Archive):
    crawl(archive, NOON, {1: page(1)})
    crawl(archive, NOON + DAY, {1: page(1, paragraphs=tuple(text.replace("，", ",") for text in PARAGRAPHS))})
    assert rows(archive, "select number, significance from revisions") == [
        (1, "substantive"),
        (None, "cosmetic"),
    ]
    assert rows(archive, "select revisions from articles") == [(1,)]
    assert rows(archive, "select kind from events") == [("new",)]


def test_two_probes_confirm_a_removal_and_a_sight_restores(archive: Archive):
    others = {number: page(number) for number in range(2, 6)}
    crawl(archive, NOON, {1: page(1), **others})
    states = []
    for day, answer in enumerate((404, 404, page(1)), start=1):
        crawl(archive, NOON + day * DAY, {1: answer, **others})
        states += rows(archive, "select state, misses from articles where url like '%/1.html'")
    assert states == [("soft_gone", 1), ("removed", 2), ("live", 0)]
    assert rows(archive, "select kind from events where kind <> 'new'") == [("removed",), ("restored",)]


def test_an_outage_removes_nothing(archive: Archive):
    everything = {number: page(number) for number in range(1, 9)}
    crawl(archive, NOON, everything)
    for day in range(1, 4):
        crawl(archive, NOON + day * DAY, dict.fromkeys(everything, 404))
    assert rows(archive, "select distinct state, misses from articles") == [("live", 0)]
    assert rows(archive, "select distinct kind from events") == [("new",)]
    assert rows(archive, "select outcome, counted, count(*) from probes group by 1, 2") == [("gone", "no_witness", 24)]


@pytest.mark.parametrize("status", [500, 503, 429, 403])
def test_a_refused_request_is_no_absence(archive: Archive, status: int):
    crawl(archive, NOON, {1: page(1), 2: page(2)})
    for day in range(1, 5):
        summary, _ = crawl(archive, NOON + day * DAY, {1: status, 2: page(2)})
    assert summary.errors == 1
    assert rows(archive, "select state, misses from articles order by id") == [("unreachable", 0), ("live", 0)]


def test_a_page_that_cannot_be_read_is_kept_and_says_why(archive: Archive):
    summary, outcomes = crawl(archive, NOON, {1: b"<html><body><a href='/1'>a</a></body></html>"})
    assert (summary.errors, outcomes[0].kind) == (1, "not_article")
    ((error, length),) = rows(archive, "select parse_error, warc_length from captures")
    assert error
    assert length > 0


def test_a_damaged_coding_is_kept_and_says_why(archive: Archive):
    with CrawlIngest(archive, SOURCE) as ingest:
        ingest.begin_crawl(NOON)
        outcome = ingest.add(fetched(1, b"not gzip", NOON, {"Content-Encoding": "gzip"}))
    assert outcome.kind == "not_article"
    assert "gzip" in str(outcome.error)


def test_an_older_capture_that_comes_late_takes_its_place_in_time(archive: Archive):
    old, new = page(1, headline="旧题目谈一体化发展"), page(1, headline="新题目谈一体化发展")
    crawl(archive, NOON + DAY, {1: new})
    with ImportIngest(archive, SOURCE, clock=lambda: NOON + DAY) as ingest:
        ingest.add(fetched(1, old, NOON))
    assert rows(archive, "select number, headline from revisions order by number") == [
        (1, "旧题目谈一体化发展"),
        (2, "新题目谈一体化发展"),
    ]
    assert rows(archive, "select headline, first_seen_at from articles") == [
        ("新题目谈一体化发展", "2026-11-25T12:00:00Z")
    ]
    assert rows(archive, "select property, before, after from changes order by id") == [
        ("headline", "旧题目谈一体化发展", "新题目谈一体化发展")
    ]


def test_a_clock_set_back_is_recorded_and_live_captures_stay_in_order(archive: Archive):
    """A laptop's clock is set back by a day: the edit seen then is the later text all the same."""
    crawl(archive, NOON + DAY, {1: page(1, headline="旧题目谈一体化发展")})
    crawl(archive, NOON, {1: page(1, headline="新题目谈一体化发展")})
    crawl(archive, NOON + 2 * DAY, {1: page(1, headline="新题目谈一体化发展")})
    assert rows(archive, "select number, headline, captured_at from revisions order by number") == [
        (1, "旧题目谈一体化发展", "2026-11-26T12:00:00Z"),
        (2, "新题目谈一体化发展", "2026-11-26T12:00:00Z"),
    ]
    assert rows(archive, "select kind, at, detail from events where kind = 'clock'") == [
        ("clock", "2026-11-26T12:00:00Z", '{"said":"2026-11-25T12:00:00Z","source":"newsroom"}')
    ]
    told = [line.recorded_at for _, line in read_lines(archive.home.ledger, "newsroom")]
    assert told == sorted(told)


def test_records_of_a_killed_crawl_cause_no_clock_event(archive: Archive):
    """The next crawl has begun when it decides that; its captures keep the moments at which they came."""
    killed = CrawlIngest(archive, SOURCE, clock=lambda: NOON).__enter__()
    killed.begin_crawl(NOON)
    killed.commit()
    killed.add(fetched(1, page(1), NOON))
    for writer in killed.stores._writers.values():
        writer.sync()
    killed.stores.close()
    killed._held.close()
    started = NOON + DAY
    ticking = (started + number * timedelta(seconds=1) for number in count(1))
    with CrawlIngest(archive, SOURCE, clock=lambda: next(ticking)) as ingest:
        ingest.begin_crawl(started)
        ingest.add(fetched(2, page(2), started))
        ingest.finish("finished", 1, 0, started)
    assert rows(archive, "select kind from events where kind = 'clock'") == []
    assert rows(archive, "select captured_at from captures order by id") == [
        ("2026-11-25T12:00:00Z",),
        ("2026-11-26T12:00:00Z",),
    ]
    assert rows(archive, "select count(*) from events where kind = 'new'") == [(2,)]


def test_two_writers_of_one_source_are_refused(archive: Archive):
    with CrawlIngest(archive, SOURCE), pytest.raises(Locked, match="newsroom is in use by process"):
        CrawlIngest(archive, SOURCE).__enter__()


def test_the_index_has_the_columns_that_search_writes(archive: Archive):
    names = [row[1] for row in archive.conn.execute("pragma table_info(article_words)")]
    assert tuple(names) == COLUMNS


def test_lone_surrogates_are_stored_as_question_marks(archive: Archive):
    with CrawlIngest(
        archive, SOURCE, Reads(lambda _: state_of(Article("一\ud800二", paragraphs=("三",)), "1"))
    ) as ingest:
        ingest.begin_crawl(NOON)
        ingest.add(fetched(1, b"x", NOON))
    assert rows(archive, "select headline from articles") == [("一?二",)]
    assert url(1) == rows(archive, "select url from articles")[0][0]
