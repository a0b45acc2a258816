"""Parsers of several versions, as an archive meets them one after another; and one process of today's."""

import atexit
from functools import cache

import pytest
from support.archiving import Reads

import parsers
from archive.judging.reading import parser_pool


def reads(patched: pytest.MonkeyPatch, version: str, function) -> None:
    """From here on this function is the parser with that version, for reparses too."""
    patched.setattr(parsers, "PARSER_VERSION", version)
    patched.setattr(parser_pool, "ParserProcess", lambda: Reads(function))


@cache
def at_hand() -> parser_pool.ParserPool:
    """One process of today's parser for all small reparses of a test run: its start costs more than they do."""
    pool = parser_pool.ParserPool(1)
    atexit.register(pool.__exit__, None, None, None)
    return pool
