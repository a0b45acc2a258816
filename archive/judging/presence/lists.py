"""Lists: the articles that each showed when it was last read, and those that it leaves out of their places.

Operational data like the frontier: a rebuild begins without it. The judgements are in the ledger.
"""

import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass, field
from typing import Any

from archive.decisions import Delisted, Restored, Unlisted
from archive.judging.presence.list_places import LeftOut, ListComparison, ListedPlace, compare
from archive.judging.presence.unchanged import declaration_of, settle
from archive.judging.presence.vouching import Vouching, is_listed
from archive.judging.runs import Session
from archive.rows import inserted, last_seen_of_key, standing_of_key
from archive.rules import MIN_ABSENCES, OPEN, after_listing, after_lists, host_in


@dataclass(frozen=True, slots=True)
class Listing:
    """A list that was read from its first entry to its last.

    pages: for each page its record id and the urlkeys that it names, in order. lastmod: the time of the last change of
    the list according to the index that names it, as UTC text like the times in the database; None if unknown.
    """

    url: str
    pages: tuple[tuple[str, tuple[str, ...]], ...]
    lastmod: str | None = None


@dataclass(frozen=True, slots=True)
class _Absence:
    """An address that a list left out of its place in this crawl, with the record id of the page at that place."""

    list_id: int
    left_out: LeftOut
    record_id: str


