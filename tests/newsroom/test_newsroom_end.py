"""A newsroom that ends prints nothing, even if readers are connected."""

import signal
import socket
import subprocess
import sys
import time

from support.checkout import ROOT


def test_a_newsroom_that_is_stopped_while_readers_are_connected_says_nothing() -> None:
    """Python 3.13 complained of each connection that outlived its server, beside the one line of a Ctrl-C."""
    command = [sys.executable, "-m", "newsroom", "--port=0", "--articles=8"]
    with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        host, _, port = process.stdout.readline().strip().removeprefix("http://").partition(":")
        readers = [socket.create_connection((host, int(port)), timeout=60) for _ in range(8)]
        for reader in readers:
            reader.sendall(f"GET /article/1.html HTTP/1.1\r\nHost: {host}:{port}\r\n\r\n".encode())
            assert reader.recv(100).startswith(b"HTTP/1.1 200")
        process.send_signal(signal.SIGINT)
        _, err = process.communicate(timeout=60)
        assert (process.returncode, err) == (0, "")
        for reader in readers:
            reader.close()


def test_a_newsroom_that_is_stopped_again_while_it_ends_says_nothing() -> None:
    """A Ctrl-C reaches it and its parent, which then ends it too."""
    command = [sys.executable, "-m", "newsroom", "--port=0", "--articles=3"]
    with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        process.stdout.readline()
        process.send_signal(signal.SIGINT)
        for _ in range(1_000):
            process.send_signal(signal.SIGTERM)  # nothing is sent once it has ended
            time.sleep(0.001)
        _, err = process.communicate(timeout=60)
        assert (process.returncode, err) == (0, "")
