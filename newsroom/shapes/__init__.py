"""The shapes in which the same articles are served, and the paths of each shape."""

from collections.abc import Callable

from newsroom.http.answers import Request, SitePage
from newsroom.shapes.invented import bureau, feeds, interfaces, json_lists, ordinary
from newsroom.shapes.parts import common
from newsroom.shapes.publishers import (
    aisixiang,
    cssn,
    gmw_theory,
    govcn,
    jiefang,
    mirror,
    ndrc,
    pbc,
    people_opinion,
    people_theory,
    qstheory,
    rmlt,
    shangguan,
    shangguan_old,
    thepaper,
)
from newsroom.shapes.systems import by_month, drupal, hugo, trs, wordpress
from newsroom.site.room import Newsroom

Answer = Callable[[Newsroom, Request], SitePage | None]

SYSTEMS = (by_month, drupal, hugo, trs, wordpress)  # systems that publish sites of many kinds
NEIGHBOURS = (
    aisixiang.SITE,
    cssn.SITE,
    gmw_theory.SITE,
    govcn.SITE,
    ndrc.SITE,
    pbc.SITE,
    people_opinion.SITE,
    people_theory.SITE,
    qstheory.SITE,
    rmlt.SITE,
    thepaper.SITE,
)
EXACT: dict[str, Answer] = {
    **ordinary.EXACT,
    **feeds.EXACT,
    **shangguan.EXACT,
    **shangguan_old.EXACT,
    **jiefang.EXACT,
    **json_lists.EXACT,
    **interfaces.EXACT,
    **thepaper.EXACT,
    **bureau.EXACT,
}
PREFIXES: tuple[tuple[str, Answer], ...] = (
    *ordinary.PREFIXES,
    *feeds.PREFIXES,
    *mirror.PREFIXES,
    *jiefang.PREFIXES,
    *bureau.PREFIXES,
    *interfaces.PREFIXES,
    *((f"{site.prefix}/", site.answer) for site in NEIGHBOURS),
    *((f"{system.PREFIX}/", system.answer) for system in SYSTEMS),
)


def page_at(room: Newsroom, request: Request) -> SitePage:
    """The page that a request asks for, or a page with status 404."""
    path = request.path
    answer = EXACT.get(path) or _by_prefix(path)
    page = answer(room, request) if answer else None
    return page or common.missing(404)


def _by_prefix(path: str) -> Answer | None:
    return next((answer for prefix, answer in PREFIXES if path.startswith(prefix)), None)
