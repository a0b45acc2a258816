"""Related links of other articles to a hidden one: their headline and teaser are blank as long as it is hidden."""

import json
import re
from collections.abc import Set
from dataclasses import replace
from pathlib import Path

from archive.history.conversions import kept_state
from archive.history.states import state_details
from archive.rows import Connection, hidden_urlkeys, is_hidden, link_key, without_words
from parsers.article import Article

_RUNS = re.compile("[0-9a-z]+")


def urlkeys_of(conn: Connection, article_id: int) -> set[str]:
    """The urlkeys of an article's addresses."""
    rows = conn.execute("select urlkey from addresses where article_id = ?", (article_id,))
    return {urlkey for (urlkey,) in rows}


def blank_links(conn: Connection, urlkeys: Set[str]) -> None:
    """Take the words out of the links to these addresses, as far as a hidden article was seen there first."""
    hidden = hidden_urlkeys(conn, urlkeys)
    for urlkey in hidden:
        conn.execute("update related_records set headline = '', teaser = null where urlkey = ?", (urlkey,))
    for state_id, details in _linking(conn, hidden):
        for link in details["related"]:
            if link_key(link.get("url")) in hidden:
                link["headline"] = ""
                link["teaser"] = None
        _store(conn, state_id, json.dumps(details, ensure_ascii=False))


def restore_links(conn: Connection, folder: Path, urlkeys: Set[str]) -> None:
    """Give the links to these addresses their words again, from the records of the texts that have them.

    Raises Unproved if a record is missing or altered.
    """
    for urlkey in sorted(urlkeys):
        rows = conn.execute("select distinct article_id from related_records where urlkey = ?", (urlkey,))
        for (article_id,) in rows.fetchall():
            _restore_current(conn, folder, article_id)
    for state_id, _ in _linking(conn, urlkeys):
        article = _kept(conn, folder, "id = ?", state_id)
        _store(conn, state_id, state_details(replace(article, related=without_words(conn, article.related))))


def _restore_current(conn: Connection, folder: Path, article_id: int) -> None:
    if is_hidden(conn, article_id):
        return
    current = "article_id = ?1 and content_digest = (select content_digest from articles where id = ?1)"
    article = _kept(conn, folder, current, article_id)
    conn.executemany(
        "update related_records set headline = ?, teaser = ? where article_id = ? and position = ?",
        [
            (link.headline, link.teaser, article_id, position)
            for position, link in enumerate(without_words(conn, article.related))
        ],
    )


def _kept(conn: Connection, folder: Path, which: str, row_id: int) -> Article:
    sql = f"select conversion_id, conversion_digest from states where {which}"
    return kept_state(conn, folder, *conn.execute(sql, (row_id,)).fetchone()).article


def _linking(conn: Connection, urlkeys: Set[str]) -> list[tuple[int, dict[str, list[dict[str, str | None]]]]]:
    """The superseded texts with links to these addresses, by state; one scan looks for a part of each address."""
    if not urlkeys:
        return []
    wanted = " or ".join("instr(lower(details), ?)" for _ in urlkeys)
    rows = conn.execute(f"select state_id, details from state_texts where {wanted}", [*map(_part, sorted(urlkeys))])
    found = ((state_id, json.loads(details)) for state_id, details in rows.fetchall())
    return [
        (state_id, details)
        for state_id, details in found
        if any(link_key(link.get("url")) in urlkeys for link in details.get("related", ()))
    ]


def _part(urlkey: str) -> str:
    """A part of an address that each of its forms has: the longest run of letters and digits, with a digit if any."""
    runs: list[str] = _RUNS.findall(urlkey.lower()) or [urlkey.lower()]
    return max(runs, key=lambda run: (any(map(str.isdigit, run)), len(run)))


def _store(conn: Connection, state_id: int, details: str) -> None:
    conn.execute("update state_texts set details = ? where state_id = ?", (details, state_id))
