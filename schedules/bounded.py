"""Which sources get so few requests a day, by budgets or delays, that known articles wait for theirs by design."""

from collections.abc import Iterable, Mapping

from crawler.allowance import a_day, of_delay
from crawler.host_names import Hosts
from crawler.sources.declaration import Source
from schedules.slots import Watched

FEW = 5_000
"""Requests a day; of 30 new articles a day, those of a year are due some 4,000 times a day."""


def bounded_sources(sources: Iterable[Watched], budgets: Mapping[str, int]) -> frozenset[str]:
    """The names of these sources; budgets are those of hosts."""
    declared = [each for each in sources if isinstance(each, Source) and each.homepage]
    return frozenset(each.name for each in declared if _is_bounded(each, Hosts.of(each, declared, budgets)))


def _is_bounded(source: Source, hosts: Hosts) -> bool:
    names = {hosts.name(url) for url in source.places}
    limits = [a_day(hosts.a_day(name), of_delay(hosts.pace(name))) for name in names]
    least = a_day(source.requests_per_day, *limits)
    return least is not None and least < FEW
