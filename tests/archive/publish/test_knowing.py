"""Pages by which the archive describes itself: data, about, downloads, sitemap, questions."""

import asyncio
import base64
import csv
import hashlib
import io
import json
import re
from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from urllib.parse import unquote, urlsplit
from xml.etree import ElementTree

import pytest
from datasette.app import Datasette
from support.small_archive import HOSTILE, TALK, add_versions, build
from support.small_site import get, served
from support.tables import every_row

from archive import connect, read_archive
from archive.files.home import Home
from archive.publish.exports.downloads import COLUMNS, PublicFile, files
from archive.publish.messages.language import Words
from archive.publish.routes import FOOT, MENU
from archive.publish.server.public_url import PublicUrl
from archive.publish.serving import site as site_of
from archive.schema.descriptions import BOOK_KEEPING, TABLES
from archive.schema.queries import QUERIES
from archive.schema.views import QUESTIONS
from archive.search import register

SITEMAP = "{http://www.sitemaps.org/schemas/sitemap/0.9}"


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return build(tmp_path_factory.mktemp("knowing") / "home").path


@pytest.fixture(scope="module")
def site(home: Path) -> Iterator[Datasette]:
    (home / "public" / "list.csv").write_bytes(b"a,b\n")
    (home / "public" / ".hidden").write_bytes(b"no")
    (home / "public" / "out").symlink_to("/etc/passwd")
    (home / "public" / "list.csv.sha256").write_text("0" * 64)
    (home / "thinker.toml").write_text('contact = "desk@archive.example"\nabout = "https://archive.example/why"\n')
    with served(Home(home)) as there:
        yield there


def test_at_least_fifteen_questions_have_titles_in_both_languages() -> None:
    assert len(QUERIES) >= 15
    for name, query in QUERIES.items():
        assert query["titles"]["zh"].endswith("？"), name
        assert query["titles"]["en"].endswith("?"), name


def test_no_question_takes_the_page_of_a_table() -> None:
    assert QUERIES.keys() & {*TABLES, *BOOK_KEEPING} == set()


@every_row("name", QUERIES)
def test_every_question_is_bounded(name: str) -> None:
    assert re.search(r"limit \d+\s*$|group by (a\.published_month|source)", QUERIES[name]["sql"])


@every_row("name", QUERIES)
def test_no_question_reads_a_whole_table(home: Path, name: str) -> None:
    """Tables that grow with the archive are read by an index; crawls and slots are few and may be scanned."""
    with closing(read_archive(home)) as archive:
        register(archive.conn)
        asked = dict.fromkeys(re.findall(r":(\w+)", QUERIES[name]["sql"]), "2024")
        steps = [row[3] for row in archive.conn.execute(f"explain query plan {QUERIES[name]['sql']}", asked)]
    small = r"\w+ (USING|VIRTUAL)|e$|found$|latest$|asked$|tokens$|CONSTANT|\("
    whole = [step for step in steps if re.match(rf"SCAN (?!{small})", step)]
    assert set(whole) <= {"SCAN crawls", "SCAN coverage"}
    if name == "texts_per_source":
        assert "SCAN articles USING COVERING INDEX articles_source" in steps


def test_no_question_and_no_view_names_a_withdrawn_article(tmp_path: Path) -> None:
    home = build(tmp_path / "home")
    alone = replace(TALK, identity="6", headline="撤下的题目", speaker="只此一人", keywords=("只此一词",))
    add_versions(home, alone, replace(alone, headline="撤下前改的题目"))
    views = [view.split()[2] for view in QUESTIONS]
    params = {
        "q": "小事",
        "phrase": "撤下",
        "year": "2024",
        "month": "2024-04",
        "column": "思想者",
        "keyword": "只此一词",
        "tag_a": "只此一词",
        "tag_b": "只此一词",
        "day": "2024-04-14",
    }
    with served(home) as there:

        def told() -> str:
            asked = [get(there, f"/archive/{name}.json", params=params) for name in QUERIES]
            asked += [get(there, f"/archive/{name}.json?_size=1000") for name in views]
            assert {each.status_code for each in asked} == {200}
            return json.dumps([each.json()["rows"] for each in asked], ensure_ascii=False)

        words = ("撤下", "只此", "newsroom-6")
        assert [word for word in words if word in told()] == list(words)
        with closing(connect(home.database)) as conn, conn:
            conn.execute("update articles set state = 'withdrawn' where key = 'newsroom-6'")
        assert [word for word in words if word in told()] == []


