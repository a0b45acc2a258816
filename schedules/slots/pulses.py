"""What a crawl's process tells its scheduler once a second, and when it has told too long that it asks nothing."""

import json
from dataclasses import dataclass

from crawler.runs import MAX_URL_CHARACTERS, STALL_SECONDS

STALLED = "stalled"  # how a crawl ended that ended itself so, or whose process was ended because it hung
VARIABLE = "THINKER_PULSE"  # names the pipe to a child
MARGIN_SECONDS = 30.0
"""Seconds beside those that a crawl may go without a request: in these one that has stalled ends itself."""


@dataclass(slots=True)
class HeardPulse:
    """A child as its scheduler knows it; asked_at and url are those of its last request, None: it said of none.

    until: by the event loop's clock, from when on it counts as hanging. A child that tells nothing has no longer than
    a crawl without a request, so that one that is suspended or blocked is found too; one that waits as its hosts ask
    says how long. stall, margin: in seconds.
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
        """Take a line that the child wrote; what is no pulse says nothing."""
        try:
            told = json.loads(line)
            left = float(told["left"])
        except (ValueError, KeyError, TypeError):
            return
        self.until = now + left + self.margin
        self.asked_at, self.url = _text(told.get("asked_at")), _text(told.get("url"))

    @property
    def line(self) -> str:
        """Which process it is and what it asked last."""
        last = f"the last was {self.url} at {self.asked_at}" if self.url else "it told of none"
        return (
            f"process {self.pid} (`{self.command}`, since {self.started_at}) makes no request and does not end "
            f"({last}): it is ended"
        )


def _text(value: object) -> str | None:
    return value[:MAX_URL_CHARACTERS] if isinstance(value, str) else None
