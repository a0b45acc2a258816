"""Sends one message to one address: the only place, the crawler apart, that calls other machines."""

from __future__ import annotations

import json
import os
import re
from dataclasses import dataclass
from pathlib import Path
from urllib.error import HTTPError
from urllib.parse import urlsplit
from urllib.request import Request, urlopen

SECONDS = 10.0


@dataclass(frozen=True)
class Outgoing:
    """A message. payload: the JSON of a webhook."""

    id: str
    watch: str
    subject: str
    text: str
    html: str
    url: str
    payload: dict[str, object]


@dataclass(frozen=True)
class Delivered:
    """The channel took the message."""


@dataclass(frozen=True)
class Later:
    """The channel did not take it now. after: seconds until the next try; None: the sender decides."""

    reason: str
    after: float | None


@dataclass(frozen=True)
class Refused:
    """The channel will never take it."""

    reason: str


Outcome = Delivered | Later | Refused


@dataclass(frozen=True)
class Address:
    """An address. store: the text that is kept; shown: the same for people, without a secret."""

    store: str
    shown: str
    folder: Path


def address(value: str, folder: Path) -> Address:
    """The address of a `--to`: a URL without secrets, `env:NAME` or `file:PATH`. Raises ValueError."""
    if re.fullmatch(r"env:[A-Za-z_][A-Za-z0-9_]*|file:.+", value):
        return Address(value, value, folder)
    parts = urlsplit(value)
    if parts.scheme not in ("http", "https") or not parts.hostname:
        raise ValueError("it is not a URL, env:NAME or file:PATH: write one of these")
    return Address(value, f"{parts.scheme}://{parts.hostname}/…", folder)


def send(address: Address, message: Outgoing) -> Outcome:
    """Send a message and return the outcome; raises nothing for the network."""
    try:
        url = _url(address)
        body = json.dumps(message.payload, ensure_ascii=False).encode()
        head = {"Content-Type": "application/json", "webhook-id": message.id}
        with urlopen(Request(url, body, head), timeout=SECONDS):  # noqa: S310
            return Delivered()
    except HTTPError as error:
        wait = error.headers.get("Retry-After", "")
        if error.code in (400, 401, 403, 404, 410):
            return Refused(f"HTTP {error.code}")
        return Later(f"HTTP {error.code}", float(wait) if wait.isdigit() else None)
    except (OSError, ValueError, KeyError) as error:
        return Later(type(error).__name__, None)


def _url(address: Address) -> str:
    kind, _, name = address.store.partition(":")
    if kind == "env":
        return os.environ[name]
    return (address.folder / name).read_text("utf-8").strip() if kind == "file" else address.store
