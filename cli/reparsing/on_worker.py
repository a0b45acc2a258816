"""Runs on a worker of a Dask cluster: reads batches of pages, in parser processes with the limits of a local one."""

import platform
from functools import cache
from importlib.metadata import version
from io import BytesIO
from queue import Empty, SimpleQueue

import parsers
from archive.files import VERSION
from archive.judging import ParserProcess, as_bytes, received_pages

Versions = dict[str, str]

LIBRARIES = ("selectolax", "beautifulsoup4", "charset-normalizer")  # the reading of a page depends on them

# A parser process for each thread of the worker that has read at once; they stay between batches.
_idle: SimpleQueue[ParserProcess] = SimpleQueue()


@cache
def versions() -> Versions:
    """The versions on which the reading of a page depends, as this process has loaded them."""
    return {
        "Python": platform.python_version(),
        "thinker": VERSION,
        "parser": parsers.PARSER_VERSION,
        **{name: version(name) for name in LIBRARIES},
    }


def read_batch(pages: bytes) -> tuple[str, Versions, bytes]:
    """This worker's address, its versions, and the answers to the pages, in their order.

    Raises ParserUnavailable if no parser process starts here.
    """
    from distributed import get_worker

    parser = _taken()
    try:
        answers = [as_bytes(parser.answer(page)) for page in received_pages(BytesIO(pages))]
    finally:
        _idle.put(parser)
    return get_worker().address, versions(), b"".join(answers)


def end_parsers() -> None:
    """End the parser processes of this worker that read nothing now; the next batch starts others."""
    while True:
        try:
            _idle.get_nowait().close()
        except Empty:
            return


def _taken() -> ParserProcess:
    try:
        return _idle.get_nowait()
    except Empty:
        return ParserProcess()
