"""Thirty government pages whose counters move, crawled three times: one version each; with an edit beside one, two."""

import json
from pathlib import Path

import pytest
from support.journeys import Thinker
from support.layouts import EDITED, HELD_OUT, LAYOUTS
from support.moving import COUNTERS
from support.towns import declare, rows, said
from support.written_site import Answer, listing, serving

PAGES = (*LAYOUTS, *HELD_OUT)
HTML = (("Content-Type", "text/html; charset=utf-8"),)


def answer(address: str, path: str, visit: int) -> Answer | None:
    """A sitemap, and the pages as they are at a visit; at the third the first one says something else."""
    if path == "/sitemap.xml":
        return Answer(listing(len(PAGES)).replace(b"ADDRESS", address.encode()))
    number = path.removeprefix("/article/").removesuffix(".html")
    if not number.isdecimal():
        return None
    place = int(number)
    edited = visit == 2 and place == 0
    return Answer(PAGES[place].page(COUNTERS[place % len(COUNTERS)], visit, edited=edited), headers=HTML)


@pytest.mark.slow
def test_a_counter_that_moves_is_no_edit(tmp_path: Path) -> None:
    visit = 0
    with serving(lambda path: answer(site.address, path, visit)) as site:
        thinker = Thinker(declare(tmp_path, town=said(site.as_declared)))
        for visit in range(3):
            summary = thinker.json("crawl", "town", "--recheck", "all")
            found = [summary[name] for name in ("new_articles", "new_revisions", "errors")]
            assert found == [[len(PAGES), 0, 0], [0, 0, 0], [0, 1, 0]][visit]
        assert rows(tmp_path, "select revisions, count(*) from articles group by 1") == [(1, len(PAGES) - 1), (2, 1)]
        assert rows(tmp_path, "select count(*) from revision_records") == [(len(PAGES) + 1,)]  # no cosmetic one either
        (change,) = rows(tmp_path, "select property, before, after from changes")
        assert (change[0], EDITED in change[2], EDITED in change[1]) == ("body_text", True, False)
        (edit,) = [event for event in thinker.json("changes") if event["kind"] == "edited"]
        assert (
            json.loads(thinker.run("diff", edit["key"], "1..2", "--json"))["properties"][0]["property"] == "body_text"
        )
