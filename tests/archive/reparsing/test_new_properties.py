"""A new property changes no digest of a page without it; for a page that has it, a reparse shows it and no edit."""

import hashlib
import json
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from support.archiving import NOON, PARAGRAPHS, Reads, crawl, dump, fetched, page, rows
from support.archiving import SOURCE as NEWSROOM
from support.parser_versions import at_hand, reads
from support.small_site import get, served, text
from support.tables import every_row

import parsers
from archive import Archive, open_archive
from archive.answers.articles import history, show
from archive.files.home import Home
from archive.history.revisions import article_json
from archive.judging.crawl_ingest import CrawlIngest
from archive.judging.reading.readings import PageReading, read_page
from archive.reparsing.applying import apply, propose
from archive.reparsing.selecting import Selection
from archive.replaying.proof import prove
from archive.replaying.rebuild import rebuild_database
from archive.rules.identity import ArticleState, content_digest, differences, state_of
from parsers import Article, Document, Media, TextLink

DAY = timedelta(days=1)
ASKED = Selection("newsroom")
LINKED = {1, 2, 3}
EVENTS = "select kind, count(*) from events where kind in ('new', 'edited', 'reparsed') group by 1 order by 1"


def linked(number: int, leads: str = "/policy/1.html", note: str = "") -> bytes:
    """A page that quotes a document, of articles 1 to 3 with a link."""
    raw = page(
        number, paragraphs=(*PARAGRAPHS, "国务院去年印发了《关于江海的意见》，各地正在落实。"), note=note
    ).decode()
    quoted = f'<a href="{leads}">《关于江海的意见》</a>' if number in LINKED else "《关于江海的意见》"
    return raw.replace("《关于江海的意见》", quoted).encode()


def without(found: PageReading, version: str) -> PageReading:
    if not isinstance(found, ArticleState):
        return found
    return state_of(replace(found.article, links=(), standfirst=None, kicker=None, media=(), metadata=()), version)


def earlier(document: Document) -> PageReading:
    """The parser of that time: it knew no links."""
    return without(read_page(document), "1")


def learned(document: Document) -> PageReading:
    """A later one, which reads an attachment, a standfirst and a kicker of the articles that have them, 1 to 3."""
    found = read_page(document)
    if not isinstance(found, ArticleState) or not found.article.links:
        return found
    attached = Media("http://example.com/files/1.pdf", "attachment", "关于江海的意见.pdf")
    article = replace(found.article, media=(attached,), standfirst="江海之间怎样连成一片。", kicker="江海观察")
    return state_of(article, parsers.PARSER_VERSION)


@pytest.fixture
def archive(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Archive]:
    """Six articles as the earlier parser read them, half of them with what it did not know."""
    found = open_archive(tmp_path / "home")
    with monkeypatch.context() as patched:
        patched.setattr(parsers, "PARSER_VERSION", "1")
        with CrawlIngest(found, NEWSROOM, Reads(earlier), clock=lambda: NOON) as ingest:
            ingest.begin_crawl(NOON)
            for number in range(1, 7):
                ingest.add(fetched(number, linked(number), NOON))
            ingest.finish("finished", 6, 0, NOON)
    yield found
    found.close()


def test_the_digest_leaves_out_empty_properties_links_and_pictures():
    article = Article("江与海", paragraphs=("甲", "乙"))
    plain = '{"headline":"江与海","paragraphs":["甲","乙"]}'
    assert content_digest(article) == "sha256:" + hashlib.sha256(plain.encode()).hexdigest()
    assert content_digest(replace(article, links=(TextLink(0, "甲", "https://example.org/"),))) == content_digest(
        article
    )
    assert content_digest(replace(article, media=(Media("https://example.org/1.jpg"),))) == content_digest(article)


