"""Pages that no row, reader or rule can take are quarantined with a code: live, after a kill, and in a rebuild."""

import json
import logging
import zlib
from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import ClassVar

import pytest
from support.archiving import NOON, PARAGRAPHS, SOURCE, Reads, crawl, dump, fetched, page, rows, url
from support.attacks import CAPTURES, LEDGER, file_of, lines
from support.journeys import Thinker
from support.redesigns import article, redesigned
from typer.testing import CliRunner

from archive import Archive, open_archive
from archive.decisions import Decision, LedgerEntry
from archive.files.ledger import as_text, read_lines, sealed
from archive.files.versions import VERSION
from archive.files.warc import digest, http_block, new_record_id, record_bytes
from archive.judging import verdicts, waiting
from archive.judging.crawl_ingest import CrawlIngest
from archive.judging.reading.fetched import Fetched
from archive.judging.reading.parser_process import ParserUnavailable
from archive.judging.reading.readings import PageReading, read_page
from archive.judging.runs.outcomes import Outcome
from archive.judging.runs.run import CrawlSummary
from archive.replaying.fixity import verify
from archive.replaying.proof import prove
from archive.replaying.rebuild import rebuild_database
from archive.rows import quarantine
from archive.rules.identity import state_of
from archive.settings.settings import Settings
from crawler.sources import source_named
from newsroom.process import running
from parsers import Document
from parsers.article import Article
from schedules.health.rules import HealthRule, check
from thinker import app

FIRST_IN_CHINA = datetime.fromisoformat("0001-01-01T00:00:00+08:00")  # before the first of UTC

DAY = timedelta(days=1)
SECRET = "长三角一体化"  # a text of the page, in what a reader says of its failure
HTML = [("Content-Type", "text/html; charset=utf-8")]
PLAIN = Article("题目谈发展", paragraphs=PARAGRAPHS, in_language="zh-Hans")
Read = Callable[[Document], PageReading]
STRANGE = 7  # the number of the article that is quarantined


def _fails(document: Document) -> PageReading:
    if f"/{STRANGE}." in document.url:
        raise ZeroDivisionError(f"{SECRET}: {document.url}\nand more")
    return read_page(document)


def _says(article: Article) -> Read:
    return lambda _: state_of(article, "1")


def _response(**changed: object) -> Fetched:
    return replace(fetched(STRANGE, page(STRANGE), NOON + DAY), **changed)


# How a response differs, how it is read, and what the reason begins with.
QUARANTINED: dict[str, tuple[dict[str, object], Read, str]] = {
    "a status of 10^20": ({"status": 10**20}, read_page, "OverflowError: "),
    "a status of 2^63": ({"status": 2**63}, read_page, "OverflowError: "),
    "an address of no host": ({"url": "http://[::1/a"}, read_page, "ValueError: "),
    "an address that is none": ({"url": "seven"}, read_page, "ValueError: "),
    "a reader that fails": ({"url": url(STRANGE)}, _fails, "ZeroDivisionError: "),
    "a day before the first": (
        {},
        _says(replace(PLAIN, date_published=FIRST_IN_CHINA)),
        "OverflowError: ",
    ),
    "a day behind the last": (
        {},
        _says(replace(PLAIN, date_published=datetime.fromisoformat("9999-12-31T23:59:59-08:00"))),
        "OverflowError: ",
    ),
    "no headline": ({}, _says(replace(PLAIN, headline=None)), "IntegrityError: "),
    "a speaker that is no text": ({}, _says(replace(PLAIN, speaker={"name": 1})), "AttributeError: "),
}  # fmt: skip

# What looks as bad and is taken.
TAKEN: dict[str, tuple[dict[str, object], Read, str]] = {
    "a status of -200": ({"status": -200}, read_page, "unreachable"),
    "a status of 0": ({"status": 0}, read_page, "unreachable"),
    "a key of 10 MB": ({}, _says(replace(PLAIN, identity="x" * 10_000_000)), "new"),
    "a key of lines": ({}, _says(replace(PLAIN, identity="7\n8\r9")), "new"),
    "lone surrogates": ({}, _says(replace(PLAIN, headline="\ud800", paragraphs=("\udfff",) * 3)), "new"),
    "zero bytes": ({}, _says(replace(PLAIN, headline="\0", speaker="\0", identity="a\0b")), "new"),
    "numbers of 70 bits": ({}, _says(replace(PLAIN, heading_positions=(2**70,))), "new"),
}


