"""Acts: lines by which an operator, or the program in its place, corrects what the archive takes for one article."""

from collections.abc import Iterator, Set
from contextlib import contextmanager
from dataclasses import field
from typing import Annotated

from pydantic import Field, StringConstraints
from pydantic.dataclasses import dataclass

from archive.decisions.decision import Decision, LedgerEntry, article_of, decision_of, key_of_line
from archive.decisions.fields import CLOSED, ArticleKey, ChainName, Code, Count, Digest, Hex, Reason, RecordId, WarcName
from archive.files import Home, value_text
from archive.history import index_current, part, regroup, rejoin, reveal, settle_hiding, unite
from archive.properties import CORRECTABLE
from archive.rows import (
    KnownKey,
    Unproved,
    Value,
    act_line,
    add_correction,
    add_join,
    articles_joined,
    articles_of_keys,
    captured_urlkeys,
    delete_correction,
    end_joins,
    has_hidden_key,
    hide_key,
    is_hidden,
    keys_of,
    known_key,
    mark_undone,
    newest_key,
    note_act,
    show_keys,
)

Who = Annotated[str, StringConstraints(pattern=r"^[^\x00-\x1f\x7f-\x9f]{1,100}$")]


@dataclass(frozen=True, kw_only=True, config=CLOSED)
class Act(Decision):
    """An act on articles. It can be undone by another act, which a later line is."""

    is_event = True

    def enter(self, entry: LedgerEntry) -> int | None:
        note_act(entry.conn, entry.line)
        return self.carry_out(entry)

    def carry_out(self, entry: LedgerEntry) -> int | None:
        """Do it; returns the revision that it names, if any. Raises Unproved if the archive does not support it."""
        raise NotImplementedError

    def take_back(self, entry: LedgerEntry) -> None:
        """Make everything as it would be without this act; the entry's line is that of the act, not of the undoing."""
        raise NotImplementedError


@dataclass(frozen=True, kw_only=True, config=CLOSED)
class OperatorAct(Act):
    """An act of an operator on articles of some sources.

    A replay applies it as soon as it has applied each chain up to the line that `heads` names. Its effect follows from
    its own fields and from the rows that earlier lines and sightings made. By then a replay has entered later captures
    too, so an act that is about captures names their records.
    """

    heads: Annotated[dict[ChainName, Digest | None], Field(min_length=1)]
    """The last line of each chain that it touches when the operator acted; null: that chain had none."""
    unnamed: dict[WarcName, Count] = field(default_factory=dict)
    """Of each file of these chains with captures that no line had named: up to which byte they were entered."""
    by: Who
    """The login name of the operator, or the name given with --by; `thinker` for an act of the program."""
    reason: Reason
    """The reason as one word of a-z and _."""
    note: Hex | None = None
    """The SHA-256 of a note that is kept beside the chain, in ledger/notes."""

    def known(self, entry: LedgerEntry, key: str) -> KnownKey:
        """The row of a key that a chain named by the act made. Raises Unproved for any other."""
        return key_of_line(entry, key, self.heads)

    def article(self, entry: LedgerEntry, key: str) -> int:
        """The id of an article of the chains that the act names. Raises Unproved for any other."""
        return article_of(entry, key, self.heads)


@dataclass(frozen=True, kw_only=True, config=CLOSED)
class Merged(OperatorAct):
    """Two articles are one work: their sightings have one history from now on, under the key that was seen first."""

    kind = "merged"
    key: ArticleKey
    other: ArticleKey
    """A key of the other article."""

    def carry_out(self, entry: LedgerEntry) -> None:
        _join(entry, self.known(entry, self.key), self.known(entry, self.other))

    def take_back(self, entry: LedgerEntry) -> None:
        _disjoin(entry, self.known(entry, self.key).article_id)


@dataclass(frozen=True, kw_only=True, config=CLOSED)
class Split(OperatorAct):
    """The captures at some addresses of an article show another work: they become an article of their own."""

    kind = "split"
    key: ArticleKey
    captures: Annotated[tuple[RecordId, ...], Field(min_length=1)]
    """A capture at each of the addresses."""
    new_key: ArticleKey | None = None
    """The key of the new article if another key was seen at these addresses and at others, which it keeps."""
    parted_key: ArticleKey | None = None
    """That other key."""

    def carry_out(self, entry: LedgerEntry) -> None:
        addresses = captured_urlkeys(entry.conn, self.captures)
        article_id = self.article(entry, self.key)
        with _shown(entry, {article_id}):
            part(entry.conn, entry.folder, article_id, addresses, self._new(), entry.line.digest)

    def take_back(self, entry: LedgerEntry) -> None:
        concerned = articles_joined(entry.conn, entry.line.digest)
        if known := known_key(entry.conn, self.new_key or ""):
            concerned |= {known.article_id, self.article(entry, self.parted_key or "")}
        with _shown(entry, concerned):
            rejoin(entry.conn, entry.folder, self._new(), entry.line.digest)

    def _new(self) -> tuple[str, str] | None:
        return (self.new_key, self.parted_key) if self.new_key and self.parted_key else None


