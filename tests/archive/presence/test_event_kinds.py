"""The kinds of events stand once, and so do the states of an article that disappeared: also where no import reaches."""

import re
from pathlib import Path

from support.checkout import ROOT
from support.tables import every_row

from archive.decisions import EVENT_KINDS, Decision
from archive.judging.presence.presence import JUDGEMENTS as LINES
from archive.rules.standing import DISAPPEARED, JUDGED, JUDGEMENTS

STATIC = ROOT / "archive/publish/static/thinker"


def test_a_kind_that_is_decided_is_to_come_no_more() -> None:
    assert len(EVENT_KINDS) == len({*EVENT_KINDS})


def test_every_judgement_has_its_line() -> None:
    assert {kind for kind, line in Decision.KINDS.items() if kind in JUDGEMENTS and line.is_event} == {*JUDGEMENTS}
    assert {*LINES} == {None, *JUDGED.values(), "restored"}


@every_row(("file", "named"), [
    (STATIC / "lists.css", r":is\((\.state-removed[^)]*)\)"),
    (STATIC / "lists.css", r":is\((\.kind-removed[^)]*)\)"),
    (ROOT / "docs/data-model.md", r"e\.kind in \(('removed'[^)]*)\)"),
])  # fmt: skip
def test_style_sheets_and_docs_name_every_kind_of_disappearance(file: Path, named: str) -> None:
    (listed,) = re.findall(named, file.read_text(encoding="utf-8"))
    assert set(re.findall(r"[-'](\w+)", listed)) == {*DISAPPEARED}
