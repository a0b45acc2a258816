"""The articles of a search or a place as files from the site: bounded, whole, and with a codebook."""

import asyncio
import csv
import hashlib
import io
import json
from base64 import b64decode
from collections.abc import Iterator
from contextlib import closing
from typing import Any, ClassVar
from urllib.parse import unquote

import httpx
import openpyxl
import pytest
from datasette.app import Datasette
from support.small_archive import HOSTILE
from support.small_site import get, small_site, text
from support.tables import every_row

from archive.publish.database.sql_sandbox import TooBusy
from archive.publish.exporting import DATA_SETS
from archive.publish.exports import sending
from archive.publish.places import offering
from archive.publish.places.offering import part_of_place, part_of_search
from archive.search import Choices

COLUMNS = [each.name for each in DATA_SETS["articles"].columns]
LISTS = [
    ("/search/articles", "?q=治理", "/search.json?q=治理", "hits"),
    ("/search/articles", "?q=治理&order=oldest&tag=城市治理", "/search.json?q=治理&order=oldest&tag=城市治理", "hits"),
    ("/search/articles", "?q=小事办好&gone=1", "/search.json?q=小事办好&gone=1", "hits"),
    ("/search/articles", "?q=城市火箭", "/search.json?q=城市火箭", "hits"),
    ("/person/林知远/articles", "", "/person/林知远.json", "articles"),
    ("/person/林知远/articles", "?role=author", "/person/林知远.json?role=author", "articles"),
    ("/tag/城市治理/articles", "", "/tag/城市治理.json", "articles"),
    ("/column/思想者/articles", "?in=2024-04-14", "/column/思想者.json?in=2024-04-14", "articles"),
    ("/source/newsroom/articles", "", "/source/newsroom.json", "articles"),
    ("/day/2024-04-14/articles", "", "/day/2024-04-14.json", "articles"),
    ("/month/2024-04/articles", "", "/month/2024-04.json", "articles"),
    ("/year/2024/articles", "", "/year/2024.json", "articles"),
]


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Datasette]:
    with small_site(tmp_path_factory.mktemp("home")) as there:
        yield there


def lines(reply: httpx.Response) -> list[dict[str, Any]]:
    return [json.loads(line) for line in reply.text.splitlines()]


def table(reply: httpx.Response) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(reply.content.decode("utf-8-sig"))))


@every_row(("path", "query", "page", "rows"), LISTS)
def test_a_file_has_the_articles_of_its_page_in_the_same_order(
    site: Datasette, path: str, query: str, page: str, rows: str
) -> None:
    shown = get(site, page).json()
    keys = [row["key"] for row in shown[rows]]
    found = {ending: get(site, f"{path}.{ending}{query}") for ending in ("csv", "jsonl", "xlsx")}
    assert {ending: reply.status_code for ending, reply in found.items()} == dict.fromkeys(found, 200)
    assert [row["key"] for row in table(found["csv"])] == keys
    assert [row["key"] for row in lines(found["jsonl"])] == keys
    with closing(openpyxl.load_workbook(io.BytesIO(found["xlsx"].content), read_only=True)) as book:
        told = list(book["data"].iter_rows(values_only=True))
    assert list(told[0]) == COLUMNS
    assert [row[0] for row in told[1:]] == keys
    assert (shown["files"]["rows"], shown["files"]["of"]) == (len(keys), len(keys))


def test_a_line_says_what_the_database_says_and_names_the_version(site: Datasette) -> None:
    (line,) = lines(get(site, "/search/articles.jsonl?q=小事办实"))
    article = get(site, "/a/newsroom-1.json").json()
    same = ("headline", "speaker", "authors", "keywords", "body_text", "state", "url", "first_seen_at")
    assert {name: line[name] for name in same} == {name: article[name] for name in same}
    assert get(site, line["permalink"].removeprefix("http://localhost")).status_code == 200


def test_no_cell_is_a_formula_and_hostile_text_stays_text(site: Datasette) -> None:
    reply = get(site, "/source/newsroom/articles.csv")
    cells = [cell for row in csv.reader(io.StringIO(reply.content.decode("utf-8-sig"))) for cell in row]
    assert [cell for cell in cells if cell[:1] in ("=", "+", "-", "@")] == []
    assert any(HOSTILE in cell for cell in cells)
    assert reply.content.startswith("\ufeff".encode())


@every_row("path", ["/source/newsroom/articles", "/search/articles"])
def test_a_withdrawn_article_is_in_no_file(site: Datasette, path: str) -> None:
    for ending in ("csv", "jsonl", "datapackage.json"):
        said = get(site, f"{path}.{ending}{'?q=撤下' if 'search' in path else ''}").text
        assert [word for word in ("newsroom-5", "不应再被看见") if word in said] == []


def test_a_reply_has_its_size_its_digest_a_safe_name_and_is_sent_once(site: Datasette) -> None:
    reply = get(site, '/search/articles.csv?q=治理 ../"x"')
    assert reply.headers["content-length"] == str(len(reply.content))
    digest = b64decode(reply.headers["repr-digest"].removeprefix("sha-256=:").removesuffix(":"))
    assert digest == hashlib.sha256(reply.content).digest()
    said = reply.headers["content-disposition"]
    assert said.startswith('attachment; filename="search')
    assert unquote(said.partition("UTF-8''")[2]) == "search-治理-x.csv"
    assert reply.headers["content-type"] == "text/csv; header=present; charset=utf-8"
    again = get(site, '/search/articles.csv?q=治理 ../"x"', headers={"if-none-match": reply.headers["etag"]})
    assert (again.status_code, again.content) == (304, b"")


