"""A table, a list of files and a caption on the site: in a browser, and compared with their next state."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime
from html import escape
from pathlib import Path
from typing import Any

import pytest
from support.browsing import browsing, heard, serving
from support.small_archive import HOSTILE, add_versions, build

from archive.diffing.comparing import Segment, segments
from parsers import Article, Document, parse

READ = datetime(2026, 1, 2, 3, 4, 5, tzinfo=UTC)
HEAD = "<title>江与海的连接</title><h1>江与海的连接</h1>"
PROSE = (
    "长三角的江与海，把几座城市连成一片，也把产业、人才和服务连成一片。",
    "这些年，通勤的列车开得更密，跨城办事跑得更少，这是看得见的变化。",
)
TABLE = f"""<table border=1><tr><th rowspan=2>指标</th><th colspan=2>目标值</th></tr>
<tr><th>2023年</th><th>2024年</th></tr>
<tr><td>轨道交通里程（公里）</td><td>831</td><td>%s</td></tr><tr><td>{escape(HOSTILE)}</td><td></td><td>12</td></tr></table>"""
FILES = f'<p>附件：1.<a href="./a.pdf">总体方案.pdf</a></p><p>2.<a href="./b.xls">{escape(HOSTILE)}</a></p>'
PICTURE = f'<p><img src="/1.jpg"></p><p>▲{escape(HOSTILE)}</p>'
ROWS = ["指标\t目标值", "\t2023年\t2024年", "轨道交通里程（公里）\t831\t896", f"{HOSTILE}\t\t12"]


def state(value: str) -> Article:
    inside = "".join(f"<p>{line}</p>" for line in PROSE) + TABLE % value + PICTURE + FILES
    page = f"<html><head>{HEAD}</head><body><div class=TRS_Editor>{inside}</div></body></html>".encode()
    return replace(parse(Document(page, "text/html", "https://news.example.cn/a/1.html", READ)), identity="9")


def test_the_parser_reads_table_rows_captions_and_attachments() -> None:
    article = state("896")
    assert article.paragraphs == (*PROSE, *ROWS)
    assert [(item.kind, item.caption) for item in article.media] == [
        ("image", HOSTILE),
        ("attachment", "总体方案.pdf"),
        ("attachment", HOSTILE),
    ]


def test_a_cell_that_changed_is_one_change() -> None:
    way = segments(state("896").body_text, state("905").body_text)
    assert [segment for segment in way if segment.op != "equal"] == [Segment("delete", "896"), Segment("insert", "905")]


def test_a_row_that_came_is_one_change() -> None:
    before, after = "\n".join(ROWS), "\n".join([*ROWS[:2], "公交线路（条）\t8\t12", *ROWS[2:]])
    way = [segment for segment in segments(before, after) if segment.op != "equal"]
    assert [(segment.op, segment.text.strip("\n")) for segment in way] == [("insert", "公交线路（条）\t8\t12")]


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    home: Path = tmp_path_factory.mktemp("rows")
    add_versions(build(home), state("896"), state("905"))
    with serving(home) as address:
        yield address


@pytest.mark.slow
@pytest.mark.parametrize("width", [390, 1280])
def test_the_page_shows_a_table_its_files_and_its_picture(site: str, width: int) -> None:
    with browsing() as browser:
        page: Any = browser.new_page(viewport={"width": width, "height": 900})
        said = heard(page, site)
        page.goto(f"{site}/a/newsroom-9")
        rows = page.eval_on_selector_all(
            ".body tr", "rows => rows.map(row => [...row.cells].map(cell => cell.innerText))"
        )
        links = page.eval_on_selector_all(".aside a", "links => links.map(link => link.innerText)")
        shown = page.evaluate("document.documentElement.scrollWidth")
    assert said == []
    assert shown == width
    assert rows == [row.replace("896", "905").split("\t") for row in ROWS]
    assert {"总体方案.pdf", HOSTILE} <= set(links)
