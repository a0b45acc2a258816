"""Metadata in a page for programs: JSON-LD (schema.org), OpenGraph, Google Scholar's `citation_*`, and COinS."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from typing import Any
from urllib.parse import urlencode

from markupsafe import Markup

from archive.publish.citing.citation import Citation, one_line
from archive.publish.formatting.beginnings import to_clause
from archive.publish.formatting.filters import web_url

MAX_PARAGRAPHS_DESCRIBED = 5  # the first ones: enough for a description
# Text must not end a data block of HTML or begin a comment in it (WHATWG HTML §4.12.1.3), and scripts read U+2028 as
# a line end. JSON escapes keep the text the same.
_INERT = str.maketrans({char: f"\\u{ord(char):04x}" for char in "<>&\u2028\u2029"})


def json_ld(article: Mapping[str, Any], cited: Citation) -> Markup:
    """The JSON text of a schema.org NewsArticle, to stand in a `<script type="application/ld+json">`.

    No CSP blocks it, for it is never run. Fields without a value are left out.
    """
    found = {
        "@context": "https://schema.org",
        "@type": "NewsArticle",
        "@id": cited.address,
        "url": cited.address,
        "headline": cited.title,
        "alternativeHeadline": cited.subtitle,
        "description": article["standfirst"],
        "articleSection": cited.section,
        "author": [_named("Person", name) for name in cited.authors],
        "contributor": _named("Person", cited.speaker) if cited.speaker else None,
        "editor": [_named("Person", name) for name in article["editors"]],
        "keywords": list(cited.keywords),
        "datePublished": article["date_published"],
        "dateModified": article["date_modified"],
        "inLanguage": cited.language,
        "publisher": _named("Organization", cited.publisher) if cited.publisher else None,
        "isBasedOn": web_url(cited.url) or None,
        "identifier": cited.digest,
        "sdDatePublished": cited.seen,
    }
    said = {name: value for name, value in found.items() if value not in (None, [], "")}
    return Markup(_json(said).translate(_INERT))  # noqa: S704 - nothing in it can end the data block


def meta(cited: Citation) -> Iterator[tuple[str, str]]:
    """Yield the name and the content of each `<meta>` that has a value, such as `citation_title` and the title.

    The names are those of scholar.google.com/intl/en/scholar/inclusion.html.
    """
    yield "citation_title", cited.title
    yield from (("citation_author", name) for name in cited.authors)
    if cited.published:
        yield "citation_publication_date", cited.published.replace("-", "/")
    if cited.container:
        yield "citation_journal_title", cited.container
    if cited.publisher:
        yield "citation_publisher", cited.publisher
    yield "citation_language", cited.language
    yield "citation_public_url", cited.address
    if cited.dated:
        yield "citation_online_date", cited.accessed.replace("-", "/")


def open_graph(article: Mapping[str, Any], cited: Citation) -> Iterator[tuple[str, str]]:
    """Yield the property and the content of each `<meta>` of OpenGraph (https://ogp.me) that follows from the article.

    They are plain text on one line, to be escaped for HTML. `og:url` and `og:site_name` are the page's.
    """
    yield "og:type", "article"
    yield "og:title", one_line(cited.title)
    if said := description(article):
        yield "og:description", said
    if cited.published:
        whole = article["date_precision"] != "day"
        yield "article:published_time", article["date_published"] if whole else cited.published
    if cited.section:
        yield "article:section", one_line(cited.section)
    yield from (("article:tag", one_line(keyword)) for keyword in cited.keywords)


def description(article: Mapping[str, Any]) -> str:
    """The beginning of an article on one line, cut where a clause ends: of its standfirst, else of its text; or ""."""
    return to_clause(one_line(article["standfirst"] or " ".join(article["paragraphs"][:MAX_PARAGRAPHS_DESCRIBED])))


def coins(cited: Citation) -> str:
    """The COinS context object (Z39.88-2004): a query string for the `title` of a `<span>`, not yet escaped for HTML.

    It is Dublin Core, with Zotero's type for newspapers; fields without a value are left out.
    """
    fields = [
        ("ctx_ver", "Z39.88-2004"),
        ("rft_val_fmt", "info:ofi/fmt:kev:mtx:dc"),
        ("rfr_id", "info:sid/thinker-archive"),
        ("rft.type", "newspaperArticle"),
        ("rft.title", cited.title),
        *(("rft.creator", name) for name in cited.authors),
        ("rft.contributor", cited.speaker or ""),
        ("rft.source", cited.container or ""),
        ("rft.publisher", cited.publisher or ""),
        ("rft.date", cited.published or ""),
        ("rft.language", cited.language),
        ("rft.identifier", cited.url),
        ("rft.description", cited.note),
    ]
    told = [(name, one_line(value)) for name, value in fields]
    return urlencode([(name, value) for name, value in told if value])


def _named(kind: str, name: str) -> dict[str, str]:
    return {"@type": kind, "name": name}


def _json(value: Any) -> str:
    try:
        text = json.dumps(value, ensure_ascii=False)
        text.encode()
    except UnicodeEncodeError:  # a surrogate that stands alone
        return json.dumps(value)
    return text
