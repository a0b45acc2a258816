"""The frontier made again from captures: every address of an article is due at once. `crawler/frontier` leases them."""

import json
import sqlite3
from collections.abc import Iterable
from typing import Literal

# Why an address is not requested any more; moved: its article is requested at another one.
GivenUp = Literal["failed", "refused", "moved"]


def count_by_state(conn: sqlite3.Connection, source: str, now: str) -> dict[str, int]:
    """The number of a source's addresses in each state, by the state's name: new, failed, due, given_up.

    All four are in the dict, with 0 for none. Addresses that were fetched and are not due yet are not counted. Each
    state has an index of its own.
    """
    told = {"source": source, "now": now}
    return {
        state: int(conn.execute(f"select count(*) from frontier where source = :source and {rows}", told).fetchone()[0])
        for state, rows in _STATES.items()
    }


_STATES = {
    "new": "last_fetched_at is null and attempts = 0",
    "failed": "last_fetched_at is null and attempts > 0 and due_at < '9999'",  # never due: given up
    "due": "last_fetched_at is not null and due_at <= :now",
    "given_up": "given_up is not null",
}


def newest_capture(conn: sqlite3.Connection) -> int:
    """The highest row id of `captures`; 0 if the table is empty."""
    return int(conn.execute("select coalesce(max(id), 0) from captures").fetchone()[0])


def refill_frontier(conn: sqlite3.Connection, after: int = 0) -> None:
    """Put the article addresses that have captures with a row id above `after` into the frontier, due at once.

    Each gets the validators and the status of its last answer. Of the addresses with one urlkey, the one that showed
    the article last is requested. An address that waits already keeps its turn; if its frontier row is older than the
    capture, it takes the later answer.
    """
    conn.execute(
        """
        insert into frontier (urlkey, source, url, kind, due_at, published_at, etag, last_modified,
                                        last_status, last_fetched_at)
        select d.urlkey, d.source,
               coalesce((select url from captures
                          where urlkey = d.urlkey and source = d.source and kind = 'article' and dating = 'stated'
                            and status in (200, 203, 304) and coalesce(verdict, 'article') = 'article'
                          order by captured_at desc, id desc limit 1), d.url),
               'article', d.last_seen_at, a.date_published_utc,
               c.etag, c.last_modified, c.status, c.captured_at
          from (select distinct source, urlkey from captures where id > ?) seen
          join addresses d on d.source = seen.source and d.urlkey = seen.urlkey
          join articles a on a.id = d.article_id
          left join captures c on c.id = (select max(id) from captures
                                           where urlkey = d.urlkey and source = d.source)
         where d.url like 'http%'
            on conflict (source, urlkey) do update
           set published_at = excluded.published_at, etag = excluded.etag, last_modified = excluded.last_modified,
               last_status = excluded.last_status, last_fetched_at = excluded.last_fetched_at
         where excluded.last_fetched_at >= coalesce(frontier.last_fetched_at, '')
        """,
        (after,),
    )


def hasten_address(conn: sqlite3.Connection, source: str, urlkey: str, now: str) -> None:
    """Make an address due now if it is due later, unless it is given up.

    It waited because it gave no article, and a parser has now found one.
    """
    conn.execute(
        "update frontier set due_at = min(due_at, ?) where source = ? and urlkey = ? and given_up is null",
        (now, source, urlkey),
    )


def ask_again(conn: sqlite3.Connection, numbers: Iterable[int], now: str) -> None:
    """Make the addresses due that articles of these keys, given by number, had left for others."""
    conn.execute(
        """
        update frontier set due_at = ?, given_up = null
         where given_up = 'moved' and (source, urlkey) in (
               select d.source, d.urlkey from addresses d join keys k on k.number = d.key_number
                where k.article_id = d.article_id and k.number in (select value from json_each(?)))
        """,
        (now, json.dumps(sorted(numbers))),
    )


def rekey_frontier(conn: sqlite3.Connection) -> None:
    """Give every row the urlkey that the SQL function `key_now` computes from its url.

    Of two rows that get the same key one is kept. Addresses of articles without a row then get one that is due at once.
    One row may get the key that another gives up, so both first move to a temporary key.
    """
    conn.execute("update frontier set urlkey = char(0) || urlkey where urlkey <> key_now(url)")
    conn.execute("update or replace frontier set urlkey = key_now(url) where urlkey < char(1)")
    refill_frontier(conn)
