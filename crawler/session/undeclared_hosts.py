"""Where articles of a source are named that it may not ask: on hosts that it does not declare, which it may move to."""

from __future__ import annotations

import sqlite3
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from datetime import datetime
from urllib.parse import quote, urlsplit

from archive.rows import UndeclaredHost, note_undeclared
from archive.rules import host_of
from crawler.frontier import at_place_of
from crawler.session.redirects import is_nameable
from crawler.sources import Source
from parsers.urls import urlkey

MAX_NAMED_ARTICLES = (
    100_000  # articles of one crawl that are remembered: of a source with more nothing is said of its lists
)
MAX_LINKS = 20_000  # links to other hosts that are looked at
MAX_ADDRESS_CHARACTERS = 500  # characters of an address that status is to print
MIN_ARTICLES_OF_A_MOVE = 3  # articles, where only their number says that a site has moved


@dataclass(slots=True)
class _There:
    """What was named on one host: an address of each article, by the urlkey that it has on a declared host."""

    known: dict[str, str] = field(default_factory=dict)
    like: dict[str, str] = field(default_factory=dict)  # which nobody knows, and the scope lets in but for the host
    led: dict[str, str] = field(default_factory=dict)  # which a redirect of that article names
    same_path: bool = False  # one of those names the article's own path


@dataclass(slots=True)
class UndeclaredHosts:
    """What one crawl met. What no crawl could ask, such as a private address, is left out.

    unread: a list was left alone that has not changed, so that nobody knows what is named at home.
    """

    source: Source
    unread: bool = False
    _hosts: dict[str, _There] = field(default_factory=dict)
    _named: set[str] = field(default_factory=set)
    _links: int = 0

    def named(self, urlkeys: Iterable[str]) -> None:
        """Lists name articles on hosts that are declared."""
        if len(self._named) < MAX_NAMED_ARTICLES:
            self._named.update(urlkeys)

    def linked(self, urls: Iterable[str], is_known: Callable[[str], bool]) -> None:
        """Lists name addresses on other hosts."""
        for url in urls:
            self._links += 1
            shown = _shown(url) if self._links <= MAX_LINKS and len(url) <= MAX_ADDRESS_CHARACTERS else None
            if shown is not None and is_nameable(shown, self.source):
                self._link(shown, is_known)

    def led(self, article: str, url: str) -> None:
        """A redirect of an article leads to another host, which is not asked."""
        url = _shown(url)
        if len(url) > MAX_ADDRESS_CHARACTERS:
            return
        if (host := _host(url)) is None or self.source.within(url) or urlsplit(url).path in ("", "/"):
            return
        there = self._hosts.setdefault(host, _There())
        there.led[article] = url
        there.same_path = there.same_path or _path(article) == _path(urlkey(url))

    def write(self, conn: sqlite3.Connection, at: datetime, whole: bool) -> None:
        """Write what was met; whole: all that the lists show was looked for."""
        if whole and not self.unread:
            note_undeclared(conn, self.source.name, "list", self.by_lists(), at)
        note_undeclared(conn, self.source.name, "redirect", self.by_redirects(), at)

    def by_lists(self) -> Iterator[UndeclaredHost]:
        """Hosts on which lists name articles that no list names on a declared one any more, and more than are there.

        So an edition in another language, whose addresses are alike, is none. Articles that nobody knows count where
        nothing at all is named on a declared host.
        """
        if len(self._named) >= MAX_NAMED_ARTICLES:
            return
        like: Counter[str] = Counter()
        for host, there in self._hosts.items():
            left = [url for key, url in there.known.items() if key not in self._named]
            if len(left) > len(self._named):
                yield UndeclaredHost(self.source.name, host, left[0], len(left))
            elif len(there.like) >= MIN_ARTICLES_OF_A_MOVE and not self._named:
                like[host] = len(there.like)
        for host, count in like.most_common(1):
            yield UndeclaredHost(self.source.name, host, next(iter(self._hosts[host].like.values())), count)

    def by_redirects(self) -> Iterator[UndeclaredHost]:
        """Hosts to which articles redirect: under their own path, or several of them."""
        for host, there in self._hosts.items():
            if there.same_path or len(there.led) >= MIN_ARTICLES_OF_A_MOVE:
                yield UndeclaredHost(self.source.name, host, next(iter(there.led.values())), len(there.led))

    def _link(self, url: str, is_known: Callable[[str], bool]) -> None:
        if (host := _host(url)) is None:
            return
        key = urlkey(url)
        there = self._hosts.get(host) or _There()
        here = (f"{own}){_path(key)}" for own in self.source.key_hosts)
        if known := next(filter(is_known, here), None):
            there.known[known] = url
        elif self.source.covers(at_place_of(url, self.source.homepage)):
            there.like[key] = url
        else:
            return
        self._hosts[host] = there


def _shown(url: str) -> str:
    """The address without what turns a line round, is not seen in it, or ends what is to be copied from it."""
    return "".join(
        each if each.isprintable() and each != "`" else quote(each) for each in url[: MAX_ADDRESS_CHARACTERS + 1]
    )


def _host(url: str) -> str | None:
    try:
        return host_of(url)
    except ValueError:
        return None


def _path(key: str) -> str:
    return key.partition(")")[2]