@every_row(
    ("more", "said"),
    [
        ({"kicker": "江海观察"}, {"kicker": "江海观察"}),
        ({"standfirst": "江海之间。"}, {"standfirst": "江海之间。"}),
        ({"metadata": (("文号", "江发〔2024〕1号"),)}, {"metadata": [["文号", "江发〔2024〕1号"]]}),
        (
            {"media": (Media("https://example.org/1.pdf", "attachment", "意见.pdf"),)},
            {"attachments": [{"url": "https://example.org/1.pdf", "caption": "意见.pdf"}]},
        ),
        (
            {"media": (Media("https://example.org/1.pdf", "attachment"),)},
            {"attachments": [{"url": "https://example.org/1.pdf"}]},
        ),
    ],
)
def test_the_digest_covers_kicker_standfirst_metadata_and_attachments(more, said):
    values = {"headline": "江与海", "paragraphs": ["甲"], **said}
    told = json.dumps(values, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    assert content_digest(replace(Article("江与海", paragraphs=("甲",)), **more)) == (
        "sha256:" + hashlib.sha256(told.encode()).hexdigest()
    )


def test_links_are_shown_by_a_reparse_and_change_nothing(archive: Archive, tmp_path: Path):
    before = dump(archive)
    report = propose(archive, ASKED, readers=at_hand())
    assert (report.captures, report.same, report.other) == (6, 6, 0)
    assert {name: each.count for name, each in report.properties.items()} == {"links": len(LINKED)}
    example = report.properties["links"].examples[0]
    assert (example.before, example.after) == (None, "3 《关于江海的意见》 http://example.com/policy/1.html")
    assert dump(archive) == before
    apply(archive, ASKED, "reparse-1", lambda: NOON + DAY, readers=at_hand())
    assert rows(archive, EVENTS) == [("new", 6)]
    assert rows(archive, "select sum(revisions) from articles") == [(6,)]
    assert prove(archive, tmp_path) == ()


def test_a_reparse_shows_new_digest_properties_and_records_no_edit(archive: Archive, tmp_path: Path, monkeypatch):
    digests = "select key, content_digest from articles order by key"
    before = dict(rows(archive, digests))
    with monkeypatch.context() as patched:
        reads(patched, "99", learned)
        report = propose(archive, ASKED)
        assert (report.captures, report.same, report.other) == (6, 3, 3)
        assert set(report.properties) == {"attachments", "standfirst", "kicker"}
        apply(archive, ASKED, "reparse-1", lambda: NOON + DAY)
    assert rows(archive, EVENTS) == [("new", 6), ("reparsed", 3)]
    assert rows(archive, "select sum(revisions) from articles") == [(6,)]
    after = dict(rows(archive, digests))
    assert sum(before[key] == after[key] for key in before) == 3
    assert prove(archive, tmp_path) == ()


def test_a_crawl_by_a_better_parser_makes_no_edit(archive: Archive, tmp_path: Path, monkeypatch):
    with monkeypatch.context() as patched:
        reads(patched, "99", learned)
        with CrawlIngest(archive, NEWSROOM, Reads(learned), clock=lambda: NOON + DAY) as ingest:
            ingest.begin_crawl(NOON + DAY)
            for number in range(1, 7):
                ingest.add(fetched(number, linked(number, note="another advertisement"), NOON + DAY))
            ingest.finish("finished", 6, 0, NOON + DAY)
    assert ("edited", 3) not in rows(archive, EVENTS)
    assert rows(archive, "select count(*) from events where kind = 'edited'") == [(0,)]
    assert prove(archive, tmp_path) == ()


def test_links_are_kept_of_every_state_and_a_link_that_leads_elsewhere_is_no_edit(tmp_path: Path):
    archive = open_archive(tmp_path / "home")
    crawl(archive, NOON, {1: linked(1)})
    (key,) = rows(archive, "select key from articles")[0]
    kept = [{"paragraph": 3, "text": "《关于江海的意见》", "url": "http://example.com/policy/1.html"}]
    assert show(archive.conn, key)["links"] == kept
    crawl(archive, NOON + DAY, {1: linked(1, leads="/policy/2.html")})
    assert len(history(archive.conn, key)) == 1
    crawl(archive, NOON + 2 * DAY, {1: linked(1, leads="/policy/2.html").replace("获得感".encode(), "幸福感".encode())})
    assert [each["url"][-6:] for each in show(archive.conn, key)["links"]] == ["2.html"]
    assert prove(archive, tmp_path) == ()
    before = dump(archive)
    archive.close()
    rebuild_database(tmp_path / "home", NOON + 3 * DAY)
    again = open_archive(tmp_path / "home")
    assert dump(again) == before
    (first,) = rows(again, "select state_id from revision_records where number = 1")[0]
    assert article_json(again.conn, 1, first)["links"] == kept
    again.close()


def test_a_reader_meets_the_links_on_the_page_and_in_its_data(tmp_path: Path):
    archive = open_archive(tmp_path / "home")
    crawl(archive, NOON, {1: linked(1), 4: linked(4)})
    with_links, without_links = (key for (key,) in rows(archive, "select key from articles order by id"))
    archive.close()
    with served(Home(tmp_path / "home")) as there:
        page_of_links = text(get(there, f"/a/{with_links}"))
        assert "文中链接 《关于江海的意见》" in page_of_links
        assert 'href="http://example.com/policy/1.html"' in get(there, f"/a/{with_links}").text
        assert [link["paragraph"] for link in get(there, f"/a/{with_links}.json").json()["links"]] == [3]
        assert "文中链接" not in text(get(there, f"/a/{without_links}"))
        assert get(there, f"/a/{without_links}.json").json()["links"] == []


LEAD = "江海之间怎样连成一片。"


@every_row(
    ("before", "after", "told"),
    [
        ((LEAD, LEAD, "甲"), ("另一句。", "另一句。", "甲"), ["standfirst"]),
        ((LEAD, LEAD, "甲"), (None, "甲"), ["standfirst"]),  # taken away
        ((None, "甲"), (LEAD, LEAD, "甲"), ["standfirst"]),  # put before the text
        ((None, LEAD, "甲"), (LEAD, LEAD, "甲"), ["standfirst"]),  # a parser that tells it apart now
        ((LEAD, LEAD, "甲"), (LEAD, LEAD, "乙"), ["body_text"]),
        ((LEAD, LEAD, "甲"), ("另一句。", "另一句。", "乙"), ["standfirst", "body_text"]),
        ((LEAD, "甲"), ("另一句。", "乙"), ["standfirst", "body_text"]),  # it stands beside the text
    ],
)
def test_a_changed_standfirst_that_opens_the_text_is_listed_as_one_difference(before, after, told):
    one, other = (Article("江与海", standfirst=first, paragraphs=text) for first, *text in (before, after))
    one, other = (replace(each, paragraphs=tuple(each.paragraphs)) for each in (one, other))
    found = differences(one, other)
    assert [name for name, _, _ in found] == told
