"""Lists in JSON as on many sites: rows with a link, by GET, and page after page by POST.

INFERRED: the names are no publisher's own; they differ from those of 上观 on purpose.
"""

import json

from newsroom.http.answers import JSON, Request, SitePage, fixed, whole_number
from newsroom.shapes.invented.ordinary import display_title
from newsroom.site.room import Newsroom

ROWS_PER_ANSWER = 20


def newest(room: Newsroom, _request: Request) -> SitePage:
    """`/api/newest.json`: rows of the articles at the newest twenty places; unlisted ones are left out."""
    return _listed(room, 1)


def more(room: Newsroom, request: Request) -> SitePage:
    """`/api/more`: POST form `page`, from 1: the rows at twenty places; a page after the last has no rows.

    A missing or unreadable `page` counts as 1; another method gets 405.
    """
    page = _listed(room, max(1, whole_number(request.form.get("page")) or 1))
    page.methods = ("POST",)
    return page


def _listed(room: Newsroom, page: int) -> SitePage:
    rows = [
        {
            "link": f"/article/{number}.html",
            "headline": display_title(room.head(number)),
            "published": room.published(number),
            "column": room.head(number).article_section,
        }
        for number in room.newest((page - 1) * ROWS_PER_ANSWER, ROWS_PER_ANSWER)
    ]
    return fixed(json.dumps({"data": {"items": rows}}, ensure_ascii=False), JSON)


EXACT = {"/api/newest.json": newest, "/api/more": more}
