"""The tables `[watch.NAME]`: the events that a reader asks for, and the address to which messages go."""

import re
from typing import Annotated, Literal, get_args
from urllib.parse import urlsplit

from pydantic import AfterValidator, BeforeValidator

from archive.settings.checks import MAX_REPEATED_CHARACTERS, as_toml, word
from archive.settings.source_tables import SettingsTable, one_or_more

EventChoice = Literal["new", "edited", "removed", "restored", "moved", "gap", "drift", "health"]
EVENT_CHOICES: tuple[EventChoice, ...] = get_args(EventChoice)
USUAL_CHOICES = EVENT_CHOICES[:5]
"""The events of articles, which a watch has if it names none."""
Pace = Literal["now", "daily", "weekly"]
Language = Literal["zh", "en"]
Weight = Literal["substantive", "cosmetic"]
HAVE_HOSTS = ("http", "https", "mailto", "mailtos")
MAX_QUERY_CHARACTERS = 2_000
WATCH_NAME = re.compile(r"[a-z0-9][a-z0-9_-]{0,63}")


def choices(value: object) -> object:
    """The kinds of events as a tuple, each once; a text such as "new,edited" is split at its commas.

    Raises ValueError for a kind that cannot be watched, and for an empty list. Other values are unchanged.
    """
    if isinstance(value, str):
        value = [part.strip() for part in value.split(",")]
    if not isinstance(value, list | tuple):
        return value
    for each in value:
        if each not in EVENT_CHOICES:
            raise ValueError(f"{as_toml(each)} is not one of {', '.join(EVENT_CHOICES)}")
    if not value:
        raise ValueError(f"it is empty: write one or more of {', '.join(EVENT_CHOICES)}, or remove the key")
    return tuple(each for each in EVENT_CHOICES if each in value)


def one_of(*known: str) -> BeforeValidator:
    """A check that a value is one of these words; it raises ValueError for any other."""

    def checked(value: object) -> object:
        if value not in known:
            raise ValueError(f"{as_toml(value)} is not one of {', '.join(known)}")
        return value

    return BeforeValidator(checked)


def destination(text: str) -> str:
    """The text, if it has the form of an address: `env:NAME`, `file:PATH`, or a URL without user name and password.

    Raises ValueError for any other text, which it does not repeat: it may be a secret.
    """
    if re.fullmatch(r"env:[A-Za-z_][A-Za-z0-9_]*|file:.+", text):
        return text
    try:
        parts = urlsplit(text)
        has_user = bool(parts.username or parts.password)
    except ValueError:
        raise ValueError("it is not a URL, env:NAME or file:PATH") from None
    if "://" not in text or not text.isprintable():
        raise ValueError("it is not a URL, env:NAME or file:PATH")
    if has_user:
        raise ValueError("it has a user name or password in it: put the URL into a file, and write file:PATH")
    return text


def short_query(text: str) -> str:
    """The text, if it is no longer than a query may be; else raises ValueError."""
    if len(text) > MAX_QUERY_CHARACTERS:
        shown = text[:MAX_REPEATED_CHARACTERS]
        raise ValueError(f"{shown!r}… is longer than {MAX_QUERY_CHARACTERS:,} characters")
    return text


Names = Annotated[tuple[Annotated[str, AfterValidator(word)], ...], BeforeValidator(one_or_more)]


class WatchSettings(SettingsTable):
    """`[watch.NAME]`: a watch. An empty list narrows nothing; of several values of one key an article needs one."""

    query: Annotated[str, AfterValidator(short_query)] = ""
    """A query of search, with `appears:` and `disappears:` for edits; empty: every text."""
    on: Annotated[tuple[EventChoice, ...], BeforeValidator(choices)] = USUAL_CHOICES
    """Kinds of events."""
    source: Names = ()
    column: Names = ()
    speaker: Names = ()
    tag: Names = ()
    significance: Annotated[Weight | None, one_of(*get_args(Weight))] = None
    """Of edits; unset: substantive ones."""
    every: Annotated[Pace, one_of(*get_args(Pace))] = "now"
    """When messages are sent; daily and weekly ones list all events since the last."""
    to: Annotated[str, AfterValidator(destination)]
    """The address: a URL without secrets, env:NAME or file:PATH."""
    lang: Annotated[Language, one_of(*get_args(Language))] = "zh"
    late: bool = False
    """Send also events that came into the archive late: imports, and moments more than a day before."""

    @property
    def shown(self) -> str:
        """The address for people: of a URL only what cannot be a secret.

        That is its scheme, and the host of a webhook or mail server; a chat has its key in the place of the host.
        """
        if "://" not in self.to:
            return self.to
        parts = urlsplit(self.to)
        host = f"{parts.hostname or ''}/" if parts.scheme in HAVE_HOSTS else ""
        return f"{parts.scheme}://{host}…"
