"""Counts as drawings: the place of each bar and line, the hatched parts, and the table beneath."""

import re

import pytest
from jinja2 import Environment, PackageLoader
from support.tables import every_row

from archive.publish.formatting.charts import Month, Tick, bars, between, spanned, ticks
from archive.publish.formatting.filters import FILTERS
from archive.publish.messages.language import Words

GAP = [Month("2023-12", 4), Month("2024-01", 0, covered=False), Month("2024-02", 0), Month("2024-03", 1)]


class Urls:
    def path(self, path: str) -> str:
        return f"/prefix{path}"


def drawn(macro: str, *args: object) -> str:
    env = Environment(loader=PackageLoader("archive.publish"), autoescape=True, trim_blocks=True)
    env.filters.update(FILTERS)
    return str(getattr(env.get_template("thinker/layout/charts.html").module, macro)(*args, Words("en"), Urls()))


def test_the_highest_bar_fills_the_height_and_the_least_is_seen() -> None:
    chart = bars([*GAP[:3], Month("2024-03", 1), Month("2024-04", 400)])
    assert (chart.most, chart.room, chart.bar_width) == (400, 20.0, 16.0)
    assert [(bar.x, bar.y, bar.height) for bar in chart.bars] == [
        (0.0, 97.5, 2.5), (20.0, 100.0, 0.0), (40.0, 100.0, 0.0), (60.0, 97.5, 2.5), (80.0, 0.0, 100.0),
    ]  # fmt: skip


@pytest.mark.parametrize(("name", "unit"), [("2024", "Year"), ("2024-04", "Month"), ("2024-04-14", "Day")])
def test_the_table_below_a_chart_names_the_unit_of_its_rows(name: str, unit: str) -> None:
    table = drawn("count_bars", bars([Month(name, 1)]), "t")
    assert f'<thead><tr><th scope="col">{unit}</th>' in table


def test_charts_without_counts_are_empty() -> None:
    assert (bars([]).bars, bars([]).most) == ((), 0)


def test_years_are_named_as_far_as_there_is_room() -> None:
    assert ticks(GAP) == (Tick("12", 0.0), Tick("2024", 25.0), Tick("2", 50.0), Tick("3", 75.0))  # of a few, each
    assert [tick.label for tick in ticks([Month(month, 1) for month in between("2024-01", "2024-12")])] == [
        "2024", *map(str, range(2, 13)),
    ]  # fmt: skip
    ten = ticks([Month(month, 1) for month in between("2014-06", "2024-02")])
    assert [tick.label for tick in ten] == ["2015", "", "2017", "", "2019", "", "2021", "", "2023", ""]
    for first, named in ((2012, ["2015", "2020", "2025"]), (1984, ["1990", "2000", "2010", "2020"])):
        assert [tick.label for tick in ticks([Month(f"{year}", 1) for year in range(first, 2027)])] == named


@every_row(("counting", "known", "first", "last"), [
    ({"2024-01"}, {"2023-11", "2024-03"}, "2023-11", "2024-03"),
    ({"2024-01"}, {"2014-03", "2034-01"}, "2014-03", "2034-01"),  # ten years of nothing are a hole
    ({"2024-01"}, {"1899-12", "2024-03", "2099-01"}, "2024-01", "2024-03"),  # a century is a date misread
    ({"2024-01"}, {"1899-12", "1900-02", "2014-03", "2019-01"}, "2014-03", "2024-01"),
    ({"1899-12", "2024-01"}, {"2099-01"}, "1899-12", "2024-01"),  # what counts is drawn, wherever it is
    (set(), {"2024-01", "2024-02", "2099-01"}, "2024-01", "2024-02"),
])  # fmt: skip
def test_a_drawing_reaches_as_far_as_anything_is_known(
    counting: set[str], known: set[str], first: str, last: str
) -> None:
    assert spanned(counting, known) == between(first, last)
    assert spanned(set(), set()) == []


def test_bars_lead_to_their_months_and_the_table_says_the_same() -> None:
    told = drawn("count_bars", bars([Month("2024-01", 3, path="/month/2024-01"), Month("2024-02", 0, False)]), "Talks")
    assert re.findall(r"<title>(.*?)</title>", told) == ["2024-01 3", "2024-02 not archived"]
    assert re.findall(r'<a href="([^"]*)"( tabindex="-1")?>', told) == [
        ("/prefix/month/2024-01", ' tabindex="-1"'),
        ("/prefix/month/2024-01", ""),
    ]
    assert re.findall(r"<t[dh]\b[^>]*>(?:<a[^>]*>)?([^<]*)", told) == [
        "Month", "Articles", "2024-01", "3", "2024-02", "not archived",
    ]  # fmt: skip


@pytest.mark.parametrize(("first", "told"), [("2024-0", "the first 2 months"), ("202", "the first 2 years")])
def test_a_chart_states_an_uncovered_stretch_in_its_own_unit(first: str, told: str) -> None:
    months = [Month(f"{first}{n}", int(n > 3), n > 3) for n in range(2, 5)]
    assert f"nothing archived in {told}<" in drawn("count_bars", bars(months), "Talks")


def test_a_chart_shows_the_archived_total_beside_each_count() -> None:
    told = drawn("count_bars", bars([Month("2024-01", 3, of=1_200), Month("2024-02", 0, False, of=0)]), "Talks")
    assert re.findall(r"<title>(.*?)</title>", told) == ["2024-01 3 / 1,200", "2024-02 not archived"]
    assert re.findall(r"<t[dh]\b[^>]*>([^<]*)", told) == [
        "Month", "Articles", "In the archive", "2024-01", "3", "1,200", "2024-02", "not archived", "",
    ]  # fmt: skip
