"""`/llms.txt`: what the site is and where its data are, in Markdown, for language models and their tools."""

from __future__ import annotations

from typing import TYPE_CHECKING

from datasette.utils.asgi import Request, Response

from archive.publish.api.addresses import ADDRESSES
from archive.publish.api.samples import example, samples
from archive.publish.database.answer_cache import read_once
from archive.publish.messages.language import Words
from archive.publish.server.rendering import CACHING
from archive.publish.server.request_urls import absolute

if TYPE_CHECKING:  # the plugin is loaded while datasette.app is
    from datasette.app import Datasette

MARKDOWN = "text/markdown; charset=utf-8"
_RULES = (
    "All data are read-only JSON in UTF-8 and need no key. Write Chinese in addresses as UTF-8, percent-encoded.",
    "Lists continue with `?before=`: give it the value of `older` or `next`. Errors say why in `error`; 503 means: ask "
    "again later, and more slowly. `state` says what became of an article on its site. When you quote, cite the "
    "version that you read, by its permalink.",
)
_PAGES = {  # by title: the name of an address, the ending of its path, and what it gives
    "Find": (
        ("search", ".json", "the articles with words, newest first; `/help` has the grammar"),
        ("phrase", ".json", "when a phrase first appeared, its counts by month, and lines in context"),
        (
            "person",
            ".json",
            "the articles of a person; likewise `/tag/`, `/column/`, `/day/`, `/month/` and `/year/`",
        ),
        ("changes", ".json", "what was edited, removed or came back, latest first"),
        ("removed", ".json", "articles that are gone from their site"),
    ),
    "Read and cite": (
        ("article", ".json", "an article with its versions, events and captures"),
        ("version", ".json", "one exact version: its address is a permalink; `.bib`, `.ris`, `.txt` cite it"),
        ("comparison", ".json", "how two versions differ"),
    ),
    "Reference": (
        ("api", "", "every address with its parameters and examples"),
        ("openapi", "", "the same in OpenAPI 3.1"),
        ("data", ".json", "ready questions, tables and files"),
        ("help", ".json", "the grammar of search, and the glossary in both languages"),
        ("about", ".json", "what is covered, and what is not known"),
    ),
}


async def show(datasette: Datasette, request: Request) -> Response:
    """`/llms.txt`: a short text in Markdown, with links to examples of the data; a path without one is no link."""
    known = await read_once(datasette, samples)
    by_name = {each.name: each for each in ADDRESSES}
    w = Words("en")
    lines = [f"# {w['site']}", "", f"> {w['purpose']}", "", *_RULES]
    for title, pages in _PAGES.items():
        lines += ["", f"## {title}", ""]
        for name, ending, told in pages:
            path = by_name[name].path + ending
            there = example(by_name[name], path, known)
            link = f"[`{path}`]({absolute(datasette, request, there)})" if there else f"`{path}`"
            lines.append(f"- {link}: {told}")
    return Response("\n".join([*lines, ""]), headers=dict(CACHING), content_type=MARKDOWN)
