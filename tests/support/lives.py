"""Random lives of an archive: two sources and an operator, with crashes, damage and earlier databases in between."""

import random
import shutil
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path

from support.archiving import NOON, PARAGRAPHS, SOURCE, fetched, page, rows, url
from support.attacks import lines, places

from archive import Archive, open_archive
from archive.history.rebuild_revisions import arrange
from archive.history.states import Texts
from archive.judging.crawl_ingest import CrawlIngest
from archive.judging.import_ingest import ImportIngest
from archive.judging.reading.fetched import Whence
from archive.replaying.proof import PROVED, prove
from archive.replaying.rebuild import rebuild_database
from archive.settings.source_record import SourceRecord

HOUR = timedelta(hours=1)
MIRROR = SourceRecord("mirror", homepage="http://example.com", removal_probes=2, removal_spacing=0)
SOURCES = (SOURCE, MIRROR)
Acting = Callable[[Archive, random.Random, Callable[[], datetime]], bool]
"""Acts once on an archive, by chance, at a moment; False if there was nothing to act on."""

LONG = tuple(f"{part}{paragraph}" for part in ("首先", "同时", "此外") for paragraph in PARAGRAPHS)
TEXTS = (PARAGRAPHS, (*PARAGRAPHS, "补充一段说明，供读者参考。"), PARAGRAPHS[:2], LONG, LONG)
AGAIN = 10  # an article's number and this one: it is published again there


def proved(archive: Archive) -> dict[str, list[tuple[object, ...]]]:
    """Every row that the files bear out, without row ids."""
    return {table: rows(archive, sql) for table, sql in PROVED.items()}


