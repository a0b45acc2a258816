"""Undeclared hosts on which articles of a source are named, as a sign that the site may have moved there."""

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

MAX_NAMED_ARTICLES = 100_000  # of one crawl; with more, `by_lists` gives nothing
MAX_LINKS = 20_000  # links to other hosts that are examined
MAX_ADDRESS_CHARACTERS = 500  # `thinker status` prints the address
MIN_ARTICLES_OF_A_MOVE = 3  # where only the number of articles shows a move


@dataclass(slots=True)
class _There:
    """Three groups of articles that one crawl met on one undeclared host, each with its address there.

    known: those that the archive has, by their urlkey on a declared host; like: those that it does not have, by their
    urlkey on this host; led: those whose declared address redirects here, by the urlkey of that address.
    """

    known: dict[str, str] = field(default_factory=dict)
    like: dict[str, str] = field(default_factory=dict)  # unknown articles, in the scope but for their host
    led: dict[str, str] = field(default_factory=dict)  # targets of the articles' redirects
    same_path: bool = False  # one of the redirects kept the article's path


@dataclass(slots=True)
class UndeclaredHosts:
    """The undeclared hosts that one crawl met, without addresses that no crawl could ask (private ones).

    unread: an unchanged list was not read, so that the articles on declared hosts are not all known.
    """

    source: Source
    unread: bool = False
    _hosts: dict[str, _There] = field(default_factory=dict)
    _named: set[str] = field(default_factory=set)
    _links: int = 0

    def named(self, urlkeys: Iterable[str]) -> None:
        """Note articles that lists name on declared hosts."""
        if len(self._named) < MAX_NAMED_ARTICLES:
            self._named.update(urlkeys)

    def linked(self, urls: Iterable[str], is_known: Callable[[str], bool]) -> None:
        """Note addresses that lists name on other hosts. is_known: True for the urlkey of an article in the archive."""
        for url in urls:
            self._links += 1
            shown = _shown(url) if self._links <= MAX_LINKS and len(url) <= MAX_ADDRESS_CHARACTERS else None
            if shown is not None and is_nameable(shown, self.source):
                self._link(shown, is_known)

    def led(self, article: str, url: str) -> None:
        """Note that the article of a urlkey redirects to `url` on another host, which is not asked.

        A redirect to a declared host or to a front page is ignored.
        """
        url = _shown(url)
        if len(url) > MAX_ADDRESS_CHARACTERS:
            return
        if (host := _host(url)) is None or self.source.within(url) or urlsplit(url).path in ("", "/"):
            return
        there = self._hosts.setdefault(host, _There())
        there.led[article] = url
        there.same_path = there.same_path or _path(article) == _path(urlkey(url))

    def write(self, conn: sqlite3.Connection, at: datetime, whole: bool) -> None:
        """Write the hosts to the archive; those by lists only if all lists were read (`whole`) and none is unread.

        Those by lists replace the ones of earlier crawls; those by redirects are added, and deleted after 30 days.
        """
        if whole and not self.unread:
            note_undeclared(conn, self.source.name, "list", self.by_lists(), at)
        note_undeclared(conn, self.source.name, "redirect", self.by_redirects(), at)

    def by_lists(self) -> Iterator[UndeclaredHost]:
        """Yield hosts to which articles moved according to lists, each with the number of these articles.

        A host is yielded if the known articles that lists name there, and on no declared host, are more than all
        articles that lists name on declared hosts: an edition in another language with similar addresses is thus
        excluded. If lists name no article on a declared host, one host more is yielded: of those without known articles
        the one with the most unknown articles, if they are at least MIN_ARTICLES_OF_A_MOVE. Nothing if lists name
        MAX_NAMED_ARTICLES on declared hosts.
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
        """Yield hosts to which articles redirect: at least one with its path unchanged, or MIN_ARTICLES_OF_A_MOVE."""
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
    """An address with unprintable characters and backticks percent-encoded, ready to copy.

    It is cut to 501 characters before that, one more than is allowed, so that a caller sees that it is too long.
    """
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
