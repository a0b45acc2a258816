"""The events that a watch gets: one small archive, and a table of watches."""

from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace
from typing import Any

import pytest
from support.tables import every_row
from support.watched import HOUR, article, hours_ago, plant

from archive import Archive, open_archive
from archive.files.clock import stamp
from archive.watches.definition import made
from archive.watches.filling import would_send

TAX = article(1, "谈税收", "房地产税一次，物业税一次。", speaker="林知远", keywords=("财税",), article_section="思想者")
HOME = article(2, "谈住房", "住房，一件事。", keywords=("住房",))
FORMED = replace(HOME, paragraphs=("住房,一件事。",))
GONE = article(3, "谈城市", "城市的事，也说房地产税。", speaker="阮青")
TAXED = replace(TAX, paragraphs=("房地產税一次，又有房地产税。",), keywords=("财税", "改革"))
NEW = article(4, "新的一篇", "物业税。", speaker="林知远")
OLD = article(5, "旧的一篇", "房地产税。")
HIDDEN = article(6, "撤下的一篇", "房地产税。")
START = hours_ago(100)
SINCE = stamp(START + HOUR)
EVERY = {("new", 4), ("edited", 1), ("removed", 3), ("restored", 3)}


@pytest.fixture(scope="module")
def archive(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Archive]:
    with closing(open_archive(tmp_path_factory.mktemp("watched"))) as opened:
        plant(opened, START, {1: TAX, 2: HOME, 3: GONE})
        plant(opened, START + HOUR, {1: TAXED, 2: HOME, 4: NEW, 6: HIDDEN}, gone=[3])
        plant(opened, START + 2 * HOUR, {1: TAXED, 2: FORMED, 4: NEW}, gone=[3])
        plant(opened, START + 3 * HOUR, {1: TAXED, 3: GONE})
        plant(opened, START + 4 * HOUR, {5: OLD}, late=30 * HOUR)
        opened.conn.execute("update articles set state = 'withdrawn' where key = 'newsroom-6'")
        yield opened


@every_row(
    ("asked", "got"),
    [
        ({}, EVERY),
        ({"on": "new,removed"}, {("new", 4), ("removed", 3)}),
        ({"query": "房地产税"}, {("edited", 1), ("removed", 3), ("restored", 3)}),
        ({"query": "物业税"}, {("new", 4), ("edited", 1)}),
        ({"query": "物业税 -谈税收"}, {("new", 4)}),
        ({"query": "appears:房地产税"}, {("edited", 1)}),
        ({"query": "disappears:房地产税"}, set()),
        ({"query": "disappears:物业税 OR speaker:阮青"}, {("edited", 1), ("removed", 3), ("restored", 3)}),
        ({"query": "title:城市", "on": "removed"}, {("removed", 3)}),
        ({"source": "newsroom"}, EVERY),
        ({"source": "shangguan"}, set()),
        ({"speaker": "林知远"}, {("new", 4), ("edited", 1)}),
        ({"speaker": ["林知", "阮青"]}, {("removed", 3), ("restored", 3)}),
        ({"tag": "改革"}, {("edited", 1)}),
        ({"column": "思想者", "query": "房地产税"}, {("edited", 1)}),
        ({"significance": "substantive", "on": "edited"}, {("edited", 1)}),
        ({"significance": "cosmetic", "on": "edited"}, {("edited", 2)}),
        ({"significance": "cosmetic", "query": "appears:住房"}, set()),
        ({"late": True}, EVERY | {("new", 5)}),
        ({"late": True, "query": "旧的"}, {("new", 5)}),
    ],
)
def test_a_watch_gets_the_events_that_it_asks_for(
    archive: Archive, asked: dict[str, Any], got: set[tuple[str, int]]
) -> None:
    watch = made("tested", {"to": "env:HOOK", **asked})
    found = [(each.kind, int((each.key or "-0").split("-")[1])) for each in would_send(archive, watch.asked, SINCE)]
    assert (sorted(found), len(found)) == (sorted(got), len(got))
