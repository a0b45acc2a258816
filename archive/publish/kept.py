"""What is dear to read is read once for a version of the data."""

from __future__ import annotations

import sqlite3
from collections import OrderedDict
from collections.abc import Callable, Hashable
from typing import TYPE_CHECKING, Any, TypeVar
from weakref import WeakKeyDictionary

from archive.publish.database import LiveDatabase
from archive.publish.reading import DATABASE, read

if TYPE_CHECKING:  # the plugin is loaded while datasette.app is
    from datasette.app import Datasette

MOST = 200  # answers that are kept of one version

T = TypeVar("T")
_Answers = OrderedDict[Hashable, Any]
_kept: WeakKeyDictionary[LiveDatabase, tuple[str, _Answers]] = WeakKeyDictionary()


async def read_once(datasette: Datasette, reading: Callable[..., T], *args: Hashable) -> T:
    """What `reading(conn, *args)` finds, or found before in the same version of the data; nobody may change it.

    Raises what `reading` does, and keeps no answer then.
    """
    database = datasette.get_database(DATABASE)
    if not isinstance(database, LiveDatabase):
        return await read(datasette, _whole, reading, args)
    answers = _answers(database)
    asked = (reading, args)
    if asked not in answers:
        answers[asked] = await read(datasette, _whole, reading, args)
        while len(answers) > MOST:
            answers.popitem(last=False)
    found: T = answers[asked]
    return found


def _whole(conn: sqlite3.Connection, reading: Callable[..., T], args: tuple[Hashable, ...]) -> T:
    return reading(conn, *args)


def _answers(database: LiveDatabase) -> _Answers:
    version = database.version()
    if database not in _kept or _kept[database][0] != version:
        _kept[database] = version, OrderedDict()
    return _kept[database][1]
