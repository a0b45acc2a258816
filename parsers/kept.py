"""A property that is worked out when it is first asked for, and kept."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Generic, Self, TypeVar, overload

Found = TypeVar("Found")


class Kept(Generic[Found]):
    """functools.cached_property without its lock, which costs as much as the rest: one thread reads a page."""

    def __init__(self, find: Callable[[Any], Found]) -> None:
        self.find = find
        self.__doc__ = find.__doc__

    def __set_name__(self, owner: type, name: str) -> None:
        self.name = name

    @overload
    def __get__(self, asked: None, owner: type) -> Self: ...
    @overload
    def __get__(self, asked: object, owner: type | None = None) -> Found: ...
    def __get__(self, asked: object | None, owner: type | None = None) -> Self | Found:
        if asked is None:
            return self
        found = asked.__dict__[self.name] = self.find(asked)
        return found
