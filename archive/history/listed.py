"""The section named by a list: an article's row shows it if its page names none.

It is no part of a state, so a list that names another section later makes no revision. The first capture of the article
with such a section decides, in order of time.
"""

from collections.abc import Iterable

from archive.history.sightings import FIRST, SightingRow
from archive.rows import Connection, current_article
from archive.rules import index_of
from archive.search import more_texts

_OPEN = "(article_section is null or listed_section is not null)"
_LISTED = f"""
    select c.listed_section from sightings g join captures c on c.id = g.capture_id
     where g.article_id = ?1 and {FIRST} and c.listed_section is not null
     order by g.captured_at, c.record_id limit 1
"""


def settle_section(conn: Connection, article_id: int) -> None:
    """Do as `set_section`, and index the article's current text anew if the section became another."""
    sql = "select listed_section from articles where id = ?"
    (before,) = conn.execute(sql, (article_id,)).fetchone()
    set_section(conn, article_id)
    if conn.execute(sql, (article_id,)).fetchone() != (before,):
        index_current(conn, article_id)


def set_section(conn: Connection, article_id: int) -> None:
    """Set the section of an article's row to the first that a list named; a section named by its own text stays.

    Null if neither names one, as after a reparse is taken back, and for a hidden article.
    """
    conn.execute(
        f"update articles set (article_section, listed_section) = (select said, said from (select ({_LISTED}) as said))"
        f" where id = ?1 and withdrawn_by is null and {_OPEN} and exists"
        " (select 1 from captures where source = articles.source and listed_section is not null)",
        (article_id,),
    )


def index_current(conn: Connection, article_id: int) -> None:
    """Index an article's current text anew, with the texts that stand beside it now (`more_texts`)."""
    place, state = conn.execute("select search_id, state from articles where id = ?", (article_id,)).fetchone()
    conn.index_later("article_words", place)
    if state != "withdrawn":
        conn.index_later(
            "article_words", place, index_of(current_article(conn, article_id), more_texts(conn, article_id))
        )


def note_section(conn: Connection, article_id: int, filed: Iterable[SightingRow]) -> None:
    """Call `settle_section` if one of these new sightings may be the article's first with a section from a list."""
    for each in filed:
        if conn.execute(_MAY_BE_FIRST, (article_id, each.capture_id, each.captured_at)).fetchone():
            settle_section(conn, article_id)
            return


# After a capture with a section, later ones cannot be the first: a daily capture need not search the whole history.
_MAY_BE_FIRST = """
    select 1 from captures c, articles a
     where a.id = ?1 and c.id = ?2 and c.listed_section is not null
       and (a.article_section is null or a.listed_section is not null)
       and (a.listed_section is null
            or exists (select 1 from sightings g
                        where g.article_id = ?1 and g.captured_at >= ?3 and g.capture_id <> ?2))
"""
