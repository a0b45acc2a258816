"""A newsroom as a real process: `with running(articles=50) as site: …`."""

import json
import os
import subprocess
import sys
import urllib.error
import urllib.request
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

_PACKAGE_PARENT = Path(__file__).resolve().parents[1]
# No proxy, even if the environment names one: the site is on this machine.
_OPEN = urllib.request.build_opener(urllib.request.ProxyHandler({})).open
_TIMEOUT_SECONDS = 60


@dataclass(frozen=True, slots=True)
class Site:
    """A running newsroom; `address` has no trailing slash."""

    address: str
    pid: int

    def at(self, host: str) -> "Site":
        """The same newsroom under another of its hosts (`running(also=["127.0.0.2"])`)."""
        return Site(f"http://{host}:{self.address.rpartition(':')[2]}", self.pid)

    def event(self, **event: object) -> None:
        """Apply an event or a fault, `event(do="edit", article=12)`; ValueError gives the reason of a refusal."""
        request = urllib.request.Request(  # noqa: S310 (our own address)
            f"{self.address}/-/event", json.dumps(event).encode(), {"Content-Type": "application/json"}
        )
        try:
            _OPEN(request, timeout=_TIMEOUT_SECONDS).close()
        except urllib.error.HTTPError as error:
            with error:
                raise ValueError(error.read().decode().strip()) from error

    def truth(self, article: int, language: str | None = None) -> dict[str, object]:
        """The present state of an article and, in `versions`, the earlier ones, as newsroom.site.truth makes them.

        language: zh or en; default: that of the article on the ordinary site. Raises urllib.error.HTTPError if there
        is no such article or language.
        """
        asked = f"&language={language}" if language else ""
        found: dict[str, object] = json.loads(self._get(f"/-/truth?article={article}{asked}"))
        return found

    def truths(self) -> list[dict[str, object]]:
        """The state of every article, each as `truth` gives it, in the order of their numbers."""
        return [json.loads(line) for line in self._get("/-/truth").splitlines()]

    def log(self) -> list[dict[str, object]]:
        """The requests so far, at most the last 200,000, oldest first, as newsroom.http.log describes them.

        Those to paths under /-/ are left out.
        """
        return [json.loads(line) for line in self._get("/-/log").splitlines()]

    def recording(self) -> bytes:
        """The bytes of a WARC file of visits to articles before the start of the site's clock.

        They come from newsroom.server.recording.
        """
        return self._get("/-/recording")

    def _get(self, path: str) -> bytes:
        with _OPEN(f"{self.address}{path}", timeout=_TIMEOUT_SECONDS) as answer:
            body: bytes = answer.read()
        return body


@contextmanager
def running(
    articles: int = 200,
    seed: int = 1,
    script: Path | str | None = None,
    clock: str | None = None,
    also: Iterable[str] = (),
    demo: bool = False,
) -> Iterator[Site]:
    """Run `python -m newsroom` on a free port during the block; yields its Site. RuntimeError if it does not start."""
    command = [sys.executable, "-P", "-m", "newsroom", "--port=0", f"--articles={articles}", f"--seed={seed}"]
    command += [f"--script={script}"] if script else []
    command += [f"--clock={clock}"] if clock else []
    command += [f"--also={host}" for host in also]
    command += ["--demo"] if demo else []
    path = os.pathsep.join(filter(None, [str(_PACKAGE_PARENT), os.environ.get("PYTHONPATH")]))
    with subprocess.Popen(command, stdout=subprocess.PIPE, env=os.environ | {"PYTHONPATH": path}) as process:
        try:
            assert process.stdout is not None
            address = process.stdout.readline().decode().strip()
            if not address:
                raise RuntimeError(
                    f"the newsroom did not start (exit {process.wait(_TIMEOUT_SECONDS)}): {' '.join(command)}"
                )
            yield Site(address, process.pid)
        finally:
            process.terminate()
            process.wait(_TIMEOUT_SECONDS)
