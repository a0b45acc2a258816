"""A limit on the memory of all bodies under way: a body without room waits until others are released."""

from __future__ import annotations

import weakref
from collections.abc import Callable

MAX_BODY_BYTES_IN_MEMORY = 4_000_000  # of all; one larger body at a time may exceed it


class BodyMemory:
    """Grants room to bodies; a body holds it from its first byte until its response is garbage."""

    def __init__(self, size: int = MAX_BODY_BYTES_IN_MEMORY) -> None:
        self._size = size
        self._places: list[BodyPlace] = []

    def place(self, go_on: Callable[[], None]) -> BodyPlace:
        """A place for a new body; `go_on` is called when a body that waited has room."""
        place = BodyPlace(self, go_on)
        self._places.append(place)
        return place

    def has_room(self, place: BodyPlace) -> bool:
        """True if all bodies are within the size, or this is the first incomplete one and the complete ones are.

        A complete body counts until it is recorded: otherwise large bodies would pile up in front of a slow disk.
        """
        if sum(each.held for each in self._places) <= self._size:
            return True
        first = next(each for each in self._places if not each.whole)
        return place is first and sum(each.held for each in self._places if each.whole) <= self._size

    def leave(self, place: BodyPlace) -> None:
        """Release the room of a body that was recorded or given up."""
        if place in self._places:
            self._places.remove(place)
            self.call_on()

    def call_on(self) -> None:
        """Resume the bodies that have room now."""
        for waiting in [each for each in self._places if each.waits]:
            if self.has_room(waiting):
                waiting.waits = False
                waiting.go_on()


class BodyPlace:
    """The memory that one body holds."""

    def __init__(self, room: BodyMemory, go_on: Callable[[], None]) -> None:
        self._room = room
        self.go_on = go_on
        self.held = 0
        self.whole = self.waits = False

    def grow(self, count: int) -> bool:
        """Count more bytes; False if reading must pause."""
        self.held += count
        self.waits = not self._room.has_room(self)
        return not self.waits

    def end(self, holder: object) -> None:
        """The body is complete; its memory counts as long as `holder`, its response, lives."""
        self.whole = True
        weakref.finalize(holder, self._room.leave, self).atexit = False
        self._room.call_on()

    def leave(self) -> None:
        """Release the room of a body that was given up."""
        self._room.leave(self)
