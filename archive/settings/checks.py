"""Checks of values in thinker.toml: each returns the value, or raises ValueError with the remedy."""

import re
from dataclasses import dataclass
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

from parsers.urls import urlkey

CENTURY_SECONDS = 36_525 * 86_400  # no date can be computed for the end of longer waits
LANGUAGE = re.compile(r"[A-Za-z]{2,3}(-[A-Za-z0-9]{1,8})*")  # RFC 5646, as far as it is used in practice
PLACE = re.compile(r"(?P<host>\[[^\[\]]+\]|[^\[\]:]+):(?P<port>[0-9]{1,5})")
BLANK = re.compile(r"\s")
MAX_REPEATED_CHARACTERS = 100  # of a value that a message repeats


@dataclass(frozen=True, slots=True)
class Within:
    """A check that a value is a number, not a text nor true. Calling it returns the value, or raises ValueError.

    least and most: its bounds (most None: no upper bound). example: a common value, for the message. whole: the number
    must be whole; else it may have a fraction, and the message calls it seconds. more: `least` itself is too little.
    """

    least: int
    most: int | None
    example: int
    whole: bool = False
    more: bool = False

    def __call__(self, value: object) -> object:
        if self._is_one(value):
            return value
        kind = "whole number" if self.whole else "number of seconds"
        raise ValueError(f"{as_toml(value)} is not a {kind} {self._bounds}, such as {self.example}")

    def _is_one(self, value: object) -> bool:
        if isinstance(value, bool) or not isinstance(value, int if self.whole else int | float):
            return False
        enough = value > self.least if self.more else value >= self.least
        return enough and (not too_long(value) if self.most is None else value <= self.most)

    @property
    def _bounds(self) -> str:
        if self.most is None:
            return f"of {self.least} or more"
        return f"above {self.least} and up to {self.most}" if self.more else f"from {self.least} to {self.most}"


def too_long(value: object) -> bool:
    """True if a value is a whole number with more digits than a database can hold, or than Python would print."""
    return isinstance(value, int) and value.bit_length() >= 64


def as_toml(value: object) -> str:
    """A value much as it is written in the file, for a message: text in single quotes, true, 5.

    Longer texts are cut after 100 characters, without a mark. `a table` for any table, `a list` for any list, `a number
    of this length` for one that is `too_long`.
    """
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, dict):
        return "a table"
    if isinstance(value, list):
        return "a list"
    if too_long(value):
        return "a number of this length"
    return repr(value[:MAX_REPEATED_CHARACTERS]) if isinstance(value, str) else str(value)[:MAX_REPEATED_CHARACTERS]


def word(text: str) -> str:
    """The text without blanks at its ends. Raises ValueError if nothing is left.

    Blanks of any width and control characters within it stay; the latter are escaped when the text is printed.
    """
    if not text.strip():
        raise ValueError(f"{text!r} is empty: write a text, or remove the key")
    return text.strip()


def language(text: str) -> str:
    """The text, if it has the form of a language tag, such as zh-Hans; else raises ValueError.

    The form alone is checked, not that such a language exists.
    """
    if not LANGUAGE.fullmatch(text):
        raise ValueError(f"{text[:MAX_REPEATED_CHARACTERS]!r} is not a language tag, such as zh-Hans or en")
    return text


def zone(name: str) -> str:
    """The name, if the machine knows a time zone of that name, such as Asia/Shanghai; else raises ValueError."""
    try:
        ZoneInfo(name)
    except (KeyError, ValueError, OSError) as error:  # OSError: the name of a folder, such as "Asia"
        raise ValueError(f"{name[:MAX_REPEATED_CHARACTERS]!r} is not a time zone, such as Asia/Shanghai") from error
    return name


def pattern(text: str) -> str:
    """The text, if it is a regular expression that Python can compile and not blank; else raises ValueError."""
    if not text.strip():
        raise ValueError(f"{text!r} matches nothing: write a regular expression, or remove the key")
    try:
        re.compile(text)
    except (re.error, OverflowError) as error:  # OverflowError: a{4294967296}
        raise ValueError(f"{text[:MAX_REPEATED_CHARACTERS]!r} is not a regular expression: {error}") from error
    except RecursionError as error:
        raise ValueError(
            f"{text[:MAX_REPEATED_CHARACTERS]!r} is not a usable regular expression: it is nested too deeply"
        ) from error
    return text


