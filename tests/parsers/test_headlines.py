"""The headline is chosen from the several titles of a page. Pages and titles are our own."""

import json
from datetime import UTC, datetime

import pytest
from support.tables import every_row

from parsers import Document, parse
from parsers.reader.headline.shown import (
    linked_headline,
    meta_headline,
    shown_headline,
    title_headline,
    without_site,
)

URL = "https://www.delta-herold.example/wirtschaft/faehren-fahren-oefter"


def page(html: str, url: str = URL) -> Document:
    return Document(html.encode(), "text/html", url, datetime(2026, 1, 2, tzinfo=UTC))


def head(title: str | None = None, shared: str | None = None, linked: str | None = None, site: str = "") -> str:
    """The three places where a page repeats its headline, and the name of its site."""
    article = json.dumps({"@type": "NewsArticle", "headline": linked})
    return "".join(
        [
            f"<title>{title}</title>" if title else "",
            f'<meta property="og:title" content="{shared}">' if shared else "",
            f'<meta property="og:site_name" content="{site}">' if site else "",
            f'<script type="application/ld+json">{article}</script>' if linked else "",
        ]
    )


FERRIES, SHORT = "Fähren fahren ab Mai öfter", "Mehr Fähren ab Mai"


@every_row(
    ("pages_head", "shown", "headline"),
    [
        pytest.param(head(f"{FERRIES} | Herold", SHORT, FERRIES), f"<h1>{FERRIES}</h1>", FERRIES, id="h1 is linked"),
        pytest.param(head(f"{FERRIES} | Herold", FERRIES, SHORT), f"<h1>{FERRIES}</h1>", FERRIES, id="h1 is shared"),
        pytest.param(head(FERRIES, SHORT, SHORT), f"<h1>{FERRIES}</h1>", SHORT, id="two claims against the h1"),
        pytest.param(
            head(FERRIES, SHORT, FERRIES),
            f'<ol class="breadcrumb"><li>Delta</li><li><h1>{FERRIES}</h1></li></ol><h2>{SHORT}</h2>',
            SHORT,
            id="h1 for search engines in the crumbs",
        ),
        pytest.param(
            head(f"Verkehr: {FERRIES}", FERRIES),
            f"<h1><span>Verkehr</span> <span>{FERRIES}</span></h1>",
            FERRIES,
            id="kicker in its own element",
        ),
        pytest.param(head(FERRIES), f"<h1>Verkehr {FERRIES}</h1>", FERRIES, id="kicker without a mark"),
        pytest.param(head(FERRIES), f"<h1>Verkehr: {FERRIES}</h1>", f"Verkehr: {FERRIES}", id="part of the headline"),
        pytest.param(
            head("Delta: Ab Mai fahren mehr Fähren"), f"<h1>{FERRIES}</h1>", FERRIES, id="the h1 rewords the title"
        ),
        pytest.param(
            head(f"{FERRIES} | Mein Tagebuch vom Delta"),
            f"<h1>Mein Tagebuch vom Delta</h1><h2><a>{FERRIES}</a></h2>",
            FERRIES,
            id="h1 names the blog",
        ),
        pytest.param(
            head(f"Delta Herold » {FERRIES}", None),
            f"<h1>Delta Herold</h1><h2>{FERRIES}</h2>",
            FERRIES,
            id="site in front",
        ),
        pytest.param(
            head(None, "Verkehr / Fähren fahren"), "<h1>Verkehr<br>Fähren fahren</h1>", "Verkehr / Fähren fahren"
        ),
    ],
)
def test_the_headline_is_the_heading_that_the_titles_agree_with(pages_head, shown, headline):
    assert shown_headline(page(f"<head>{pages_head}</head><body>{shown}")) == headline


def test_a_page_without_titles_has_no_agreed_headline_but_its_only_h1():
    html = f"<h1>Fähren fahren öfter</h1>{'<p>Ab Mai fahren mehr Fähren, auch am Abend, sagt die Reederei.</p>' * 6}"
    assert (shown_headline(page(html)), parse(page(html)).headline) == (None, "Fähren fahren öfter")


@every_row(
    ("title", "site", "headline"),
    [
        ("Fähren fahren öfter - Delta-Herold", "Delta-Herold", "Fähren fahren öfter"),
        ("Fähren fahren öfter | delta-herold.example", "", "Fähren fahren öfter"),
        ("Delta-Herold | Fähren fahren öfter", "Delta-Herold", "Fähren fahren öfter"),
        ("Fähren fahren &quot;öfter&quot;", "", 'Fähren fahren "öfter"'),
        ("Fähren – und wer sie fährt", "Delta-Herold", "Fähren – und wer sie fährt"),
        ("15 Jahre delta-herold", "", "15 Jahre delta-herold"),
        ("“Öfter” als bisher", "", "“Öfter” als bisher"),
    ],
)
def test_the_site_name_is_left_off_the_titles_of_a_page(title, site, headline):
    document = page(head(title, title.replace('"', "&quot;"), title, site))
    assert title_headline(document) == headline
    assert meta_headline(document) == headline
    assert linked_headline(document) == headline


def test_a_bare_hyphen_inside_a_latin_word_ends_nothing():
    assert without_site("Ten years of delta-post.example") == "Ten years of delta-post.example"


@every_row("mark", [" | ", "-", "：", "_", "—", "Aa "])
def test_a_megabyte_of_one_mark_is_read_in_linear_time(mark):
    line = mark * (1_000_000 // len(mark))
    assert shown_headline(page(f"<title>{line}</title><h1>{line}</h1><h2>{line}</h2>")) in (None, line)
