"""The lines on an article's presence: probes, judgements from them, and lists that no longer show it."""

from pydantic.dataclasses import dataclass

from archive.decisions.decision import Decision, LedgerEntry, key_of_line
from archive.decisions.fields import CLOSED, ArticleKey, Code, Moment, RecordId
from archive.rows import Probed, note_probe, note_standing_of
from archive.rules import Standing


@dataclass(frozen=True, kw_only=True, config=CLOSED)
class ProbeEvidence:
    """One of the probes that a judgement rests on."""

    at: Moment
    outcome: Code
    capture: RecordId | None = None
    """The record that shows what was there instead of the article."""
    witness: RecordId | None = None
    """The record that shows that the host worked: another article that answered then, a list, or a front page."""


@dataclass(frozen=True, kw_only=True, config=CLOSED)
class Probe(Decision):
    """An address did not show its article, or shows it again. This line does not decide what that means."""

    kind = "probe"
    key: ArticleKey
    outcome: Code
    """found, answered, listed, gone, redirected, restricted or unreachable."""
    standing: Standing
    """The state, misses, first_missed_at and last_missed_at after this visit."""
    last_seen_at: Moment
    witness: RecordId | None = None
    """The record that shows that the host worked: another article that answered then, a list, or a front page."""
    uncounted: Code | None = None
    """Why the probe did not count; left out if it counted."""
    evidence: tuple[ProbeEvidence, ...] = ()
    """The probes that a judgement rests on; this one is the last. Only in judgements."""

    def enter(self, entry: LedgerEntry) -> None:
        number = key_of_line(entry, self.key).number
        note_standing_of(entry.conn, number, self.standing)
        counted = self.uncounted or ("unreachable" if self.outcome == "unreachable" else "yes")
        probed = Probed(self.at, self.outcome, self.record_id, self.witness)
        note_probe(entry.conn, number, probed, counted)


@dataclass(frozen=True, kw_only=True, config=CLOSED)
class Removed(Probe):
    """Enough probes missed the article, and the last one found it gone."""

    kind, is_event = "removed", True


@dataclass(frozen=True, kw_only=True, config=CLOSED)
class Redirected(Probe):
    """Enough probes missed the article, and the last one was redirected elsewhere."""

    kind, is_event = "redirected", True


@dataclass(frozen=True, kw_only=True, config=CLOSED)
class AccessRestricted(Probe):
    """Enough probes missed the article, and the last one met a login, a payment or a legal bar (HTTP 451)."""

    kind, is_event = "restricted", True


@dataclass(frozen=True, kw_only=True, config=CLOSED)
class Restored(Probe):
    """An article that was judged gone is there again, or a delisted article is listed again."""

    kind, is_event = "restored", True


@dataclass(frozen=True, kw_only=True, config=CLOSED)
class Unlisted:
    """A reading of a list that did not show an article in its place."""

    at: Moment
    capture: RecordId
    """The record of the list, or of the page of the list with the place."""
    before: ArticleKey | None = None
    """The article at the address before its place, which the last reading with it also showed; left out if unknown."""
    after: ArticleKey | None = None
    """The article at the address after its place; left out if unknown."""


@dataclass(frozen=True, kw_only=True, config=CLOSED)
class Delisted(Decision):
    """The article answers, but in several crawls no list showed it between its neighbours."""

    kind, is_event = "delisted", True
    key: ArticleKey
    standing: Standing
    last_seen_at: Moment
    last_listed_at: Moment
    listed_in: RecordId
    """The record of the list, or of the page of the list, that showed it last."""
    unlisted: tuple[Unlisted, ...]
    """The first readings that did not show it."""

    def enter(self, entry: LedgerEntry) -> None:
        note_standing_of(entry.conn, key_of_line(entry, self.key).number, self.standing)
