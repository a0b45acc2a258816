"""The kinds of events: those decided by ledger lines, and those that follow from revisions."""

from archive.decisions.decision import Decision
from archive.history import OF_REVISIONS
from archive.rules import JUDGEMENTS


def event_kinds() -> tuple[str, ...]:
    """The names of all kinds of events, in the order in which filters offer them.

    Edits and judgements, then `new` (most events are of it), then other acts on articles, and the events of sources
    last. Call it when every kind of line is registered.
    """
    decided = [kind for kind, line in Decision.KINDS.items() if line.is_event]
    of_sources = [kind for kind in decided if "source" in Decision.KINDS[kind].__dataclass_fields__]
    others = [kind for kind in decided if kind not in (*JUDGEMENTS, *of_sources)]
    new, edited = OF_REVISIONS
    return edited, *JUDGEMENTS, new, *others, *of_sources
