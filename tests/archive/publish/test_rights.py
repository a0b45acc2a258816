"""The publishers' texts leave the site only as far as the settings allow: every address, in every form."""

import asyncio
import re
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from urllib.parse import quote

import httpx
import pytest
from datasette.app import Datasette
from support.archiving import NOON
from support.checkout import ROOT
from support.journeys import Thinker, asked
from support.long_texts import BODIES, CLOSED, DAY, EDITED, OPENED, RICH, forbidden, leaks, long_texts, prose, windows
from support.small_site import get
from support.stranger import Heard, ask, close
from support.tables import every_row

from archive import connect, open_archive
from archive.files.home import Home
from archive.judging import Acting, merge
from archive.publish.routes import ROUTES
from archive.publish.serving import site
from archive.sandbox import Rights, excerpt, rights_in
from archive.schema import QUERIES
from archive.settings import load_settings

MODES = {
    "excerpt": {"newsroom": "excerpt", "open": "full", "shut": "metadata"},
    "metadata": {"newsroom": "metadata", "open": "full", "shut": "metadata"},
    "full": {"newsroom": "full", "open": "full", "shut": "full"},
}
ENDINGS = (".json", ".atom", ".feed.json", ".csv", ".svg", ".jsonl", ".xlsx", ".patch", ".bib", ".ris", ".csl.json",
           ".txt", ".xml", ".css", ".datapackage.json")  # fmt: skip
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
    rights = Rights(
        "excerpt" if mode == "excerpt" else mode, {} if mode == "full" else {"open": "full", "shut": "metadata"}
    )
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
        "/year/2024", "/data/articles-2024-04", "/data/files/notes.txt", "/api", "/openapi.json", "/llms.txt",
    ]  # fmt: skip
    of_lists = [f"/search/articles?q={words}", f"/search/articles?q={rare}&ever=1", "/source/newsroom/articles",
                f"/person/{quote('林知远')}/articles", f"/tag/{quote('城市治理')}/articles", "/column/x/articles",
                "/source/shut/articles", "/day/2024-04-13/articles", "/month/2024-04/articles",
                "/year/2024/articles"]  # fmt: skip
    plain += of_lists
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
        ("changes", "before"), ("people", "biography"), ("state_texts", "details"),
        ("article_media", "caption"))]  # fmt: skip
    questions = [f"/archive/{name}{ending}?q={words}&month=2024-04&day=2024-04-13&column=x"
             for name in QUERIES for ending in ("", ".json")]  # fmt: skip
    return [*plain, *tables_asked, *rows, *facets, *questions]


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
    without = [pattern for pattern, _ in ROUTES if not any(re.match(pattern, path) for path in paths)]
    assert without == []


@pytest.mark.slow
def test_no_address_gives_a_run_of_text_beyond_what_is_allowed(home: Home, masked: tuple[Datasette, set[str]]) -> None:
    there, runs = masked
    found = asyncio.run(answers(there, every_address(home)))
    assert [(target, run) for target, heard in found for run in leaks(heard.body, runs)[:1]] == []
    assert [(target, heard.status) for target, heard in found if heard.status >= 500] == []


@pytest.mark.slow
def test_the_same_walk_finds_the_texts_where_they_are_published_whole(home: Home) -> None:
    runs = forbidden(home, MODES["metadata"])
    with shown(home, "full") as there:
        found = asyncio.run(answers(there, every_address(home)))
    told = {
        re.sub(r"newsroom-\w+|urn:uuid:[\w:-]+|[0-9a-f]{12}", "*", target.partition("?")[0])
        for target, heard in found
        if leaks(heard.body, runs)
    }
    missing = {"/a/*", "/a/*.json", "/a/*/v/*", "/a/*/diff/*..*", "/a/*/diff/*..*.patch", "/capture/*/bytes",
               "/archive/articles.json", "/archive/articles.csv", "/archive/changes.json", "/archive/people.json",
               "/archive/state_texts.json", "/changes.atom", "/changes.feed.json"} - told  # fmt: skip
    assert missing == set(), sorted(told)


