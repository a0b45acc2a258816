"""The kinds of events, once: those that ledger lines decide, and those that follow from revisions."""

from archive.decisions import crawls, presence, reparses, sealing, states  # noqa: F401 each makes its kinds known
from archive.decisions.decision import Decision
from archive.history import OF_REVISIONS
from archive.rules import JUDGEMENTS

TO_COME = ("corrected", "merged", "withdrawn")  # acts of operators that lists can be asked for; no line decides one yet
_DECIDED = [kind for kind, line in Decision.KINDS.items() if line.is_event]
_OF_SOURCES = [kind for kind in _DECIDED if "source" in Decision.KINDS[kind].__dataclass_fields__]
_OTHERS = [kind for kind in _DECIDED if kind not in (*JUDGEMENTS, *_OF_SOURCES)]
_NEW, _EDITED = OF_REVISIONS

# All of them, in the order in which they are offered; `new` is the mass of them, and what befell a source comes last.
EVENT_KINDS: tuple[str, ...] = (_EDITED, *JUDGEMENTS, _NEW, *_OTHERS, *TO_COME, *_OF_SOURCES)