def test_public_files_are_listed_with_digests_and_sent_as_attachments(site: Datasette, home: Path) -> None:
    digest = hashlib.sha256(b"a,b\n").hexdigest()
    assert files(home / "public") == [PublicFile("list.csv", 4, digest)]
    assert get(site, "/data.json").json()["files"] == [{"name": "list.csv", "bytes": 4, "sha256": digest}]
    response = get(site, "/data/files/list.csv")
    assert (response.content, response.headers["content-type"]) == (b"a,b\n", "application/octet-stream")
    assert response.headers["content-disposition"].startswith("attachment")


@every_row("name", ["out", ".hidden", "~2E~2E~2Farchive.db", "list.csv.sha256", "archive.db", "x"])
def test_other_names_below_data_files_return_404(site: Datasette, name: str) -> None:
    assert get(site, f"/data/files/{name}").status_code == 404


def test_the_metadata_of_a_month_carry_their_digest_and_no_formula(site: Datasette, home: Path) -> None:
    told = get(site, "/data/articles-2024-04.csv")
    digest = base64.b64encode(hashlib.sha256(told.content).digest()).decode()
    assert told.headers["repr-digest"] == f"sha-256=:{digest}:"
    assert told.headers["content-length"] == str(len(told.content))
    known = get(site, "/data/articles-2024-04.csv", headers={"if-none-match": told.headers["etag"]})
    assert (known.status_code, known.content, "content-length" in known.headers) == (304, b"", False)
    found = list(csv.DictReader(io.StringIO(told.content.decode("utf-8-sig"))))
    assert [tuple(row) for row in found] == [COLUMNS] * 3
    lines = [json.loads(line) for line in get(site, "/data/articles-2024-04.jsonl").text.splitlines()]
    assert [row["key"] for row in lines] == [row["key"] for row in found] == ["newsroom-1", "newsroom-4", "newsroom-2"]


@pytest.mark.parametrize(
    "path", ["/data/articles-2024-13.csv", "/data/articles-1999-01.jsonl", "/data/articles-2024-04"]
)
def test_other_month_files_return_404(site: Datasette, path: str) -> None:
    assert get(site, path).status_code == 404


def test_tables_and_views_stand_in_the_order_of_their_names(site: Datasette) -> None:
    data = get(site, "/data.json").json()
    for names in (data["views"], [table["name"] for table in data["tables"]]):
        assert len(names) > 5
        assert names == sorted(names)


def test_each_example_address_answers_and_the_article_example_has_its_key(site: Datasette) -> None:
    examples = {each["path"]: each["gives"] for each in get(site, "/data.json").json()["examples"]}
    assert '"key": "newsroom-2"' in examples["/a/newsroom-2.json"]
    for path in examples:
        assert get(site, path).status_code == 200


def test_about_gives_the_contact_and_the_counts_of_unknowns(site: Datasette) -> None:
    data = get(site, "/about.json").json()
    assert (data["contact"], data["project"]) == ("desk@archive.example", "https://archive.example/why")
    assert data["unknown"] == {
        "unverified": 0, "not_confirmed": 0, "undated": 1, "bodiless": 0, "gaps": 0, "losses": 0,
    }  # fmt: skip
    assert data["coverage"] == []


