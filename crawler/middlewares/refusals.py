"""Advice on an address that our own rules refuse: the line of thinker.toml to change."""

from __future__ import annotations

import json
from collections.abc import Collection, Iterator

from archive.settings import ANY_SITE
from crawler.hosts import NeverFetched
from crawler.middlewares.address_guard import AddressRefused, refusal
from crawler.sources import Source, lines_declaring


def remedy_of(refused: AddressRefused, source: Source) -> str | None:
    """The change to thinker.toml that allows a refused address; None if no change should.

    The change is to `never` if that names the address. Else it is to `allow`, if the address is not public and is on
    the source's own hosts (a page may name any host); None for all others, such as a malformed address.
    """
    if refused.by_never:
        return "remove it from `never` in thinker.toml, or remove this address from the source"
    if refused.pair is None or not source.within(refused.url):
        return None
    place = "its source" if source.name in ANY_SITE else f"[sources.{source.name}]"
    return f"add allow = {json.dumps([*source.allow, refused.pair])} to {place} in thinker.toml"


def refused_seeds(source: Source, never: Collection[str]) -> Iterator[str]:
    """Yield a sentence with advice for each seed on an undeclared host or that our own rules refuse."""
    rule = NeverFetched(never)
    for seed in source.seeds:
        if not source.within(seed.url):
            hosts = next(line for line in lines_declaring(source, seed.url) if line.startswith("hosts"))
            place = f"to [sources.{source.name}] in thinker.toml"
            yield f"{seed.url}: its host is not declared: add {hosts} {place}"
        elif error := refusal(seed.url, source.allow, rule):
            yield with_remedy(str(error), error, source)


def with_remedy(told: str, error: BaseException | None, source: Source) -> str:
    """The given reason of a failure; with `remedy_of` after it if the error is a refusal by our own rules.

    Not for a refusal by `never`: its reason names that setting already.
    """
    if not isinstance(error, AddressRefused) or error.by_never:
        return told
    remedy = remedy_of(error, source)
    return f"{told}: {remedy}" if remedy else told
