"""An article in pages is decided once, from all of them, and never from a part."""

import random
import shutil
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from support.archiving import NOON, SOURCE, crawl, dump, rows
from support.archiving import page as whole_page
from support.journeys import SOAK
from support.several_pages import FIRST, TEXTS, Answers, address, crawl_pages, part, response, three, visit

from archive import Archive, open_archive
from archive.files.ledger import heads
from archive.judging.crawl_ingest import CrawlIngest
from archive.judging.import_ingest import ImportIngest
from archive.replaying.fixity import verify
from archive.replaying.rebuild import rebuild_database

DAY = timedelta(days=1)


BODY = "select key, url, body_text, revisions, state from articles"


@pytest.fixture
def archive(tmp_path: Path):
    opened = open_archive(tmp_path / "home")
    yield opened
    opened.close()


def test_the_article_is_decided_when_its_last_page_has_arrived(archive: Archive):
    summary, outcomes = crawl_pages(archive, NOON, three())
    assert [outcome.kind for outcome in outcomes] == ["page", "page", "new"]
    assert (summary.captures, summary.new_articles, summary.errors) == (3, 1, 0)
    ((key, url, body, revisions, state),) = rows(archive, BODY)
    assert (url, body, revisions, state) == (FIRST, "\n".join(TEXTS), 1, "live")
    assert rows(archive, "select kind, pages, parse_error from captures order by id") == [
        ("article", 3, None),
        ("page", None, None),
        ("page", None, None),
    ]
    assert rows(archive, "select revision_id, capture_id from revision_captures") == [(1, 1), (1, 2), (1, 3)]
    assert rows(archive, "select url from addresses") == [(FIRST,)]
    assert rows(archive, "select json_array_length(detail, '$.pages') from events") == [(2,)]
    assert outcomes[-1].key == key


def test_an_edit_on_a_later_page_alone_is_a_revision(archive: Archive):
    crawl_pages(archive, NOON, three())
    edited = (*TEXTS[:3], TEXTS[3].replace("三省一市", "苏浙皖沪"), *TEXTS[4:])
    answers = {1: 304, 2: part(2, texts=edited), 3: 304}
    summary, outcomes = crawl_pages(archive, NOON + DAY, answers)
    assert outcomes[-1].kind == "edited"
    assert (summary.revisits, summary.new_revisions) == (2, 1)
    assert rows(archive, "select property, after from changes") == [("body_text", "\n".join(edited))]
    assert rows(archive, "select count(*) from revision_captures where revision_id = 2") == [(3,)]
    # And again: every later visit is one of the new state.
    crawl_pages(archive, NOON + 2 * DAY, {1: 304, 2: part(2, texts=edited), 3: 304})
    assert rows(archive, "select revision_id, count(*) from revision_captures group by 1") == [(1, 3), (2, 6)]
    assert rows(archive, "select revisions, last_seen_at from articles") == [(2, "2026-11-27T12:00:00Z")]


@pytest.mark.parametrize("answers", [{1: 304, 2: 304, 3: 304}, three(), three() | {1: 304, 3: 304}])
def test_the_same_bytes_make_no_revision(archive: Archive, answers: Answers):
    crawl_pages(archive, NOON, three())
    events = rows(archive, "select * from events")
    summary, outcomes = crawl_pages(archive, NOON + DAY, answers)
    assert outcomes[-1].kind == "seen"
    assert (summary.captures, summary.revisits, summary.new_revisions, summary.errors) == (3, 3, 0, 0)
    assert rows(archive, "select * from events") == events
    assert rows(archive, "select record_type, kind from captures where id > 3") == [
        ("revisit", "article"),
        ("revisit", "page"),
        ("revisit", "page"),
    ]


def test_a_better_parser_makes_no_edit_of_the_same_bytes(archive: Archive, monkeypatch: pytest.MonkeyPatch):
    crawl_pages(archive, NOON, three())
    monkeypatch.setattr("archive.judging.paged.stitched", lambda pages: pages[0])
    assert crawl_pages(archive, NOON + DAY, {1: 304, 2: 304, 3: 304})[1][-1].kind == "seen"
    assert rows(archive, "select count(*) from revision_records") == [(1,)]


