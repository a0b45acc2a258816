"""A way to a server on which an answer is lost: the request arrives, the server does it, and the connection ends."""

import contextlib
import socket
import threading


class CutAnswers:
    """A port of loopback that leads to another, until an answer is to be cut."""

    def __init__(self, port: int) -> None:
        self._to = port
        self._cut = threading.Event()
        self._listening = socket.create_server(("127.0.0.1", 0))
        self.port = int(self._listening.getsockname()[1])
        threading.Thread(target=self._accept, daemon=True).start()

    def cut_next_answer(self) -> None:
        """Let the next answer not arrive."""
        self._cut.set()

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
                if is_answer and b"NOSCRIPT" not in data and self._cut.is_set():
                    self._cut.clear()
                    break
                other.sendall(data)
        except OSError:
            pass
        for each in (one, other):
            with contextlib.suppress(OSError):
                each.shutdown(socket.SHUT_RDWR)
