"""Patience with a depot that cannot be used for a while, as with a server that is away."""

from __future__ import annotations

import logging
from time import monotonic

from crawler.segments import DepotError

PATIENCE_SECONDS = 300.0  # a shared folder or an object store that is started again is back sooner
PAUSE_SECONDS = 1.0  # between two tries

logger = logging.getLogger(__name__)


class DepotPatience:
    """The time since a depot began to fail; `tried` is True while it does."""

    def __init__(self) -> None:
        self._since: float | None = None

    @property
    def tried(self) -> bool:
        """True from a failure until the next success."""
        return self._since is not None

    def bear(self, error: DepotError) -> None:
        """Note a failure and warn of the first; raises it when the depot has failed for too long."""
        if self._since is None:
            self._since = monotonic()
            logger.warning("%s; it is tried again for %.0f s", error, PATIENCE_SECONDS)
        elif monotonic() - self._since > PATIENCE_SECONDS:
            raise error

    def end(self) -> None:
        """Note a success."""
        self._since = None
