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
MONTHS = [month("2023-12", 4, 10), month("2024-02", 0, 4), month("2024-03", 3, 0, came_by_edit=3)]


@every_row(("most", "in_percent", "labels"), [
    (0, False, "0 1"), (1, False, "0 1"), (4, False, "0 1 2 3 4"), (5, False, "0 2 4 6"), (9, False, "0 5 10"),
    (41, False, "0 20 40 60"), (1_700, False, "0 500 1,000 1,500 2,000"),
    (0.03, True, "0% 0.01% 0.02% 0.03%"), (7, True, "0% 2% 4% 6% 8%"), (300, True, "0% 100% 200% 300%"),
])  # fmt: skip
def test_the_axis_has_few_and_round_numbers(most: float, in_percent: bool, labels: str) -> None:
    assert " ".join(label for _, label in axis(most, in_percent)) == labels


@every_row(("in_percent", "tops", "hollow", "stretches"), [
    (False, [0.0, None, 100.0, 25.0], [0, 0, 0, 75],
     (((2.5, 0.0), (22.5, 0.0)), ((62.5, 100.0), (87.5, 25.0)))),
    (True, [0.0, None, 100.0, None], [0, 0, 0, 0],
     (((2.5, 0.0), (22.5, 0.0)), ((52.5, 100.0), (72.5, 100.0)))),
])  # fmt: skip
def test_unknown_months_are_gaps_and_edits_are_hollow(
    in_percent: bool, tops: list[float | None], hollow: list[float], stretches: tuple[Any, ...]
) -> None:
    chart = phrase_chart({"甲": MONTHS}, EVERY, in_percent)
    assert chart
    (line,) = chart.lines
    assert ([spot.y for spot in line.spots], [spot.hollow for spot in line.spots]) == (tops, hollow)
    assert line.stretches == stretches
    assert (chart.uncovered, chart.times) == ((25.0, 75.0), tuple(EVERY))  # no article was published in these


def test_a_month_that_one_phrase_lacks_is_hatched_only_if_no_phrase_covers_it() -> None:
    chart = phrase_chart({"甲": MONTHS, "乙": [month("2024-01", 1, 2)]}, EVERY, in_percent=False)
    assert chart
    assert chart.uncovered == (75.0,)


def test_more_than_ten_years_are_drawn_by_year_and_no_month_draws_nothing() -> None:
    chart = phrase_chart({"甲": MONTHS}, between("2010-01", "2024-03"), in_percent=False)
    assert chart
    assert [(use.time, use.articles, use.came_by_edit) for _, (use,) in chart.rows[-2:]] == [
        ("2023", 4, 0), ("2024", 3, 3),
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
        ["'=小事办实", "2024-04", "1", "1", "1", "3", "0.333333"],
        ["governance", "2024-04", "1", "0", "2", "3", "0.333333"],
    ]


@every_row(("path", "hollow"), [
    ("/phrase.svg?q=小事办实&ui=en", 1), ("/phrase.svg?q=小事办好", 0), ("/phrase.svg?q=小事办实&q=governance", 1),
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
