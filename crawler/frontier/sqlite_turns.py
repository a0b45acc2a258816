"""The order in which the rows of the table `frontier` are leased, as SQL."""

from __future__ import annotations

from crawler.frontier.protocol import Which

COLUMNS = (
    "url, urlkey, kind, attempts, etag, last_modified, published_at, last_fetched_at, lease_until, other_urls, section"
)
AGAIN = "given_up in ('failed', 'moved')"  # starts anew when a list names it anew

# The groups of rows in the order of leasing, each with its sort order; m012_fair_frontier made an index for each.
# Given-up rows need no condition: they are due NEVER.
UNTRIED = "last_fetched_at is null and attempts = 0"
TRIED = "last_fetched_at is null and attempts > 0"
SEEN = "last_fetched_at is not null"
NEWEST = "published_at desc, named_at desc, place"
FREE = "source = :source and due_at <= :now and (lease_until is null or lease_until <= :now)"
# What `since` and `which` allow of leases that have ended; the same conditions as in `turns`.
WANTED = """
    (:which = 'all' or (:which = 'unseen') = (last_fetched_at is null))
    and (:since is null or published_at >= :since or (published_at is null and last_fetched_at is null))
"""
# `lateness` in SQL.
WAITED = "unixepoch(:now) - unixepoch(last_fetched_at)"
LATENESS = f"""
    case when {WAITED} >= :longest then 0
         when published_at > last_fetched_at and published_at <= :now then 1 else 2 end,
    iif({WAITED} >= :longest, {WAITED}, 1.0 * ({WAITED}) / max(1, unixepoch(due_at) - unixepoch(last_fetched_at))) desc
"""


def due_queries(since: bool, which: Which) -> list[str]:
    """A whole SQL query for each group of due rows, in the order of leasing; each reads no more rows than it gives.

    since: True if the queries compare dates with :since.
    """
    return [
        f"select {COLUMNS} from frontier where {rows} and {FREE} order by {order} limit :n"  # noqa: S608 they are ours
        for rows, order in turns(since, which)
    ]


def turns(since: bool, which: Which) -> list[tuple[str, str]]:
    """(condition, sort order) of each group of rows, in the order of leasing: SQL without `where` and `order by`.

    since: True if the conditions compare dates with :since.
    """
    dated, undated = "published_at >= :since", "published_at is null"
    unseen = [(f"{UNTRIED} and {each}", NEWEST) for each in (dated, undated)] if since else [(UNTRIED, NEWEST)]
    unseen += [(f"{TRIED} and ({dated} or {undated})" if since else TRIED, "due_at")]
    seen = [(f"{SEEN} and {dated}" if since else SEEN, "due_at")]
    return {"all": [*unseen, *seen], "unseen": unseen, "seen": seen}[which]
