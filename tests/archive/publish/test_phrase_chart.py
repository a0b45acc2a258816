"""The chart of phrases: round numbers on its axis, hollow parts for edits, gaps for the unknown; and its files."""

import csv
import re
from collections.abc import Iterator
from io import StringIO
from typing import Any

import pytest
from datasette.app import Datasette
from lxml import etree
from support.small_archive import build
from support.small_site import get, served
from support.tables import every_row

from archive.publish.formatting.charts import between
from archive.publish.formatting.phrase_chart import axis, phrase_chart


def month(name: str, articles: int, covered: int, came_by_edit: int = 0) -> dict[str, Any]:
    return {"month": name, "articles": articles, "came_by_edit": came_by_edit, "covered": covered}


EVERY = between("2023-12", "2024-03")
MONTHS = [month("2023-12", 4, 10), month("2024-02", 6, 4, came_by_edit=4), month("2024-03", 3, 0, came_by_edit=3)]


@every_row(("most", "in_percent", "labels"), [
    (0, False, "0 1"), (1, False, "0 1"), (4, False, "0 1 2 3 4"), (5, False, "0 2 4 6"), (9, False, "0 5 10"),
    (41, False, "0 20 40 60"), (1_700, False, "0 500 1,000 1,500 2,000"),
    (0.03, True, "0% 0.01% 0.02% 0.03%"), (7, True, "0% 2% 4% 6% 8%"), (100, True, "0% 50% 100%"),
])  # fmt: skip
def test_the_axis_has_few_and_round_numbers(most: float, in_percent: bool, labels: str) -> None:
    assert " ".join(label for _, label in axis(most, in_percent)) == labels


@every_row(("in_percent", "tops", "drawn", "hollow", "stretches"), [
    (False, [33.33, None, 0.0, 50.0], [4, 0, 6, 3], [0, 0, 66.67, 50],
     (((2.5, 33.33), (22.5, 33.33)), ((62.5, 0.0), (87.5, 50.0)))),
    (True, [33.33, None, 16.67, None], [4, 0, 2, 0], [0, 0, 0, 0],
     (((2.5, 33.33), (22.5, 33.33)), ((52.5, 16.67), (72.5, 16.67)))),
])  # fmt: skip
def test_unknown_months_are_gaps_and_edits_are_hollow_and_no_part_of_a_share(
    in_percent: bool, tops: list[float | None], drawn: list[int], hollow: list[float], stretches: tuple[Any, ...]
) -> None:
    chart = phrase_chart({"甲": MONTHS}, EVERY, in_percent)
    assert chart
    (line,) = chart.lines
    assert [(spot.y, spot.counted, spot.hollow) for spot in line.spots] == list(zip(tops, drawn, hollow, strict=True))
    assert (line.stretches, chart.edited) == (stretches, not in_percent)
    assert (chart.uncovered, chart.times) == ((25.0, 75.0), tuple(EVERY))  # no article was published in these
    assert [use.share for _, (use,) in chart.rows] == [40.0, None, 50.0, None]


def test_a_month_that_one_phrase_lacks_is_hatched_only_if_no_phrase_covers_it() -> None:
    chart = phrase_chart({"甲": MONTHS, "乙": [month("2024-01", 1, 2)]}, EVERY, in_percent=False)
    assert chart
    assert chart.uncovered == (75.0,)


def test_more_than_ten_years_are_drawn_by_year_and_no_month_draws_nothing() -> None:
    chart = phrase_chart({"甲": MONTHS}, between("2010-01", "2024-03"), in_percent=False)
    assert chart
    assert [(use.time, use.articles, use.came_by_edit, use.share) for _, (use,) in chart.rows[-2:]] == [
        ("2023", 4, 0, 40.0), ("2024", 9, 7, 50.0),
    ]  # fmt: skip
    assert phrase_chart({"甲": []}, [], in_percent=False) is None


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Datasette]:
    with served(build(tmp_path_factory.mktemp("home"))) as there:
        yield there


