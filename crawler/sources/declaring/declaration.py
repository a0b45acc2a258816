"""The properties that declare one publisher as a source."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import asdict, dataclass, fields
from functools import lru_cache
from ipaddress import ip_address
from typing import Any, Literal
from urllib.parse import urlsplit, urlunsplit

from archive.settings import SourceRecord
from crawler.sources.declaring.seed_kinds import Seed
from parsers.document import split_url
from parsers.json_rows import RowFields
from parsers.selectors import NO_SELECTORS, Selectors
from parsers.urls import urlkey, without_parameters


class NoSeeds(Exception):  # noqa: N818 a finding, not a fault
    """A source without seeds, which no crawl can watch; the text names the remedy."""


class NoContact(Exception):  # noqa: N818 a refusal, not a fault
    """A source on the public web without a contact for its publisher; the text names the key."""


Certainty = Literal["CERTAIN", "SINGLE", "INFERRED"]
"""CERTAIN: two independent sources, or one that quotes real data. SINGLE: one source. INFERRED: our reasoning."""


UNPROVEN = "never tested on the live site"  # said of a source with `unproven`


@dataclass(frozen=True, slots=True)
class Evidence:
    """The evidence for a list or a rule of a declaration.

    about: the address of a seed as it is declared, or `scope`, `article`, `columns`, `rows`, `hosts`, `delay`, `layout`
    and the like. certainty: CERTAIN, SINGLE or INFERRED. reference: a public repository and path with its date, or "one
    public client, seen 2026-11"; for INFERRED the premises.
    """

    about: str
    certainty: Certainty
    reference: str


@dataclass(frozen=True, slots=True)
class Source:
    """One publisher we watch, as declared.

    scope: a regular expression that an article's whole url matches, by http or https, with www. or without. article:
    the address of an article by its id, for lists that give ids only (`https://…?id={id}`). columns: only rows of JSON
    lists whose column or section is one of these words, or whose title starts with one and a separator (none: every
    row), and pages of a printed edition whose name starts with one. section: the number of the column's own list; it
    stands for `{section}` in addresses of thinker.toml. delay: seconds between two requests to a host. recheck: seconds
    between two visits to an article (0: at every crawl, None: the cadence decides). expect: the least number of
    articles that a crawl should find; above 0, a seed that names none is a fault unless it is `old`. removal_probes:
    the number of visits that must miss an article before it counts as removed, removal_spacing seconds apart. hosts:
    all hosts that are ever asked, each as host or host:port, www. or not; by default those of the homepage and the
    seeds. allow: the only non-public addresses it may reach, as host:port. aliases: hosts that are one server with the
    homepage's, so that they share its delay. drop_parameters: the names of parameters that name a visit and not a
    page; its addresses are asked and known without them (see `plain`). The budgets (None: no limit) are those of
    one crawl, in requests, in bytes of bodies and in seconds; requests_per_day holds in any 24 hours, for all
    commands together. selectors: the places of properties on its pages; the archive counts their editions.
    usual_schedule: the suggestion of `thinker init`;
    nothing runs before `schedule` is set. unproven: the declaration has not been tried on a live page. evidence: for
    each seed and rule.
    """

    name: str
    publisher: str
    homepage: str
    timezone: str
    in_language: str
    seeds: tuple[Seed, ...]
    scope: str
    article: str | None = None
    columns: tuple[str, ...] = ()
    section: str | None = None
    delay: float = 1.0
    recheck: float | None = None
    expect: int = 0
    removal_probes: int = 3
    removal_spacing: float = 86400
    schedule: str | None = None
    hosts: tuple[str, ...] = ()
    allow: tuple[str, ...] = ()
    aliases: tuple[str, ...] = ()
    drop_parameters: tuple[str, ...] = ()
    budget_pages: int | None = None
    budget_bytes: int | None = None
    budget_seconds: float | None = None
    requests_per_day: int | None = None
    selectors: Selectors = NO_SELECTORS
    usual_schedule: str | None = None
    unproven: bool = False
    evidence: tuple[Evidence, ...] = ()

    def covers(self, url: str) -> bool:
        """True if the url may be an article of this source: in its scope, and on one of its hosts."""
        return self.in_scope(url) and self.within(url)

    def in_scope(self, url: str) -> bool:
        """True if the url, or its spelling with the other scheme or with or without www., matches the scope.

        Its host is not compared with the source's hosts: `covers` does that too.
        """
        return re.fullmatch(self.scope, url) is not None or any(
            re.fullmatch(self.scope, other) for other in _other_spellings(url)
        )

    def plain(self, url: str) -> str:
        """The url without the parameters of `drop_parameters`."""
        return without_parameters(url, self.drop_parameters)

    def within(self, url: str) -> bool:
        """True if the url is on one of this source's hosts."""
        return _host(url) in _hosts(self)

    @property
    def key_hosts(self) -> frozenset[str]:
        """Its hosts as they stand in urlkeys: `com,example`."""
        return _hosts(self)

    @property
    def places(self) -> tuple[str, ...]:
        """`http://HOST/` for each of `hosts` or, if none are declared, the homepage and the addresses of the seeds."""
        return tuple(_addresses(self))

    def twins(self, url: str) -> tuple[str, ...]:
        """The url on each of its other hosts, with the same scheme, path and query; empty if it has only one host.

        www. and its absence are one host.
        """
        if len(_hosts(self)) < 2:
            return ()
        others = {_host(address): address for address in _addresses(self)}
        place = urlsplit(url)
        return tuple(
            urlunsplit(place._replace(netloc=urlsplit(address).netloc))
            for host, address in others.items()
            if host not in (None, _host(url))
        )

    def require_seeds(self) -> None:
        """Raise NoSeeds when a crawl would have nowhere to start."""
        if not self.seeds:
            remedy = f"add feeds, sitemaps, lists, json_lists or posts to [sources.{self.name}] in thinker.toml"
            raise NoSeeds(f"source {self.name!r} has no seeds: {remedy}")

    @property
    def is_local(self) -> bool:
        """True if all that it may ask is on this machine."""
        return all(is_loopback(address) for address in _addresses(self))

    def require_contact(self, contact: str | None) -> None:
        """Raise NoContact without a contact (None), unless all that the source may ask is on this machine."""
        if contact is None and not self.is_local:
            remedy = 'add contact = "you@example.org" to thinker.toml, so that its publisher can reach you'
            raise NoContact(f"source {self.name!r} is on the public web: {remedy}")

    def record(self) -> SourceRecord:
        """The SourceRecord of this source: its properties as the archive and its WARC files keep them."""
        return SourceRecord(
            name=self.name,
            publisher=self.publisher,
            homepage=self.homepage,
            timezone=self.timezone,
            in_language=self.in_language,
            removal_probes=self.removal_probes,
            removal_spacing=self.removal_spacing,
            delay=self.delay,
            selectors=self.selectors,
            drop_parameters=self.drop_parameters,
            declaration=json.dumps(self.as_json(), ensure_ascii=False, sort_keys=True),
        )

    def as_json(self) -> dict[str, Any]:
        """The declaration as JSON values, without its evidence, for the archive's own record of it."""
        apart = ("seeds", "selectors", "evidence")
        told = {name: getattr(self, name) for name in self.__slots__ if name not in apart}
        if not self.drop_parameters:
            del told["drop_parameters"]
        seeds = [{"kind": type(seed).__name__} | _fields(seed) for seed in self.seeds]
        return {
            **{name: list(value) if isinstance(value, tuple) else value for name, value in told.items()},
            **({"selectors": self.selectors.said()} if self.selectors else {}),
            "seeds": seeds,
        }


