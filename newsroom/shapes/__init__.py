"""The shapes in which the same articles are served: which path belongs to which shape."""

from collections.abc import Callable

from newsroom.answers import Page, Request
from newsroom.room import Newsroom
from newsroom.shapes import common, feeds, ordinary

Answer = Callable[[Newsroom, Request], Page | None]

EXACT: dict[str, Answer] = {**ordinary.EXACT, **feeds.EXACT}
PREFIXES: tuple[tuple[str, Answer], ...] = (*ordinary.PREFIXES, *feeds.PREFIXES)


def page_at(room: Newsroom, request: Request) -> Page:
    """The page a request asks for; 404 where there is none."""
    path = request.path
    answer = EXACT.get(path)
    page = answer(room, request) if answer else None
    if page is None and answer is None:
        page = _by_prefix(room, request, path)
    return page or common.missing(404)


def _by_prefix(room: Newsroom, request: Request, path: str) -> Page | None:
    for prefix, answer in PREFIXES:
        if path.startswith(prefix):
            return answer(room, request)
    return None