@dataclass(slots=True)
class Lists:
    """The lists of a source in one crawl."""

    session: Session
    vouching: Vouching
    absences: list[_Absence] = field(default_factory=list)
    _settling: list[tuple[str | None, int]] = field(default_factory=list)  # lastmod and id of lists with an absence
    _delisted: dict[str, str] | None = None  # urlkey to key of delisted articles

    def note(self, listing: Listing) -> list[str]:
        """Compare a list with its earlier readings; returns the urlkeys of left-out articles to request in this crawl.

        `_is_open` says which. The reading is stored, and delisted articles in it are restored. Nothing of this is done,
        and [] returned, for a list that was read already in this crawl (two seeds may lead to one list), or that is
        empty now but had entries.
        """
        if self._was_read(listing.url):
            return []
        shown = {urlkey: record for record, urlkeys in reversed(listing.pages) for urlkey in reversed(urlkeys)}
        order = list(dict.fromkeys(urlkey for _, urlkeys in listing.pages for urlkey in urlkeys))
        list_id, reading, pages = self._opened(listing)
        self.vouching.saw_list(listing.url, list_id, listing.pages[0][0], empty=not order)
        if not order and pages:
            return []
        found = compare(self._places(list_id), order, reading)
        self._write(list_id, found, reading, pages)
        self._close(list_id, listing)
        if found.left_out:
            self._settling.append((listing.lastmod, list_id))
        else:
            settle(self.session.conn, [(listing.lastmod, list_id)])
        self._list_again(shown)
        self.absences += [_Absence(list_id, each, shown[each.after]) for each in found.left_out]
        return [each.urlkey for each in found.left_out if self._is_open(list_id, each.urlkey)]

    def judge(self) -> None:
        """Count, at the crawl's end, articles left out by a list and shown by no other in this crawl.

        A live article left out in MIN_ABSENCES crawls is delisted, if it was seen at or after its first counted
        absence, has no misses, and was not missed in this crawl. Nothing is counted on hosts that a failed list holds
        up. A list whose absences need no further reading is settled (see `settle`).
        """
        unsettled = {absence.list_id for absence in self.absences if not self._is_judged(absence)}
        settle(self.session.conn, [each for each in self._settling if each[1] not in unsettled])

    # -- reading ----------------------------------------------------------------------------------------------

    def _was_read(self, url: str) -> bool:
        sql = "select 1 from lists where source = ? and url = ? and crawl = ?"
        asked = (self.session.source.name, url, self.session.crawl)
        return self.session.conn.execute(sql, asked).fetchone() is not None

    def _opened(self, listing: Listing) -> tuple[int, int, list[tuple[str, float]]]:
        """The list's row id, the number of this reading, and the list's pages of last time.

        Each page that had entries is a pair: its record id, and the place (a number) of its last entry.
        A list without a row gets one; then the reading has the number 1, and there are no pages.
        """
        conn, source = self.session.conn, self.session.source.name
        row = conn.execute(
            "select id, readings, pages from lists where source = ? and url = ?", (source, listing.url)
        ).fetchone()
        if row is not None:
            return row[0], row[1] + 1, json.loads(row[2])
        new = {"source": source, "url": listing.url, "crawl": "", "readings": 0, "pages": "[]"}
        return inserted(conn, "lists", new), 1, []

    def _places(self, list_id: int) -> list[ListedPlace]:
        rows = self.session.conn.execute(
            "select urlkey, place, first, last from listed where list_id = ? order by place, urlkey", (list_id,)
        )
        return [ListedPlace(*row) for row in rows]

    def _write(self, list_id: int, found: ListComparison, reading: int, pages: Sequence[tuple[str, float]]) -> None:
        conn = self.session.conn
        if found.turned:
            conn.execute("delete from listed where list_id = ?", (list_id,))
        conn.executemany(
            "delete from listed where list_id = ? and urlkey = ?", [(list_id, urlkey) for urlkey in found.forgotten]
        )
        conn.executemany(
            "insert into listed (list_id, urlkey, place, first) values (?, ?, ?, ?)",
            [(list_id, place.urlkey, place.place, place.first) for place in found.new],
        )
        conn.executemany(
            """
            update listed set last = null, last_record = null, unlisted = null
             where list_id = ? and urlkey = ?
            """,
            [(list_id, urlkey) for urlkey in found.back],
        )
        for urlkey in found.lacking:
            self._lack(list_id, urlkey, reading - 1, pages)

    def _lack(self, list_id: int, urlkey: str, last: int, pages: Sequence[tuple[str, float]]) -> None:
        conn = self.session.conn
        (place,) = conn.execute(
            "select place from listed where list_id = ? and urlkey = ?", (list_id, urlkey)
        ).fetchone()
        record = next((record for record, end in pages if place <= end), pages[-1][0])
        conn.execute(
            "update listed set last = ?, last_record = ?, unlisted = '[]' where list_id = ? and urlkey = ?",
            (last, record, list_id, urlkey),
        )

    def _close(self, list_id: int, listing: Listing) -> None:
        """Store that the list was read, and the place at which each of its pages ended."""
        conn = self.session.conn
        ends = []
        for record, urlkeys in listing.pages:
            if urlkeys:
                row = conn.execute(
                    "select place from listed where list_id = ? and urlkey = ?", (list_id, urlkeys[-1])
                ).fetchone()
                ends.append((record, row[0]))
        conn.execute(
            """
            update lists set crawl = ?, readings = readings + 1, pages = ?, read_at = ?, lastmod = null, declared = ?
             where id = ?
            """,
            (
                self.session.crawl,
                json.dumps(ends),
                self._moment(listing.pages[0][0]),
                declaration_of(self.session.source),
                list_id,
            ),
        )

    def _list_again(self, shown: dict[str, str]) -> None:
        """Restore delisted articles that a list shows again. shown: urlkey to the record id of the page naming it."""
        if self._delisted is None:
            rows = self.session.conn.execute(
                """
                select d.urlkey, k.key from articles a
                  join addresses d on d.article_id = a.id join keys k on k.number = d.key_number
                 where d.source = ? and a.state = 'delisted'
                """,
                (self.session.source.name,),
            )
            self._delisted = dict(rows.fetchall())
        for urlkey in self._delisted.keys() & shown.keys():
            self._restore(self._delisted[urlkey], shown[urlkey])

    def _restore(self, key: str, record_id: str) -> None:
        verdict = after_listing(standing_of_key(self.session.conn, key))
        if verdict.event is None:
            return
        self.session.living.changes += 1
        last_seen = last_seen_of_key(self.session.conn, key)
        self.session.stores.tell(
            Restored(
                at=self._moment(record_id),
                key=key,
                record_id=record_id,
                outcome="listed",
                standing=verdict.standing,
                last_seen_at=last_seen,
            )
        )

    def _is_open(self, list_id: int, urlkey: str) -> bool:
        """True if the page of a left-out article should be requested.

        That is while it is live or soft_gone, and fewer than MIN_ABSENCES crawls have counted its absence. False if no
        article is known there.
        """
        article = self._article(urlkey)
        if article is None or standing_of_key(self.session.conn, article[1]).state not in ("live", "soft_gone"):
            return False
        return len(self._row(list_id, urlkey)["unlisted"]) < MIN_ABSENCES

    # -- judging ----------------------------------------------------------------------------------------------

    def _is_judged(self, absence: _Absence) -> bool:
        """Count an absence; True if nothing more can be learned of it, so that its list need not be read again.

        Counted: True if the article is then delisted or judged otherwise, False while it is live or soft_gone. Not
        counted, but True: no article is known there, or a list of this crawl shows it. Not counted, and False: a failed
        list holds up its host.
        """
        urlkey = absence.left_out.urlkey
        article = self._article(urlkey)
        if article is None or is_listed(self.session, article[0]):
            return True
        if host_in(urlkey) in self.session.failed_hosts:
            return False
        self._count(absence, *article)
        return standing_of_key(self.session.conn, article[1]).state not in (*OPEN, "soft_gone")

    def _count(self, absence: _Absence, article_id: int, key: str) -> None:
        row = self._row(absence.list_id, absence.left_out.urlkey)
        unlisted = row["unlisted"]
        if len(unlisted) < MIN_ABSENCES:
            unlisted = [*unlisted, self._unlisted(absence)]
            self.session.conn.execute(
                "update listed set unlisted = ? where list_id = ? and urlkey = ?",
                (json.dumps(unlisted), absence.list_id, absence.left_out.urlkey),
            )
        before, last_seen = standing_of_key(self.session.conn, key), self._last_seen(article_id)
        verdict = after_lists(before, len(unlisted))
        if verdict.event is None or last_seen < unlisted[0]["at"] or self._is_missing(key):
            return
        self.session.stores.tell(
            Delisted(
                at=self._moment(absence.record_id),
                key=key,
                record_id=absence.record_id,
                standing=verdict.standing,
                last_seen_at=last_seen,
                last_listed_at=self._moment(row["last_record"]),
                listed_in=row["last_record"],
                unlisted=tuple(Unlisted(**each) for each in unlisted),
            )
        )

    def _unlisted(self, absence: _Absence) -> dict[str, Any]:
        neighbours = (self._article(urlkey) for urlkey in (absence.left_out.before, absence.left_out.after))
        before, after = (article[1] if article else None for article in neighbours)
        return asdict(
            Unlisted(at=self._moment(absence.record_id), capture=absence.record_id, before=before, after=after)
        )

    def _row(self, list_id: int, urlkey: str) -> dict[str, Any]:
        last_record, unlisted = self.session.conn.execute(
            "select last_record, unlisted from listed where list_id = ? and urlkey = ?", (list_id, urlkey)
        ).fetchone()
        return {"last_record": last_record, "unlisted": json.loads(unlisted)}

    def _moment(self, record_id: str) -> str:
        """The moment at which a page of a list was captured."""
        sql = "select captured_at from captures where record_id = ?"
        return str(self.session.conn.execute(sql, (record_id,)).fetchone()[0])

    def _is_missing(self, key: str) -> bool:
        return any(miss.key == key for miss in self.session.counts.missing)

    def _last_seen(self, article_id: int) -> str:
        row = self.session.conn.execute("select last_seen_at from articles where id = ?", (article_id,)).fetchone()
        return str(row[0])

    def _article(self, urlkey: str) -> tuple[int, str] | None:
        row: tuple[int, str] | None = self.session.conn.execute(
            """
            select d.article_id, k.key from addresses d join keys k on k.number = d.key_number
             where d.source = ? and d.urlkey = ?
            """,
            (self.session.source.name, urlkey),
        ).fetchone()
        return row
