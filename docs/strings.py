"""Prints every sentence of the site as a table: where it stands, Chinese, English.

The columns are separated by tabs. Where: a module of archive/publish/messages and the name of the message, a ready-made
query, a table or column of the database, or a health rule. To translate, change the sentence where it stands.
"""

import sys
from collections.abc import Iterator
from importlib import import_module
from pkgutil import iter_modules
from typing import NamedTuple

from archive.answers.heartbeat import STATE_TEXTS
from archive.publish import messages
from archive.publish.messages.glossary import GLOSSARY
from archive.replaying.unread import IN_CHINESE
from archive.schema import QUERIES
from archive.schema.descriptions import BOOK_KEEPING, COLUMNS, TABLES
from schedules.health.verdicts import FINDINGS


class SiteString(NamedTuple):
    """One sentence in both languages; `where` names it."""

    where: str
    zh: str
    en: str


def strings() -> Iterator[SiteString]:
    """Every sentence of the site, in the order of the modules that hold them."""
    yield from _messages()
    for term in GLOSSARY:
        where = f"messages/glossary: {term.en}"
        yield SiteString(where, f"{term.zh}：{term.meaning_zh}", f"{term.en}: {term.meaning_en}")
    yield from _of_database()
    yield from (SiteString(f"health rule: {name}", zh, en) for name, (en, zh) in FINDINGS.items())
    yield from (SiteString(f"health rule: scheduler, {state}", zh, en) for state, (en, zh) in STATE_TEXTS.items())
    # the English page names the particulars instead
    yield from (SiteString(f"health rule: stores, {name}", zh, "") for name, zh in IN_CHINESE.items())


def _messages() -> Iterator[SiteString]:
    for name in sorted({module.name for module in iter_modules(messages.__path__)} - {"catalog", "language"}):
        held = vars(import_module(f"{messages.__name__}.{name}"))
        for table in filter(_is_table, held.values()):
            yield from (SiteString(f"messages/{name}: {message}", zh, en) for message, (zh, en) in table.items())


def _of_database() -> Iterator[SiteString]:
    for name, asked in QUERIES.items():
        for kind in ("title", "description"):
            if told := asked.get(f"{kind}s"):
                yield SiteString(f"query: {name}, {kind}", told["zh"], told["en"])
    yield from (SiteString(f"table: {name}", zh, en) for name, (en, zh) in (TABLES | BOOK_KEEPING).items())
    for table, columns in COLUMNS.items():
        yield from (SiteString(f"column: {table}.{column}", zh, en) for column, (en, zh) in columns.items())


def _is_table(held: object) -> bool:
    """True for a table of messages: under each name a pair of texts."""
    return isinstance(held, dict) and all(isinstance(pair, tuple) and len(pair) == 2 for pair in held.values())


def main() -> int:
    """Print the table."""
    sys.stdout.write("where\tzh\ten\n")
    for each in dict.fromkeys(strings()):  # a table that one module takes from another is there once
        sys.stdout.write("\t".join(" ".join(part.split("\n")) for part in each) + "\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