def web_address(text: str) -> str:
    """The text, if it is an http or https address with a host and without white space; else raises ValueError.

    It may have a fragment. Addresses without a urlkey are refused too.
    """
    scheme, _, rest = text.partition("://")
    if scheme.lower() not in ("http", "https") or rest[:1] in ("", "/", "?", "#"):
        raise ValueError(
            f"{text[:MAX_REPEATED_CHARACTERS]!r} is not an http or https address, such as https://example.org"
        )
    if BLANK.search(text):
        raise ValueError(f"{text[:MAX_REPEATED_CHARACTERS]!r} has a space in it: write it as %20")
    urlkey(text)
    return text


def contact(text: str) -> str:
    """The text, if it has the form of a mail address or is a `web_address`; else raises ValueError."""
    if "://" in text:
        return web_address(text)
    if not re.fullmatch(r"[^@\s]+@[^@\s]+", text) or not text.isprintable():
        raise ValueError(f"{text[:MAX_REPEATED_CHARACTERS]!r} is not a mail or web address, such as you@example.org")
    return text


def host(text: str) -> str:
    """The text, if it is a host, or a host and its port; else raises ValueError."""
    try:
        key = urlkey(f"http://{text}/")
    except ValueError as error:
        raise ValueError(f"{text[:MAX_REPEATED_CHARACTERS]!r} is not a host: {error}") from error
    if not key.endswith(")/") or any(sign in text for sign in "*/?#@") or BLANK.search(text):
        raise ValueError(f"{text[:MAX_REPEATED_CHARACTERS]!r} is not a host, such as example.com or 127.0.0.1:8765")
    return text


def host_and_port(text: str) -> str:
    """The text `HOST:PORT` in the form used for comparison: `A.cn:0080` gives `a.cn:80`.

    An IPv6 address must be in brackets. Raises ValueError for any other text, such as one without a port.
    """
    found = PLACE.fullmatch(text)
    try:
        plain = host(text) if found and 0 < int(found["port"]) < 65536 else ""
    except ValueError:
        plain = ""
    if not found or not plain:
        raise ValueError(f"{text[:MAX_REPEATED_CHARACTERS]!r} is not host:port, such as 127.0.0.1:8765")
    return f"{found['host'].lower()}:{int(found['port'])}"


def host_or_address(text: str) -> str:
    """The text, if it is a host (also for all hosts below it) or an address (for all that begin with it).

    Raises ValueError for any other text.
    """
    return web_address(text) if "://" in text else host(text)


def parameter(text: str) -> str:
    """The text, if it is the name of a parameter of addresses, such as jsessionid; else raises ValueError."""
    if not re.fullmatch(r"[^\s&;=/?#%\x00-\x1f\x7f]{1,100}", text):
        raise ValueError(
            f"{text[:MAX_REPEATED_CHARACTERS]!r} is not the name of a parameter, such as jsessionid: leave out = and "
            "what follows it"
        )
    return text


def server_address(text: str) -> str:
    """The text, if it is the address of a Redis or Valkey server, such as redis://127.0.0.1:6379/0 or rediss://….

    Raises ValueError for any other text, which it does not repeat: it may hold a password.
    """
    remedy = "write redis://HOST:PORT/NUMBER, or rediss:// for an encrypted connection"
    try:
        parts = urlsplit(text)
        port = parts.port
    except ValueError as error:
        raise ValueError(f"it is not the address of a server: {remedy}") from error
    if parts.scheme.lower() not in ("redis", "rediss") or not parts.hostname or port == 0 or BLANK.search(text):
        raise ValueError(f"it is not the address of a server: {remedy}")
    if not re.fullmatch(r"/?[0-9]{0,4}", parts.path) or parts.query or parts.fragment:
        raise ValueError(f"only the number of a database may follow the host: {remedy}")
    return text


def without_password(text: str) -> str:
    """An address for people, without user and password: `rediss://cache.example:6379/0`; another text as it is."""
    scheme, separator, rest = text.partition("://")
    return f"{scheme}://{rest.rpartition('@')[2].partition('?')[0]}" if separator else text


def prefix(text: str) -> str:
    """The text, if it can begin the names of keys on a shared server; else raises ValueError."""
    if not re.fullmatch(r"[a-z0-9][a-z0-9_-]{0,63}", text):
        raise ValueError(f"{text[:MAX_REPEATED_CHARACTERS]!r} is not a prefix: use only a-z, 0-9, - and _")
    return text
