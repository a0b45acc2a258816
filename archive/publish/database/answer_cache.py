"""Caches slow answers until the database changes."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Hashable
from typing import TYPE_CHECKING, Any, ParamSpec, TypeVar
from weakref import WeakKeyDictionary

from archive.publish.database.live_database import LiveDatabase
from archive.publish.database.reading import DATABASE, Reading, read

if TYPE_CHECKING:  # the plugin is loaded while datasette.app is
    from datasette.app import Datasette

MAX_CACHED_ANSWERS = 100  # a page of hits takes some 50 kB, a phrase with its lines at most 1 MB

P = ParamSpec("P")
T = TypeVar("T")
Answers = OrderedDict[Hashable, Any]

_kept: WeakKeyDictionary[LiveDatabase, tuple[str, Answers]] = WeakKeyDictionary()


async def read_once(datasette: Datasette, reading: Reading[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
    """Like `read`, but the MAX_CACHED_ANSWERS results used last are cached until the database changes.

    The arguments must be hashable, and callers must not modify the result. A database that is not a LiveDatabase is
    read each time.
    """
    database = datasette.get_database(DATABASE)
    if not isinstance(database, LiveDatabase):
        return await read(datasette, reading, *args, **kwargs)
    question = (reading, args, tuple(sorted(kwargs.items())))
    answers = _answers(database, database.version())
    if question in answers:
        answers.move_to_end(question)
        known: T = answers[question]
        return known
    answers[question] = found = await read(datasette, reading, *args, **kwargs)
    while len(answers) > MAX_CACHED_ANSWERS:
        answers.popitem(last=False)
    return found


def _answers(database: LiveDatabase, version: str) -> Answers:
    known = _kept.get(database)
    if known is None or known[0] != version:
        known = _kept[database] = version, OrderedDict()
    return known[1]
