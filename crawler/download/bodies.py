"""How much of all bodies under way is in memory: who finds no room stops reading until others are done with."""

from __future__ import annotations

import weakref
from collections.abc import Callable

MAX_BODY_BYTES_IN_MEMORY = 4_000_000  # bytes; beside it, one body that is larger than that goes on to its end


class BodyMemory:
    """Hands out places; a place is held from a body's first byte until nobody needs its response any more."""

    def __init__(self, size: int = MAX_BODY_BYTES_IN_MEMORY) -> None:
        self._size = size
        self._places: list[BodyPlace] = []

    def place(self, go_on: Callable[[], None]) -> BodyPlace:
        """A place for a body that begins; `go_on` is called when one that had to wait has room."""
        place = BodyPlace(self, go_on)
        self._places.append(place)
        return place

    def has_room(self, place: BodyPlace) -> bool:
        """Whether a body may go on: all of them are within the size, or it came first and those before it are done.

        What is read and not yet recorded counts: else a slow disk would let one large body after another pile up.
        """
        if sum(each.held for each in self._places) <= self._size:
            return True
        first = next(each for each in self._places if not each.whole)
        return place is first and sum(each.held for each in self._places if each.whole) <= self._size

    def leave(self, place: BodyPlace) -> None:
        """A body is done with, or was given up."""
        if place in self._places:
            self._places.remove(place)
            self.call_on()

    def call_on(self) -> None:
        """Let those go on that have room now."""
        for waiting in [each for each in self._places if each.waits]:
            if self.has_room(waiting):
                waiting.waits = False
                waiting.go_on()


class BodyPlace:
    """What one body holds."""

    def __init__(self, room: BodyMemory, go_on: Callable[[], None]) -> None:
        self._room = room
        self.go_on = go_on
        self.held = 0
        self.whole = self.waits = False

    def grow(self, count: int) -> bool:
        """So many bytes more are held; whether more may come at once."""
        self.held += count
        self.waits = not self._room.has_room(self)
        return not self.waits

    def end(self, holder: object) -> None:
        """The body is whole: it stays in memory as long as its holder does."""
        self.whole = True
        weakref.finalize(holder, self._room.leave, self).atexit = False
        self._room.call_on()

    def leave(self) -> None:
        """The body was given up."""
        self._room.leave(self)
