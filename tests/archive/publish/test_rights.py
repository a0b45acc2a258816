"""How much of the publishers' texts leaves the site: in every address, in every form, by every trick of SQL."""

import asyncio
import re
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from urllib.parse import quote

import pytest
from datasette.app import Datasette
from support.long_texts import BODIES, EDITED, OPENED, RICH, forbidden, leaks, long_texts, prose, windows
from support.small_site import get
from support.stranger import Heard, ask, close
from support.tables import every_row

from archive import connect
from archive.files.home import Home
from archive.publish.routes import ROUTES
from archive.publish.serving import site
from archive.sandbox import Rights, excerpt
from archive.schema import QUERIES

MODES = {
    "excerpt": {"newsroom": "excerpt", "open": "full", "shut": "metadata"},
    "metadata": {"newsroom": "metadata", "open": "full", "shut": "metadata"},
    "full": {"newsroom": "full", "open": "full", "shut": "full"},
}
ENDINGS = (".json", ".atom", ".feed.json", ".csv", ".svg", ".jsonl", ".xlsx", ".patch", ".bib", ".ris", ".csl.json",
           ".txt", ".xml", ".css")  # fmt: skip
TEXTUAL = ("articles", "revisions", "changes", "state_texts", "people", "related_links", "article_media",
           "article_words_data")  # fmt: skip
BEYOND = BODIES[EDITED][1][40:60]  # words of a text that are in no excerpt


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Home:
    made = long_texts(tmp_path_factory.mktemp("long") / "home")
    (made.path / "public" / "notes.txt").write_text("a file of the operator")
    return made


@contextmanager
def shown(home: Home, mode: str) -> Iterator[Datasette]:
    rights = Rights("excerpt" if mode == "excerpt" else mode, {} if mode == "full" else {"open": "full", "shut": "metadata"})
    there = site(home, ["archive.example"], sql=True, rights=rights)
    try:
        asyncio.run(there.invoke_startup())
        yield there
    finally:
        close(there)


@pytest.fixture(scope="module", params=["excerpt", "metadata"])
def masked(request: pytest.FixtureRequest, home: Home) -> Iterator[tuple[Datasette, set[str]]]:
    with shown(home, request.param) as there:
        yield there, forbidden(home, MODES[request.param])


def addresses(home: Home) -> list[str]:
    """An address of every route for each article, version and capture, and the pages of Datasette."""
    with closing(connect(home.database)) as conn:
        keys = [key for (key,) in conn.execute("select key from articles order by key")]
        versions = conn.execute(
            "select a.key, substr(s.content_digest, 8, 12) from states s join articles a on a.id = s.article_id"
        ).fetchall()
        captures = [record for (record,) in conn.execute("select record_id from captures order by id")]
        shown_by = conn.execute(
            "select a.key, c.record_id from sightings g join articles a on a.id = g.article_id "
            "join captures c on c.id = g.capture_id"
        ).fetchall()
        tables = [name for (name,) in conn.execute("select name from sqlite_master where type in ('table', 'view')")]
    both = [(key, one, other) for key, one in versions for of, other in versions if of == key and one != other]
    words, rare = quote(BODIES[EDITED][0][:4]), quote(BEYOND)
    plain = [
        "/", "/latest", "/changes", "/changes?min_size=1", "/removed", "/status", "/data", "/about", "/help", "/browse",
        "/browse/people", "/browse/tags", "/browse/columns", "/browse/sources", "/sitemap.xml", "/sitemap-1.xml",
        "/sitemap-people-1.xml", "/robots.txt", "/-/healthz", "/-/metrics", "/-/versions", "/thinker.css", "/icon.svg",
        f"/search?q={words}", f"/search?q={rare}", f"/search?q={rare}&exact=1&ever=1", f"/search?q={quote('城市')}",
        f"/phrase?q={words}", f"/phrase?q={rare}", f"/search/changes?q={rare}", f"/phrase/changes?q={rare}",
        f"/person/{quote('林知远')}", f"/tag/{quote('城市治理')}", "/column/x", "/source/newsroom", "/source/shut",
        "/source/newsroom/changes", f"/person/{quote('林知远')}/changes", "/day/2024-04-13", "/month/2024-04",
        "/year/2024", "/data/articles-2024-04", "/data/files/notes.txt",
    ]  # fmt: skip
    plain += [f"/a/{key}{rest}" for key in keys for rest in ("", "/timemap", "/timegate", "/captures")]
    plain += [f"/a/{key}/v/{version}" for key, version in versions]
    plain += [f"/a/{key}/diff/{one}..{other}" for key, one, other in both]
    plain += [f"/capture/{record}{rest}" for record in captures for rest in ("", "/bytes")]
    plain += [f"/a/{key}/capture/{record}" for key, record in shown_by]
    tables_asked = [f"/archive/{name}.json?_shape=objects&_size=max" for name in tables]
    tables_asked += [f"/archive/{name}{ending}" for name in TEXTUAL for ending in ("", ".csv?_size=max")]
    rows = [f"/archive/{name}/1{ending}" for name in ("articles", "state_texts", "people", "article_words_data")
            for ending in ("", ".json?_shape=objects")]  # fmt: skip
    rows += ["/archive/article_words_data/1.blob?_blob_column=block", "/archive.db", "/archive", "/archive.json"]
    facets = [f"/archive/{table}.json?_facet={column}&_facet_size=max" for table, column in (
        ("articles", "body_text"), ("articles", "standfirst"), ("articles", "details"), ("revisions", "body_text"),
        ("changes", "before"), ("people", "biography"), ("state_texts", "details"), ("article_media", "caption"))]  # fmt: skip
    asked = [f"/archive/{name}{ending}?q={words}&month=2024-04&day=2024-04-13&column=x"
             for name in QUERIES for ending in ("", ".json")]  # fmt: skip
    return [*plain, *tables_asked, *rows, *facets, *asked]


