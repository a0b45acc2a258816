"""The kinds of events, once: those that ledger lines decide, and those that follow from revisions."""

from archive.decisions.decision import Decision
from archive.history import OF_REVISIONS
from archive.rules import JUDGEMENTS

TO_COME = ("corrected", "merged", "withdrawn")  # acts of operators that lists can be asked for; no line decides one yet


def event_kinds() -> tuple[str, ...]:
    """All of them, in the order in which they are offered, once every kind of line is known.

    `new` is the mass of them, and what befell a source comes last.
    """
    decided = [kind for kind, line in Decision.KINDS.items() if line.is_event]
    of_sources = [kind for kind in decided if "source" in Decision.KINDS[kind].__dataclass_fields__]
    others = [kind for kind in decided if kind not in (*JUDGEMENTS, *of_sources)]
    new, edited = OF_REVISIONS
    return edited, *JUDGEMENTS, new, *others, *TO_COME, *of_sources
