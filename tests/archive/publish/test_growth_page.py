"""/status says how the archive grows, in both languages and as JSON; nothing where there is nothing."""

from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest
from datasette.app import Datasette
from support.archiving import NOON, crawl, page
from support.small_site import get, served, small_site, text
from support.tables import every_row

from archive import open_archive
from archive.answers.growth import in_words
from archive.files.home import Home
from archive.publish.status import status_page


@pytest.fixture(scope="module")
def datasette(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Datasette]:
    home = tmp_path_factory.mktemp("growth") / "home"
    with closing(open_archive(home)) as archive:
        crawl(archive, NOON, {number: page(number) for number in range(1, 4)})
    with served(Home(home)) as there:
        yield there


def test_the_growth_of_the_archive_is_that_of_its_files(datasette: Datasette) -> None:
    told = get(datasette, "/status.json").json()["growth"]
    assert {*told} == {"size", "months"}
    assert {month["source"] for month in told["months"]} == {"newsroom"}
    assert sum(month["bytes"] for month in told["months"]) == told["size"]["captures"] > 0


@every_row(
    ("ui", "expected"),
    [
        ("zh", "增长 各来源每月新增快照的数据量，月份按 UTC 计。现有快照 {}，账本"),
        ("en", "Growth What each source added to the captures in each month (UTC). Total: {} of captures, "),
    ],
)
def test_the_status_page_states_the_size_of_the_captures_in_both_languages(
    datasette: Datasette, ui: str, expected: str
) -> None:
    size = get(datasette, "/status.json").json()["growth"]["size"]["captures"]
    assert expected.format(in_words(size)) in text(get(datasette, f"/status?ui={ui}"))


def test_an_archive_without_captures_says_nothing_of_growth(tmp_path: Path) -> None:
    with small_site(tmp_path) as there:
        assert get(there, "/status.json").json()["growth"]["months"] == []
        assert "Growth" not in get(there, "/status?ui=en").text


def test_every_source_has_a_place_for_every_month() -> None:
    """A source has 0 bytes in a month without captures, and every source's months are listed."""
    rows = [
        {"month": "2026-11", "source": "town", "bytes": 3},
        {"month": "2026-11", "source": "a5qu", "bytes": 5},
        {"month": "2026-09", "source": "town", "bytes": 7},
    ]
    assert [*status_page.grown(rows).items()] == [
        ("a5qu", {"2026-11": 5, "2026-09": 0}),
        ("town", {"2026-11": 3, "2026-09": 7}),
    ]
    assert status_page.grown([]) == {}
