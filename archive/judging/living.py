"""Living: whether a host has an article that is thought to be there, asked anew only when that may have changed."""

from dataclasses import dataclass, field

from archive.rows.connection import Connection

HELD = 3  # articles of a host that are remembered: one by one they may be judged


@dataclass(slots=True)
class Living:
    """Live articles of a source by host. A host may have a million that were only imported, before the first of them.

    changes: how often an article answered in this run, so that one may have become live.
    """

    conn: Connection
    source: str
    changes: int = 0
    _found: dict[str, tuple[int, tuple[str, ...]]] = field(default_factory=dict)  # by host: as of so many changes

    def another(self, host: str, key: str, lately: list[str]) -> bool:
        """Whether an article of a host is live beside one; lately: those of the host that answered in this run."""
        changes, found = self._found.get(host, (-1, ()))
        if self._any(lately, key) or self._any(found, key):
            return True
        if changes == self.changes and len(found) < HELD:  # there were no more
            return False
        self._found[host] = (self.changes, self._live(host))
        return self._any(self._found[host][1], key)

    def _any(self, keys: list[str] | tuple[str, ...], but: str) -> bool:
        return any(each != but and self._is_live(each) for each in keys)

    def _is_live(self, key: str) -> bool:
        row = self.conn.execute("select state from articles where key = ?", (key,)).fetchone()
        return row is not None and row[0] == "live"

    def _live(self, host: str) -> tuple[str, ...]:
        rows = self.conn.execute(
            """
            select distinct a.key from addresses d join articles a on a.id = d.article_id
             where d.source = ? and d.urlkey >= ? and d.urlkey < ? and a.state = 'live' limit ?
            """,
            (self.source, f"{host})", f"{host}*", HELD),  # * stands behind )
        )
        return tuple(key for (key,) in rows)
