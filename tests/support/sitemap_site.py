"""A site of many sitemaps: an index of children, each with its articles, a lastmod and an ETag."""

import gzip
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from support.towns import declare, said
from support.written_site import Answer, RawSite, article, serving

LASTMOD = "2024-04-13T08:00:00Z"
XMLNS = 'xmlns="http://www.sitemaps.org/schemas/sitemap/0.9"'


@dataclass
class Child:
    """A sitemap: its articles in order, its last change according to the index, and its version for ETags."""

    numbers: list[int]
    lastmod: str | None
    version: int = 1

    def change(self, numbers: list[int], lastmod: str | None) -> None:
        self.numbers, self.lastmod, self.version = numbers, lastmod, self.version + 1


@dataclass
class Sitemaps:
    """The children by number, what was asked, and how lists were answered: (path, status).

    moved: the index names each child where it only redirects.
    """

    children: dict[int, Child]
    packed: bool = False
    moved: bool = False
    site: RawSite = field(default_factory=lambda: RawSite(""))
    lists: list[tuple[str, int]] = field(default_factory=list)

    def answer(self, path: str) -> Answer | None:
        """The index and its children, conditionally, and every article."""
        name = path.removesuffix(".html").rpartition("/")[2]
        if path.startswith("/article/"):
            return Answer(article(int(name)))
        if path == "/robots.txt":
            return None
        found = self._list(path)
        self.lists.append((path, found.status if found else 404))
        return found

    def asked(self) -> list[tuple[str, int]]:
        """The lists asked since the last call and the status of each answer, sorted by name."""
        found, self.lists = self.lists, []
        return sorted(found)

    def home(self, path: Path) -> Path:
        """A home whose source `town` is this site."""
        return declare(path, town=said(self.site.as_declared))

    def _list(self, path: str) -> Answer | None:
        if path.startswith("/old/"):
            return Answer(status=301, headers=(("Location", path.removeprefix("/old")),))
        number = path.removeprefix("/").partition(".")[0]
        if path == "/sitemap.xml":
            versions = "-".join(str(each.version) for each in self.children.values())
            return self._conditional(path, self._index(), versions)
        child = self.children.get(int(number)) if number.isdigit() else None
        return self._conditional(path, self._child(child), str(child.version)) if child else None

    def _conditional(self, path: str, body: bytes, version: str) -> Answer:
        given = next(headers["If-None-Match"] for asked, headers in reversed(self.site.asked) if asked == path)
        tag = f'"{path}-{version}"'
        return Answer(status=304, headers=(("ETag", tag),)) if given == tag else Answer(body, headers=(("ETag", tag),))

    def _index(self) -> bytes:
        ending = ".xml.gz" if self.packed else ".xml"
        start = f"{self.site.address}/old" if self.moved else self.site.address
        entries = "".join(
            f"<sitemap><loc>{start}/{number}{ending}</loc>{_lastmod(child.lastmod)}</sitemap>"
            for number, child in self.children.items()
        )
        return f"<sitemapindex {XMLNS}>{entries}</sitemapindex>".encode()

    def _child(self, child: Child) -> bytes:
        urls = "".join(f"<url><loc>{self.site.address}/article/{number}.html</loc></url>" for number in child.numbers)
        body = f"<urlset {XMLNS}>{urls}</urlset>".encode()
        return gzip.compress(body) if self.packed else body


def _lastmod(said: str | None) -> str:
    return f"<lastmod>{said}</lastmod>" if said else ""


@contextmanager
def sitemaps(children: int, each: int, lastmod: str | None = LASTMOD, packed: bool = False) -> Iterator[Sitemaps]:
    """A site of `children` sitemaps, with `each` articles of its own in each."""
    numbers = range(1, children + 1)
    told = Sitemaps({n: Child(list(range((n - 1) * each, n * each)), lastmod) for n in numbers}, packed)
    with serving(told.answer) as site:
        told.site = site
        yield told
