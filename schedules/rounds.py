"""One round: sources crawled once each, several at a time, every one in a child process."""

import asyncio
import signal
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

from archive.files import SCHEDULER, Home, locked
from schedules.children import FOR_EVER, Child, run_child
from schedules.crawls import GRACE_SECONDS, crawl_command

LOCKED = 5  # the exit code of a crawl whose source another process has
LOOK_EVERY_SECONDS = 1.0


@dataclass(slots=True)
class Round:
    """The outcome of a round: the children that ended, by source, and the signal that ended it early (None: none)."""

    children: dict[str, Child] = field(default_factory=dict)
    stopped_by: int | None = None


async def crawl_round(home: Path, sources: Sequence[str], at_once: int) -> Round:
    """Crawl these sources, `at_once` at a time, until all have ended or SIGTERM or SIGINT comes.

    Holds the scheduler's lock, so that no scheduler starts crawls meanwhile. Raises Locked, and OSError if no child can
    be started.
    """
    made, places = Round(), asyncio.Semaphore(at_once)

    async def crawl(source: str) -> None:
        async with places:
            while (child := await run_child(crawl_command(home, source), {}, FOR_EVER, GRACE_SECONDS)).code == LOCKED:
                await asyncio.sleep(LOOK_EVERY_SECONDS)  # the crawl of a round that was killed goes on to its end
            made.children[source] = child

    with locked(Home(home), SCHEDULER):
        tasks = [asyncio.ensure_future(crawl(source)) for source in sources]

        def hear(number: int) -> None:
            made.stopped_by = made.stopped_by or number
            for task in tasks:
                task.cancel()

        for number in (signal.SIGTERM, signal.SIGINT):
            asyncio.get_running_loop().add_signal_handler(number, hear, number)
        for outcome in await asyncio.gather(*tasks, return_exceptions=True):
            if isinstance(outcome, Exception):
                raise outcome
    return made
