"""Whatever order sightings arrive in, the archive tells the same story: the sorted one's."""

from collections.abc import Sequence
from datetime import timedelta
from itertools import permutations
from pathlib import Path

import pytest
from archiving import NOON, PARAGRAPHS, SOURCE, fetched, page, rows

from archive import Archive, open_archive
from archive.ingest import Ingest

HOUR = timedelta(hours=1)
TEXTS = {
    "A": page(1),
    "B": page(1, headline="新题目谈一体化发展"),
    "C": page(1, headline="另一题目谈高质量发展"),
    "a": page(1, paragraphs=tuple(text.replace("，", ",") for text in PARAGRAPHS)),
}
STORY = {
    "revisions": "select number, captured_at, origin, significance, content_digest, headline, body_text from revisions"
    " order by captured_at, id",
    "current": "select headline, body_text, content_digest, revisions, first_seen_at, last_seen_at from articles",
    "events": "select kind, at from events where kind in ('new', 'edited') order by at, kind",
    "changes": "select r.captured_at, c.property, c.before, c.after from changes c"
    " join revisions r on r.id = c.revision_id order by r.captured_at, r.id, c.property",
}


def story(archive: Archive) -> dict[str, list[tuple[object, ...]]]:
    return {name: rows(archive, sql) for name, sql in STORY.items()}


def told(home: Path, sightings: Sequence[tuple[int, str]]) -> dict[str, list[tuple[object, ...]]]:
    """The story of captures (hour, text) that arrive in this order."""
    archive = open_archive(home)
    with Ingest(archive, SOURCE, origin="import", clock=lambda: NOON) as ingest:
        for hour, text in sightings:
            ingest.add(fetched(1, TEXTS[text], NOON + hour * HOUR))
    found = story(archive)
    archive.close()
    return found


@pytest.mark.parametrize("texts", ["ABA", "ABAB", "AABBA", "AaB"])
def test_all_orders_give_the_same_rows(tmp_path: Path, texts: str):
    sightings = list(enumerate(texts))
    sorted_story = told(tmp_path / "sorted", sightings)
    orders = [order for order in permutations(sightings) if list(order) != sightings]
    differ = [order for number, order in enumerate(orders) if told(tmp_path / str(number), order) != sorted_story]
    assert (len(differ), len(orders) + 1) == (0, len(orders) + 1)
