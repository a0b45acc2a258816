"""Vouching: proof that a host works although none of its articles answered in a crawl.

Normally another article is the witness. An article alone on its host has none. Then a list of the host vouches if it
was read in full in the same crawl and does not name the article any more; without such a list, and if the address
answered 404 or 410, the front page of the host vouches. A list that still names the article speaks against a removal;
in a crawl that reads no lists, so does one that named it when it was last read.
"""

from dataclasses import dataclass, field
from urllib.parse import urlsplit, urlunsplit

from archive.files import ContentError, Record, WarcError, instant
from archive.judging.runs import Miss, Session
from archive.rows import Unproved, document_of, standing_of_key, stored_record
from archive.rules import ANSWERED, OPEN, ArticleState, host_in, host_of, key_of
from parsers.links import article_links

SUPPOSED = OPEN | {"delisted"}  # states of an article whose address should answer


@dataclass(frozen=True, slots=True)
class ReadList:
    """A list read in this crawl: its row id, and that of the capture of its first page. empty: it names nothing now."""

    id: int
    capture_id: int
    empty: bool


@dataclass(slots=True)
class Vouching:
    """Vouchers of one crawl, lists and front pages, for the articles that stand alone on their hosts.

    reads_lists: True if this crawl reads every list from its first page to its last.
    """

    session: Session
    reads_lists: bool = True
    _lists: dict[str, list[ReadList]] = field(default_factory=dict)  # by host
    _fronts: dict[str, int | None] = field(default_factory=dict)  # by host: the capture; None while it does not vouch
    _open: dict[str, tuple[int, set[str]]] = field(default_factory=dict)  # see `_missing`

    def saw_list(self, url: str, list_id: int, record_id: str, empty: bool) -> None:
        """Note that a list was read in full: it vouches for the host that answered, perhaps not the declared one.

        record_id: the capture of its first page. An empty list vouches only if it came from its own address and does
        not say that it cannot be read.
        """
        sql = "select id, url from captures where record_id = ?"
        capture_id, answered = self.session.conn.execute(sql, (record_id,)).fetchone()
        if empty and (key_of(answered) != key_of(url.replace("{page}", "1")) or self._is_notice(record_id)):
            return
        self._lists.setdefault(host_of(answered), []).append(ReadList(list_id, capture_id, empty))

    def front_of(self, miss: Miss, url: str) -> str | None:
        """The url of the front page to request because of an article that is missing at `url`; None if not needed.

        It is given once per host and crawl, and only if the article stands alone on its host, no list vouches or may
        name it, the address answered 404 or 410, and the miss could count.
        """
        if miss.host in self._fronts or not self._is_plain(miss) or miss.witness is not None:
            return None
        if self._state(miss.key) in ("removed", "withdrawn") or self._is_too_soon(miss):
            return None
        if not self._is_alone(miss) or self._list_for(miss) is not None or self._may_be_named(miss):
            return None
        self._fronts[miss.host] = None
        parts = urlsplit(url)
        return urlunsplit((parts.scheme, parts.netloc, "/", "", ""))

    def saw_front(self, host: str, record_id: str) -> None:
        """Note that a host's front page answered: it vouches if it is no notice and links to other pages of the host.

        The page of a server that lost its site, or is under repair, links to none.
        """
        if not self._is_notice(record_id) and self._leads_on(record_id):
            sql = "select id from captures where record_id = ?"
            (self._fronts[host],) = self.session.conn.execute(sql, (record_id,)).fetchone()

    def voucher(self, miss: Miss) -> int | None:
        """The row id of the capture that vouches for the host of a miss without a witness; None if nothing does.

        Nothing does if the miss is "unreachable" or the article is not alone on its host. A list goes before the front
        page, which vouches only after a 404 or 410, and if no list may name the article.
        """
        if miss.outcome == "unreachable" or not self._is_alone(miss):
            return None
        found = self._list_for(miss)
        if found is not None or not self._is_plain(miss) or self._may_be_named(miss):
            return found
        return self._fronts.get(miss.host)

    def _is_too_soon(self, miss: Miss) -> bool:
        last = standing_of_key(self.session.conn, miss.key).last_missed_at
        apart = (instant(miss.at) - instant(last)).total_seconds() if last else None
        return apart is not None and apart < self.session.source.removal_spacing

    def _is_plain(self, miss: Miss) -> bool:
        """True if a miss has the outcome "gone" and its capture has the status 404 or 410.

        False for a page with status 200 that says the same.
        """
        row = self.session.conn.execute("select status from captures where record_id = ?", (miss.record_id,)).fetchone()
        return miss.outcome == "gone" and row is not None and row[0] in (404, 410)

    def _is_alone(self, miss: Miss) -> bool:
        """True if no other article of the host is thought to be there, so that none could be the witness.

        Another article that is missing in this crawl and not known to be gone makes it False: the host may be ill.
        """
        lately = self.session.witnesses.lately(miss.host)
        if self.session.living.another(miss.host, miss.key, lately):
            return False
        missing = self._missing(miss.host)
        return len(missing) == (miss.key in missing)

    def _missing(self, host: str) -> set[str]:
        """The keys of the articles of a host that this crawl missed and that were thought to be there.

        An article whose earlier miss counted is not among them: it had a witness then, and says nothing of the host
        now.
        """
        missing = self.session.counts.missing
        counted, found = self._open.get(host, (0, set()))
        if counted < len(missing):
            keys = {miss.key for miss in missing[counted:] if miss.host == host} - found
            found.update(key for key in keys if self._state(key) in SUPPOSED)
            self._open[host] = (len(missing), found)
        return found

    def _list_for(self, miss: Miss) -> int | None:
        """The row id of the capture of a list that vouches for the host of a miss; None if none does.

        A list of the host that was read in this crawl vouches, unless any list names the article. A list that is now
        empty vouches only if this article was the only one that it named before.
        """
        read = self._lists.get(miss.host, ())
        if not read or self._is_named(miss):
            return None
        return next((each.capture_id for each in read if not each.empty or self._held_only(each.id, miss.key)), None)

    def _held_only(self, list_id: int, key: str) -> bool:
        """True if a list that is empty now named this article before, and no other."""
        named, others = self.session.conn.execute(
            """
            select count(*), count(*) filter (where k.key is not :key)
              from listed p
              join lists l on l.id = p.list_id
              left join addresses d on d.source = l.source and d.urlkey = p.urlkey
              left join keys k on k.number = d.key_number
             where p.list_id = :list and p.last is null
            """,
            {"list": list_id, "key": key},
        ).fetchone()
        return bool(named and not others)

    def _is_named(self, miss: Miss) -> bool:
        (article_id,) = self.session.conn.execute("select article_id from keys where key = ?", (miss.key,)).fetchone()
        return is_listed(self.session, article_id)

    def _may_be_named(self, miss: Miss) -> bool:
        """True if a list names the article, or did when it was last read and this crawl does not read all lists."""
        if self.reads_lists or self._is_named(miss):
            return self._is_named(miss)
        row = self.session.conn.execute(
            """
            select 1 from keys k
              join addresses d on d.article_id = k.article_id
              join lists l on l.source = d.source
              join listed p on p.list_id = l.id and p.urlkey = d.urlkey and p.last is null
             where k.key = ? limit 1
            """,
            (miss.key,),
        ).fetchone()
        return row is not None

    def _state(self, key: str) -> str:
        return standing_of_key(self.session.conn, key).state

    def _is_notice(self, record_id: str) -> bool:
        """True if a page says that it, or its site, cannot be read, or is unreadable itself: it vouches for nothing.

        Also if it has another status than 200, 203 or 304.
        """
        (status,) = self.session.conn.execute(
            "select status from captures where record_id = ?", (record_id,)
        ).fetchone()
        record = self._bytes_of(record_id)
        if record is None or status not in (200, 203, 304):
            return True
        reading = self.session.reader.record(record)
        return not isinstance(reading, ArticleState) and reading.verdict not in ANSWERED

    def _leads_on(self, record_id: str) -> bool:
        """True if a page links to another path of its host."""
        record = self._bytes_of(record_id)
        if record is None:
            return False
        try:
            page = document_of(record, self.session.source.name)
        except (ContentError, WarcError):
            return False
        here = key_of(page.url).partition("?")[0]
        links = (_path(link.url) for link in article_links(page))
        return any(each is not None and each != here and host_in(each) == host_in(here) for each in links)

    def _bytes_of(self, record_id: str) -> Record | None:
        """The record that holds the bytes of a capture; None if it cannot be read."""
        conn = self.session.conn
        sql = "select coalesce(refers_to, record_id) from captures where record_id = ?"
        try:
            return stored_record(conn, self.session.stores.folder, *conn.execute(sql, (record_id,)).fetchone())
        except (WarcError, OSError, Unproved):
            return None  # `thinker verify` names the damage; an unreadable page vouches for nothing


def _path(url: str) -> str | None:
    try:
        return key_of(url).partition("?")[0]
    except ValueError:
        return None


def is_listed(session: Session, article_id: int) -> bool:
    """True if any list of this crawl shows an article, at any of its addresses."""
    row = session.conn.execute(
        """
        select 1 from addresses d
          join lists l on l.source = d.source and l.crawl = :crawl
          join listed p on p.list_id = l.id and p.urlkey = d.urlkey and p.last is null
         where d.article_id = :article limit 1
        """,
        {"crawl": session.crawl, "article": article_id},
    ).fetchone()
    return row is not None
