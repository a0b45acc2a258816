"""A request as read, and a page before it is rendered."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from urllib.parse import parse_qs

HTML = "text/html; charset=utf-8"
XML = "application/xml; charset=utf-8"
JSON = "application/json; charset=utf-8"
TEXT = "text/plain; charset=utf-8"


@dataclass(slots=True)
class Request:
    """One HTTP request; header names in lower case, `target` its path and query as sent.

    For a whole address, as a proxy gets it, `target` is only the path and query in it; for one such as `*` it is `/`.
    """

    method: str
    target: str
    version: str
    headers: Mapping[str, str]
    head: bytes  # the header lines as they were sent
    body: bytes = b""

    @property
    def path(self) -> str:
        return self.target.partition("?")[0]

    @property
    def query(self) -> dict[str, str]:
        """Query arguments, the first of each name; an empty value is kept."""
        return _first_of_each(self.target.partition("?")[2])

    @property
    def form(self) -> dict[str, str]:
        """The arguments in the body, the first of each name; the body counts as a form, whatever its Content-Type."""
        return _first_of_each(self.body.decode("utf-8", "replace"))


def _first_of_each(text: str) -> dict[str, str]:
    return {name: values[0] for name, values in parse_qs(text, keep_blank_values=True).items()}


@dataclass(slots=True)
class SitePage:
    """The answer to a request. `render` is only called for a body or its length (HEAD): a 304 costs nothing.

    `article` is the number of the article it belongs to (its faults strike here; None: to none), `modified` in Unix
    seconds. Without `etag` and `modified` (None) it has no such header fields.
    """

    render: Callable[[], bytes]
    content_type: str = HTML
    status: int = 200
    article: int | None = None
    part: int = 1  # the number of this page within the article
    etag: str | None = None
    modified: int | None = None
    headers: tuple[tuple[str, str], ...] = field(default=())
    stream: Iterator[bytes] | None = None  # instead of render, for answers too long for memory
    methods: tuple[str, ...] = ("GET", "HEAD")


def fixed(body: str | bytes, content_type: str = HTML, status: int = 200, article: int | None = None) -> SitePage:
    """A page with a ready body."""
    found = body if isinstance(body, bytes) else body.encode()
    return SitePage(lambda: found, content_type, status, article)


def whole_number(text: str | None) -> int | None:
    """A positive number as paths write it: at most 15 digits, no leading zero; None for anything else."""
    if not text or not text.isascii() or not text.isdigit() or text[0] == "0" or len(text) > 15:
        return None
    return int(text)
