"""Outcome lines: the outcome of one order, as a line of JSON."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, fields
from datetime import UTC, datetime
from types import NoneType, UnionType
from typing import Any, Literal, Self, get_args, get_type_hints

from archive.files import Truncation

FailureKind = Literal["name", "refused", "timeout", "failed", "cut", "guard", "closed", "budget", "unknown", "lost"]
"""Why no answer came: its name has no address, the connection was refused, no answer in time, a broken transfer, a
body that broke off, our own rules, a host that asks for patience, a budget of a day, a source that the worker does not
know, and workers that took the order and never answered."""


STATUSES = range(100, 1000)


class SegmentError(Exception):
    """A segment that cannot be used; the text names it and the fault."""


@dataclass(frozen=True, slots=True)
class Failure:
    """A request without an answer. said: the cause in one line; detail: further values of its kind."""

    kind: FailureKind
    said: str
    detail: Mapping[str, str | float | bool | None] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Delivery:
    """The outcome of an order: an answer, with the place of its record in the WARC file, or a failure.

    token: that of the lease under which it was fetched. at: the moment when the answer was complete, UTC, by the
    server's clock. record: the id of the response record; None for a failure. size: the bytes of its payload, of which
    `length` bytes in the file may hold many times as many.
    """

    order: str
    token: str
    source: str
    url: str
    at: str
    status: int | None = None
    record: str | None = None
    offset: int = 0
    length: int = 0
    size: int = 0
    ip: str | None = None
    truncated: Truncation | None = None
    open_ended: bool = False
    failure: Failure | None = None

    @property
    def moment(self) -> datetime:
        """The moment of the answer, aware. Raises ValueError for another text, and for one without a time zone."""
        at = datetime.fromisoformat(self.at)
        if at.tzinfo is None or not 1000 < at.year < 9999:  # the first and the last year may have no such time in UTC
            raise ValueError("its moment has no time zone or is out of range")
        return at.astimezone(UTC)

    @property
    def line(self) -> bytes:
        """The delivery as a line of JSON, with its line break."""
        return json.dumps(asdict(self), ensure_ascii=False).encode() + b"\n"

    @classmethod
    def read(cls, line: bytes) -> Self:
        """The delivery of a line. Raises ValueError for a line of another form."""
        told = json.loads(line)
        if not isinstance(told, dict):
            raise ValueError("not an object")
        failure = told.pop("failure", None)
        read = cls(**_checked(cls, told))
        if (read.record is None) == (failure is None):
            raise ValueError("neither an answer nor a failure")
        read.moment  # noqa: B018 raises
        has_status = read.status in STATUSES if failure is None else read.status is None
        if not has_status or min(read.offset, read.length, read.size) < 0:
            raise ValueError("a value out of range")
        json.dumps(told, ensure_ascii=False).encode()  # half a surrogate pair cannot be stored anywhere
        if failure is None:
            return read
        if not isinstance(failure, dict) or failure.get("kind") not in get_args(FailureKind):
            raise ValueError("an unknown failure")
        return cls(**{**_checked(cls, told), "failure": Failure(**_checked(Failure, failure))})


def _checked(kind: type, told: Mapping[str, Any]) -> dict[str, Any]:
    """The values of the fields of a class, of their types. Raises ValueError for another value, or a missing one."""
    hints, values = get_type_hints(kind), {}
    for each in fields(kind):
        if each.name in told:
            if not _is_of(told[each.name], hints[each.name]):
                raise ValueError(f"{each.name} has another form")
            values[each.name] = told[each.name]
    try:
        kind(**values)
    except TypeError as error:
        raise ValueError(str(error)) from error
    return values


def _is_of(value: object, hint: Any) -> bool:
    parts = get_args(hint) if isinstance(hint, UnionType) or NoneType in get_args(hint) else (hint,)
    return any(_is_one(value, part) for part in parts)


def _is_one(value: object, part: Any) -> bool:
    if part is NoneType or part is None:
        return value is None
    if isinstance(part, type):
        return isinstance(value, part) and not (part is int and isinstance(value, bool))
    if getattr(part, "__origin__", None) is Literal:
        return value in get_args(part)
    return isinstance(value, dict)