def test_other_bytes_with_the_same_text_are_no_revision(archive: Archive):
    crawl_pages(archive, NOON, three())
    summary, outcomes = crawl_pages(archive, NOON + DAY, {1: 304, 2: part(2, note="x"), 3: 304})
    assert (outcomes[-1].kind, summary.new_revisions) == ("seen", 0)
    assert crawl_pages(archive, NOON + 2 * DAY, {1: 304, 2: part(2, note="x"), 3: 304})[1][-1].kind == "seen"


@pytest.mark.parametrize(
    ("answer", "reason"),
    [
        (500, "page 2 of 3 could not be fetched: HTTP 500"),
        (404, "page 2 of 3 could not be fetched: HTTP 404"),
        (302, "page 2 of 3 could not be fetched: HTTP 302"),
        (b"<title></title>", "page 2 of 3 could not be read: no headline; 0 links"),
    ],
)
def test_nothing_is_decided_from_half_an_article(archive: Archive, answer: bytes | int, reason: str):
    summary, outcomes = crawl_pages(archive, NOON, {**three(), 2: answer})
    assert (outcomes[-1].kind, outcomes[-1].error, summary.errors) == ("incomplete", reason, 1)
    assert rows(archive, "select count(*) from articles") == [(0,)]
    assert rows(archive, "select parse_error from captures where kind = 'article'") == [(reason,)]
    crawl_pages(archive, NOON + DAY, three())
    assert [body for _, _, body, *_ in rows(archive, BODY)] == ["\n".join(TEXTS)]


def test_a_whole_article_is_neither_edited_nor_removed_by_a_page_that_is_missing(archive: Archive):
    crawl_pages(archive, NOON, three())
    before = rows(archive, BODY)
    for day, first in enumerate((304, part(1), part(1, note="x"), 304), start=1):
        summary, outcomes = crawl_pages(archive, NOON + day * DAY, {1: first, 2: 503, 3: 304})
        assert (outcomes[-1].kind, summary.errors, summary.new_revisions) == ("incomplete", 1, 0)
    with CrawlIngest(archive, SOURCE, clock=lambda: NOON + 6 * DAY) as ingest:
        ingest.begin_crawl(NOON + 6 * DAY)
        ((first,),) = [visit(ingest, NOON + 6 * DAY, {1: 304})]
        assert first.unfinished is not None
        outcome = ingest.give_up(first.unfinished, "could not be fetched: it took\ntoo long")
        assert outcome.error == "page 2 of 3 could not be fetched: it took too long"
    assert rows(archive, BODY) == before
    assert rows(archive, "select kind from events") == [("new",)]
    assert crawl_pages(archive, NOON + 7 * DAY, {1: 304, 2: 304, 3: 304})[1][-1].kind == "seen"


def test_an_article_becomes_longer_and_shorter(archive: Archive):
    crawl_pages(archive, NOON, {1: part(1, of=1, texts=TEXTS[:2])})
    for day, of in enumerate((3, 2, 1, 1), start=1):
        answers = {number: part(number, of=of) for number in range(1, of + 1)}
        crawl_pages(archive, NOON + day * DAY, answers)
    assert rows(archive, "select number, length(body_text) from revisions") == [
        (1, len("\n".join(TEXTS[:2]))),
        (2, len("\n".join(TEXTS))),
    ]
    assert crawl_pages(archive, NOON + 9 * DAY, {1: 304})[1][-1].kind in ("revisit", "seen")


def test_a_page_never_leads_back_or_to_another_article(archive: Archive):
    back = part(3).replace(b"</body>", f'<a href="{address(2)}">下一页</a></body>'.encode())
    other = part(3).replace(b"</body>", '<a href="/article/8.html">下一页</a></body>'.encode())
    assert [outcome.kind for outcome in crawl_pages(archive, NOON, {**three(), 3: back})[1]] == ["page", "page", "new"]
    assert crawl_pages(archive, NOON + DAY, {**three(), 3: other})[1][-1].kind == "seen"


def test_no_article_has_more_than_thirty_pages(archive: Archive):
    texts = TEXTS * 10
    texts = tuple(f"{n} {text}" for n, text in enumerate(texts))
    answers = {number: part(number, of=40, texts=texts) for number in range(1, 41)}
    assert [outcome.kind for outcome in crawl_pages(archive, NOON, answers)[1]] == ["page"] * 29 + ["new"]