@dataclass(frozen=True, kw_only=True, config=CLOSED)
class Moved(Act):
    """An article of a source stands at another address now, under another number; both are one work."""

    kind = "moved"
    key: ArticleKey
    other: ArticleKey
    """The key under which it stands now."""
    before: RecordId
    """The last capture that shows it at the address before."""
    record_id: RecordId
    """The capture that shows it at the address where it stands now."""

    def carry_out(self, entry: LedgerEntry) -> None:
        _join(entry, key_of_line(entry, self.key), key_of_line(entry, self.other))

    def take_back(self, entry: LedgerEntry) -> None:
        _disjoin(entry, key_of_line(entry, self.key).article_id)


@dataclass(frozen=True, kw_only=True, config=CLOSED)
class Hidden(OperatorAct):
    """An article is withdrawn: no row of the database has a word of it, until the act is undone."""

    kind = "withdrawn"
    key: ArticleKey

    def carry_out(self, entry: LedgerEntry) -> None:
        article_id = self.article(entry, self.key)
        if has_hidden_key(entry.conn, article_id):
            raise Unproved(f"{self.key} is withdrawn already")
        hide_key(entry.conn, self.key, entry.line.digest)
        settle_hiding(entry.conn, entry.folder, article_id)

    def take_back(self, entry: LedgerEntry) -> None:
        article_id = self.article(entry, self.key)
        show_keys(entry.conn, entry.line.digest)
        settle_hiding(entry.conn, entry.folder, article_id)


@dataclass(frozen=True, kw_only=True, config=CLOSED)
class KnownAgain(Act):
    """Nearly all articles that a crawl found were known: the keys that it made are further keys of those articles."""

    kind = "known_again"
    source: str
    crawl: str
    pairs: Annotated[dict[ArticleKey, ArticleKey], Field(min_length=1)]
    """By the key that the crawl made: a key of the article that had shown the same text."""

    def carry_out(self, entry: LedgerEntry) -> None:
        for key, known in self.pairs.items():
            _join(entry, key_of_line(entry, known), key_of_line(entry, key))

    def take_back(self, entry: LedgerEntry) -> None:
        for article_id in {key_of_line(entry, known).article_id for known in self.pairs.values()}:
            _disjoin(entry, article_id)


@dataclass(frozen=True, kw_only=True, config=CLOSED)
class Corrected(OperatorAct):
    """A property of an article is not what its pages say. No version changes: both are shown, ours as ours."""

    kind = "corrected"
    key: ArticleKey
    property: Code
    """The property, such as speaker."""
    value: Hex | None = None
    """The SHA-256 of what it is, which is kept beside the chain, in ledger/values; left out: there is nothing."""

    def carry_out(self, entry: LedgerEntry) -> None:
        known = self.known(entry, self.key)
        if self.property not in CORRECTABLE:
            raise Unproved(f"{self.property} is no property that can be corrected")
        if is_hidden(entry.conn, known.article_id):
            raise Unproved("the article is withdrawn: undo that act first")
        text = value_text(Home(entry.folder.parent).ledger, self.value) if self.value else None
        add_correction(entry.conn, known.number, self.property, Value(self.value, text), entry.line)
        index_current(entry.conn, known.article_id)

    def take_back(self, entry: LedgerEntry) -> None:
        delete_correction(entry.conn, entry.line.digest)
        index_current(entry.conn, self.known(entry, self.key).article_id)


@dataclass(frozen=True, kw_only=True, config=CLOSED)
class Undone(OperatorAct):
    """An earlier act is taken back: everything is as it would be without it."""

    kind = "undone"
    key: ArticleKey
    act: Digest
    """The digest of the act's line."""

    def carry_out(self, entry: LedgerEntry) -> None:
        self.known(entry, self.key)
        line = act_line(entry.conn, self.act)
        act = decision_of(line)
        if not isinstance(act, Act) or isinstance(act, Undone):
            raise Unproved(f"{self.act} is no act that can be undone")
        mark_undone(entry.conn, self.act, entry.line.digest)
        act.take_back(LedgerEntry(entry.conn, entry.folder, line))


def _join(entry: LedgerEntry, one: KnownKey, other: KnownKey) -> None:
    if one.article_id == other.article_id:
        raise Unproved("both keys name one article already")
    with _shown(entry, {one.article_id, other.article_id}):
        add_join(entry.conn, one.number, other.number, entry.line.digest)
        unite(entry.conn, one.article_id, other.article_id)


def _disjoin(entry: LedgerEntry, article_id: int) -> None:
    with _shown(entry, {article_id}):
        end_joins(entry.conn, entry.line.digest)
        regroup(entry.conn, entry.folder, article_id)


@contextmanager
def _shown(entry: LedgerEntry, articles: Set[int]) -> Iterator[None]:
    """Regroup articles: those hidden only for the text of another have their texts meanwhile.

    Raises Unproved if an act withdrew one of them.
    """
    conn, newest = entry.conn, newest_key(entry.conn)
    keys = [number for article_id in articles for number in keys_of(conn, article_id)]
    for article_id in sorted(articles):
        if has_hidden_key(conn, article_id):
            raise Unproved("an article is withdrawn: undo that act first")
        reveal(conn, entry.folder, article_id)
    yield
    for article_id in articles_of_keys(conn, keys, newest):
        settle_hiding(conn, entry.folder, article_id)
