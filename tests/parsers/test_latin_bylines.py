"""Bylines in Latin letters, and where pages of any site name their authors. Names and pages are our own."""

import json
from datetime import UTC, datetime

from hypothesis import given
from hypothesis import strategies as st
from support.tables import every_row

from parsers import Document
from parsers.people.latin_bylines import is_person, marked_names, opened_names, persons, split_names
from parsers.reader.default import DefaultPage
from parsers.reader.view.normalisers import names

PROSE = "<p>The ferries of the delta run more often in summer, and the people on the islands are glad of it.</p>" * 3


@every_row(
    ("text", "parts"),
    [
        ("Eva Muster und Jan Ufer", ["Eva Muster", "Jan Ufer"]),
        ("Eva Muster, Jan Ufer and Zoé Petit", ["Eva Muster", "Jan Ufer", "Zoé Petit"]),
        ("Eva Muster & Jan Ufer", ["Eva Muster", "Jan Ufer"]),
        ("Trine Ufer og Tor Vand", ["Trine Ufer", "Tor Vand"]),
        ("Ana Rios e Rui Mar", ["Ana Rios", "Rui Mar"]),
        ("José Ortega y Mar", ["José Ortega y Mar"]),
        ("John Ufer, Jr.", ["John Ufer, Jr."]),
        ("Eva Muster (emu)", ["Eva Muster"]),
        ("김하늘 기자", ["김하늘"]),
    ],
)
def test_a_list_of_names_is_split(text, parts):
    assert split_names(text) == parts


@every_row(
    ("line", "found"),
    [
        ("By Jane Doe", ["Jane Doe"]),
        ("By Jane Doe and John Smith, Staff Writers", ["Jane Doe", "John Smith"]),
        ("by Jane Doe | 2 May 2024", ["Jane Doe"]),
        ("By Jane Doe @janedoe", ["Jane Doe"]),
        ("Von Eva Muster, DELTA SÜD", ["Eva Muster"]),
        ("Par Zoé Petit Le 17/02/2020", ["Zoé Petit"]),
        ("Por Ana Ríos - Redacción", ["Ana Ríos"]),
        ("Text: Eva van der Ufer", ["Eva van der Ufer"]),
        ("Posted by April June", ["April June"]),
        ("By signing up you agree", []),
        ("By the Delta Newsletter Team", []),
        ("Di fronte al mare", []),
        ("A ferry hit by John Ufer", []),
        ("Jane Doe", []),
    ],
)
def test_a_line_that_opens_as_a_byline_names_persons(line, found):
    assert opened_names(line) == found


@every_row(
    ("lines", "found"),
    [
        (["By", "Jane Doe", "and", "John Smith", "Travel Reporter"], ["Jane Doe", "John Smith"]),
        (["Von:", "Eva Muster"], ["Eva Muster"]),
        (["Jane Doe", "Senior Editor, Delta Herald"], ["Jane Doe"]),
        (["View all posts by Jane Doe"], ["Jane Doe"]),
        (["Jane Doe · Delta News · Posted: Oct 14, 2022"], ["Jane Doe"]),
        (["12 May 2024"], []),
    ],
)
def test_a_marked_byline_is_read_line_by_line(lines, found):
    assert marked_names(lines) == found


@every_row("name", ["Jane Doe", "J. R. Ufer-Smith", "Zoé van der Berg", "Seán O’Mare", "ANA RÍOS"])
def test_latin_names_are_persons(name):
    assert is_person(name)


@every_row("name", ["ferry", "Delta News", "Jane", "jane doe", "The Herald", "Jane Doe 2", ""])
def test_latin_words_unlike_a_full_name_are_not_persons(name):
    assert not is_person(name)


@given(st.text())
def test_any_text_can_be_asked_for_names(text):
    for found in (opened_names(text), persons(text), split_names(text), marked_names([text]), names((text,))):
        assert all(found)


@every_row("mark", ["Aa ", "By ", "A", "(", ",", "y ", "and "])
def test_a_megabyte_of_one_word_is_read_in_linear_time(mark):
    assert len(opened_names("By " + mark * (1_000_000 // len(mark)))) <= 20


def authors(html: str, linked: object = None, metas: str = "") -> tuple[str, ...]:
    head = f'<title>The ferries run more often</title><meta property="og:site_name" content="Delta Herald">{metas}'
    script = f'<script type="application/ld+json">{json.dumps(linked)}</script>' if linked else ""
    page = f"{head}{script}<body><article><h1>The ferries run more often</h1>{html}{PROSE}</article></body>"
    address = "https://www.delta-herald.example/a/1"
    return (
        DefaultPage(Document(page.encode(), "text/html", address, datetime(2026, 1, 2, tzinfo=UTC))).article().authors
    )


def article(author: object) -> dict[str, object]:
    return {"@type": "NewsArticle", "headline": "The ferries run more often", "author": author}


@every_row(
    ("linked", "found"),
    [
        (article({"name": "Jane Doe"}), ("Jane Doe",)),
        (article(["Jane Doe", {"name": "John Smith"}]), ("Jane Doe", "John Smith")),
        (article({"@type": "Person", "name": "Jane Doe and John Smith"}), ("Jane Doe", "John Smith")),
        (article({"@type": "Person", "byline": "Jane Doe"}), ("Jane Doe",)),
        ({"@graph": [article({"@id": "#j"}), {"@id": "#j", "@type": "Person", "name": "Jane Doe"}]}, ("Jane Doe",)),
        (article([{"@type": "Organization", "name": "Delta Herald"}, {"name": "Jane Doe"}]), ("Jane Doe",)),
        (article({"@type": "Organization", "name": "Delta Herald"}), ("Delta Herald",)),
    ],
)
def test_authors_are_read_from_each_form_of_the_schema_org_article(linked, found):
    assert authors("", linked) == found


@every_row(
    ("html", "linked", "metas", "found"),
    [
        ("", article({"name": "Delta Herald"}), '<meta name="author" content="Jane Doe">', ("Jane Doe",)),
        ('<a rel="author" href="/jane">Jane Doe</a>', article({"name": "jane"}), "", ("Jane Doe",)),
        ('<a rel="author" href="/jane">Jane Doe</a>', None, '<meta name="author" content="105092">', ("Jane Doe",)),
        ("", None, '<meta property="article:author" content="https://social.example/herald">', ()),
        ('<p class="byline">By <b>Jane Doe</b> and <b>John Smith</b></p>', None, "", ("Jane Doe", "John Smith")),
        (
            '<div><a rel="author">Jane Doe</a>, <a rel="author">John Smith</a></div>',
            None,
            "",
            ("Jane Doe", "John Smith"),
        ),
        ('<div class="author-bio">Jane Doe</div><div>Von John Smith</div>', None, "", ("John Smith",)),
        ('<figure><span class="author">Jane Doe</span></figure>', None, "", ()),
        ('<div class="comment"><span class="author">Jane Doe</span></div>', None, "", ()),
        ('<a rel="author" href="/j">jd42</a>', None, "", ("jd42",)),
        ("<p>By Jane Doe</p>", None, "", ("Jane Doe",)),
        ("<p>A ferry was hit by Jane Doe</p>", None, "", ()),
    ],
)
def test_authors_are_read_from_links_meta_and_bylines(html, linked, metas, found):
    assert authors(html, linked, metas) == found