@dataclass(frozen=True)
class Record:
    """A response as it lies in a file of captures: how it differs from an ordinary one."""

    status: int = 200
    without: tuple[str, ...] = ()
    fields: tuple[tuple[str, str], ...] = ()

    def member(self) -> bytes:
        block = http_block(self.status, HTML, page(STRANGE))
        fields = {
            "WARC-Type": "response",
            "WARC-Record-ID": f"<{new_record_id()}>",
            "WARC-Date": "2026-11-26T12:00:00Z",
            "WARC-Target-URI": url(STRANGE),
            "Thinker-Kind": "article",
            "Content-Type": "application/http; msgtype=response",
            "WARC-Payload-Digest": digest(page(STRANGE)),
            **dict(self.fields),
        }
        named = [(name, value) for name, value in fields.items() if name not in self.without]
        compressor = zlib.compressobj(6, zlib.DEFLATED, 31)
        return compressor.compress(record_bytes(named, block)) + compressor.flush()


STORED = {
    "a status of 10^20": Record(status=10**20),
    "no urlkey": Record(fields=(("WARC-Target-URI", "http://[::1/a"),)),
    "no address": Record(without=("WARC-Target-URI",)),
    "a date that is none": Record(fields=(("WARC-Date", "yesterday"),)),
    "a date of month 13": Record(fields=(("WARC-Date", "2026-13-45T99:99:99Z"),)),
    "a date with fractions": Record(fields=(("WARC-Date", "2026-11-26T12:00:00.123Z"),)),
    "no date": Record(without=("WARC-Date",)),
    "no payload digest": Record(without=("WARC-Payload-Digest",)),
}


def _crawl(archive: Archive, read: Read, *strange: Fetched, day: int = 1) -> tuple[CrawlSummary, list[Outcome]]:
    """A crawl in which some responses are strange, and two are not."""
    at = NOON + day * DAY
    with CrawlIngest(archive, SOURCE, Reads(read), clock=lambda: at) as opened:
        opened.begin_crawl(at)
        opened.add(fetched(0, page(0), at))
        outcomes = [opened.add(each) for each in strange]
        opened.add(fetched(day + 1, page(day + 1), at))
        return opened.finish("finished", 2 + len(strange), 0, at), outcomes


def _apart(table: dict[str, tuple[dict[str, object], Read, str]]) -> tuple[list[Fetched], Read]:
    """The responses of a table, each of an article of its own, and a reader that reads each as the table says."""
    numbered = enumerate(table.values(), 20)
    responses = [replace(fetched(number, page(number), NOON + DAY), **changed) for number, (changed, *_) in numbered]
    reads = {response.url: read for response, (_, read, _) in zip(responses, table.values(), strict=True)}
    return responses, lambda document: reads.get(document.url, read_page)(document)


def _waiting(archive: Archive) -> list[tuple[object, ...]]:
    return rows(archive, "select parser_version, parse_error from captures where verdict = 'quarantined'")


def _rule(archive: Archive) -> HealthRule:
    settings = Settings(free_space_floor=0)
    found = check(archive.conn, archive.home, settings, [source_named("newsroom", settings)], NOON)
    return next(rule for rule in found if rule.name == "quarantine")


def _proved_and_rebuilt_alike(archive: Archive, scratch: Path) -> None:
    """Check that all is proved, the ledger holds no text, and a rebuild without the database gives the same rows."""
    assert verify(archive).faults == ()
    assert prove(archive, scratch) == ()
    home, before = archive.home.path, dump(archive)
    assert SECRET not in "".join(path.read_text() for path in archive.home.ledger.iterdir())
    archive.close()
    for path in home.glob("archive.db*"):
        path.unlink()
    replayed = rebuild_database(home, NOON + 9 * DAY)
    assert (replayed.lost, replayed.unable, replayed.skipped) == ((), (), ())
    with closing(open_archive(home)) as again:
        assert dump(again) == before


