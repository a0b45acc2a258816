"""An article's revisions as a function of what was seen: captures × parser versions × order, as a table."""

from itertools import permutations

from hypothesis import given
from hypothesis import strategies as st
from support.tables import every_row

from archive.rules.revision_sequence import Sighting, current, history, version_order

SITE, IMPORT, AGAIN = "", "i", "*"


def seen(text: str) -> list[Sighting]:
    """`A1 b1+B2* i:A1 u:A1`: captures one after another, each with what parser versions read; * is a later reading.

    i: imported, u: and undated. k: of another key of the article.
    """
    found = []
    for number, capture in enumerate(text.split(), start=1):
        undated = capture.startswith("u:")
        imported = undated or capture.startswith("i:")
        key = int(capture.startswith("k:"))
        for reading in capture[capture.find(":") + 1 :].split("+"):
            version = reading[1:].removesuffix(AGAIN)
            again = reading.endswith(AGAIN)
            found.append(Sighting(f"day {number}", number, reading[0], version, imported, again, undated, key))
    return found


def same_letter(before: Sighting, after: Sighting) -> bool:
    return before.state.lower() == after.state.lower()


def told(sightings: list[Sighting]) -> str:
    """`1:A 2:B` and so on: numbers with their texts, `~` cosmetic, `*` another reading, `?` undated; current last."""
    rows = history(sightings, same_letter)
    marks = [str(row.number) if row.number else "?" if row.undated else "~" if row.edit else "*" for row in rows]
    shown = " ".join(f"{mark}:{row.first.state}" for mark, row in zip(marks, rows, strict=True))
    return f"{shown} > {current(rows).state}"


@every_row(
    ("captures", "expected"),
    [
        ("A1", "1:A > A"),
        ("A1 A1 B1", "1:A 2:B > B"),
        ("A1 B1 A1", "1:A 2:B 3:A > A"),
        ("A1 a1 B1", "1:A ~:a 2:B > B"),
        ("A1 a1 A1", "1:A ~:a ~:A > A"),
        # An undated capture stands before all dated ones, is compared with nothing, and is current only without them.
        ("u:A1", "1:A > A"),
        ("u:A1 u:B1", "1:A ?:B > B"),
        ("u:A1 u:B1 u:A1", "?:B 1:A > A"),
        ("u:A1 B1", "?:A 1:B > B"),
        ("A1 B1 u:C1", "?:C 1:A 2:B > B"),
        ("A1 u:B1 C1 u:a1", "?:B ?:a 1:A 2:C > C"),
        # A text that a dated capture shows too is dated.
        ("u:B1 A1 B1 A1", "1:A 2:B 3:A > A"),
        ("u:A1+B2* u:C1", "1:A ?:B ?:C > C"),
        ("u:A1+B2*", "1:A ?:B > B"),
        ("u:A1+B2* C1+B2*", "?:A 1:C *:B > B"),
        # A better parser read the last capture again, and then the site's edit.
        ("A1+B2* C2", "1:A *:B 2:C > C"),
        # The better parser read the same text as before: no row.
        ("A1+A2* A2", "1:A > A"),
        # It reads otherwise what the site did not touch.
        ("A1+B2* B2", "1:A *:B > B"),
        ("A1+B2* A1", "1:A *:B > B"),
        # Nobody knows whether the site did anything: the old bytes could not be read again.
        ("A1 B2", "1:A *:B > B"),
        ("A1 B2 C2", "1:A *:B 2:C > C"),
        ("A1 A2 B2", "1:A 2:B > B"),
        # Both read again: what only the new parser tells apart is no edit, what the old one saw too is one.
        ("A1+B2* A1+C2*", "1:A *:B *:C > C"),
        ("A1+C2* B1+D2*", "1:A *:C 2:B *:D > D"),
        # The new parser sees no difference any more: the old one's text stays as a reading of the same page.
        ("A1+C2* B1+C2*", "1:A *:B *:C > C"),
        # One was read again and the other not, by the newest parser that read both.
        ("A1+C2* B1 B1+C2*", "1:A *:C 2:B *:C > C"),
        ("A2+C10* A2+C10* D10", "1:A *:C 2:D > D"),
        ("i:A1 B1 i:A1", "1:A 2:B 3:A > A"),
        # Two keys of one article show texts of their own: only a difference from the capture before of its key counts.
        ("A1 k:B1 A1 k:B1", "1:A 2:B > B"),
        ("A1 k:B1 A1 C1 k:B1", "1:A 2:B 3:C > C"),
        ("A1 k:B1 B1 A1", "1:A 2:B 3:A > A"),
        ("A1 k:A1 B1 k:A1 k:B1", "1:A 2:B > B"),
    ],
)
def test_captures_in_any_order_give_the_same_revisions(captures: str, expected: str) -> None:
    sightings = seen(captures)
    assert told(sightings) == expected
    for order in list(permutations(sightings))[:200]:
        assert told(list(order)) == expected