def test_another_layout_of_an_article_in_pages_waits(archive: Archive):
    def designed(page: bytes, marks: bytes) -> bytes:
        return page.replace(b"<article>", b'<i class="' + marks + b'"></i><article>')

    crawl_pages(archive, NOON, {n: designed(page, b"a b c d e f g h") for n, page in three().items()})
    turned = {n: part(n, texts=tuple(text[::-1] for text in TEXTS)) for n in (1, 2, 3)}
    moved = {n: designed(page, b"q r s t u v w x") for n, page in turned.items()}
    assert crawl_pages(archive, NOON + DAY, moved)[1][-1].kind == "layout"
    assert crawl_pages(archive, NOON + 2 * DAY, moved)[1][-1].kind == "revisit"
    assert rows(archive, "select revisions from articles") == [(1,)]


def test_a_304_is_of_the_bytes_that_were_asked_for(archive: Archive):
    """Page 1 changed while page 2 was out of reach, and changed back: the server confirms the older bytes."""
    crawl_pages(archive, NOON, three())
    changed = tuple(text + "变。" for text in TEXTS)
    crawl_pages(archive, NOON + DAY, {1: part(1, texts=changed), 2: 500})
    with CrawlIngest(archive, SOURCE, clock=lambda: NOON + 2 * DAY) as ingest:
        ingest.begin_crawl(NOON + 2 * DAY)
        asked = replace(response(1, part(1), NOON + 2 * DAY, "article"), status=304, payload=b"")
        outcome = ingest.add(asked)
        for number in (2, 3):
            assert outcome.unfinished is not None
            outcome = ingest.add_page(outcome.unfinished, response(number, 304, NOON + 2 * DAY, "page"))
    assert outcome.kind == "seen"


def busy(home: Path) -> Archive:
    """Whole, edited, half, the same again, one page, pages again; and beside it an article that was always short."""
    archive = open_archive(home)
    edited = (*TEXTS[:3], TEXTS[3] + "改。", *TEXTS[4:])
    for day, answers in enumerate(
        (
            {1: part(1), 2: part(2), 3: 500},
            three(),
            {1: 304, 2: part(2, texts=edited), 3: 304},
            {1: part(1, note="x"), 2: 500},
            {1: 304, 2: 304, 3: 304},
            {1: part(1, of=1, note="y", texts=edited)},
            {1: 304},
            three(note="z"),
            {1: 404},
            {1: 304, 2: 304, 3: 304},
        )
    ):
        crawl(archive, NOON + day * DAY, {1: whole_page(1), 2: whole_page(2) if day != 4 else 304})
        crawl_pages(archive, NOON + day * DAY + timedelta(hours=1), answers)
    return archive


def test_a_rebuild_gives_the_same_archive(tmp_path: Path):
    archive = busy(tmp_path)
    before, chain = dump(archive), heads(archive.conn)
    archive.close()
    for name in ("archive.db", "archive.db-wal", "archive.db-shm"):
        (tmp_path / name).unlink(missing_ok=True)
    rebuild_database(tmp_path, NOON)
    again = open_archive(tmp_path)
    after = dump(again)
    for table, found in before.items():
        assert after[table] == found, table
    assert heads(again.conn) == chain
    assert again.conn.execute("select url from frontier where url like '%7%'").fetchall() == [(FIRST,)]
    assert verify(again).ok
    again.close()


@pytest.mark.parametrize("pages", [1, 2])
@pytest.mark.parametrize("committed", [True, False])
def test_a_crash_between_two_pages_leaves_no_article_and_loses_nothing(tmp_path: Path, pages: int, committed: bool):
    archive = open_archive(tmp_path)
    ingest = CrawlIngest(archive, SOURCE).__enter__()
    ingest.begin_crawl(NOON)
    visit(ingest, NOON, {number: part(number) for number in range(1, pages + 1)})
    if committed:
        ingest.commit()
    ingest.stores.close()  # as a killed process would
    ingest._held.close()
    with CrawlIngest(archive, SOURCE):
        pass
    assert rows(archive, "select count(*) from articles") == [(0,)]
    reason = "page 2 of 3 was not fetched: the crawl was cut off"
    assert rows(archive, "select kind, parse_error from captures") == [("article", reason)] + [("page", None)] * (
        pages - 1
    )
    crawl_pages(archive, NOON + DAY, three())
    assert [body for _, _, body, *_ in rows(archive, BODY)] == ["\n".join(TEXTS)]
    before = dump(archive)
    archive.close()
    rebuild_database(tmp_path, NOON)
    again = open_archive(tmp_path)
    assert dump(again) == before
    again.close()


