"""The figures of a trial of a cluster: processor seconds by role, segments, and the requests that the site saw."""

import os
from collections import defaultdict
from collections.abc import Iterable, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from itertools import pairwise
from pathlib import Path

from support.cluster import descendants

from newsroom.process import Site

Asked = tuple[str, str, float]  # host, path, moment


@dataclass
class Figures:
    """The figures that `look` has read so far."""

    seconds: dict[tuple[str, int, str], float] = field(default_factory=dict)  # by role, process and its start
    segments: set[str] = field(default_factory=set)

    def look(self, **roles: Sequence[int]) -> None:
        """Note what each process of a role and its descendants have used."""
        for role, processes in roles.items():
            for each in (*processes, *descendants(*processes)):
                with suppress(OSError):
                    told = Path(f"/proc/{each}/stat").read_text().rpartition(")")[2].split()
                    used = (int(told[11]) + int(told[12])) / os.sysconf("SC_CLK_TCK")
                    self.seconds[role, each, told[19]] = used

    def count(self, depot: Path) -> None:
        """Note the segments that are in the depot."""
        self.segments |= {each.name for each in depot.glob("*/*.jsonl")}

    def used(self, role: str) -> float:
        """The processor seconds of all processes of a role."""
        return sum(seconds for (of, *_), seconds in self.seconds.items() if of == role)


def asked_of(site: Site) -> list[Asked]:
    """The requests that a site saw, by their moments."""
    told = [(str(line["host"]), str(line["path"]), line["at"]["monotonic"]) for line in site.log()]  # type: ignore[index]
    return sorted(told, key=lambda line: line[2])


def twice(asked: Iterable[Asked]) -> int:
    """The number of requests for articles beyond the first of each."""
    articles = [(host, path) for host, path, _ in asked if "/article/" in path]
    return len(articles) - len(set(articles))


def smallest_gap(asked: Iterable[Asked]) -> float:
    """The fewest seconds between two requests in a row to one host."""
    moments = defaultdict(list)
    for host, _, at in asked:
        moments[host].append(at)
    return min(later - earlier for each in moments.values() for earlier, later in pairwise(each))