def test_a_row_of_the_history_names_the_compared_states() -> None:
    rows = history(seen("A1+C2* B1+D2* D2+E3*"), same_letter)
    assert [row.compared and tuple(each.state for each in row.compared) for row in rows] == [
        None,
        ("A", "C"),
        ("C", "D"),  # the site's edit, as the newest parser that read both shows it
        ("B", "D"),
        ("D", "E"),
    ]
    assert [row.run for row in rows] == [0, 0, 1, 1, 1]


def test_an_edit_is_compared_with_the_text_before_of_its_own_key() -> None:
    rows = history(seen("A1 k:B1 C1"), same_letter)
    assert [row.compared and tuple(each.state for each in row.compared) for row in rows] == [
        None,
        ("A", "B"),
        ("A", "C"),
    ]


def test_captures_of_one_second_have_an_order_of_their_own() -> None:
    at = "day 1"
    sightings = [
        Sighting(at, 9, "A", "1", imported=True),
        Sighting(at, 8, "B", "1", imported=True),
        Sighting(at, 7, "D", "1"),
        Sighting(at, 6, "C", "1"),
    ]
    assert told(sightings) == "1:C 2:D 3:A 4:B > B"


def test_versions_are_in_natural_order() -> None:
    assert sorted(["b", "10", "2.10", "1", "10a", "2.9", "2"], key=version_order) == [
        "1", "2", "2.9", "2.10", "10", "10a", "b",
    ]  # fmt: skip


READINGS = st.dictionaries(st.sampled_from(["1", "2", "10"]), st.sampled_from("AaBbC"), min_size=1)
CAPTURES = st.lists(st.tuples(st.integers(1, 4), st.booleans(), READINGS), min_size=1, max_size=7)


@given(CAPTURES, st.randoms())
def test_rows_do_not_depend_on_arrival(captures, chance) -> None:
    sightings = [
        Sighting(f"day {day}", number, state, version, imported, again=at > 0)
        for number, (day, imported, readings) in enumerate(captures)
        for at, (version, state) in enumerate(readings.items())
    ]
    expected = told(sightings)
    chance.shuffle(sightings)
    assert told(sightings) == expected


@given(CAPTURES)
def test_every_sighting_is_in_one_row_and_numbers_count_from_one(captures) -> None:
    sightings = [
        Sighting(f"day {day}", number, state, version, imported, again=at > 0)
        for number, (day, imported, readings) in enumerate(captures)
        for at, (version, state) in enumerate(readings.items())
    ]
    rows = history(sightings, same_letter)
    assert sorted(map(id, sightings)) == sorted(id(each) for row in rows for each in row.sightings)
    numbers = [row.number for row in rows if row.number]
    assert numbers == list(range(1, len(numbers) + 1))
    assert rows[0].number == 1
    assert all({each.state for each in row.sightings} == {row.first.state} for row in rows)
