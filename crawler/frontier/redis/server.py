"""The server of [cluster] in thinker.toml: its scripts, which nothing interrupts, and what to say when it is away."""

from __future__ import annotations

import hashlib
import time
from collections.abc import Sequence
from pathlib import Path
from types import ModuleType
from typing import Any

from archive.settings import ClusterSettings, SettingsError, without_password

MISSING = "workers on several machines need the extra [cluster]: pip install redis"
PATIENCE_SECONDS = 60.0  # a server that is started again is back sooner
END_SECONDS = 5.0  # for the last words of a process that ends, to a server that may be away
SOCKET_SECONDS = 10.0  # for an answer: a script looks at some hundred rows
FIRST_PAUSE, LONGEST_PAUSE = 0.05, 1.0  # seconds between two tries


class ServerError(OSError):
    """The server does not answer or cannot be used; the text is one line: the cause, the place, and the remedy."""


class Script:
    """A script that the server runs, from the file of that name beside this module."""

    def __init__(self, name: str) -> None:
        self.text = Path(__file__).with_name(name).read_text("utf-8")
        # How the server names it; no secret depends on it.
        self.digest = hashlib.sha1(self.text.encode(), usedforsecurity=False).hexdigest()


class Server:
    """A connection to the server; it may be used in several threads.

    A call waits up to `patience` seconds for a server that does not answer, and is then sent again: it may have been
    carried out before the connection broke. Raises ServerError.
    """

    def __init__(self, url: str, prefix: str = "thinker", patience: float = PATIENCE_SECONDS) -> None:
        self.prefix = prefix
        self.patience = patience
        self.place = without_password(url)
        self._redis = _client(url)

    @classmethod
    def of(cls, settings: ClusterSettings, patience: float = PATIENCE_SECONDS) -> Server:
        """The server of the settings. Raises SettingsError if none is set, or if the client is not installed."""
        if settings.url is None:
            raise SettingsError(
                'no server is set for workers: write [cluster] url = "redis://HOST:PORT/0" in thinker.toml'
            )
        return cls(settings.url, settings.prefix, patience)

    def key(self, *parts: str) -> str:
        """The name of a key of ours: the prefix and the parts, joined by colons."""
        return ":".join((self.prefix, *parts))

    def run(self, script: Script, keys: Sequence[str], *values: str | float | None) -> Any:
        """The answer of a script; None among its values becomes an empty text."""
        told = ["" if value is None else value for value in values]
        return self._patiently("EVALSHA", script, [len(keys), *keys, *told])

    def call(self, command: str, *values: str | float) -> Any:
        """The answer to a command."""
        return self._patiently(command, None, list(values))

    def now(self) -> float:
        """The server's clock, in seconds since 1970."""
        seconds, microseconds = self.call("TIME")
        return float(seconds) + float(microseconds) / 1_000_000

    def hurry(self) -> None:
        """Wait only END_SECONDS for a server that does not answer, in the calls under way too: the process ends."""
        self.patience = min(self.patience, END_SECONDS)

    def close(self) -> None:
        """Close all connections."""
        self._redis.close()

    def _patiently(self, command: str, script: Script | None, values: list[Any]) -> Any:
        faults = _faults()
        began, pause = time.monotonic(), FIRST_PAUSE
        while True:
            try:
                if script is None:
                    return self._redis.execute_command(command, *values)
                try:
                    return self._redis.execute_command("EVALSHA", script.digest, *values)
                except faults.NoScriptError:  # the server is new, or was started again
                    return self._redis.execute_command("EVAL", script.text, *values)
            except (faults.AuthenticationError, faults.AuthorizationError) as error:
                raise self._fault("refuses the user or password", error, "correct it in thinker.toml") from error
            except (faults.ConnectionError, faults.TimeoutError) as error:
                if time.monotonic() + pause > began + self.patience:
                    raise self._fault("does not answer", error, "start it, or correct the url") from error
                time.sleep(pause)
                pause = min(2 * pause, LONGEST_PAUSE)
            except faults.RedisError as error:
                raise self._fault("refuses a command", error, "its log says more") from error

    def _fault(self, what: str, error: Exception, remedy: str) -> ServerError:
        cause = str(error).replace("\n", " ")[:200].rstrip(".")
        return ServerError(f"[cluster] url: the server {self.place} {what}: {type(error).__name__}: {cause}; {remedy}")


def _client(url: str) -> Any:
    """A client of the server, which tries nothing again: its methods have no types. Raises SettingsError without it."""
    try:
        from redis import Redis
        from redis.backoff import NoBackoff
        from redis.retry import Retry
    except ImportError as error:
        raise SettingsError(MISSING) from error
    return Redis.from_url(
        url,
        decode_responses=True,
        encoding_errors="replace",  # bytes that nobody of ours wrote end no process
        socket_timeout=SOCKET_SECONDS,
        socket_connect_timeout=SOCKET_SECONDS,
        retry=Retry(NoBackoff(), 0),
    )


def _faults() -> ModuleType:
    """The client's errors, by name."""
    from redis import exceptions

    return exceptions
