"""The page of help and the glossary: one table of terms for the site and the docs, and the site uses these terms."""

from collections.abc import Iterator
from html import unescape
from typing import get_args

import pytest
from datasette.app import Datasette
from support.checkout import ROOT
from support.small_site import get, small_site, text
from support.tables import every_row

from archive.publish.messages.catalog import ALL
from archive.publish.messages.glossary import GLOSSARY, Term, state_terms
from archive.publish.messages.help import SEARCH_EXAMPLES, SECTIONS
from archive.rules.standing import PresenceState
from archive.schema.descriptions import TABLES
from thinker import COMMANDS

MAX_TERMS = 45


@pytest.fixture(scope="module")
def small(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Datasette]:
    with small_site(tmp_path_factory.mktemp("home")) as there:
        yield there


@every_row(("ui", "at"), [("zh", 0), ("en", 1)])
def test_the_page_says_all_that_its_data_say(small: Datasette, ui: str, at: int) -> None:
    page, data = _close(unescape(text(get(small, f"/help?ui={ui}")))), get(small, "/help.json").json()
    assert [each["name"] for each in data["sections"]] == ["search", "history", "cite"]
    for section, names in SECTIONS.items():
        assert all(_close(ALL[name][at]) in page for name in (section, *names))
    assert all(_close(ALL[name][at]) in page for _, name in SEARCH_EXAMPLES)
    assert [(each["en"], each["zh"]) for each in data["glossary"]] == [(term.en, term.zh) for term in GLOSSARY]
    assert all(_close((term.meaning_zh, term.meaning_en)[at]) in page for term in GLOSSARY)


def _close(said: str) -> str:
    """The text without blanks, for markup may stand between two of its letters."""
    return "".join(said.split())


def test_every_example_is_a_search_that_the_site_answers(small: Datasette) -> None:
    for q, _ in SEARCH_EXAMPLES:
        assert get(small, "/search.json", params={"q": q}).status_code == 200


@every_row("path", ["/", "/search", "/search?q=城市火箭", "/search?q=治理", "/a/newsroom-1", "/status"])
def test_pages_link_to_the_help_page_and_search_pages_to_its_search_section(small: Datasette, path: str) -> None:
    page = get(small, path).text
    assert '<a href="/help">帮助</a>' in page.partition("<footer")[2]
    assert ("/help#search" in page) == path.startswith("/search")


def test_glossary_terms_agree_with_the_messages_of_the_site() -> None:
    other = {
        term.message: ALL[term.message] for term in GLOSSARY if term.message and not _agree(*ALL[term.message], term)
    }
    assert other == {}


def _agree(zh: str, en: str, term: Term) -> bool:
    """True if a message has the term, which a page may shorten in Chinese: 时段 of 采集时段."""
    return (zh in term.zh or term.zh in zh) and term.en.partition(" (")[0].lower() in en.lower()


def test_each_term_stands_once_and_each_state_has_one() -> None:
    assert len(GLOSSARY) <= MAX_TERMS
    assert len({term.en for term in GLOSSARY}) == len({term.zh for term in GLOSSARY}) == len(GLOSSARY)
    assert {term.message for term in state_terms()} == {*get_args(PresenceState)} - {"live"}


def test_places_named_in_the_glossary_exist(small: Datasette) -> None:
    places = {place for term in GLOSSARY for place in term.where}
    pages = {place for place in places if place.startswith("/") and "KEY" not in place}
    assert {page for page in pages if get(small, page).status_code != 200} == set()
    commands = {place.split()[1] for place in places if place.startswith("thinker ")}
    assert commands - {*COMMANDS} == set()
    assert {place for place in places if not place.startswith(("/", "thinker "))} - {*TABLES} == set()


def test_the_docs_have_the_same_table() -> None:
    page = (ROOT / "docs" / "glossary.md").read_text("utf-8")
    assert all(f"| {term.en} | {term.zh} | {term.meaning_en} |" in page for term in GLOSSARY)
