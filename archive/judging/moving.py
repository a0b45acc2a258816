"""Articles that got another address: the old one leads to it, or is gone, or the site names each anew every time."""

from collections.abc import Iterator
from typing import NamedTuple

from archive.decisions import KnownAgain, Moved
from archive.judging.runs import Session
from archive.rows import Connection, are_parted, known_key
from archive.rules import WorkText, is_same_work

MIN_KNOWN_AGAIN, MIN_SHARE_KNOWN_AGAIN = 10, 0.9  # of the articles that a crawl found
MAX_PAIRS = 1_000  # in one line
GONE = ("removed", "redirected")
# Of each article of the source that is gone, those with its headline that are there: one of both came into this state
# since the last crawl that looked. Without the plus sign SQLite would read every article that is gone.
_PAIRS = f"""
    select distinct a.id, b.id from events e
      join articles b on b.id = e.article_id and b.state = 'live'
      join articles a on a.headline = b.headline and +a.state in {GONE}
     where e.source = :source and e.kind = 'new' and e.at >= :since
    union
    select a.id, b.id from events e
      join articles a on a.id = e.article_id and a.state in {GONE}
      join articles b on b.headline = a.headline and +b.state = 'live'
     where e.source = :source and e.kind in {GONE} and e.at >= :since
     order by 1, 2
    """


# Each article found since the last crawl that looked, and the first of those before it that had its text.
_KNOWN_AGAIN = """
    select (select k.key from keys k where k.article_id = a.id and k.source = :source order by k.key limit 1),
           (select k.key from articles o
              join states s on s.article_id = o.id and s.content_digest = a.content_digest
              join keys k on k.article_id = o.id and k.source = :source
             where o.headline = a.headline and o.id <> a.id and o.first_seen_at < :since
             order by o.first_seen_at, k.key limit 1)
      from events e join articles a on a.id = e.article_id
     where e.source = :source and e.kind = 'new' and e.at >= :since order by 1
    """


class _Seen(NamedTuple):
    """An article of the source, by the key and the record of its last sighting there."""

    article_id: int
    key: str
    record_id: str
    text: WorkText


def tell_moved(session: Session) -> None:
    """Record at a crawl's end which articles that are gone were published again under another key.

    Looked at are those judged gone, and those seen first, since the last crawl that came to its end; a killed one
    recorded nothing. An article is left out if a third one of the source has its headline.
    """
    conn, source = session.conn, session.source.name
    values = {"source": source, "since": _since(session)}
    for gone, there in conn.execute(_PAIRS, values).fetchall():
        if _are_all(conn, source, gone, there):
            _tell(session, _seen(conn, source, gone), _seen(conn, source, there))


def tell_known_again(session: Session) -> None:
    """Record at a crawl's end that it found known articles at new addresses, if they are nearly all that it found.

    So it is where addresses have session ids, and in calendars without an end. Fewer may be honest doubles.
    """
    conn, source, crawl = session.conn, session.source.name, str(session.crawl)
    values = {"source": source, "since": _since(session)}
    if not conn.execute("select 1 from crawls where source = :source and started_at < :since", values).fetchone():
        return  # nothing was known before
    found, pairs = 0, []
    for key, known in conn.execute(_KNOWN_AGAIN, values):
        found += 1
        if key and known:
            pairs.append((key, known))
    if len(pairs) < max(MIN_KNOWN_AGAIN, MIN_SHARE_KNOWN_AGAIN * found):
        return
    at = session.stores.ledger.recorded_at
    for start in range(0, len(pairs), MAX_PAIRS):
        some = dict(pairs[start : start + MAX_PAIRS])
        session.stores.tell(KnownAgain(at=at, source=source, crawl=crawl, pairs=some))
        session.moved += some


def tell_led(session: Session, key: str, to: str) -> bool:
    """Record that an article moved, if its address leads to one of another key with the same text; True if it did.

    Also True if the two are one already. False in an import.
    """
    one, other = known_key(session.conn, key), known_key(session.conn, to)
    if one is None or other is None:
        return False
    if one.article_id == other.article_id:
        return True
    source = session.source.name
    there = _seen(session.conn, source, other.article_id)
    return session.origin == "site" and _tell(session, _seen(session.conn, source, one.article_id), there)


def left_addresses(session: Session) -> Iterator[str]:
    """Yield the urlkeys of articles of this crawl that moved: those from which they moved are not asked any more."""
    for key in session.moved:
        rows = session.conn.execute(
            """
            select d.urlkey from keys k join addresses d on d.article_id = k.article_id and d.key_number = k.number
             where k.key = ? and d.source = ?
            """,
            (key, session.source.name),
        )
        yield from (urlkey for (urlkey,) in rows.fetchall())


def _tell(session: Session, old: _Seen | None, new: _Seen | None) -> bool:
    """Record that an article moved, if both are one work and no operator said otherwise; True if it is recorded."""
    if old is None or new is None or not is_same_work(old.text, new.text):
        return False
    if are_parted(session.conn, old.article_id, new.article_id):
        return False
    (at,) = session.conn.execute("select captured_at from captures where record_id = ?", (new.record_id,)).fetchone()
    session.stores.tell(Moved(at=at, key=old.key, other=new.key, before=old.record_id, record_id=new.record_id))
    session.moved.append(old.key)
    return True


def _since(session: Session) -> str:
    """The start of the first crawl of a source after the last one that came to its end, this one included."""
    # This one is named, for it may begin in the second in which the last one began.
    (since,) = session.conn.execute(
        """
        select min(started_at) from crawls where source = :source and (key = :crawl or started_at > coalesce(
            (select max(started_at) from crawls
              where source = :source and finished_at is not null and finish_reason <> 'killed'), ''))
        """,
        {"source": session.source.name, "crawl": session.crawl},
    ).fetchone()
    return str(since)


def _are_all(conn: Connection, source: str, one: int, other: int) -> bool:
    """True if two articles are all that a source has with their headline."""
    rows = conn.execute(
        """
        select a.id from articles a
         where a.headline = (select headline from articles where id = ?)
           and exists (select 1 from keys k where k.article_id = a.id and k.source = ?) limit 3
        """,
        (one, source),
    ).fetchall()
    return {article_id for (article_id,) in rows} == {one, other}


def _seen(conn: Connection, source: str, article_id: int) -> _Seen | None:
    """An article as a source showed it last; None if the source never showed it at a known moment."""
    row = conn.execute(
        """
        select k.key, c.record_id, a.headline, a.published_date, a.body_text
          from sightings g
          join keys k on k.number = g.key_number and k.source = :source
          join captures c on c.id = g.capture_id
          join articles a on a.id = g.article_id
         where g.article_id = :article and not g.undated and (g.page is null or g.page = 1)
         order by g.captured_at desc, k.key limit 1
        """,
        {"article": article_id, "source": source},
    ).fetchone()
    return _Seen(article_id, row[0], row[1], WorkText(*row[2:])) if row else None
