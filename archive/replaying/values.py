"""The files with the values of corrections: each is named by the ledger, and kept beside it."""

from collections.abc import Iterator
from typing import NamedTuple

from archive.files import value_path, value_text
from archive.rows import Archive

_ACT_DIGITS = slice(7, 19)  # of a digest, as `thinker undo` prints them


class LostValue(NamedTuple):
    """A file in ledger/values that is missing or altered, with its remedy."""

    file: str
    how: str  # missing or altered
    text: str


def lost_values(archive: Archive) -> Iterator[LostValue]:
    """Yield the file of each standing correction that is not there as the ledger names it."""
    ledger = archive.home.ledger
    rows = archive.conn.execute(
        """
        select c.value_digest, c.property, c.act, k.key from corrections c join keys k on k.number = c.key_number
         where c.value_digest is not null order by c.id
        """
    )
    for digest, name, act, key in rows:
        try:
            path = value_path(ledger, digest)
        except ValueError:  # no line made this row: a proof says so
            continue
        if value_text(ledger, digest) is None:
            how = "altered" if path.exists() else "missing"
            yield LostValue(
                str(path.relative_to(ledger.parent)),
                how,
                f"it holds our correction of {name} of {key}, and is {how}: put it back from a backup and run "
                f"`thinker rebuild`, or run `thinker undo {act[_ACT_DIGITS]}` and correct it again",
            )