@pytest.mark.parametrize("cut", range(8))
def test_a_file_cut_anywhere_is_caught_up(tmp_path: Path, cut: int):
    """A crash during an edit of page 2 leaves records without lines, or lines without the last records' pages."""
    archive = open_archive(tmp_path / "home")
    crawl_pages(archive, NOON, three())
    archive.close()
    shutil.copytree(tmp_path / "home", tmp_path / "behind")
    edited = (*TEXTS[:3], TEXTS[3] + "改。", *TEXTS[4:])
    archive = open_archive(tmp_path / "home")
    crawl_pages(archive, NOON + DAY, {1: 304, 2: part(2, texts=edited), 3: 304})
    states = "select key, revisions, content_digest, body_text from articles"
    unharmed = rows(archive, states)
    archive.close()
    (warc,) = (tmp_path / "home" / "captures").glob("newsroom-2*")
    known = (tmp_path / "behind" / "captures" / warc.name).stat().st_size
    whole = warc.read_bytes()
    end = known + (len(whole) - known) * (cut + 1) // 8
    (tmp_path / "behind" / "captures" / warc.name).write_bytes(whole[:end])
    recovered = open_archive(tmp_path / "behind")
    assert verify(recovered).ok
    crawl_pages(recovered, NOON + DAY, {1: 304, 2: part(2, texts=edited), 3: 304})
    assert rows(recovered, states) == unharmed
    before = dump(recovered)
    recovered.close()
    rebuild_database(tmp_path / "behind", NOON)
    again = open_archive(tmp_path / "behind")
    assert dump(again) == before
    again.close()


@pytest.mark.slow
@pytest.mark.soak
@pytest.mark.parametrize("seed", range(10 if SOAK else 5))
def test_random_crawls_store_no_partial_text_and_a_rebuild_gives_the_same_rows(tmp_path: Path, seed: int):
    """Days of edits, other numbers of pages, pages that fail, and crawls that are killed, all at random."""
    chance = random.Random(seed)
    archive = open_archive(tmp_path)
    texts, whole, held = TEXTS, set(), dict[int, bytes]()
    for day in range(12):
        at = NOON + day * DAY
        if chance.random() < 0.4:
            edited = chance.randrange(len(TEXTS))
            texts = tuple(f"{text}第{day}天改。" if n == edited else text for n, text in enumerate(texts))
        whole.add("\n".join(texts))
        of = chance.choice((1, 2, 3, 3, 3))
        answers: dict[int, bytes | int] = {}
        for number in range(1, of + 1):
            page = part(number, of, texts)
            answers[number] = 304 if held.get(number) == page and chance.random() < 0.7 else page
        if chance.random() < 0.3:
            answers[chance.randint(1, of)] = chance.choice((404, 500))
        if chance.random() < 0.3:
            answers.pop(of) if of > 1 else None  # killed before the last page
        with CrawlIngest(archive, SOURCE, clock=lambda at=at: at) as ingest:
            ingest.begin_crawl(at)
            outcomes = visit(ingest, at, answers)
            if chance.random() < 0.8:
                ingest.finish("finished", len(outcomes), 0, at)
        for number, answer in list(answers.items())[: len(outcomes)]:
            if isinstance(answer, bytes):
                held[number] = answer
    assert {body for (body,) in rows(archive, "select body_text from revisions")} <= whole
    last = NOON + 20 * DAY
    crawl_pages(archive, last, {number: part(number, texts=texts) for number in (1, 2, 3)})
    assert rows(archive, "select body_text, state from articles") == [("\n".join(texts), "live")]
    assert verify(archive).ok
    before = dump(archive)
    archive.close()
    rebuild_database(tmp_path, NOON)
    again = open_archive(tmp_path)
    for table, found in dump(again).items():
        assert found == before[table], table
    again.close()


def test_an_import_of_the_first_page_alone_changes_nothing(archive: Archive):
    """Another archive saw page 1 unchanged, before or after: the other pages of that moment are unknown."""
    crawl_pages(archive, NOON, three())
    before = rows(archive, "select number, captured_at, content_digest from revisions")
    with ImportIngest(archive, SOURCE, clock=lambda: NOON + DAY) as ingest:
        for at in (NOON - DAY, NOON + DAY):
            outcome = ingest.add(response(1, part(1), at, "article"))
            assert (outcome.kind, ingest.counts.new_revisions) == ("revisit", 0)
    assert rows(archive, "select number, captured_at, content_digest from revisions") == before
