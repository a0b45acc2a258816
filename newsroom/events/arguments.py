"""The arguments of an event: their allowed values, and the one line of error for any other."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import cast

Value = str | int | float | bool | list[str]
Arguments = dict[str, Value]


class EventError(ValueError):
    """An event that cannot be applied; the message gives the reason, with the allowed values where there are some."""


class SitePath(str):
    """A mark for `Argument.type`: the argument names a path of the site, with or without its query, as a plain str."""

    __slots__ = ()


class OneLine(str):
    """A mark for `Argument.type`: the argument is a text without line breaks, as a plain str."""

    __slots__ = ()


@dataclass(frozen=True, slots=True)
class Argument:
    """One argument of a kind: its meaning, its allowed values, and if it is required."""

    says: str
    type: type
    required: bool = False
    choices: tuple[Value, ...] = ()
    least: float | None = None
    most: float | None = None

    def value(self, given: object) -> Value | None:
        """The given value, converted to the type of the argument; None if it is not allowed.

        The text "5" becomes the whole number 5, the text `a | b` a list, and a whole number a text if one is asked for.
        """
        value = _CASTS[self.type](given)
        if value is None or (self.choices and value not in self.choices) or not self._in_range(value):
            return None
        return value

    @property
    def allowed(self) -> str:
        """The allowed values, in words: `zh, en`, `a whole number from 1 to 9`, or only the type, such as `a text`."""
        if self.choices:
            return ", ".join(map(str, self.choices))
        least = "" if self.least is None else f" from {self.least:g}"
        most = "" if self.most is None else f" to {self.most:.0f}"
        return _TYPE_NAMES[self.type] + least + most

    def described(self) -> dict[str, object]:
        """The argument as GET /-/events prints it: `says`, `type` and `required`, and its limits.

        The limits are `least`, `most` and `choices`, each only if there is one.
        """
        limits = {"least": self.least, "most": self.most, "choices": list(self.choices) or None}
        common = {"says": self.says, "type": _TYPE_NAMES[self.type], "required": self.required}
        return common | {name: limit for name, limit in limits.items() if limit is not None}

    def _in_range(self, value: Value) -> bool:
        if isinstance(value, str | list):
            return True
        return (self.least is None or value >= self.least) and (self.most is None or value <= self.most)


@dataclass(frozen=True, slots=True)
class Kind:
    """One kind of event or fault."""

    says: str
    arguments: dict[str, Argument]
    fault: bool = False

    def described(self) -> dict[str, object]:
        """The kind as GET /-/events prints it: `says`, `fault` and `arguments`.

        `arguments` has by name what `Argument.described` returns.
        """
        arguments = {key: argument.described() for key, argument in self.arguments.items()}
        return {"says": self.says, "fault": self.fault, "arguments": arguments}


def _integer(value: object) -> int | None:
    if isinstance(value, str) and value.isascii() and value.lstrip("-").isdigit():
        return int(value)
    return value if isinstance(value, int) and not isinstance(value, bool) else None


def _number(value: object) -> float | None:
    if not isinstance(value, int | float) or isinstance(value, bool) or not value >= 0:
        return None
    try:
        return float(value)
    except OverflowError:  # a whole number beyond every float
        return None


def _text(value: object) -> str | None:
    # A status such as 410 and a Retry-After of 30 may be written as numbers.
    return str(value) if isinstance(value, str | int) and not isinstance(value, bool) else None


def _texts(value: object) -> list[str] | None:
    if isinstance(value, str):
        return [part.strip() for part in value.split("|") if part.strip()]
    return cast("list[str]", value) if isinstance(value, list) and all(isinstance(v, str) for v in value) else None


def _boolean(value: object) -> bool | None:
    return value if isinstance(value, bool) else None


def _path(value: object) -> str | None:
    return value if isinstance(value, str) and value.startswith("/") and not value.startswith("/-/") else None


def _one_line(value: object) -> str | None:
    return value if isinstance(value, str) and "\r" not in value and "\n" not in value else None


_CASTS: dict[type, Callable[[object], Value | None]] = {
    int: _integer,
    float: _number,
    str: _text,
    list: _texts,
    bool: _boolean,
    SitePath: _path,
    OneLine: _one_line,
}
_TYPE_NAMES = {
    int: "a whole number",
    float: "a number",
    str: "a text",
    list: "a list of texts",
    bool: "true or false",
    SitePath: "a path of the site such as /list/1, not under /-/",
    OneLine: "a text of one line",
}
