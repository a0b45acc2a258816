"""Runs inside pywb's own environment: indexes WARC files with pywb's tools and replays what it is asked for.

`python replay_by_pywb.py FOLDER FILE…`, each a WARC file, or a WACZ file, whose own index is used; on stdin one JSON
array [timestamp, url] a line, on stdout one [status, moment shown, SHA-256 of the body] a line. The collection and its
index are left in FOLDER.
"""

import hashlib
import json
import logging
import os
import sys
from collections.abc import Callable, Iterable
from email.utils import parsedate_to_datetime
from http.client import HTTPConnection
from typing import TextIO

COLLECTION = "archive"
AS_STORED = {"Accept-Encoding": "gzip, br, deflate"}  # else pywb unpacks what the server had compressed


def main(folder: str, files: list[str], questions: Iterable[str], answers: TextIO) -> None:
    os.chdir(folder)  # where pywb looks for its collections
    index(files)
    ask = replay()
    for line in questions:
        timestamp, url = json.loads(line)
        print(json.dumps(ask(timestamp, url)), file=answers, flush=True)


def index(files: list[str]) -> None:
    from pywb.manager.manager import main as wb_manager

    wb_manager(["init", COLLECTION])
    wb_manager(["add", "--unpack-wacz", COLLECTION, *files])


def replay() -> Callable[[str, str], tuple[int, str | None, str]]:
    """A function that asks pywb for the bytes of a url at a moment, without rewriting (`id_`)."""
    from pywb.apps.frontendapp import FrontEndApp  # patches the standard library with gevent: nothing before it
    from pywb.utils.geventserver import GeventServer, RequestURIWSGIHandler

    logging.disable(logging.CRITICAL)
    app = FrontEndApp(custom_config={"debug": False})
    server = GeventServer(app, hostname="127.0.0.1", handler_class=RequestURIWSGIHandler)
    connection = HTTPConnection("127.0.0.1", server.port, timeout=60)

    def ask(timestamp: str, url: str) -> tuple[int, str | None, str]:
        connection.request("GET", f"/{COLLECTION}/{timestamp}id_/{url}", headers=AS_STORED)
        answer = connection.getresponse()
        body = "sha256:" + hashlib.sha256(answer.read()).hexdigest()
        return answer.status, moment(answer.headers.get("Memento-Datetime")), body

    return ask


def moment(text: str | None) -> str | None:
    """A Memento-Datetime as a timestamp: it shows if pywb replays another capture than the one asked for."""
    return parsedate_to_datetime(text).strftime("%Y%m%d%H%M%S") if text else None


if __name__ == "__main__":
    answers = os.fdopen(os.dup(1), "w")
    os.dup2(2, 1)  # pywb prints to stdout
    main(sys.argv[1], sys.argv[2:], sys.stdin, answers)
