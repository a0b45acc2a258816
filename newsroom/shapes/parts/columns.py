"""The articles of some columns, newest first, computed and not searched among a million."""

from collections.abc import Iterator
from dataclasses import dataclass

from newsroom.site.room import Newsroom
from newsroom.stories.story import ROUND, Column, column_of


@dataclass(frozen=True, slots=True)
class Shelf:
    """The articles of some columns as a list: place 0 is the newest."""

    room: Newsroom
    columns: frozenset[Column]

    @property
    def slots(self) -> list[int]:
        """The places of the columns in ROUND, counted from 1."""
        return [slot for slot, column in enumerate(ROUND, 1) if column in self.columns]

    @property
    def extras(self) -> list[int]:
        return [number for number in reversed(self.room.extras) if column_of(number) in self.columns]

    @property
    def own(self) -> int:
        rounds, rest = divmod(self.room.articles, len(ROUND))
        return rounds * len(self.slots) + sum(slot <= rest for slot in self.slots)

    @property
    def total(self) -> int:
        return len(self.extras) + self.own

    def numbers(self, start: int, count: int) -> Iterator[int]:
        """Yield the articles' numbers at `count` places from `start` on; unlisted articles are left out."""
        extras, own, slots = self.extras, self.own, self.slots
        for place in range(start, min(start + count, len(extras) + own)):
            if place < len(extras):
                number = extras[place]
            else:
                rounds, slot = divmod(own - 1 - (place - len(extras)), len(slots))
                number = rounds * len(ROUND) + slots[slot]
            if self.room.condition(number).listed:
                yield number
