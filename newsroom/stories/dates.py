"""The moments of publication of the numbered articles: strictly later with every number, up to the clock."""

from dataclasses import dataclass
from datetime import datetime, timedelta, timezone
from email.utils import formatdate
from functools import lru_cache

from newsroom.stories.chance import below

SHANGHAI = timezone(timedelta(hours=8))
_USUAL_SPACING_SECONDS = 34_560  # seconds between two articles: two or three a day
_MAX_SPAN_SECONDS = 315_576_000  # a big newsroom publishes more often, but not for longer


@dataclass(frozen=True, slots=True)
class Calendar:
    """The publication times of articles 1…N, in Unix seconds, as a function of the clock and the seed."""

    clock: int
    articles: int
    seed: int
    spacing: int = 0  # seconds between two articles; 0: the usual

    def __post_init__(self) -> None:
        usual = max(1, min(_USUAL_SPACING_SECONDS, _MAX_SPAN_SECONDS // max(1, self.articles)))
        object.__setattr__(self, "spacing", self.spacing or usual)

    def published(self, number: int) -> int:
        start = self.clock - (self.articles - number + 1) * self.spacing
        return start + below(max(1, self.spacing * 9 // 10), self.seed, number)

    def last_before(self, moment: int) -> int:
        """The greatest number published before `moment`; 0 if there is no such number."""
        guess = self.articles + 1 - (self.clock - moment) // self.spacing
        number = max(0, min(self.articles, guess + 1))
        while number > 0 and self.published(number) >= moment:
            number -= 1
        return number


def iso(moment: int) -> str:
    """ISO 8601 with the newsroom's offset: `2026-11-24T08:03:11+08:00`."""
    return datetime.fromtimestamp(moment, SHANGHAI).isoformat()


@lru_cache(maxsize=1024)
def http_date(moment: int) -> str:
    """A moment as IMF-fixdate, RFC 9110 §5.6.7."""
    return formatdate(moment, usegmt=True)


def parse_clock(text: str) -> int:
    """Unix seconds of an ISO 8601 time; without an offset it is Shanghai's. Raises ValueError.

    A date without a time is its midnight.
    """
    value = datetime.fromisoformat(text)
    return int((value if value.tzinfo else value.replace(tzinfo=SHANGHAI)).timestamp())
