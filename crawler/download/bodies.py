"""A limit on the memory of all bodies under way: a body without room waits until others are released."""

from __future__ import annotations

import weakref
from collections.abc import Callable

MAX_BODY_BYTES_IN_MEMORY = 4_000_000  # of all; one larger body at a time may exceed it


class BodyMemory:
    """Grants room to bodies, `size` bytes in all, held until the body is given up or its response garbage-collected."""

    def __init__(self, size: int = MAX_BODY_BYTES_IN_MEMORY) -> None:
        self._size = size
        self._places: list[BodyPlace] = []

    def place(self, go_on: Callable[[], None]) -> BodyPlace:
        """Add a new body and return its BodyPlace; `go_on` is called when the body waited and has room again."""
        place = BodyPlace(self, go_on)
        self._places.append(place)
        return place

    def has_room(self, place: BodyPlace) -> bool:
        """True if all bodies together are within the size; else only for the first incomplete body.

        That one has room only if the complete bodies alone are within the size. A complete body counts until it is
        recorded: otherwise large bodies would pile up while a slow disk writes.
        """
        if sum(each.held for each in self._places) <= self._size:
            return True
        first = next(each for each in self._places if not each.whole)
        return place is first and sum(each.held for each in self._places if each.whole) <= self._size

    def leave(self, place: BodyPlace) -> None:
        """Release the room of a body that was given up or whose response is gone, and resume those with room now.

        A second call does nothing.
        """
        if place in self._places:
            self._places.remove(place)
            self.call_on()

    def call_on(self) -> None:
        """Call `go_on` of each waiting body that has room now."""
        for waiting in [each for each in self._places if each.waits]:
            if self.has_room(waiting):
                waiting.waits = False
                waiting.go_on()


class BodyPlace:
    """The memory that one body holds: `held` bytes; whole: it is complete; waits: its reading is paused."""

    def __init__(self, room: BodyMemory, go_on: Callable[[], None]) -> None:
        self._room = room
        self.go_on = go_on
        self.held = 0
        self.whole = self.waits = False

    def grow(self, count: int) -> bool:
        """Count more bytes of the body; False if its reading must pause until `go_on` is called."""
        self.held += count
        self.waits = not self._room.has_room(self)
        return not self.waits

    def end(self, holder: object) -> None:
        """Mark the body as complete; its memory counts as long as `holder`, its response, lives.

        Waiting bodies that have room now, or when `holder` is gone, go on.
        """
        self.whole = True
        weakref.finalize(holder, self._room.leave, self).atexit = False
        self._room.call_on()

    def leave(self) -> None:
        """Release the room of a body that was given up."""
        self._room.leave(self)
