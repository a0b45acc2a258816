"""An archive whose articles a test writes out, and a receiver of webhooks on loopback whose answers it chooses."""

import json
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from typing import Any

from support.archiving import SOURCE, url
from support.written_archive import Known

from archive import Archive
from archive.judging.crawl_ingest import CrawlIngest
from archive.judging.import_ingest import ImportIngest
from archive.judging.reading.fetched import Fetched
from archive.settings.source_record import SourceRecord
from parsers import Article

HOUR = timedelta(hours=1)


def article(number: int, headline: str, *paragraphs: str, **said: Any) -> Article:
    """An article that the page of a number shows."""
    return replace(Article(headline, paragraphs=paragraphs or ("一段正文。",), identity=str(number)), **said)


def hours_ago(hours: float) -> datetime:
    return (datetime.now(UTC) - hours * HOUR).replace(microsecond=0)


def plant(
    archive: Archive,
    at: datetime,
    articles: Mapping[int, Article],
    gone: Sequence[int] = (),
    late: timedelta = HOUR * 0,
    source: SourceRecord = SOURCE,
) -> None:
    """Crawl once: these articles answer with a text, and those of `gone` with 404. late: so much later it is recorded.

    Article keys are newsroom-1, newsroom-2, …; two crawls that find an article gone remove it.
    """
    known = Known({url(number): said for number, said in articles.items()})
    recorded = at + late
    with CrawlIngest(archive, source, known, clock=lambda: recorded) as ingest:
        ingest.begin_crawl(at)
        for number, said in articles.items():
            ingest.add(Fetched(url(number), 200, (("Content-Type", "text/html"),), repr(said).encode(), at))
        for number in gone:
            ingest.add(Fetched(url(number), 404, (), b"", at))
        ingest.finish("finished", len(articles), 0, at)


def import_texts(archive: Archive, at: datetime, articles: Mapping[int, Article]) -> None:
    """Import a capture of each article from a moment; it is recorded now."""
    known = Known({url(number): said for number, said in articles.items()})
    with ImportIngest(archive, SOURCE, known) as ingest:
        for number, said in articles.items():
            ingest.add(Fetched(url(number), 200, (("Content-Type", "text/html"),), repr(said).encode(), at))


@dataclass
class Hook:
    """A webhook on loopback. answers: the status of each next request, the last for all further ones.

    A status may be a pair with headers. `got` has the id and the JSON of each request, `taken` of those answered 200.
    """

    answers: list[int | tuple[int, Mapping[str, str]]] = field(default_factory=lambda: [200])
    got: list[tuple[str, dict[str, Any]]] = field(default_factory=list)
    taken: list[tuple[str, dict[str, Any]]] = field(default_factory=list)
    url: str = ""

    def subjects(self) -> list[tuple[str, str]]:
        """The watch and the subject of each request."""
        return [(said["watch"], said["subject"]) for _, said in self.got]

    def answer(self) -> tuple[int, Mapping[str, str]]:
        found = self.answers.pop(0) if len(self.answers) > 1 else self.answers[0]
        return found if isinstance(found, tuple) else (found, {})


@contextmanager
def hooked() -> Iterator[Hook]:
    """A receiver that listens while the block runs."""
    hook = Hook()

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            said = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
            found = (self.headers["webhook-id"], said)
            hook.got.append(found)
            status, headers = hook.answer()
            if status == 200:
                hook.taken.append(found)
            self.send_response(status)
            for name, value in headers.items():
                self.send_header(name, value)
            self.end_headers()

        def log_message(self, *_: object) -> None:
            """Print nothing."""

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        hook.url = f"http://127.0.0.1:{server.server_port}/hook"
        thread = Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
        thread.start()
        try:
            yield hook
        finally:
            server.shutdown()
            thread.join()
