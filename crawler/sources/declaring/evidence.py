"""Evidence for the lists and rules of a declaration, written beside them."""

from collections.abc import Iterable, Sequence

from crawler.sources.declaring.declaration import Certainty, Evidence
from crawler.sources.declaring.seed_kinds import Seed

Known = tuple[Certainty, str]

NEWS_ALL = "Pintrue/news_all news_all/{}, 2019-11-21"  # has one spider for each site
ROBOTS_UNSEEN: Known = ("INFERRED", "robots.txt of the site was not seen; a crawl obeys it")


def evidence_of(seeds: Sequence[Seed], lists: Iterable[Known], **rules: Known) -> tuple[Evidence, ...]:
    """An Evidence for each seed, in order, then one for each rule, with its keyword (`scope`, `delay`) as its `about`.

    lists: (certainty, reference) for each seed, in their order. The `about` of a seed is its declared address, so that
    its evidence stays with it when the homepage changes. Raises ValueError if seeds and lists differ in number.
    """
    of_lists = (Evidence(seed.url, *known) for seed, known in zip(seeds, lists, strict=True))
    return (*of_lists, *(Evidence(name, *known) for name, known in rules.items()))
