"""The pulse that a crawl's process sends its scheduler once a second, and when the process counts as hanging."""

import json
from dataclasses import dataclass

from crawler.runs import MAX_URL_CHARACTERS, STALL_SECONDS

STALLED = "stalled"  # finish reason of a crawl that ended itself so, or whose process hung and was ended
VARIABLE = "THINKER_PULSE"  # environment variable with the pipe's descriptor
MARGIN_SECONDS = 30.0
"""Seconds beyond those that a crawl may go without a request, in which a stalled crawl ends itself."""


@dataclass(slots=True)
class HeardPulse:
    """A crawl's process as its scheduler knows it; asked_at and url are those of its last request, None before any.

    until: the time on the event loop's clock at which it counts as hanging: at first `began` + `stall` + `margin`
    seconds, so that a suspended or blocked process is found too. Each pulse sets it to `margin` seconds after the time
    that the crawl allows itself, which includes waits that a host asked for. hung: True once it was ended for this.
    pid: 0 until it has started.
    """

    command: str
    started_at: str
    began: float
    stall: float = STALL_SECONDS
    margin: float = MARGIN_SECONDS
    until: float = 0.0
    pid: int = 0
    asked_at: str | None = None
    url: str | None = None
    hung: bool = False

    def __post_init__(self) -> None:
        self.until = self.began + self.stall + self.margin

    def hear(self, line: bytes, now: float) -> None:
        """Set `until`, `asked_at` and `url` from a pulse, a line of JSON; any other line is ignored.

        Its `left` is the number of seconds that the crawl allows itself from now on.
        """
        try:
            told = json.loads(line)
            left = float(told["left"])
        except (ValueError, KeyError, TypeError):
            return
        self.until = now + left + self.margin
        self.asked_at, self.url = _text(told.get("asked_at")), _text(told.get("url"))

    @property
    def line(self) -> str:
        """A line of text which says that a hanging process is stopped, with its command and its last request."""
        last = f"the last one was {self.url} at {self.asked_at}" if self.url else "none was reported"
        return (
            f"process {self.pid} (`{self.command}`, since {self.started_at}) is stopped: it makes no requests and "
            f"does not end ({last})"
        )


def _text(value: object) -> str | None:
    return value[:MAX_URL_CHARACTERS] if isinstance(value, str) else None
