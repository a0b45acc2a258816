"""The kinds of events: those decided by ledger lines, and those that follow from revisions."""

from archive.decisions.decision import Decision
from archive.history import OF_REVISIONS
from archive.rules import JUDGEMENTS

TO_COME = ("corrected", "merged", "withdrawn")  # operators' acts that lists can filter by; no line decides one yet


def event_kinds() -> tuple[str, ...]:
    """All kinds of events in the order in which they are offered; call it when every kind of line is registered.

    `new` comes after the rarer ones, as most events are of it; the events of sources come last.
    """
    decided = [kind for kind, line in Decision.KINDS.items() if line.is_event]
    of_sources = [kind for kind in decided if "source" in Decision.KINDS[kind].__dataclass_fields__]
    others = [kind for kind in decided if kind not in (*JUDGEMENTS, *of_sources)]
    new, edited = OF_REVISIONS
    return edited, *JUDGEMENTS, new, *others, *TO_COME, *of_sources
