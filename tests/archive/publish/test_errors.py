"""The page that a reader gets when a request fails, and the lines of the server's log."""

import re
import sqlite3
from collections.abc import Iterator

import pytest
from datasette.app import Datasette
from datasette.database import QueryInterrupted
from datasette.utils.asgi import BadRequest, Forbidden, NotFound
from datasette.views.base import DatasetteError
from hypothesis import given
from hypothesis import strategies as st
from support.small_site import get, small_site
from support.tables import every_row

from archive.publish.database import reading
from archive.publish.database.sql_sandbox import TooBusy
from archive.publish.messages.datasette import in_chinese
from archive.publish.messages.refusals import REFUSALS
from archive.publish.server.errors import PageFault, fault_of, plain


@pytest.fixture(scope="module")
def datasette(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Datasette]:
    with small_site(tmp_path_factory.mktemp("home")) as served:
        yield served


FAILING = [
    ("/nowhere", 404, "没有这个页面", "Not found"),
    ("/archive/nowhere", 404, "没有这个页面", "Not found"),
    ("/archive/articles/999", 404, "没有这个页面", "Not found"),
    ("/-/settings", 404, "没有这个页面", "Not found"),
    ("/archive.db", 403, "不提供", "Not offered here"),
    ("/archive/articles?_sort=nothing", 400, "请求有误", "This request is not valid"),
    ("/archive/articles?_size=-1", 400, "请求有误", "This request is not valid"),
    ("/archive/articles?" + "_facet=source&" * 11, 400, "请求有误", "This request is not valid"),
    ("/archive/latest_articles?_next=x", 400, "请求有误", "This request is not valid"),
    ("/archive?sql=delete+from+articles", 400, "请求有误", "This request is not valid"),
]


@every_row(("path", "status", "chinese", "english"), FAILING)
def test_an_error_is_a_page_of_ours_in_both_languages(
    datasette: Datasette, path: str, status: int, chinese: str, english: str
) -> None:
    for ui, title, lang in (("zh-CN", chinese, "zh-Hans"), ("en", english, "en")):
        reply = get(datasette, path, headers={"accept-language": ui})
        assert reply.status_code == status
        assert f'<html lang="{lang}">' in reply.text
        assert f"<h1>{title}</h1>" in reply.text
        assert '<header class="site">' in reply.text


def test_an_address_error_is_explained_in_both_languages(datasette: Datasette) -> None:
    for path, chinese, english in (
        ("/search?q=治理&year=99", "year=99：不是 2024 这样的年份", "year=99: not a year like 2024"),
        ("/changes?since=soon", "soon：不是 2024-04-13 这样的日期", "soon: not a day like 2024-04-13"),
        ("/-/settings", "不开放：/-/settings", "not open: /-/settings"),
    ):
        zh, en = (get(datasette, path, headers={"accept-language": ui}).text for ui in ("zh", "en"))
        assert chinese in zh
        assert english in en
        assert chinese not in en


@every_row(
    ("sentence", "chinese"),
    [
        ("Cannot sort table by {0}", "不能按 {0} 排序"),
        ("_nocol=甲, 乙 - invalid columns", "_nocol：没有这些列：甲, 乙"),
        ('near "from": syntax error', "“from”附近的语法有误"),
        ("no such column: a\nb", "没有这一列：a\nb"),
        ("database disk image is malformed", ""),
    ],
)
def test_a_sentence_of_datasette_or_sqlite_has_its_chinese(sentence: str, chinese: str) -> None:
    assert in_chinese(sentence) == chinese


def test_a_chinese_page_gives_the_reason_of_datasette_in_chinese(datasette: Datasette) -> None:
    for path, chinese in (
        ("/archive/articles?_sort=nothing", "不能按 nothing 排序"),
        ("/archive/articles?_size=-1", "_size：须为大于 0 的整数"),
        ("/archive/articles/999", "没有这一行"),
        ("/archive?sql=select+absent", "没有这一列：absent<br><code"),
    ):
        assert chinese in get(datasette, path, headers={"accept-language": "zh"}).text
        assert chinese not in get(datasette, path, headers={"accept-language": "en"}).text


def test_every_refusal_has_the_same_values_in_both_languages() -> None:
    named = re.compile(r"\{(\w+)\}")
    differing = {name for name, (zh, en) in REFUSALS.items() if set(named.findall(zh)) != set(named.findall(en))}
    assert differing == {"no_phrase"}  # its reason is English, as the command line says it


