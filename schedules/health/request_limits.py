"""Sources with so few requests a day, by budgets or delays, that known articles wait by design."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace

from crawler.hosts import Hosts, a_day, of_delay
from crawler.sources import Source
from schedules.slots import Watched

FEW_REQUESTS_A_DAY = 5_000
"""The limit: with 30 new articles a day, those of a year are due some 4,000 times a day."""


def budgeted_sources(sources: Iterable[Watched], budgets: Mapping[str, int]) -> frozenset[str]:
    """The names of the sources that may use up their requests of a day.

    These are all sources with a budget, and those in `bounded_sources`. budgets: requests a day, by host.
    """
    return frozenset(name for name, budget, least in _limits(sources, budgets) if budget is not None or _is_few(least))


def bounded_sources(sources: Iterable[Watched], budgets: Mapping[str, int]) -> frozenset[str]:
    """The names of the sources whose budget or delay leaves fewer than FEW_REQUESTS_A_DAY requests in a day."""
    return frozenset(name for name, _, least in _limits(sources, budgets) if _is_few(least))


def _limits(sources: Iterable[Watched], budgets: Mapping[str, int]) -> Iterator[tuple[str, int | None, int | None]]:
    """Yield (name of a source, budget, limit), each in requests a day, None: unlimited.

    The budget is the smallest of the source's own and its hosts'; the limit is the smallest of that and of what the
    hosts' delays allow.
    """
    declared = [each for each in sources if isinstance(each, Source) and each.homepage]
    if not declared:
        return
    every = Hosts.of(declared[0], declared, budgets)  # only the delay at undeclared hosts is the crawled source's own
    for source in declared:
        hosts = replace(every, delay=source.delay)
        names = {hosts.name(url) for url in source.places}
        budget = a_day(source.requests_per_day, *map(hosts.a_day, names))
        yield source.name, budget, a_day(budget, *(of_delay(hosts.pace(name)) for name in names))


def _is_few(least: int | None) -> bool:
    return least is not None and least < FEW_REQUESTS_A_DAY
