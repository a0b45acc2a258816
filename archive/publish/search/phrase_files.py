"""The counts of the page /phrase as files: a table for spreadsheets, and a picture that stands alone."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from datasette.utils.asgi import Request, Response

from archive.publish.feeds.texts import in_a_line
from archive.publish.formatting.csv_cells import sheet
from archive.publish.formatting.filters import BEIJING
from archive.publish.formatting.phrase_chart import PhraseChart, UseAt
from archive.publish.messages import language
from archive.publish.server.rendering import CACHING

if TYPE_CHECKING:  # the plugin is loaded while datasette.app is
    from datasette.app import Datasette

SVG = "image/svg+xml; charset=utf-8"
COLUMNS = ("phrase", "month", "articles", "came_by_edit", "occurrences", "covered", "share")
MAX_NAME_CHARACTERS = 40  # of a phrase in the picture; the table has all of it
_SHARE_DIGITS = 6


def table(phrases: Sequence[Mapping[str, Any]]) -> Response:
    """A reply that downloads the months of each phrase as phrase.csv; `phrases` are those of the page's data.

    A row for articles without a date has no month. share: (articles - came_by_edit) / covered, empty if nothing was
    covered.
    """
    return sheet("phrase", COLUMNS, _rows(phrases), CACHING)


async def picture(
    datasette: Datasette, request: Request, phrases: Sequence[Mapping[str, Any]], chart: PhraseChart | None
) -> Response:
    """A reply with the chart as an SVG file: with title, legend, axes and source, in the reader's language."""
    context = {
        "chart": chart,
        "names": [_short(in_a_line(phrase["text"])) for phrase in phrases],
        "at_least": any(phrase["at_least"] for phrase in phrases),
        "w": language.Words(language.ui_of(request)),
        "url": f"{request.scheme}://{request.host}{datasette.urls.path('/phrase')}",
        "day": f"{datetime.now(UTC).astimezone(BEIJING):%Y-%m-%d}",
    }
    drawn = await datasette.render_template("thinker/search/phrase.svg", context)
    return Response(drawn, headers=dict(CACHING), content_type=SVG)


def _rows(phrases: Sequence[Mapping[str, Any]]) -> Iterator[dict[str, Any]]:
    for phrase in phrases:
        undated = [{"month": None, **phrase["undated"]}] if phrase["undated"]["articles"] else []
        for month in [*phrase["months"], *undated]:
            percent = UseAt(*(month[name] for name in ("month", "articles", "came_by_edit", "covered"))).share
            share = None if percent is None else round(percent / 100, _SHARE_DIGITS)
            yield {"phrase": phrase["text"], **month, "share": share}


def _short(name: str) -> str:
    return name if len(name) <= MAX_NAME_CHARACTERS else f"{name[:MAX_NAME_CHARACTERS]}…"
