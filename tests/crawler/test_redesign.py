"""The newsroom is redesigned with its texts unchanged: nothing is edited or gone, and the redesign is reported."""

from pathlib import Path

import pytest
from support.journeys import Thinker

from newsroom.process import running

pytestmark = pytest.mark.slow


def test_a_redesign_is_no_edit(tmp_path: Path) -> None:
    with running(articles=12) as site:
        thinker = Thinker(tmp_path / "home", site)
        thinker.run("crawl", "newsroom")
        site.event(do="redesign")
        thinker.run("crawl", "newsroom")
        assert {event["kind"] for event in thinker.json("changes")} == {"new", "drift"}
        rules = thinker.json("status", code=3)["rules"]
        assert [rule["name"] for rule in rules if not rule["ok"]] == ["layout"]
        site.event(do="edit", article=3)
        thinker.run("crawl", "newsroom")
        assert [event["kind"] for event in thinker.json("changes")][-1] == "edited"
        assert thinker.json("status")["ok"]
