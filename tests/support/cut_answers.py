"""A way to a server on which answers are lost: the request arrives, the server does it, and the connection ends."""

import contextlib
import socket
import threading


class CutAnswers:
    """A port of loopback that leads to another, until answers are to be cut."""

    def __init__(self, port: int) -> None:
        self._to = port
        self._cut = threading.Event()
        self._left: int | None = None  # the answers that still arrive, if any is to be the last
        self._listening = socket.create_server(("127.0.0.1", 0))
        self.port = int(self._listening.getsockname()[1])
        threading.Thread(target=self._accept, daemon=True).start()

    def cut_next_answer(self) -> None:
        """Let the next answer not arrive."""
        self._cut.set()

    def cut_all_after(self, answers: int | None) -> None:
        """Let so many answers arrive and no more; None: all."""
        self._left = answers

    def close(self) -> None:
        """Take no more connections."""
        self._listening.shutdown(socket.SHUT_RDWR)
        self._listening.close()

    def _accept(self) -> None:
        while True:
            try:
                here, _ = self._listening.accept()
            except OSError:
                return
            there = socket.create_connection(("127.0.0.1", self._to))
            threading.Thread(target=self._lead, args=(here, there), daemon=True).start()

    def _lead(self, here: socket.socket, there: socket.socket) -> None:
        requests = threading.Thread(target=self._pass, args=(here, there, False), daemon=True)
        requests.start()
        self._pass(there, here, True)
        requests.join()
        here.close()
        there.close()

    def _pass(self, one: socket.socket, other: socket.socket, is_answer: bool) -> None:
        try:
            while data := one.recv(65536):
                # A server that does not know a script yet says so, and has done nothing.
                if is_answer and b"NOSCRIPT" not in data:
                    if self._cut.is_set():
                        self._cut.clear()
                        break
                    if self._left is not None:
                        if not self._left:
                            break
                        self._left -= 1
                other.sendall(data)
        except OSError:
            pass
        for each in (one, other):
            with contextlib.suppress(OSError):
                each.shutdown(socket.SHUT_RDWR)