def test_the_table_has_the_months_of_each_phrase_and_no_formula(site: Datasette) -> None:
    told = get(site, "/phrase.csv", params={"q": ["=小事办实", "governance"]})
    assert (told.headers["content-type"], told.text[0]) == ("text/csv; header=present; charset=utf-8", "\ufeff")
    assert list(csv.reader(StringIO(told.text[1:]))) == [
        ["phrase", "month", "articles", "came_by_edit", "occurrences", "covered", "share"],
        ["'=小事办实", "2024-04", "1", "1", "1", "3", "0.0"],
        ["governance", "2024-04", "1", "0", "2", "3", "0.333333"],
    ]


@every_row(("path", "hollow"), [
    ("/phrase.svg?q=小事办实&ui=en", 1), ("/phrase.svg?q=小事办好", 0), ("/phrase.svg?q=小事办实&q=governance", 1),
    ("/phrase.svg?q=小事办实&share=1", 0), ("/phrase.svg?q=小事办实&q=governance&share=1", 0),
    ("/phrase.svg?q=<小事办好>%01&q=governance&share=1", 0), ("/phrase.svg?q=火箭", 0), ("/phrase.svg", 0),
])  # fmt: skip
def test_the_picture_is_a_file_that_needs_no_other(site: Datasette, path: str, hollow: int) -> None:
    told = get(site, path)
    assert (told.status_code, told.headers["content-type"]) == (200, "image/svg+xml; charset=utf-8")
    drawing = etree.fromstring(told.content)
    assert drawing.tag == "{http://www.w3.org/2000/svg}svg"
    assert list(drawing.iter("{*}script", "{*}image", "{*}use", "{*}foreignObject")) == []
    assert len([each for each in drawing.iter("{*}rect", "{*}circle") if each.get("stroke")]) == hollow
    words = "".join(drawing.itertext())
    assert ("http://localhost/phrase" in words, words.count("http")) == (True, 1)


def test_a_page_draws_counts_or_shares_and_links_its_files(site: Datasette) -> None:
    counts, shares = (get(site, f"/phrase?q=governance&ui=en{more}").text for more in ("", "&share=1"))
    axes = [re.findall(r'text-anchor="end">([^<]*)<', page.partition('class="scale"')[2]) for page in (counts, shares)]
    assert [axis[:3] for axis in axes] == [["0", "1"], ["0%", "10%", "20%"]]
    for page, more in ((counts, ""), (shares, "&amp;share=1")):
        assert [f'href="/phrase{name}?q=governance{more}"' in page for name in (".csv", ".svg")] == [True, True]
    assert get(site, "/phrase?q=governance&share=2").status_code == 400


ROW = re.compile(r"<tr><th[^>]*>(?:<a[^>]*>)?(2024[-\d]*)(?:</a>)?</th>(.*?)</tr>")
OF_BOTH = [("2024", "3", "1 0% ×1", "1 33.3% ×2")]


@every_row(("query", "rows", "titles"), [
    ("小事办实", [("2024-04", "3", "1", "1", "0%"), ("2024", "3", "1 0% ×1")],
     ["2024-04 0 / 3 (0%), 1 more by an edit"]),
    ("小事办实&share=1", [("2024-04", "3", "1", "1", "0%"), ("2024", "3", "1 0% ×1")], []),
    ("governance&share=1", [("2024-04", "3", "1", "", "33.3%"), ("2024", "3", "1 33.3% ×2")],
     ["2024-04 1 / 3 (33.3%)"]),
    ("小事办实&q=governance", [("2024-04", "3", "1", "1"), *OF_BOTH], []),
    ("小事办实&q=governance&share=1", [("2024-04", "3", "0%", "33.3%"), *OF_BOTH], []),
])  # fmt: skip
def test_chart_and_tables_give_the_share_of_the_articles_whose_first_text_has_the_phrase(
    site: Datasette, query: str, rows: list[tuple[str, ...]], titles: list[str]
) -> None:
    page = get(site, f"/phrase?q={query}&ui=en").text
    told = [
        (time, *(re.sub("<[^>]*>", "", cell) for cell in cells.split("</td>")[:-1]))
        for time, cells in ROW.findall(page)
    ]
    assert told == rows
    assert re.findall("<title>(2024-[^<]*)</title>", page) == titles
    assert ('class="edited' in page) == ("小事办实" in query and "share" not in query)
