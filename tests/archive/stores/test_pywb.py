"""pywb, a replay program that knows nothing of us, shows every capture of an archive as it came."""

from dataclasses import dataclass
from pathlib import Path

import pytest
from support.archiving import rows
from support.pywb_replay import ask_pywb, index_of, moments
from support.six_days import write_six_days

from archive import open_archive

pytestmark = [pytest.mark.slow, pytest.mark.pywb]


@dataclass(frozen=True, slots=True)
class Replayed:
    """Moment, url, status and payload digest: of each capture as the archive has it, and as pywb shows it."""

    expected: list[tuple[str, str, int, str]]
    shown: list[tuple[str | None, str, int, str]]
    listed: list[tuple[str, str]]  # moment and url of every line of pywb's index
    kinds: set[tuple[object, ...]]
    careless: list[tuple[str | None, str, int, str]]  # as pywb shows them when it is given the derived files too


@pytest.fixture(scope="module")
def replayed(tmp_path_factory: pytest.TempPathFactory) -> Replayed:
    """Six days of two sites with edits, revisits and a removal, and saved pages, replayed by pywb."""
    home, folder = tmp_path_factory.mktemp("home"), tmp_path_factory.mktemp("pywb")
    archive = open_archive(home)
    write_six_days(archive, tmp_path_factory.mktemp("saved"))
    expected = moments(archive)
    kinds = set(rows(archive, "select record_type, status from captures"))
    asked = [(at, address) for at, address, *_ in expected]
    shown = ask_pywb(folder, page_files(archive.home.captures), asked)
    everything = sorted(archive.home.captures.glob("*.warc.gz"))
    careless = ask_pywb(tmp_path_factory.mktemp("careless"), everything, asked)
    archive.close()
    return Replayed(expected, shown, index_of(folder), kinds, careless)


def page_files(captures: Path) -> list[Path]:
    """The files to give to a replay program: not SOURCE-derived-UTCSTAMP-SERIAL.warc.gz, which hold our own records.

    pywb takes a conversion record for one more capture of its url, and would show our JSON.
    """
    files = sorted(captures.glob("*.warc.gz"))
    return [file for file in files if not file.name.rsplit("-", 2)[0].endswith("-derived")]


def test_the_archive_that_is_replayed_holds_every_kind_of_capture(replayed: Replayed):
    assert replayed.kinds == {
        ("response", 200), ("response", 404), ("revisit", 200), ("revisit", 304), ("resource", None),
    }  # fmt: skip
    assert len({(at, address) for at, address, *_ in replayed.expected}) == len(replayed.expected) == 38


def test_each_capture_is_shown_at_its_moment_byte_for_byte(replayed: Replayed):
    differing = [pair for pair in zip(replayed.expected, replayed.shown, strict=True) if pair[0] != pair[1]]
    assert differing == []


def test_our_articles_never_stand_in_for_a_page_even_if_they_are_indexed_too(replayed: Replayed):
    differing = [pair for pair in zip(replayed.expected, replayed.careless, strict=True) if pair[0] != pair[1]]
    assert differing == []


def test_nothing_but_captures_is_listed_in_the_calendar(replayed: Replayed):
    assert replayed.listed == sorted((at, address) for at, address, *_ in replayed.expected)
