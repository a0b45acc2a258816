"""What lets an address in that our own rules refuse: the line of thinker.toml to change."""

from __future__ import annotations

import json
from collections.abc import Collection, Iterator

from archive.settings import ANY_SITE
from crawler.hosts import NeverFetched
from crawler.middlewares.address_guard import AddressRefused, refusal
from crawler.sources import Source, lines_declaring


def remedy_of(refused: AddressRefused, source: Source) -> str | None:
    """What to say in thinker.toml; None where the address cannot be right, or a page led there.

    A page may name any host: only one that the source itself is on is worth a line in `allow`.
    """
    if refused.by_never:
        return "take it out of `never` in thinker.toml, or leave this address out of the source"
    if refused.pair is None or not source.within(refused.url):
        return None
    place = "the source that it belongs to" if source.name in ANY_SITE else f"[sources.{source.name}]"
    return f"say allow = {json.dumps([*source.allow, refused.pair])} under {place} in thinker.toml"


def refused_seeds(source: Source, never: Collection[str]) -> Iterator[str]:
    """A line on each address to begin at that our own rules refuse, with what lets it in."""
    rule = NeverFetched(never)
    for seed in source.seeds:
        if not source.within(seed.url):
            hosts = next(line for line in lines_declaring(source, seed.url) if line.startswith("hosts"))
            place = f"under [sources.{source.name}] in thinker.toml"
            yield f"{seed.url}: a host that is none of its hosts: say {hosts} {place}"
        elif error := refusal(seed.url, source.allow, rule):
            yield with_remedy(str(error), error, source)


def with_remedy(told: str, error: BaseException | None, source: Source) -> str:
    """A line on why no response came, and what lets an address in that is not public; `never` names itself."""
    if not isinstance(error, AddressRefused) or error.by_never:
        return told
    remedy = remedy_of(error, source)
    return f"{told}: {remedy}" if remedy else told