def test_the_stricter_source_of_a_merged_article_decides(tmp_path: Path) -> None:
    home = long_texts(tmp_path / "home")
    (opened,), (shut,) = keys(home, "open"), keys(home, "shut")
    with closing(open_archive(home.path)) as archive:
        merge(archive, opened, shut, Acting("ops", "other_work"), lambda: NOON + 9 * DAY)
    runs = {each for text in BODIES[CLOSED] for each in windows(text)}
    targets = [f"/a/{key}{rest}" for key in (opened, shut) for rest in ("", ".json", "/diff/1..2", "/diff/1..2.json")]
    targets += [f"/archive/{table}.json?_size=max" for table in ("articles", "revisions", "changes", "state_texts")]
    with shown(home, "full") as there:
        whole = [target for target in targets if leaks(get(there, target, follow_redirects=True).content, runs)]
    assert len(whole) > 3, [(target, get(there, target).status_code) for target in targets]
    with shown(home, "excerpt") as there:
        assert [target for target in targets if leaks(get(there, target, follow_redirects=True).content, runs)] == []


def test_a_page_that_leaves_text_out_says_so_and_leads_to_the_original(home: Home) -> None:
    with shown(home, "excerpt") as there:
        for path in ("/a/newsroom-77", "/a/newsroom-77/diff/1..2"):
            for ui, said in (("zh", "只刊登这一来源文章的节选"), ("en", "only excerpts of the texts of this source")):
                page = get(there, f"{path}?ui={ui}").text
                assert said in page
                assert 'href="http://127.0.0.1:8765/articles/77" rel="nofollow' in page
        (opened,) = keys(home, "open")
        assert "only excerpts of the texts of this source" not in get(there, f"/a/{opened}?ui=en").text
        (shut,) = keys(home, "shut")
        assert "does not show the texts of this source" in get(there, f"/a/{shut}?ui=en").text
        assert "shows only excerpts" in get(there, "/search?ui=en").text  # at the foot of each page
        assert get(there, "/about.json").json()["texts"] == {
            "general": "excerpt", "sources": {"open": "full", "shut": "metadata"}
        }  # fmt: skip
        assert "whole texts" in get(there, "/about?ui=en").text
        assert "部分来源的文章在本站只有节选" in get(there, "/latest.feed.json").json()["description"]


def keys(home: Home, source: str) -> list[str]:
    with closing(connect(home.database)) as conn:
        return [key for (key,) in conn.execute("select key from articles where source = ?", (source,))]


def test_an_article_shows_what_its_source_allows(home: Home) -> None:
    (opened,), (shut,) = keys(home, "open"), keys(home, "shut")
    with shown(home, "excerpt") as there:
        found = get(there, "/a/newsroom-77.json").json()
        assert found["text"] == "excerpt"
        assert found["paragraphs"] == [excerpt(prose(202))]
        assert (found["standfirst"], found["biography"]) == (excerpt(prose(215)), excerpt(prose(214)))
        assert (found["headings"], found["heading_positions"], found["links"]) == ([], [], [])
        assert [each["caption"] for each in found["media"]] == [excerpt(each.caption or "") for each in RICH.media]
        assert (found["headline"], found["speaker"], found["keywords"]) == (
            "一篇什么都有的文章",
            "林知远",
            ["城市治理"],
        )
        assert get(there, f"/a/{opened}.json").json()["paragraphs"] == list(BODIES[OPENED])
        found = get(there, f"/a/{shut}.json").json()
        assert (found["text"], found["paragraphs"], found["standfirst"]) == ("metadata", [], None)
        assert found["headline"]


def test_a_comparison_says_how_much_changed_where_it_shows_nothing(home: Home) -> None:
    key = f"newsroom-{EDITED}"
    with shown(home, "excerpt") as there:
        (body,) = get(there, f"/a/{key}/diff/1..2.json").json()["properties"]
        assert (body["segments"], body["changes"]) == ([], [])
        assert body["not_shown"]["deleted"] > 300
        assert body["not_shown"]["inserted"] > 300
        patch = get(there, f"/a/{key}/diff/1..2.patch").text
        assert patch.startswith("# body_text: ")
        assert patch.count("\n") == 1
        assert get(there, f"/a/{key}/diff/2..3.json").json()["properties"][0]["segments"] != []  # within the excerpts


def test_the_bytes_of_a_capture_stay_where_texts_are_not_whole(home: Home) -> None:
    with closing(connect(home.database)) as conn:
        records = dict(
            conn.execute("select source, record_id from captures where crawl_id is not null order by id desc")
        )
    with shown(home, "excerpt") as there:
        answers = {source: get(there, f"/capture/{record}/bytes?ui=en") for source, record in records.items()}
        assert {source: each.status_code for source, each in answers.items()} == {
            "newsroom": 403,
            "open": 200,
            "shut": 403,
        }
        assert "does not publish the whole texts" in answers["shut"].text
        assert get(there, f"/capture/{records['shut']}.json").json()["text"] == "metadata"
        page = get(there, f"/capture/{records['shut']}?ui=en").text
        assert "does not give the bytes" in page
        assert "/bytes" not in page


