"""The page /help: search, an article's history, citing, and the terms of the site."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from datasette.utils.asgi import Request, Response

from archive.publish.messages.catalog import ALL
from archive.publish.messages.glossary import GLOSSARY, state_terms
from archive.publish.messages.help import SEARCH_EXAMPLES, SECTIONS
from archive.publish.server.rendering import page

if TYPE_CHECKING:  # the plugin is loaded while datasette.app is
    from datasette.app import Datasette


async def show(datasette: Datasette, request: Request) -> Response:
    """`/help`: examples (a query and its meaning), sections (name, title, text), glossary; all in zh and en."""
    data = {
        "examples": [{"q": q, **_both(name)} for q, name in SEARCH_EXAMPLES],
        "sections": [
            {"name": section.removeprefix("help_"), "title": _both(section), "text": [_both(name) for name in names]}
            for section, names in SECTIONS.items()
        ],
        "glossary": [
            {
                "en": term.en,
                "zh": term.zh,
                "meaning": {"en": term.meaning_en, "zh": term.meaning_zh},
                "where": list(term.where),
            }
            for term in GLOSSARY
        ],
    }
    states_after = ALL["help_states"][0]  # the labels of states follow this sentence
    return await page(
        datasette, request, "about/help", data, terms=GLOSSARY, states=state_terms(), states_after=states_after
    )


def _both(name: str) -> dict[str, Any]:
    zh, en = ALL[name]
    return {"zh": zh, "en": en}
