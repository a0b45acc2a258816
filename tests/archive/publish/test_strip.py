"""The history strip: what points it has, however long the history; the versions that a page tells; tables of a body."""

from typing import Any

from hypothesis import given
from hypothesis import strategies as st
from support.tables import every_row

from archive.publish.article.body_blocks import BodyBlock, blocks
from archive.publish.article.history_strip import MAX_POINTS, strip
from archive.publish.article.version_list import VERSIONS_PER_PAGE, past


def version(at: str, number: int | None = 1, origin: str = "site", absences: tuple[Any, ...] = ()) -> dict[str, Any]:
    found = {"captured_at": f"{at}T00:00:00Z", "recorded_at": at, "content_digest": at, "dating": "stated"}
    return found | {"number": number, "origin": origin, "absences": list(absences)}


def absence(kind: str, at: str, missed: str | None = None) -> dict[str, Any]:
    return {"kind": kind, "at": f"{at}T00:00:00Z", "first_missed_at": missed and f"{missed}T00:00:00Z"}


def kinds(versions: list[dict[str, Any]], state: str = "live", missed: str | None = None) -> list[tuple[str, str, int]]:
    """Kind, day and count of each point of the strip; the versions are given oldest first."""
    points = strip(versions[::-1], state, missed).points
    return [(point.kind, point.at[:10], point.count) for point in points]


def test_a_history_is_drawn_as_points_in_order_of_time() -> None:
    gone = (absence("removed", "2024-03-03", "2024-03-01"), absence("restored", "2024-04-01", "2024-03-01"))
    told = [version("2024-01-01"), version("2024-02-01", 2, absences=gone), version("2024-02-02", None, "reparse"),
            version("2024-05-01", None)]  # fmt: skip
    assert kinds(told) == [
        ("first", "2024-01-01", 1), ("edit", "2024-02-01", 1), ("missing", "2024-03-01", 1), ("back", "2024-04-01", 1),
        ("form", "2024-05-01", 1),
    ]  # fmt: skip
    drawn = strip(told[::-1], "live", None)
    assert (drawn.versions, drawn.disappearances, drawn.delistings) == (2, 1, 0)
    assert [each.away for each in drawn.stretches] == [False, False, True, False]
    assert [point.x for point in drawn.points] == [10, 30, 50, 70, 90]


def test_an_undated_import_has_no_point() -> None:
    undated = version("2024-03-01", None, "import") | {"dating": "unknown"}
    assert kinds([undated, version("2024-01-01"), version("2024-02-01", 2)]) == [
        ("first", "2024-01-01", 1), ("edit", "2024-02-01", 1),
    ]  # fmt: skip
    assert kinds([undated | {"number": 1}], "soft_gone", "2024-02-01T00:00:00Z") == [("unsure", "2024-02-01", 1)]


def test_an_unconfirmed_absence_has_its_own_point() -> None:
    assert kinds([version("2024-01-01")], "soft_gone", "2024-02-01T00:00:00Z") == [
        ("first", "2024-01-01", 1), ("unsure", "2024-02-01", 1),
    ]  # fmt: skip


@given(st.lists(st.tuples(st.integers(1, 3_000), st.booleans()), max_size=300))
def test_a_strip_is_short_and_leaves_nothing_out(history: list[tuple[int, bool]]) -> None:
    told = [version("2000-01-01")]
    for days, gone in sorted(history):
        at = f"{2001 + days // 365:04}-{days % 12 + 1:02}-{days % 28 + 1:02}"
        told.append(version(at, absences=(absence("removed", at, at),) if gone else ()))
    drawn = strip(told[::-1], "live", None)
    assert 1 <= len(drawn.points) <= MAX_POINTS
    assert sum(point.count for point in drawn.points) == len(told) + sum(gone for _, gone in history)
    assert drawn.points[0].kind == "first"
    assert [point.at for point in drawn.points] == sorted(point.at for point in drawn.points)


@every_row(
    ("count", "before", "named", "places", "older", "newest"),
    [
        (3, None, None, [2, 1, 0], None, False),
        (VERSIONS_PER_PAGE + 5, None, None, list(range(VERSIONS_PER_PAGE + 4, 4, -1)), 5, False),
        (VERSIONS_PER_PAGE + 5, 5, None, [4, 3, 2, 1, 0], None, True),
        (VERSIONS_PER_PAGE + 5, None, 2, [2, 1, 0], None, True),
        (VERSIONS_PER_PAGE + 5, None, VERSIONS_PER_PAGE, list(range(VERSIONS_PER_PAGE + 4, 4, -1)), 5, False),
        (3, 9_999, None, [2, 1, 0], None, False),
    ],
)
def test_a_page_of_versions_states_if_there_are_older_and_newer_ones(
    count: int, before: int | None, named: int | None, places: list[int], older: int | None, newest: bool
) -> None:
    versions = [version(f"20{number:02}-01-01") for number in range(count)]
    found = past(versions[::-1], before, None if named is None else versions[named])
    assert ([each.place for each in found.told], found.older, found.newest) == (places, older, newest)


def test_the_lines_of_a_table_are_a_table() -> None:
    article = {"paragraphs": ["前", "甲\t乙", "丙\t丁\t", "后", "一\t二"], "headings": ["题"], "heading_positions": [3]}
    assert blocks(article) == [
        BodyBlock("paragraph", "前"), BodyBlock("table", "", (("甲", "乙"), ("丙", "丁", ""))),
        BodyBlock("heading", "题"), BodyBlock("paragraph", "后"), BodyBlock("table", "", (("一", "二"),)),
    ]  # fmt: skip
