"""A message on its way out, and the three outcomes of sending it."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Outgoing:
    """A message of a watch as every channel takes it: each uses the form that it can show.

    id: the SHA-256 that stays the same when it is sent again; url: where its reader goes on; payload: the JSON of a
    webhook (docs/webhook.schema.json). All of it may contain text of a page, which is made harmless when it is sent.
    """

    id: str
    watch: str
    subject: str
    text: str
    html: str
    url: str
    payload: dict[str, object]


@dataclass(frozen=True)
class Delivered:
    """The receiver took the message."""


@dataclass(frozen=True)
class Later:
    """The receiver did not take it now. after: the seconds that it asks us to wait; None if it does not say."""

    reason: str
    after: float | None


@dataclass(frozen=True)
class Refused:
    """The receiver will never take it. partly: it is of several, and some of them have the message."""

    reason: str
    partly: bool = False


Outcome = Delivered | Later | Refused
