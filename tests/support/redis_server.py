"""A real redis-server on a free port of loopback, whose disk has what it acknowledged; it can be killed and started."""

import signal
import socket
import subprocess
import time
from pathlib import Path
from types import TracebackType
from typing import Self

PROGRAM = "/usr/bin/redis-server"


class RedisServer:
    """A server that keeps its files in a folder of its own."""

    def __init__(self, folder: Path, *more: str) -> None:
        self._folder = folder
        self._more = more
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            self.port = int(free.getsockname()[1])
        self.url = f"redis://127.0.0.1:{self.port}/0"
        self._process: subprocess.Popen[bytes]

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None):
        self.kill()

    @property
    def pid(self) -> int:
        """The number of its process."""
        return self._process.pid

    def start(self) -> None:
        """Start it on the files that it left, and wait until it answers."""
        told = ["--bind", "127.0.0.1", "--port", str(self.port), "--dir", str(self._folder), "--save", ""]
        told += ["--appendonly", "yes", "--appendfsync", "always", "--loglevel", "warning", *self._more]
        self._process = subprocess.Popen([PROGRAM, *told], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        for _ in range(500):
            try:
                with socket.create_connection(("127.0.0.1", self.port), 1) as one:
                    one.sendall(b"PING\r\n")
                    if one.recv(20)[:1] in (b"+", b"-") and not self._is_loading():
                        return
            except OSError:
                pass
            if self._process.poll() is not None:
                break
            time.sleep(0.02)
        raise RuntimeError(f"redis-server ended with {self._process.poll()}")

    def _is_loading(self) -> bool:
        with socket.create_connection(("127.0.0.1", self.port), 1) as one:
            one.sendall(b"PING\r\n")
            return one.recv(20).startswith(b"-LOADING")

    @property
    def process(self) -> int:
        """The id of its process."""
        return self._process.pid

    def kill(self) -> None:
        """Kill it with SIGKILL."""
        self._process.send_signal(signal.SIGKILL)
        self._process.wait()