def test_pages_that_cannot_be_read_or_stored_are_quarantined_and_the_crawl_goes_on(tmp_path: Path):
    strange, read = _apart(QUARANTINED)
    count = len(strange)
    archive = open_archive(tmp_path / "home")
    summary, outcomes = _crawl(archive, read, *strange)
    assert (summary.finish_reason, summary.captures, summary.errors) == ("finished", 2 + count, count)
    assert [(outcome.kind, outcome.key) for outcome in outcomes] == [("quarantined", None)] * count
    waiting = _waiting(archive)
    assert [version for version, _ in waiting] == [VERSION] * count
    begun = {name: str(said)[: len(QUARANTINED[name][2])] for name, (_, said) in zip(QUARANTINED, waiting, strict=True)}
    assert begun == {name: reason for name, (_, _, reason) in QUARANTINED.items()}
    assert {len(str(said).splitlines()) for _, said in waiting} == {1}
    assert rows(archive, "select count(*) from articles") == [(2,)]
    assert _rule(archive) == HealthRule(
        "quarantine",
        False,
        f"newsroom: {count} captures wait for a newer version of thinker: upgrade",
        f"newsroom：{count} 份快照须用新版程序解析：请升级",
    )
    summary, _ = _crawl(archive, read, fetched(3, page(3), NOON + 2 * DAY), day=2)
    assert (summary.captures, summary.errors, len(_waiting(archive))) == (3, 0, count)
    _proved_and_rebuilt_alike(archive, tmp_path)


def test_strange_values_that_can_be_stored_are_not_quarantined(tmp_path: Path):
    strange, read = _apart(TAKEN)
    archive = open_archive(tmp_path / "home")
    _, outcomes = _crawl(archive, read, *strange)
    found = {name: outcome.kind for name, outcome in zip(TAKEN, outcomes, strict=True)}
    assert found == {name: kind for name, (_, _, kind) in TAKEN.items()}
    assert _waiting(archive) == []
    assert _rule(archive).ok
    _proved_and_rebuilt_alike(archive, tmp_path)


def _killed_behind(home: Path, *records: Record) -> None:
    """Kill a crawl after its last records reached the file, before their lines did."""
    archive = open_archive(home)
    crawl(archive, NOON, {number: page(number) for number in range(3)})
    opened = CrawlIngest(archive, SOURCE, clock=lambda: NOON + DAY).__enter__()
    opened.begin_crawl(NOON + DAY)
    opened.add(fetched(0, page(0, note="again"), NOON + DAY))
    opened.commit()
    opened.stores.close()
    opened._held.close()
    archive.close()
    with file_of(home, CAPTURES).open("ab") as file:
        file.write(b"".join(record.member() for record in records))


@pytest.mark.parametrize("name", STORED)
def test_a_strange_record_of_a_killed_crawl_is_quarantined_at_the_next_start(tmp_path: Path, name: str):
    home = tmp_path / "home"
    _killed_behind(home, STORED[name])
    archive = open_archive(home)
    summary, _ = crawl(archive, NOON + 2 * DAY, {0: page(0), 8: page(8)})
    assert (summary.captures, summary.new_articles, summary.errors) == (2, 1, 0)
    assert len(_waiting(archive)) == 1
    assert not _rule(archive).ok
    summary, outcomes = crawl(archive, NOON + 3 * DAY, {STRANGE: page(STRANGE, headline="新的题目谈发展")})
    assert [outcome.kind for outcome in outcomes] == ["new"], "what waits says nothing of its address"
    assert len(_waiting(archive)) == 1
    _proved_and_rebuilt_alike(archive, tmp_path)


def test_strange_records_of_a_killed_crawl_do_not_stop_a_rebuild(tmp_path: Path):
    home = tmp_path / "home"
    _killed_behind(home, *STORED.values())
    for path in home.glob("archive.db*"):
        path.unlink()
    assert rebuild_database(home, NOON + 2 * DAY).lost == ()
    archive = open_archive(home)
    crawl(archive, NOON + 2 * DAY, {0: page(0), 8: page(8)})
    assert len(_waiting(archive)) == len(STORED)
    _proved_and_rebuilt_alike(archive, tmp_path)