EXCERPTS = [
    ("短文。", "短文。"),
    ("一" * 200, "一" * 200),
    ("一" * 201, "一" * 199 + "…"),
    ("一" * 100 + "。" + "二" * 150, "一" * 100 + "。…"),
    ("一" * 60 + "！”" + "二" * 150, "一" * 60 + "！”…"),
    ("One is. " + "two " * 60, "One is.…"),
    ("一" * 198 + "。二三四五", "一" * 198 + "。…"),
    ("一" * 150 + "\n" + "二" * 100, "一" * 150 + "\n" + "二" * 48 + "…"),
    ("", ""),
]


@every_row("text, shown", EXCERPTS)
def test_an_excerpt_ends_with_a_sentence_and_marks_the_cut(text: str, shown: str) -> None:
    assert excerpt(text) == shown
    assert len(shown) <= 200


ASKED = [
    ({}, "127.0.0.1", None, 200),
    ({}, "127.0.0.1", "http://archive.example", 403),
    ({}, "0.0.0.0", None, 403),
    ({"newsroom": "full"}, "127.0.0.1", "http://archive.example", 200),
]


@pytest.mark.slow
@pytest.mark.parametrize(("words", "host", "public", "status"), ASKED)
def test_a_site_that_others_can_reach_shows_excerpts(
    home: Home, words: dict[str, str], host: str, public: str | None, status: int
) -> None:
    settings = home.path / "thinker.toml"
    settings.write_text("[publish.sources]\n" + "".join(f"{name} = '{word}'\n" for name, word in words.items()))
    with closing(connect(home.database)) as conn:
        (record,) = conn.execute("select record_id from captures where source = 'newsroom' order by id").fetchone()
    server = Thinker(home.path).start(
        "serve", "--port", "0", "--host", host, *(["--public-url", public] if public else [])
    )
    try:
        port = server.stdout.readline().strip().rpartition(":")[2] if server.stdout else ""
        answer = httpx.get(f"http://127.0.0.1:{port}/capture/{record}/bytes", headers={"host": "127.0.0.1"})
        article = httpx.get(f"http://127.0.0.1:{port}/a/newsroom-{EDITED}.json", headers={"host": "127.0.0.1"}).json()
    finally:
        server.terminate()
        server.communicate(timeout=30)
        settings.unlink()
    assert answer.status_code == status
    assert (article["text"] == "full") == (status == 200)


def test_the_example_of_the_docs_is_what_it_says(tmp_path: Path) -> None:
    page = (ROOT / "docs" / "publishing.md").read_text("utf-8")
    (example,) = re.findall(r"^```toml\n(.*?)^```$", page, re.MULTILINE | re.DOTALL)
    (tmp_path / "thinker.toml").write_text(example, encoding="utf-8")
    assert rights_in(load_settings(tmp_path), local=True) == Rights(
        "excerpt", {"newsroom": "full", "thepaper": "metadata"}
    )
    assert asked(tmp_path, "config", "show")[0] == 0


WORDS = [
    ("", True, "full"),
    ("", False, "excerpt"),
    ("text = 'full'", False, "full"),
    ("text = 'metadata'", True, "metadata"),
]


@every_row("words, local, general", WORDS)
def test_without_a_word_it_depends_on_who_can_reach_the_site(
    tmp_path: Path, words: str, local: bool, general: str
) -> None:
    (tmp_path / "thinker.toml").write_text(f"[publish]\n{words}\n")
    assert rights_in(load_settings(tmp_path), local) == Rights(general)
    (tmp_path / "thinker.toml").write_text(f"[publish]\n{words}\n[publish.sources]\nnewsroom = 'metadata'\n")
    assert rights_in(load_settings(tmp_path), local) == Rights(general, {"newsroom": "metadata"})


def test_an_unknown_source_is_refused_and_one_of_the_archive_is_not(home: Home) -> None:
    settings = home.path / "thinker.toml"
    try:
        settings.write_text("[publish.sources]\nopn = 'full'\n")
        code, _, err = asked(home.path, "config", "show")
        assert (code, "no source named 'opn' (publish.sources); did you mean" in err) == (2, True)
        settings.write_text("[publish.sources]\nopen = 'full'\n")  # of articles that are there, though not declared
        assert asked(home.path, "config", "show")[0] == 0
    finally:
        settings.unlink()
