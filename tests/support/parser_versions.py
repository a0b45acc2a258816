"""Parsers of several versions, as an archive meets them one after another."""

import pytest
from support.archiving import Reads

import parsers
from archive.judging.reading import parser_pool


def reads(patched: pytest.MonkeyPatch, version: str, function) -> None:
    """From here on this function is the parser with that version, for reparses too."""
    patched.setattr(parsers, "PARSER_VERSION", version)
    patched.setattr(parser_pool, "ParserProcess", lambda: Reads(function))
