"""The shapes in which the same articles are served: which path belongs to which shape."""

from collections.abc import Callable

from newsroom.answers import Page, Request
from newsroom.room import Newsroom
from newsroom.shapes import common, feeds, jiefang, mirror, ordinary, shangguan, shangguan_old

Answer = Callable[[Newsroom, Request], Page | None]

EXACT: dict[str, Answer] = {
    **ordinary.EXACT,
    **feeds.EXACT,
    **shangguan.EXACT,
    **shangguan_old.EXACT,
    **jiefang.EXACT,
}
PREFIXES: tuple[tuple[str, Answer], ...] = (
    *ordinary.PREFIXES,
    *feeds.PREFIXES,
    *mirror.PREFIXES,
    *jiefang.PREFIXES,
)


def page_at(room: Newsroom, request: Request) -> Page:
    """The page a request asks for; 404 where there is none."""
    path = request.path
    answer = EXACT.get(path) or _by_prefix(path)
    page = answer(room, request) if answer else None
    return page or common.missing(404)


def _by_prefix(path: str) -> Answer | None:
    return next((answer for prefix, answer in PREFIXES if path.startswith(prefix)), None)