def extended(path: str) -> Iterator[str]:
    """The same address with every ending that a route takes."""
    plain, mark, query = path.partition("?")
    for ending in ENDINGS:
        found = [(pattern, match) for pattern, _ in ROUTES if (match := re.match(pattern, plain + ending))]
        forms = [match[name] for _, match in found for name in ("as", "form") if name in match.groupdict()]
        literally = any(pattern.endswith(f"{re.escape(ending)}$") for pattern, _ in found)
        if literally or any(form and ending.endswith(form) for form in forms):
            yield plain + ending + mark + query


def every_address(home: Home) -> list[str]:
    plain = addresses(home)
    return [*plain, *(more for path in plain if not path.startswith("/archive") for more in extended(path))]


async def answers(there: Datasette, targets: list[str]) -> list[tuple[str, Heard]]:
    application = there.app()
    return [(target, await ask(application, target)) for target in targets]


def test_the_walk_has_an_address_of_every_route(home: Home) -> None:
    paths = [target.partition("?")[0] for target in every_address(home)]
    without = [
        pattern for pattern, _ in ROUTES if not any(re.match(pattern, path) for path in paths)
    ]
    assert without == []


def test_no_address_gives_a_run_of_text_beyond_what_is_allowed(home: Home, masked: tuple[Datasette, set[str]]) -> None:
    there, runs = masked
    found = asyncio.run(answers(there, every_address(home)))
    assert [(target, run) for target, heard in found for run in leaks(heard.body, runs)[:1]] == []
    assert [(target, heard.status) for target, heard in found if heard.status >= 500] == []


def test_the_same_walk_finds_the_texts_where_they_are_published_whole(home: Home) -> None:
    runs = forbidden(home, MODES["metadata"])
    with shown(home, "full") as there:
        found = asyncio.run(answers(there, every_address(home)))
    told = {re.sub(r"newsroom-\w+|urn:uuid:[\w:-]+|[0-9a-f]{12}", "*", target.partition("?")[0]) for target, heard in found if leaks(heard.body, runs)}
    missing = {"/a/*", "/a/*.json", "/a/*/v/*", "/a/*/diff/*..*", "/a/*/diff/*..*.patch", "/capture/*/bytes",
               "/archive/articles.json", "/archive/articles.csv", "/archive/changes.json", "/archive/people.json",
               "/archive/state_texts.json", "/changes.atom", "/changes.feed.json"} - told  # fmt: skip
    assert missing == set(), sorted(told)
