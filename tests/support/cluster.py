"""A cluster on loopback as real processes: a server, workers that are killed and started again, and an ingester."""

import json
import os
import signal
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from subprocess import Popen

from support.journeys import Thinker
from support.redis_server import RedisServer
from support.towns import declare, rows

from newsroom.process import Site

# All that readers of an archive see, without the moments and numbers that two runs cannot share.
OF_ARTICLES = "from {} t join articles a on a.id = t.article_id"
SAID = {
    "articles": "select source, key, url, canonical_url, headline, alternative_headline, kicker, article_section,"
    " speaker, standfirst, date_published, date_modified, in_language, source_line, details, body_text, content_digest,"
    " misses, state, revisions, listed_section from articles",
    "revisions": "select a.source, a.key, t.number, t.content_digest, t.origin, t.significance, t.parser_version "
    + OF_ARTICLES.format("revisions"),
    "changes": "select a.source, a.key, r.number, c.property, c.before, c.after, c.significance from changes c"
    " join revisions r on r.id = c.revision_id join articles a on a.id = r.article_id",
    "events": "select e.source, e.kind, a.key from events e left join articles a on a.id = e.article_id"
    " where e.kind <> 'gap'",
    "addresses": "select a.source, a.key, t.urlkey, t.url " + OF_ARTICLES.format("addresses"),
    "people": "select a.source, a.key, t.role, t.position, p.name, p.biography "
    + OF_ARTICLES.format("article_people")
    + " join people p on p.id = t.person_id",
    "keywords": "select a.source, a.key, t.position, k.name "
    + OF_ARTICLES.format("article_keywords")
    + " join keywords k on k.id = t.keyword_id",
    "media": "select a.source, a.key, t.position, t.url, t.kind, t.caption " + OF_ARTICLES.format("article_media"),
    "related": "select a.source, a.key, t.position, t.urlkey, t.headline, t.teaser "
    + OF_ARTICLES.format("related_records"),
    # A crawl that takes over from a killed one reads the lists again, and what was on the wire or not yet committed: a
    # page may then have an answer 304 more.
    "captures": "select distinct source, urlkey, status, payload_digest, verdict from captures"
    " where kind = 'article' and status is not 304",
    "addresses of lists": "select distinct source, urlkey from captures where kind <> 'article'",
    "frontier": "select source, urlkey, url, kind, published_at, attempts, iif(last_status = 304, 200, last_status),"
    " given_up, other_urls, section, lease_token is null,"
    # In minutes: both moments are cut to seconds.
    " round((julianday(due_at) - julianday(last_fetched_at)) * 1440) from frontier",
    "lists": "select l.source, l.url, t.urlkey, t.unlisted is null from lists l join listed t on t.list_id = l.id",
    "failing lists": "select source, url, failed_url, cause from failing_lists",
}


def said_by(home: Path) -> dict[str, list[tuple[object, ...]]]:
    """The rows of SAID of a home, sorted."""
    return {name: sorted(rows(home, sql), key=repr) for name, sql in SAID.items()}


def cluster_home(home: Path, server: RedisServer, children: int = 8, **sources: str) -> Path:
    """A home with these sources whose requests workers send; children: crawls at once."""
    declare(home, **sources)
    with (home / "thinker.toml").open("a", encoding="utf-8") as file:
        file.write(f'[schedule]\nchildren = {children}\n[cluster]\nurl = "{server.url}"\n')
    return home


@dataclass
class Cluster:
    """Workers on the home of an archive, each with a spool of its own."""

    home: Path
    site: Site | None
    workers: list[Popen[str]] = field(default_factory=list)

    @property
    def thinker(self) -> Thinker:
        return Thinker(self.home, self.site)

    def start(self, number: int) -> None:
        """Start a worker; one that ran before on its spool is dead."""
        process = self.thinker.start("-q", "worker", "--spool", str(self.home / f"spool-{number}"))
        self.workers[number : number + 1] = [process]

    def kill(self, number: int) -> None:
        """Kill a worker with SIGKILL, in whatever it does."""
        killed(self.workers[number])


@contextmanager
def workers(home: Path, count: int, site: Site | None = None) -> Iterator[Cluster]:
    """Workers that run during the block."""
    cluster = Cluster(home, site)
    with ExitStack() as stack:
        for number in range(count):
            cluster.start(number)
            stack.callback(cluster.kill, number)
        yield cluster


def killed(process: Popen[str]) -> None:
    """Kill a process with all its descendants, and read what it printed."""
    for each in (*descendants(process.pid), process.pid):
        with suppress(ProcessLookupError):
            os.kill(each, signal.SIGKILL)
    process.communicate()


def summaries(out: str) -> dict[str, dict[str, object]]:
    """The summaries that `ingest --once --json` printed, by source."""
    return {each["source"]: each for each in json.loads(out)}


def descendants(*processes: int) -> list[int]:
    """The numbers of the children of these processes, of theirs, and so on."""
    parents: dict[int, list[int]] = {}
    for each in Path("/proc").iterdir():
        if each.name.isdecimal():
            with suppress(OSError):
                parent = int((each / "stat").read_text().rpartition(")")[2].split()[1])
                parents.setdefault(parent, []).append(int(each.name))
    found = [child for process in processes for child in parents.get(process, [])]
    for each in found:  # grows while it is read
        found += parents.get(each, [])
    return found
