"""Cleaning loses nothing; headings and paragraphs are told apart."""

import json
import unicodedata
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from support.tables import every_row

from parsers.text.languages import in_language
from parsers.text.lines import clean_text, is_section_heading, repair_spacing

CLEANED = [
    ("", ""),
    ("  a \t b\r\nc ", "a b c"),
    ("长三角\u3000\u3000一体化\xa0", "长三角 一体化"),
    ("zero\u200bwidth\ufeff and\u00ad soft", "zerowidth and soft"),
    ("right\u202eleft", "rightleft"),
    ("nul\x00 bell\x07", "nul bell"),
    ("e\u0301", "é"),
    ("\U0001f468\u200d\U0001f469\u200d\U0001f467 family", "\U0001f468\u200d\U0001f469\u200d\U0001f467 family"),
    ("نامه\u200cای", "نامه\u200cای"),
    ("阮\u200d青", "阮青"),
    ("half \ud800 a pair", "half \N{REPLACEMENT CHARACTER} a pair"),
    ("㎡ ① Ａ ﬁ", "㎡ ① Ａ ﬁ"),
]

SPACED = [
    ("high requirements.Today, I would", "high requirements. Today, I would"),
    ("Western culture.Why should we", "Western culture. Why should we"),
    ('six words: "harmonious people.".', 'six words: "harmonious people."'),
    ("the basin of one two three lake.Shanghai has", "the basin of one two three lake. Shanghai has"),
    *[
        (kept, kept)
        for kept in (
            "PM2.5",
            "R&D",
            "e.g.The",
            "U.S.A. and U.K.",
            "file.Name",
            "www.Example.Com/Path.Html",
            "mail me at jane.Doe@example.com",
            "Node.js and Vue.Js",
            "3.Today",
            "high-speed trains",
            "wait...Then",
        )
    ],
]

HEADINGS = [
    "Time, location, and harmony of people",
    "Next, how to take the path of integration",
    "How to recognize this opportunity?",
    "一、准确把握新形势",
    "（二）推动高质量发展的若干重大问题与政策取向以及下一步的改革任务安排",
    "长三角如何走在前列？",
    "天时、地利、人和",
]
PARAGRAPHS = [
    "",
    "In fact, even before this, he had already had a relatively complete and in-depth thinking.",
    "Specifically, the specific effectiveness of integrated practice is reflected in the following aspects:",
    "the the Taihu Lake Lake basin",
    "他说：",
    "这是一句完整的话。",
    "这一段没有句号但是它非常长而且一直在说同一件事情说了很久还没有说完所以它不是标题",
    "“一体化”",
]


@every_row(("raw", "cleaned"), CLEANED)
def test_clean_text_normalises_space_and_characters_and_drops_controls(raw: str, cleaned: str) -> None:
    assert clean_text(raw) == cleaned


@every_row(("raw", "spaced"), SPACED)
def test_repair_spacing_separates_sentences_and_keeps_numbers_and_names(raw: str, spaced: str) -> None:
    assert repair_spacing(raw) == spaced


@every_row("line", HEADINGS)
def test_a_short_line_without_an_end_is_a_heading(line: str) -> None:
    assert is_section_heading(line)


@every_row("line", PARAGRAPHS)
def test_lines_unlike_a_heading_are_paragraphs(line: str) -> None:
    assert not is_section_heading(line)


# Where each kind of seed case is tested.
KINDS = {
    "title": "test_titles", "comparison_key": "test_titles", "date": "test_dates", "date_relative": "test_dates",
    "date_epoch": "test_dates", "spacing": "test_text", "body": "test_text", "section_heading": "test_text",
    "repeated_title": "test_mirror", "related_block": "test_mirror", "bio_heading": "test_people",
    "biography": "test_people", "reprint_notice": "test_people",
}  # fmt: skip


@pytest.mark.shared
def test_no_kind_of_seed_case_goes_untested(shared: Path) -> None:
    cases = json.loads((shared / "data/seed_cases.json").read_text("utf-8"))["cases"]
    assert {case["kind"] for case in cases} == set(KINDS)
    assert all((Path(__file__).parent / f"{name}.py").is_file() for name in KINDS.values())


@pytest.mark.shared
def test_the_seed_cases_of_lines_are_read_as_expected(shared: Path) -> None:
    cases = json.loads((shared / "data/seed_cases.json").read_text("utf-8"))["cases"]
    assert [case["id"] for case in cases if not _as_expected(case)] == []


def _as_expected(case: dict) -> bool:
    raw, expected = case["raw"], case["expected"]
    match case["kind"]:
        case "section_heading":
            return is_section_heading(raw)
        case "body":
            return not is_section_heading(raw)
        case "spacing":
            return repair_spacing(raw) == expected["text"]
    return True


ANY = st.text(st.characters(exclude_categories=()), max_size=80)


@every_row(
    ("text", "language"),
    [
        ("", None),
        ("The ferries run", "en"),
        ("長江與東海之間的城市", "zh-Hant"),
        ("The ferries run more often. " * 14 + "長江與東海之間的城市連成一片，這對經濟發展很關鍵。" * 10, "zh-Hant"),
        ("The ferries run more often. " * 14 + "长江与东海之间的城市连成一片，这对经济发展很关键。" * 10, "zh-Hans"),
    ],
)
def test_the_language_and_script_of_a_text_are_recognized(text: str, language: str | None) -> None:
    assert in_language(text) == language


@given(ANY)
def test_cleaning_twice_is_cleaning_once(raw: str) -> None:
    assert clean_text(clean_text(raw)) == clean_text(raw)


@given(ANY)
def test_cleaning_keeps_every_visible_character(raw: str) -> None:
    whole = raw.encode("utf-16", "surrogatepass").decode("utf-16", "replace")  # half a pair shows as U+FFFD
    assert _visible(clean_text(raw)) == _visible(unicodedata.normalize("NFC", whole))


@given(st.text(st.sampled_from(list('abc.ABC"” ')), max_size=40) | ANY)
def test_repairing_adds_blanks_and_drops_doubled_stops_only(raw: str) -> None:
    repaired = repair_spacing(raw)
    assert repair_spacing(repaired) == repaired
    assert repaired.replace(" ", "").replace(".", "") == raw.replace(" ", "").replace(".", "")


def _visible(text: str) -> list[str]:
    return sorted(
        character for character in text if unicodedata.category(character)[0] in "LNSP" and not _filler(character)
    )


def _filler(character: str) -> bool:
    return character in "\u115f\u1160\u3164\uffa0"  # Hangul fillers are letters that show nothing