def test_coverage_shows_the_worst_outcome_of_a_day_and_no_outcome_without_slots(tmp_path: Path) -> None:
    home = build(tmp_path / "home")
    with served(home) as there:
        day = get(there, "/about.json").json()["days"][-2]
        conn = connect(home.database)
        conn.executemany(
            "insert into coverage (source, due_at, outcome) values ('newsroom', ?, ?)",
            [(f"{day}T01:00:00Z", "done"), (f"{day}T02:00:00Z", "missed"), (f"{day}T03:00:00Z", "late")],
        )
        conn.commit()
        conn.close()
        (source,) = get(there, "/about.json").json()["coverage"]
        assert get(there, "/about").text.count('class="bad"') == 1
    assert source["days"][-2] == {"day": day, "outcome": "missed", "slots": {"done": 1, "late": 1, "missed": 1}}
    assert {each["outcome"] for each in source["days"][:-2]} == {None}


def places_of(there: Datasette, address: str) -> list[str]:
    told = get(there, urlsplit(address).path.removeprefix("/news"))
    return [each.text or "" for each in ElementTree.fromstring(told.text).iter(f"{SITEMAP}loc")]


def test_the_sitemap_names_nothing_that_only_withdrawn_articles_have(tmp_path: Path) -> None:
    home = build(tmp_path / "home")
    alone = replace(
        TALK, identity="6", speaker="只此一人", authors=(), editors=(), keywords=("只此一词",),
        article_section="只此一栏", date_published=datetime.fromisoformat("2011-03-06T08:00:00+08:00"),
    )  # fmt: skip
    add_versions(home, alone)
    with closing(connect(home.database)) as conn, conn:
        conn.execute("update articles set state = 'withdrawn' where key = 'newsroom-6'")
    with served(home) as there:
        parts = places_of(there, "/sitemap.xml")
        told = unquote(" ".join(place for part in parts for place in places_of(there, part)))
        assert [word for word in ("只此", "2011", "newsroom-6", "newsroom-5") if word in told] == []
        assert [get(there, f"/sitemap-{part}.xml").status_code for part in ("2", "people-0", "tags-2")] == [404] * 3


def test_the_sitemap_names_every_page_that_stays_by_its_public_address(home: Path) -> None:
    there = site_of(Home(home), ["127.0.0.1"], PublicUrl.parse("https://archive.example/news"))
    asyncio.run(there.invoke_startup())
    told = get(there, "/sitemap.xml")
    assert told.headers["content-type"] == "application/xml; charset=utf-8"
    parts = [each.text for each in ElementTree.fromstring(told.text).iter(f"{SITEMAP}loc")]
    assert parts == [f"https://archive.example/news/sitemap-{n}.xml" for n in ("0", "1", "people-1", "tags-1")]
    told = {part: places_of(there, part) for part in parts}
    assert told.pop(parts[1]) == [f"https://archive.example/news/a/newsroom-{n}" for n in (1, 2, 3, 4)]
    places = {place.removeprefix("https://archive.example/news") for found in told.values() for place in found}
    named = set(map(unquote, places))
    assert {"/", "/source/newsroom", "/column/思想者", "/column/Thinker", "/year/2024", "/month/2024-04"} < named
    assert {"/person/林知远", "/person/周一帆", f"/person/{HOSTILE}", "/tag/城市治理", f"/tag/{HOSTILE}"} < named
    links = re.findall(r'<a href="/news(/[^"]*)"[^>]*>([^<]+)</a>', get(there, "/search").text)
    fixed = [(page.path, Words("zh")[page.name]) for page in (*MENU, *FOOT)]
    assert list(dict.fromkeys(link for link in links if link in fixed[1:])) == fixed[1:]  # the first is the site, too
    assert {path for path, _ in fixed} - named == {"/phrase"}  # robots.txt closes it, for it goes on for ever
    assert {get(there, place).status_code for place in places} == {200}
    assert "Sitemap: https://archive.example/news/sitemap.xml" in get(there, "/robots.txt").text
    assert get(there, "/data.json").json()["examples"][0]["gives"].startswith("{")
    for database in there.databases.values():
        database.close()
