"""Witnesses: articles of a host that answered at about the time when another was missing."""

from dataclasses import dataclass, field

from archive.files import instant
from archive.rows import Connection
from archive.rules import MAX_WITNESSES, Missing, window

ARTICLES_HELD_PER_HOST = 3  # live articles remembered per host: any of them may be judged later


@dataclass(slots=True)
class Miss:
    """One probe that did not find an article: its key and host, the outcome, the moment, and the WARC record.

    outcome: "gone", "redirected", "restricted" or "unreachable". witness: the row id of the capture that shows that its
    host worked, if any. elsewhere: the outcome is "unreachable", and the article has been seen at another address since
    it was last seen at this one.
    """

    key: str
    host: str
    outcome: Missing
    at: str
    record_id: str | None
    witness: int | None = None
    elsewhere: bool = False


@dataclass(frozen=True, slots=True)
class Sight:
    """An article that was seen: its key, the moment, and the row id of the capture."""

    key: str
    at: str
    capture_id: int


@dataclass(slots=True)
class Witnesses:
    """The articles that one crawl saw last on every host, and the misses that wait for a witness.

    delay: seconds between two requests to a host, if the host asked for nothing else.
    """

    delay: float
    _delays: dict[str, float] = field(default_factory=dict)
    _seen: dict[str, list[Sight]] = field(default_factory=dict)  # the last two articles of a host that answered
    _waiting: dict[str, list[Miss]] = field(default_factory=dict)
    _asked: dict[str, str] = field(default_factory=dict)  # by host: the article requested as a witness
    _tries: dict[str, int] = field(default_factory=dict)  # since the host last showed an article

    def slow(self, host: str, delay: float) -> None:
        """Note that a host is requested only every `delay` seconds, as it asked for more than the source declares.

        Of several delays the longest counts.
        """
        self._delays[host] = max(delay, self._delays.get(host, self.delay))

    def saw(self, host: str, sight: Sight) -> None:
        """Note that an article answered: it is the witness of other articles' recent misses on the host.

        Older misses of others will never have a witness. Misses of the same article go on waiting for another one.
        """
        others = [seen for seen in self._seen.get(host, ()) if seen.key != sight.key]
        self._seen[host] = [*others[-1:], sight]
        self._asked.pop(host, None)
        self._tries.pop(host, None)
        waiting = self._waiting.pop(host, ())
        for miss in waiting:
            if miss.key != sight.key and self._near(miss, sight):
                miss.witness = sight.capture_id
        if own := [miss for miss in waiting if miss.key == sight.key]:
            self._waiting[host] = own

    def missed(self, miss: Miss) -> None:
        """Note a miss: another article that answered a moment ago becomes its witness, else it waits for one.

        A miss that is "unreachable" gets no witness and waits for none.
        """
        if self._asked.get(miss.host) == miss.key:
            del self._asked[miss.host]
        if miss.outcome == "unreachable":
            return
        near = (seen for seen in reversed(self._seen.get(miss.host, ())) if seen.key != miss.key)
        miss.witness = next((seen.capture_id for seen in near if self._near(miss, seen)), None)
        if miss.witness is None:
            self._waiting.setdefault(miss.host, []).append(miss)

    def wanted(self, host: str) -> bool:
        """True if an article of this host should be requested now as a witness.

        A miss waits for one, no other is being requested, and fewer than MAX_WITNESSES were since the host answered.
        """
        return host in self._waiting and host not in self._asked and self._tries.get(host, 0) < MAX_WITNESSES

    def lately(self, host: str) -> list[str]:
        """The keys of the last two articles of a host that answered in this crawl, the last one first."""
        return [seen.key for seen in reversed(self._seen.get(host, ()))]

    def ask(self, host: str, key: str) -> None:
        """Note that an article is requested as a witness.

        No other is `wanted` then, until an article of the host is seen or this one is missed.
        """
        self._asked[host] = key
        self._tries[host] = self._tries.get(host, 0) + 1

    def _near(self, miss: Miss, sight: Sight) -> bool:
        apart = abs((instant(miss.at) - instant(sight.at)).total_seconds())
        return apart <= window(self._delays.get(miss.host, self.delay))


@dataclass(slots=True)
class LivingHosts:
    """The live articles of a source by host; a few only, since a host may have a million that were merely imported.

    changes: how often in this run an article answered or its standing changed; each may add a live article to a host.
    """

    conn: Connection
    source: str
    changes: int = 0
    _found: dict[str, tuple[int, tuple[str, ...]]] = field(default_factory=dict)  # by host: (changes then, keys)

    def another(self, host: str, key: str, lately: list[str]) -> bool:
        """True if a host has a live article other than `key`.

        lately: the keys of its articles that answered last in this run, which are looked at first.
        """
        changes, found = self._found.get(host, (-1, ()))
        if self._any(lately, key) or self._any(found, key):
            return True
        if changes == self.changes and len(found) < ARTICLES_HELD_PER_HOST:  # the query had found all of them
            return False
        self._found[host] = (self.changes, self._live(host))
        return self._any(self._found[host][1], key)

    def _any(self, keys: list[str] | tuple[str, ...], but: str) -> bool:
        return any(each != but and self._is_live(each) for each in keys)

    def _is_live(self, key: str) -> bool:
        sql = "select a.state from keys k join articles a on a.id = k.article_id where k.key = ?"
        row = self.conn.execute(sql, (key,)).fetchone()
        return row is not None and row[0] == "live"

    def _live(self, host: str) -> tuple[str, ...]:
        rows = self.conn.execute(
            """
            select distinct k.key from addresses d
              join articles a on a.id = d.article_id join keys k on k.number = d.key_number
             where d.source = ? and d.urlkey >= ? and d.urlkey < ? and a.state = 'live' limit ?
            """,
            (self.source, f"{host})", f"{host}*", ARTICLES_HELD_PER_HOST),  # in ASCII * follows )
        )
        return tuple(key for (key,) in rows)