@lru_cache(maxsize=64)
def _hosts(source: Source) -> frozenset[str]:
    """The hosts of a source as they stand in urlkeys, without www. and default ports."""
    return frozenset(filter(None, map(_host, _addresses(source))))


def _addresses(source: Source) -> list[str]:
    """The addresses that `Source.places` has: at least one on each of its hosts."""
    declared = [f"http://{host}/" for host in source.hosts]
    return declared or [source.homepage, *(seed.url for seed in source.seeds)]


def is_loopback(url: str) -> bool:
    """True if the host of an address is a loopback name or IP address (RFC 6761 §6.3, RFC 1122 §3.2.1.3)."""
    host = (split_url(url).hostname or "").rstrip(".")
    if host == "localhost" or host.endswith(".localhost"):
        return True
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return False


def _other_spellings(url: str) -> Iterator[str]:
    """Yield the same address with the other scheme, with www. added or removed, and with both: three addresses."""
    scheme, _, rest = url.partition("://")
    bare = rest.removeprefix("www.")
    others = (f"{each}://{www}{bare}" for each in ("http", "https") for www in ("", "www."))
    yield from (other for other in others if other != f"{scheme}://{rest}")


def _host(url: str) -> str | None:
    try:
        return urlkey(url).partition(")")[0]
    except ValueError:
        return None


def _fields(seed: Seed) -> dict[str, Any]:
    """The fields of a seed as JSON values by name; those marked `unsaid` only if they differ from their default."""
    told = {each: getattr(seed, each.name) for each in fields(seed)}
    return {
        each.name: asdict(value) if isinstance(value, RowFields) else value
        for each, value in told.items()
        if not each.metadata.get("unsaid") or value != each.default
    }
