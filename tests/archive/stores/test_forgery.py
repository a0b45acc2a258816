"""Records forged so that they are right in themselves, and chains sealed anew, are refused and named."""

import json
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from support.archiving import NOON, SOURCE, crawl, fetched, page, rows
from support.attacks import LEDGER, copied, file_of, stored
from support.forging import Member, forge, found, members, write
from support.journeys import SOAK

from archive import open_archive
from archive.files import warc_files
from archive.files.ledger import as_text, head_of_all, read_lines, sealed
from archive.files.warc import Record
from archive.judging.crawl_ingest import CrawlIngest
from archive.judging.import_ingest import ImportIngest
from archive.judging.reading.fetched import Fetched, SentRequest
from archive.replaying.fixity import verify
from archive.replaying.rebuild import rebuild_database
from archive.rows.behind import Behind

DAY = timedelta(days=1)
LIMITS = {"one file": 1_000_000_000, "several files": 2_000}
ASKED = SentRequest(
    "GET", (("Accept", "text/html,application/xhtml+xml"), ("User-Agent", "thinker-archive/1 (+mailto:a@b.cn)"))
)
LIST = (
    f"<html><body><h1>文章列表</h1><a href='/article/1.html'>第1篇文章谈一体化</a>{'栏目' * 20}</body></html>".encode()
)
GONE = f"<html><body><h1>您访问的页面已经下线</h1>{'请返回首页浏览其他文章。' * 4}</body></html>".encode()


def _days(at: datetime) -> list[list[Fetched]]:
    """Three days: every kind of answer, each asked for by a request that is known."""
    listing = replace(fetched(0, LIST, at), url="http://example.com/list.html", kind="list")
    first = [fetched(number, page(number), at, {"ETag": f'"state-{number}"'}) for number in range(1, 5)]
    next_day = at + DAY
    again = [
        fetched(1, page(1), next_day, {"Server": "nginx/1.25.3 (Debian)"}),
        fetched(2, 304, next_day, {"ETag": '"state-2"', "Server": "nginx/1.25.3 (Debian)"}),
        fetched(3, page(3, headline="改过的题目谈发展"), next_day),
        replace(fetched(4, 404, next_day), payload=GONE),
        fetched(5, b"<html><title>no article here</title><body>nothing at all to read</body></html>", next_day),
    ]
    last = [fetched(number, 304, at + 2 * DAY, {"ETag": f'"state-{number}"'}) for number in (1, 2)]
    return [[replace(answer, asked=ASKED) for answer in day] for day in ([listing, *first], again, last)]