def _become(monkeypatch: pytest.MonkeyPatch, version: str) -> None:
    for module in (waiting, verdicts):
        monkeypatch.setattr(module, "VERSION", version)


def test_a_newer_version_tries_again(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    archive = open_archive(tmp_path / "home")
    _crawl(archive, _fails, _response())
    crawl(archive, NOON + 2 * DAY, {0: 304})
    assert len(_waiting(archive)) == 1, "the same version does not"
    _become(monkeypatch, "9.0")
    crawl(archive, NOON + 3 * DAY, {0: 304})
    assert _waiting(archive) == []
    assert _rule(archive).ok
    late = rows(archive, "select captured_at from revisions where headline like '第7篇%'")
    assert late == [("2026-11-26T12:00:00Z",)], "it was seen when it was captured"
    _proved_and_rebuilt_alike(archive, tmp_path)


def test_a_newer_version_that_fails_too_waits_for_one_newer_still(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    archive = open_archive(tmp_path / "home")
    _crawl(archive, _fails, _response())
    _become(monkeypatch, "9.0")
    with CrawlIngest(archive, SOURCE, Reads(_fails)):
        pass
    assert [version for version, _ in _waiting(archive)] == ["9.0"]
    _proved_and_rebuilt_alike(archive, tmp_path)


def test_a_row_that_an_earlier_version_could_not_fill_is_filled(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    archive = open_archive(tmp_path / "home")
    real = quarantine.capture_of

    def refuses(record: object, *more: object) -> object:
        capture = real(record, *more)
        if capture.url == url(STRANGE):
            raise LookupError("not this one")
        return capture

    with monkeypatch.context() as earlier:
        earlier.setattr(quarantine, "capture_of", refuses)
        _crawl(archive, read_page, _response())
    assert rows(archive, "select status from captures where verdict = 'quarantined'") == [(None,)]
    _become(monkeypatch, "9.0")
    crawl(archive, NOON + 2 * DAY, {0: 304})
    assert rows(archive, f"select status, verdict from captures where url = '{url(STRANGE)}'") == [(200, "article")]
    _proved_and_rebuilt_alike(archive, tmp_path)


def test_an_answer_that_is_no_page_of_an_article_never_becomes_one(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    """An earlier version could not take an error page and a list; a newer one can, and reads no article from them."""
    archive = open_archive(tmp_path / "home")
    with monkeypatch.context() as earlier:
        earlier.setattr(quarantine, "capture_of", lambda *_: (_ for _ in ()).throw(LookupError("none at all")))
        crawl(archive, NOON, {STRANGE: page(STRANGE)})
        with CrawlIngest(archive, SOURCE, clock=lambda: NOON) as opened:
            opened.begin_crawl(NOON)
            opened.add(_response(status=500))
            opened.add(_response(kind="list"))
            opened.finish("finished", 2, 0, NOON)
    assert len(_waiting(archive)) == 3
    _become(monkeypatch, "9.0")
    with CrawlIngest(archive, SOURCE):
        pass
    verdicts = rows(archive, "select status, kind, verdict from captures where verdict is not null order by id")
    archive.close()
    assert verdicts == [(200, "article", "article"), (500, "article", "not_article"), (200, "list", "not_article")]


def test_a_reader_that_fails_at_the_end_leaves_the_page_held_back(tmp_path: Path):
    """A page in another layout is read again when the crawl ends; then its reader fails."""
    archive = open_archive(tmp_path / "home")
    crawl(archive, NOON, {number: article(number) for number in range(4)})
    times: list[str] = []

    def fails_again(document: Document) -> PageReading:
        times.append(document.url)
        if times.count(url(1)) > 1:
            raise ZeroDivisionError
        return read_page(document)

    at = NOON + DAY
    with CrawlIngest(archive, SOURCE, Reads(fails_again), clock=lambda: at) as opened:
        opened.begin_crawl(at)
        assert opened.add(fetched(1, redesigned(1, "别的一段话。"), at)).kind == "layout"
        assert opened.finish("finished", 1, 0, at).finish_reason == "finished"
    assert rows(archive, "select count(*) from captures where verdict = 'layout'") == [(1,)]
    _proved_and_rebuilt_alike(archive, tmp_path)


def test_a_reader_that_cannot_be_started_blames_no_page(tmp_path: Path):
    def unavailable(_: Document) -> PageReading:
        raise ParserUnavailable("the parser's process cannot be started")

    archive = open_archive(tmp_path / "home")
    opened = CrawlIngest(archive, SOURCE, Reads(unavailable), clock=lambda: NOON).__enter__()
    opened.begin_crawl(NOON)
    with pytest.raises(ParserUnavailable):
        opened.add(_response())
    opened.__exit__(ParserUnavailable, None, None)
    assert _waiting(archive) == []
    archive.close()


class Unthought(Decision):
    """A kind of line that can be applied, until it can not."""

    kind = "unthought"
    fails: ClassVar[bool] = False

    def enter(self, entry: LedgerEntry) -> None:
        if self.fails:
            raise ZeroDivisionError("nobody thought of it")


@pytest.fixture
def unthought(tmp_path: Path) -> Iterator[Archive]:
    """An archive in whose chain such a line stands between two crawls."""
    Decision.KINDS["unthought"] = Unthought
    archive = open_archive(tmp_path / "home")
    crawl(archive, NOON, {number: page(number) for number in range(3)})
    with CrawlIngest(archive, SOURCE, clock=lambda: NOON) as opened:
        opened.stores.tell(Unthought(at="2026-11-25T12:00:00Z", key="newsroom-1"))
    crawl(archive, NOON + DAY, {number: page(number) for number in range(5)})
    Unthought.fails = True
    yield archive
    archive.close()
    Unthought.fails = False
    del Decision.KINDS["unthought"]


def test_a_line_that_cannot_be_applied_is_skipped_and_reported_and_the_rest_is_entered(
    tmp_path: Path, unthought: Archive
):
    before = dump(unthought)
    (fault,) = prove(unthought, tmp_path)
    assert (fault.file, fault.kind) == ("newsroom.jsonl", "replay")
    home = unthought.home.path
    unthought.close()
    told = CliRunner().invoke(app, ["--home", str(home), "rebuild"])
    assert told.exit_code == 3
    (line,) = told.stderr.splitlines()
    assert line.startswith("thinker: not applied: newsroom.jsonl at ")
    assert line.endswith("unthought newsroom-1: ZeroDivisionError: nobody thought of it")
    with closing(open_archive(home)) as again:
        assert dump(again) == before
        assert crawl(again, NOON + 2 * DAY, {0: page(0)})[0].finish_reason == "finished"


def test_a_line_that_has_not_the_fields_of_its_kind_is_skipped_too(tmp_path: Path, caplog: pytest.LogCaptureFixture):
    home = tmp_path / "home"
    with closing(open_archive(home)) as archive:
        crawl(archive, NOON, {number: page(number) for number in range(3)})
    ledger = file_of(home, LEDGER)
    (*_, (_, last)) = read_lines(ledger.parent, "newsroom")
    odd = sealed(replace(last, kind="new", key=None, detail={"no": "such"}), last.digest)
    with ledger.open("a") as file:
        file.write(as_text(odd))
    with closing(open_archive(home)) as archive, caplog.at_level(logging.WARNING):
        assert crawl(archive, NOON + DAY, {0: page(0), 4: page(4)})[0].new_articles == 1
    assert "not applied: newsroom.jsonl at" in caplog.text
    assert len(lines(ledger)) > 1


@pytest.mark.soak
@pytest.mark.slow
def test_a_page_with_an_impossible_status_does_not_end_the_crawl(tmp_path: Path):
    with running(articles=6) as site:
        thinker = Thinker(tmp_path / "home", site)
        site.event(do="raw_status", article=3, line="HTTP/1.1 100000000000000000000 OK")
        summary = json.loads(thinker.run("crawl", "newsroom", "--json", code=3))
        assert (summary["finish_reason"], summary["new_articles"]) == ("finished", 5)
        site.event(do="clear", article=3)
        assert json.loads(thinker.run("crawl", "newsroom", "--json"))["new_articles"] == 1
    status = json.loads(thinker.run("status", "--json"))  # nothing was kept of it, so nothing waits
    assert status["ok"]
    thinker.run("verify", "--deep")
