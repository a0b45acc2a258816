"""How long a host that failed is left alone; pure but for its jitter."""

from __future__ import annotations

import random

SHORTEST, LONGEST_WAIT = 0.25, 120.0  # seconds; a host that asks for more than the second waits for a later crawl
JITTER = 1.5  # times as long at the most, so that crawls do not all come back at once


def backing_off(delay: float, setbacks: int) -> float:
    """Seconds: the delay of the host, or the shortest, twice as long after each setback and a little longer."""
    wait = max(delay, SHORTEST) * 2.0**setbacks
    return min(LONGEST_WAIT, wait * random.uniform(1, JITTER))  # noqa: S311 no secret