def test_the_codebook_names_the_file_by_its_address_and_its_digest(site: Datasette) -> None:
    book = get(site, "/tag/城市治理/articles.datapackage.json?in=2024").json()
    (resource,) = book["resources"]
    path = resource["path"].removeprefix("http://localhost")
    file = get(site, path)
    assert unquote(path) == "/tag/城市治理/articles.csv?in=2024"
    assert resource["hash"] == f"sha256:{hashlib.sha256(file.content).hexdigest()}"
    assert (resource["bytes"], book["slice"]["rows"]) == (len(file.content), len(table(file)))
    assert [field["name"] for field in resource["schema"]["fields"]] == COLUMNS
    assert (book["slice"]["query"], book["slice"]["since"]) == ('tag:"城市治理"', "2024-01-01")


@every_row(
    ("path", "status"),
    [
        ("/person/没有此人/articles.csv", 404), ("/tag/x/articles.datapackage.json", 404),
        ("/search/articles.csv?q=治理&limit=5", 400), ("/search/articles.parquet?q=治理", 404),
        ("/month/2024-04/articles.csv?in=2024", 400), ("/person/林知远/articles.csv?role=singer", 400),
    ],
)  # fmt: skip
def test_an_absent_file_is_named_in_one_line(site: Datasette, path: str, status: int) -> None:
    assert get(site, path).status_code == status


def test_a_file_ends_where_its_limits_are_and_the_page_says_how_to_get_all(
    site: Datasette, monkeypatch: pytest.MonkeyPatch
) -> None:
    page = get(site, "/source/newsroom?ui=en")
    assert "4 articles, about 0.1 MB: CSV · JSONL · Excel" in text(page)
    assert "thinker export" not in text(page)
    with closing(site.get_database("archive").connect()) as conn:
        ids = [number for (number,) in conn.execute("select id from articles where state <> 'withdrawn' order by id")]
        monkeypatch.setattr(offering, "MAX_CHARACTERS", 1_000)
        assert offering.fitting(conn, ids) == ids[:1]
        offer = offering.offered(conn, 4, ids, part_of_place("source", "newsroom"))
        assert (offer["rows"] < 4, offer["of"]) == (True, 4)
        assert offer["command"] == "thinker export csv --source newsroom -o articles.csv"
        monkeypatch.setattr(offering, "MAX_ARTICLES", 2)
        monkeypatch.setattr(offering, "MAX_CHARACTERS", 1_000_000)
        assert offering.fitting(conn, ids) == ids[:2]


@every_row(
    ("part", "command"),
    [
        (part_of_place("person", "林知远"), "thinker export csv 'author:\"林知远\"' -o articles.csv"),
        (part_of_place("tag", 'a"b', "2024-04"),
         "thinker export csv 'tag:\"a b\"' --since 2024-04-01 --until 2024-04-30 -o articles.csv"),
        (part_of_place("day", "2024-04-13"),
         "thinker export csv --since 2024-04-13 --until 2024-04-13 -o articles.csv"),
        (part_of_search("甲 OR 乙", True, False, False, Choices(tag=("丙", "丁"), source=("newsroom",))),
         "thinker export csv '(甲 OR 乙) (tag:\"丙\" OR tag:\"丁\")' --source newsroom --ever -o articles.csv"),
        (part_of_search("'; rm -rf /", False, True, True, Choices(year=("2023", "2024"))),
         "thinker export csv ''\"'\"'; rm -rf /' --since 2023-01-01 --until 2024-12-31 --gone --exact -o articles.csv"),
        (part_of_search("-治理", False, False, False, Choices(source=("newsroom",))),
         "thinker export csv --source newsroom -o articles.csv -- '-治理'"),
    ],
)  # fmt: skip
def test_the_command_that_writes_all_is_named(part: offering.Part, command: str) -> None:
    assert part.command == command


def test_a_client_has_one_file_at_a_time_and_a_turn_ends_with_it(site: Datasette) -> None:
    class Asked:
        scope: ClassVar = {"client": ("192.0.2.1", 1)}

    with sending.turn(site, Asked()) as client:
        pass
    with pytest.raises(TooBusy), sending.turn(site, Asked()):
        pass
    sending.ended(client)
    with pytest.raises(KeyError), sending.turn(site, Asked()):
        raise KeyError
    with sending.turn(site, Asked()) as client:
        sending.ended(client)
    assert sending._busy == set()


def test_a_turn_ends_before_the_last_piece_and_only_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sending, "PIECE", 3)
    told, busy = list[bytes](), list[bool]()

    async def send(message: Any) -> None:
        told.append(message.get("body", b""))
        busy.append("192.0.2.1" in sending._busy)

    sending._busy.add("192.0.2.1")
    file = sending.SentFile(io.BytesIO(b"abcdef"), 6, b"", "x.csv", "text/csv", "192.0.2.1")
    asyncio.run(file.asgi_send(send))
    assert (told, busy) == ([b"", b"abc", b"def", b""], [True, True, False, False])
    sending._busy.add("192.0.2.1")  # the client's next file
    file._end()
    assert sending._busy == {"192.0.2.1"}
    sending.ended("192.0.2.1")