def test_an_error_is_json_where_json_was_asked_for(datasette: Datasette) -> None:
    reply = get(datasette, "/archive/articles.json?_sort=nothing")
    assert (reply.status_code, reply.json()) == (
        400,
        {"ok": False, "error": "Cannot sort table by nothing", "error_zh": "不能按 nothing 排序", "status": 400,
         "title": "This request is not valid"},
    )  # fmt: skip


def test_an_error_logs_one_line(datasette: Datasette, capfd: pytest.CaptureFixture[str]) -> None:
    get(datasette, "/nowhere")
    assert capfd.readouterr() == ("", "thinker: 404 GET /nowhere: not_found\n")


def test_the_cause_of_a_server_error_is_shown_in_the_log_only(
    datasette: Datasette, capfd: pytest.CaptureFixture[str]
) -> None:
    database = datasette.get_database("archive")
    path, database.path = database.path, "/nowhere/secret.db"
    try:
        reply = get(datasette, "/a/newsroom-1")
    finally:
        database.path = path
    assert reply.status_code == 500
    assert "secret" not in reply.text
    assert "<h1>服务器出错</h1>" in reply.text
    assert re.fullmatch(
        r"thinker: 500 GET /a/newsroom-1: FileNotFoundError: .*secret.db' \(\w+.py:\d+\)\n", capfd.readouterr().err
    )


@pytest.mark.parametrize("page", ["/archive/addresses/1", "/archive/article_keywords/1.json"])
def test_a_row_address_with_half_its_key_returns_400(datasette: Datasette, page: str) -> None:
    assert get(datasette, page).status_code == 400


def test_a_page_that_ran_out_of_its_time_says_that_the_server_is_busy_and_comes_when_asked_again(
    datasette: Datasette, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    paths = ("/", "/a/newsroom-1", "/changes", "/removed", "/status")  # a search says on its page that it took too long
    with monkeypatch.context() as hurried:
        hurried.setattr(reading, "PAGE_TIME_LIMIT_MS", 0)
        late = [get(datasette, path) for path in paths]
    log = capfd.readouterr().err
    assert [reply.status_code for reply in late] == [503] * len(paths)
    assert all("<h1>服务器正忙</h1>" in reply.text for reply in late)
    assert re.fullmatch(r"(thinker: 503 GET /\S*: OperationalError: interrupted \(\w+.py:\d+\)\n){5}", log)
    assert [get(datasette, path).status_code for path in paths] == [200] * len(paths)


@every_row(
    ("error", "fault"),
    [
        (NotFound("Table not found"), PageFault(404, "not_found", "Table not found", "没有这个数据表")),
        (NotFound("404"), PageFault(404, "not_found")),
        (Forbidden("No downloads"), PageFault(403, "forbidden", "No downloads")),
        (BadRequest("_size must be"), PageFault(400, "bad_request", "_size must be")),
        (DatasetteError("Cannot sort"), PageFault(400, "bad_request", "Cannot sort")),
        (
            DatasetteError("<p>long", title="SQL Interrupted", status=400, message_is_html=True),
            PageFault(400, "sql_slow"),
        ),
        (DatasetteError("<p>long", status=404, message_is_html=True), PageFault(404, "not_found")),
        (QueryInterrupted(None, "select", {}), PageFault(400, "sql_slow")),
        (TooBusy(), PageFault(503, "too_busy")),
        (sqlite3.OperationalError("interrupted"), PageFault(503, "too_busy")),
        (sqlite3.OperationalError("no such table: x"), PageFault(500, "broken")),
        (ValueError("a secret"), PageFault(500, "broken")),
    ],
)
def test_each_error_maps_to_its_page_fault(error: Exception, fault: PageFault) -> None:
    assert fault_of(error) == fault


@given(st.text())
def test_a_log_line_stays_one_visible_line(text: str) -> None:
    line = plain(text)
    assert line.isprintable()
    assert len(line.splitlines()) <= 1
    assert not (text.isprintable() and len(text) <= 300) or line == text


def test_a_log_line_keeps_chinese_escapes_controls_and_cuts_long_text() -> None:
    assert plain("没有\n\x1b[31m\u202e这一页") == "没有\\n\\x1b[31m\\u202e这一页"
    assert plain("x" * 1000) == "x" * 300 + "..."
