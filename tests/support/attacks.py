"""Harm to one file of a home by an opponent, an old backup or a bad disk; and a home's content, byte by byte."""

import re
import shutil
import sqlite3
from collections.abc import Callable
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

from archive.files.warc import read_members

LEDGER, CAPTURES, DERIVED = "ledger", "captures", "derived"
PATTERNS = {LEDGER: "ledger/newsroom.jsonl", CAPTURES: "captures/newsroom-2*.gz", DERIVED: "captures/newsroom-d*.gz"}

OPERATIONAL = re.compile(r'INSERT INTO "?(frontier|health|lists|listed|_sqlite_migrations|sqlite_\w+|\w+_words\w*)\b')

Change = Callable[[Path, Path], bytes | None]  # of a file and an older copy of it; None: the file is removed


@dataclass(frozen=True)
class Attack:
    """A named act on the newest file of a kind."""

    kind: str
    name: str
    change: Change

    def on(self, home: Path, older: Path) -> Path:
        """Do it to a home, of which `older` is an earlier copy. Returns the harmed file."""
        path = file_of(home, self.kind)
        changed = self.change(path, older / path.relative_to(home))
        if changed is None:
            path.unlink()
        else:
            path.write_bytes(changed)
        return path

    def __str__(self) -> str:
        return f"{self.kind}: {self.name}"


def file_of(home: Path, kind: str) -> Path:
    """The newest file of a kind."""
    return max(home.glob(PATTERNS[kind]))


def lines_cut(count: int) -> Change:
    return lambda path, _: b"".join(lines(path)[:-count])


def line_deleted(path: Path, _: Path) -> bytes:
    whole = lines(path)
    del whole[len(whole) // 2]
    return b"".join(whole)


def cut_before_record(count: int) -> Change:
    """Cut the file before its last records."""
    return lambda path, _: path.read_bytes()[: places(path)[-count][0]]


def cut_inside_record(count: int) -> Change:
    """Cut the file in the middle of a record, counted from the end."""

    def cut(path: Path, _: Path) -> bytes:
        offset, length = places(path)[-count]
        return path.read_bytes()[: offset + length // 2]

    return cut


def older_copy(_: Path, older: Path) -> bytes:
    return older.read_bytes()


def removed(*_: Path) -> None:
    return None


def emptied(*_: Path) -> bytes:
    return b""


ATTACKS = (
    Attack(LEDGER, "the last line is cut", lines_cut(1)),
    Attack(LEDGER, "the last two lines are cut", lines_cut(2)),
    Attack(LEDGER, "a line in the middle is deleted", line_deleted),
    Attack(LEDGER, "an older copy is restored", older_copy),
    Attack(LEDGER, "the file is removed", removed),
    *(
        attack
        for kind in (CAPTURES, DERIVED)
        for attack in (
            Attack(kind, "cut before the last record", cut_before_record(1)),
            Attack(kind, "cut before the third record from the end", cut_before_record(3)),
            Attack(kind, "cut inside the last record", cut_inside_record(1)),
            Attack(kind, "cut inside the third record from the end", cut_inside_record(3)),
            Attack(kind, "an older copy is restored", older_copy),
            Attack(kind, "the file is removed", removed),
        )
    ),
)


def lines(path: Path) -> list[bytes]:
    return path.read_bytes().splitlines(keepends=True)


def places(path: Path) -> list[tuple[int, int]]:
    """Offset and length of every record of a WARC file."""
    return [(offset, len(compressed)) for offset, compressed, _ in read_members(path)]


def stored(home: Path) -> dict[str, bytes]:
    """Every file of captures and ledger, by its path."""
    return {str(path.relative_to(home)): path.read_bytes() for path in sorted(home.glob("[cl][ae]*/*.*"))}


def claims(home: Path) -> list[str]:
    """The rows of archive.db as SQL, without operational tables and values that differ from rebuild to rebuild."""
    with closing(sqlite3.connect(f"{(home / 'archive.db').as_uri()}?mode=ro", uri=True)) as conn:
        rows = (line for line in conn.iterdump() if line.startswith("INSERT INTO"))
        return [row for row in rows if not OPERATIONAL.match(row)]


def copied(home: Path, to: Path) -> Path:
    """A copy of a home."""
    return Path(shutil.copytree(home, to))