@pytest.fixture(scope="module", params=LIMITS)
def whole(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A home with every kind of record, in one file a series or in several."""
    home = tmp_path_factory.mktemp("home") / "whole"
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(warc_files, "MAX_FILE_BYTES", LIMITS[request.param])
        archive = open_archive(home)
        for number, answers in enumerate(_days(NOON)):
            with CrawlIngest(archive, SOURCE, clock=lambda at=NOON + number * DAY: at) as ingest:
                ingest.begin_crawl(NOON + number * DAY)
                for answer in answers:
                    ingest.add(answer)
                ingest.finish("finished", len(answers), 0, NOON + number * DAY)
        with ImportIngest(archive, SOURCE, clock=lambda: NOON + 3 * DAY) as ingest:
            ingest.add_resource(page(9), "text/html", "http://example.com/saved.html", NOON)
            ingest.finish()
        archive.close()
    assert (len(list((home / "captures").iterdir())) > 4) == (request.param == "several files")
    return home


@dataclass(frozen=True)
class Forgery:
    """A forgery: the record's type, a text in it, the text to be replaced and its replacement."""

    warc_type: str
    name: str
    old: str
    new: str
    holds: str = ""

    def chosen(self, record: Record) -> bool:
        text = "\n".join(f"{name}: {value}" for name, value in record.fields.items()) + "\n" + record.block.decode()
        return record.warc_type == self.warc_type and self.old in text and self.holds in text

    def __str__(self) -> str:
        return f"{self.warc_type}: {self.name}"


# A replacement compresses to some bytes less than the original: digests of random length stand beside it.
FORGERIES = (
    Forgery("response", "of an article", "三省一市各扬所长", "一市独大", "article/1.html"),
    Forgery("response", "of a superseded state", "第3篇文章谈一体化", "假"),
    Forgery("response", "its address", "http://example.com/article/4.html", "http://example.com/4"),
    Forgery("response", "of a list", "栏目" * 20, "假"),
    Forgery("response", "of a 404", "您访问的页面已经下线", "尚未"),
    Forgery("revisit", "of an identical payload", "nginx/1.25.3 (Debian)", "other"),
    Forgery("revisit", "of a 304", 'state-2"', "", "server-not-modified"),
    Forgery("request", "", "application/xhtml+xml", "a"),
    Forgery("warcinfo", "", "robots-policy: RFC 9309", "no"),
    Forgery("conversion", "of a current state", "三省一市各扬所长", "一市独大", "article/1.html"),
    Forgery("conversion", "of a superseded state", "第3篇文章谈一体化", "假"),
    Forgery("metadata", "the reason", "verdict: not_article", "no"),
    Forgery("metadata", "the head of a 304", "nginx/1.25.3 (Debian)", "other"),
    Forgery("resource", "of an import", "三省一市各扬所长", "一市独大"),
)


def _crossed() -> Iterator[tuple[str, Forgery, bool]]:
    """Every forgery in each layout of a home and with each length; the lengths change from kind to kind."""
    for turn, forgery in enumerate(FORGERIES):
        for layout in LIMITS:
            for same_length in (True, False):
                if SOAK or same_length == ((turn % 2 == 0) == (layout == "one file")):
                    yield layout, forgery, same_length


@pytest.mark.slow
@pytest.mark.soak
@pytest.mark.parametrize(("whole", "forgery", "same_length"), list(_crossed()), indirect=["whole"], ids=str)
def test_a_forged_record_is_refused_and_named(tmp_path: Path, whole: Path, forgery: Forgery, same_length: bool):
    home = copied(whole, tmp_path / "home")
    path, number = found(home / "captures", forgery.chosen)
    record = forge(path, number, forgery.old.encode(), forgery.new.encode(), same_length=same_length)
    _refused(home, path, record)


def _refused(home: Path, path: Path, record: Record) -> None:
    """Check that verify and rebuild name the record; without a database they name at least its file."""
    archive = open_archive(home, caught_up=False)
    faults = verify(archive).faults
    archive.close()
    assert (faults[0].file, faults[0].offset, faults[0].kind) == (path.name, record.place.offset, "altered")
    _left_out(home, f"{path.name} at .*{record.warc_type} record {record.record_id}")
    _refused_without_database(home, path.name)


def _left_out(home: Path, said: str) -> None:
    """Check that a rebuild names the record, goes on without it, for readers only, and leaves the files unchanged."""
    before = (stored(home), (home / "archive.db").read_bytes())
    told = rebuild_database(home, NOON + 5 * DAY)
    assert re.search(said, "\n".join(told.lost))
    assert (stored(home), (home / str(told.kept)).read_bytes()) == before
    _for_readers_only(home)


def _refused_without_database(home: Path, name: str) -> None:
    for path in home.glob("archive.db*"):
        path.unlink()
    told = rebuild_database(home, NOON + 5 * DAY)
    assert re.search(name, "\n".join(told.lost))
    _for_readers_only(home)


def _for_readers_only(home: Path) -> None:
    archive = open_archive(home)
    assert not verify(archive).ok
    assert rows(archive, "select count(*) from articles where body_text like '%一市独大%'") == [(0,)]
    with pytest.raises(Behind):
        crawl(archive, NOON + 6 * DAY, {1: page(1)})
    archive.close()


@pytest.fixture(scope="module")
def killed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A home whose only crawl was killed: no line of the ledger commits to the bytes yet."""
    home = tmp_path_factory.mktemp("home") / "killed"
    archive = open_archive(home)
    ingest = CrawlIngest(archive, SOURCE, clock=lambda: NOON).__enter__()
    ingest.begin_crawl(NOON)
    for answer in (answer for answers in _days(NOON) for answer in answers):
        ingest.add(answer)
    ingest.commit()
    ingest.stores.close()
    ingest._held.close()
    archive.close()
    return home


UNSEALED = [each for each in FORGERIES if each.warc_type != "resource"]
FIRST_OF_A_TYPE = {each.warc_type: each for each in reversed(UNSEALED)}.values()


@pytest.mark.slow
@pytest.mark.soak
@pytest.mark.parametrize("forgery", UNSEALED if SOAK else FIRST_OF_A_TYPE, ids=str)
def test_a_record_forged_before_its_crawl_is_sealed_is_left_out_and_named(
    tmp_path: Path, killed: Path, forgery: Forgery
):
    home = copied(killed, tmp_path / "home")
    path, number = found(home / "captures", forgery.chosen)
    record = forge(path, number, forgery.old.encode(), forgery.new.encode(), same_length=True)
    _left_out(home, f"{path.name} at .*{record.warc_type} record {record.record_id}")
    _left_out(home, f"{path.name} at ")  # once more, from the database that lacks it
    assert path.name in " ".join(rebuild_database(home, NOON + 5 * DAY, accept_loss=True).lost)
    assert rebuild_database(home, NOON + 5 * DAY).lost == ()
    archive = open_archive(home)
    assert verify(archive).faults == ()
    archive.close()


Rewrite = Callable[[list[Member]], list[Member]]


def without_revisits(found: list[Member]) -> list[Member]:
    return [member for member in found if member.record.warc_type != "revisit"]


def swapped(found: list[Member]) -> list[Member]:
    return [*found[:1], found[2], found[1], *found[3:]]


def doubled(found: list[Member]) -> list[Member]:
    return [*found[:3], found[2], *found[3:]]


@pytest.mark.parametrize("rewrite", [without_revisits, swapped, doubled])
def test_records_dropped_swapped_or_doubled_are_refused(tmp_path: Path, whole: Path, rewrite: Rewrite):
    home = copied(whole, tmp_path / "home")
    path, _ = found(home / "captures", lambda record: record.warc_type == "revisit")
    write(path, rewrite(members(path)))
    archive = open_archive(home, caught_up=False)
    assert verify(archive).faults[0].file == path.name
    archive.close()
    _left_out(home, f"{path.name} at .* record urn:uuid:")
    _refused_without_database(home, path.name)


def _rewritten(path: Path) -> None:
    """Change the verdict on a page, and seal every line after it anew."""
    chain, head = [], None
    for _, line in read_lines(path.parent, path.stem):
        if line.kind == "unread":
            line = replace(line, detail={**line.detail, "verdict": "gone"})
        chain.append(sealed(line, head))
        head = chain[-1].digest
    path.write_text("".join(as_text(line) for line in chain))


def test_a_chain_that_was_sealed_anew_has_another_end(tmp_path: Path, whole: Path):
    """The database knows the end of the chain; without it the daily head does that was noted elsewhere."""
    home = copied(whole, tmp_path / "home")
    archive = open_archive(home)
    noted = head_of_all(archive.conn)
    archive.close()
    path = file_of(home, LEDGER)
    _rewritten(path)
    assert f"{path.name} at " in rebuild_database(home, NOON + 5 * DAY).lost[0]
    archive = open_archive(home)
    with pytest.raises(Behind, match=f"{path.name} at "):
        crawl(archive, NOON + 5 * DAY, {1: page(1)})
    assert {(fault.file, fault.kind) for fault in verify(archive).faults} == {(path.name, "behind")}
    archive.close()
    for file in home.glob("archive.db*"):
        file.unlink()
    rebuild_database(home, NOON + 5 * DAY)
    archive = open_archive(home)
    assert head_of_all(archive.conn) != noted
    archive.close()


def test_every_kind_of_record_is_forged(whole: Path):
    kinds = {member.record.warc_type for path in (whole / "captures").iterdir() for member in members(path)}
    assert kinds == {forgery.warc_type for forgery in FORGERIES}
    assert json.loads(file_of(whole, LEDGER).read_bytes().splitlines()[-1])["kind"] == "import_finished"
