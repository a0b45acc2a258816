"""CSV and JSON of tables and of SQL have the form of the site's own: a spreadsheet and a person can read them."""

import asyncio
from collections.abc import Iterator

import pytest
from datasette.app import Datasette
from support.small_archive import build
from support.small_site import get
from support.stranger import close
from support.tables import every_row

from archive.publish import serving


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Datasette]:
    there = serving.site(build(tmp_path_factory.mktemp("home")), ["127.0.0.1"])  # strangers get no stream
    asyncio.run(there.invoke_startup())
    yield there
    close(there)


MARK = "\ufeff"
SQL = "/archive.csv?sql=select+'城市'+as+a,+'=1'+as+b,+-1+as+c"


@every_row(
    ("path", "sheet"),
    [
        (SQL, f"{MARK}a,b,c\r\n城市,'=1,-1\r\n"),
        (f"{SQL}&_header=off", f"{MARK}城市,'=1,-1\r\n"),
        (f"{SQL}&_dl=1", f"{MARK}a,b,c\r\n城市,'=1,-1\r\n"),
        ("/archive/articles.csv?_col=key&key=newsroom-1&_stream=1", f"{MARK}id,key\r\n1,newsroom-1\r\n"),
        ("/archive/articles.csv?_col=key&key=none", f"{MARK}id,key\r\n"),
    ],
)
def test_csv_of_tables_and_sql_is_a_sheet_in_utf_8_without_formulas(site: Datasette, path: str, sheet: str) -> None:
    reply = get(site, path)
    assert (reply.headers["content-type"], reply.content.decode()) == ("text/csv; charset=utf-8", sheet)


def test_a_stream_of_rows_arrives_in_pieces_with_one_mark(site: Datasette) -> None:
    pieces: list[bytes] = []

    async def asked() -> None:
        async def receive() -> dict[str, object]:
            return {"type": "http.request", "body": b"", "more_body": False}

        async def send(message: dict[str, bytes]) -> None:
            pieces.append(message.get("body", b""))

        scope = {"type": "http", "method": "GET", "path": "/archive/articles.csv", "raw_path": b"/archive/articles.csv",
                 "query_string": b"_stream=1&_col=key", "headers": [(b"host", b"127.0.0.1")]}  # fmt: skip
        await site.app()(scope, receive, send)

    asyncio.run(asked())
    assert len(pieces) > 3
    assert b"".join(pieces).decode().count(MARK) == 1


@every_row(
    ("path", "body"),
    [
        ("/archive.json?sql=select+'城市'+as+a,+'\\u4e2d\"'+as+b&_shape=array", '[{"a":"城市","b":"\\\\u4e2d\\""}]'),
        ("/archive.json?sql=select+'城市'+as+a+union+select+'县域'&_shape=array&_nl=on", '{"a":"县域"}\n{"a":"城市"}'),
        ("/archive.json?sql=select+'城市'&_shape=arrayfirst", '["城市"]'),
        ("/archive/search.json?q=无此&_shape=array&_nl=on", ""),
        ("/archive.json?_shape=x&sql=select+1", '{"ok":false,"error":"Invalid _shape: x","status":400,"title":null}'),
    ],
)
def test_json_of_tables_and_sql_has_chinese_as_it_is(site: Datasette, path: str, body: str) -> None:
    reply = get(site, path)
    assert reply.content.decode() == body
    assert reply.headers["content-type"].endswith("; charset=utf-8")