class Life:
    """Two sources and an operator: crawls that end or are killed, imports, acts, rebuilds, and databases of before."""

    def __init__(self, home: Path, seed: int, acting: Acting) -> None:
        self.home, self.acting, self.chance = home, acting, random.Random(seed)
        self.hour, self.done = 0, 0
        self.known: set[tuple[str, int]] = set()

    def run(self, steps: int) -> None:
        ways = (
            self.crawl, self.crawl, self.crawl, self.kill, self.kill, self.bring, self.keep, self.act, self.act,
            self.act, self.mishap,
        )  # fmt: skip
        for _ in range(steps):
            self.hour += 1
            before = self.home.with_name("before.db")
            if self.chance.random() < 0.3 and (self.home / "archive.db").exists():
                copy(self.home / "archive.db", before)
            self.chance.choice(ways)()
            if self.chance.random() < 0.3 and before.exists():
                put_back(before, self.home)
            elif self.chance.random() < 0.1:
                rebuild_database(self.home, self.now())

    def now(self) -> datetime:
        return NOON + self.hour * HOUR

    def crawl(self, killed: bool = False) -> None:
        source = self.chance.choice(SOURCES)
        with closing(open_archive(self.home)) as archive:
            ingest = CrawlIngest(archive, source, clock=self.now)
            ingest.__enter__()
            ingest.begin_crawl(self.now())
            articles = self.chance.sample(range(1, 5), self.chance.randint(1, 4))
            articles += [number + AGAIN for number in articles if self.chance.random() < 0.2]
            for number, text in self._trapped(source):
                ingest.add(fetched(number, text, self.now()))
            for number in articles:
                response = fetched(number, self._answer(source, number), self.now())
                if number > AGAIN and self.chance.random() < 0.3:  # asked at the address of before, which leads here
                    response = replace(response, whence=Whence(sought=url(number - AGAIN)))
                again = "?again=1" if self.chance.random() < 0.3 else ""  # another address of the same article
                ingest.add(replace(response, url=response.url + again))
                if killed and self.chance.random() < 0.4:
                    ingest.commit()
            if not killed:
                ingest.finish("finished", len(articles), 0, self.now())
                ingest.__exit__(None, None, None)
                return
            for writer in ingest.stores._writers.values():
                writer.sync()  # captures without a ledger line
            ingest.stores.close()
            ingest._held.close()

    def kill(self) -> None:
        self.crawl(killed=True)

    def bring(self) -> None:
        source, number = self.chance.choice(SOURCES), self.chance.randint(1, 4)
        earlier = self.now() - self.chance.randint(1, 40) * HOUR - timedelta(minutes=self.hour)
        with (
            closing(open_archive(self.home)) as archive,
            ImportIngest(archive, source, clock=self.now) as ingest,
        ):
            ingest.add(fetched(number, self._page(number), earlier))

    def keep(self) -> None:
        """Import a saved page without a moment."""
        source, number = self.chance.choice(SOURCES), self.chance.randint(1, 4)
        with (
            closing(open_archive(self.home)) as archive,
            ImportIngest(archive, source, clock=self.now) as ingest,
        ):
            ingest.add_resource(self._page(number), "text/html", url(number), None)

    def mishap(self) -> None:
        """Damage a file: records or lines doubled, cut or altered. The operator accepts the loss and goes on."""
        paths = sorted([*self.home.glob("captures/*.gz"), *self.home.glob("ledger/*.jsonl")])
        if not paths:
            return
        path = self.chance.choice(paths)
        parts = lines(path) if path.suffix == ".jsonl" else members(path)
        at, to = sorted(self.chance.sample(range(len(parts) + 1), 2))
        if path.suffix == ".jsonl" and self.chance.random() < 0.5:
            path.write_bytes(b"".join(parts[:to]))
            if self.chance.random() < 0.5:
                path.write_bytes(path.read_bytes().replace(b"\n", b"\r\n"))
        elif path.suffix == ".gz" and self.chance.random() < 0.3:
            number = len(paths) + 10
            shutil.copy(path, path.with_name(f"{path.name.rsplit('-', 1)[0]}-{number:05}.warc.gz"))
        else:
            path.write_bytes(b"".join([*parts, *parts[at:to]]))
        rebuild_database(self.home, self.now(), accept_loss=True)
        self.home.with_name("before.db").unlink(missing_ok=True)

    def act(self) -> None:
        with closing(open_archive(self.home)) as archive:
            self.done += self.acting(archive, self.chance, self.now)

    def _trapped(self, source: SourceRecord) -> Iterator[tuple[int, bytes]]:
        """By chance many addresses that no crawl asked before, all with one text that is known."""
        numbers = sorted(number for name, number in self.known if name == source.name)
        if numbers and self.chance.random() < 0.15:
            text = page(numbers[0], f"第{numbers[0] % AGAIN}篇文章谈一体化", LONG)
            yield from ((1000 * self.hour + further, text) for further in range(20))

    def _answer(self, source: SourceRecord, number: int) -> bytes | int:
        if (source.name, number + AGAIN) in self.known and self.chance.random() < 0.7:
            return 404
        if (source.name, number) in self.known and self.chance.random() < 0.35:
            return 304
        if self.chance.random() < 0.2:
            return self.chance.choice([404, 404, b"nothing"])
        self.known.add((source.name, number))
        return self._page(number)

    def _page(self, number: int) -> bytes:
        text = LONG if number > AGAIN else self.chance.choice(TEXTS)
        headline = f"第{number % AGAIN}篇文章谈一体化"
        shown = page(number, headline, text, str(self.chance.randint(0, 1)))
        to = self.chance.randint(1, 4)
        links = (
            f'<div class=related><h3>相关阅读</h3><ul><li><a href="{url(to)}">第{to}篇文章谈一体化</a></li></ul></div>'
        )
        return shown.replace(b"</body>", f"{links}</body>".encode())


def members(path: Path) -> list[bytes]:
    content = path.read_bytes()
    return [content[offset : offset + length] for offset, length in places(path)]


def copy(database: Path, beside: Path) -> None:
    with closing(sqlite3.connect(database)) as conn, closing(sqlite3.connect(beside)) as kept:
        conn.backup(kept)


def put_back(database: Path, home: Path) -> None:
    for path in home.glob("archive.db*"):
        path.unlink()
    shutil.copy(database, home / "archive.db")


def lived(folder: Path, acting: Acting, seed: int) -> int:
    """Live a life and compare it with its files, and with its sightings in order. Returns its number of acts."""
    home = folder / f"life-{seed}" / "home"
    life = Life(home, seed, acting)
    life.run(14)
    with closing(open_archive(home)) as archive:
        (home.parent / "scratch").mkdir()
        assert prove(archive, home.parent / "scratch") == ()
        live = proved(archive)
        for (article_id,) in rows(archive, "select id from articles order by id"):
            arrange(archive.conn, int(str(article_id)), Texts(archive.conn))
        assert proved(archive) == live
    for path in home.glob("archive.db*"):
        path.unlink()
    assert rebuild_database(home, life.now()).lost == ()
    with closing(open_archive(home)) as archive:
        assert proved(archive) == live
    shutil.rmtree(home.parent)
    return life.done
