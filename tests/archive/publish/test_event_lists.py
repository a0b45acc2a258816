"""Lists of events by source, kind and time, each read by an index; "gone" follows the judgement that stands."""

import re
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace
from datetime import timedelta

import pytest
from datasette.app import Datasette
from support.eventful import BACK, EDITED, GONE, RESTRICTED, eventful, started
from support.small_site import get, served, text
from support.tables import every_row

from archive.decisions import EVENT_KINDS
from archive.diffing.comparing import Segment
from archive.files.clock import stamp
from archive.files.home import Home
from archive.publish.lists.events import EventFilter
from archive.publish.lists.excerpts import cut, excerpt
from archive.rules.standing import DISAPPEARED

START = started()


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Home:
    return eventful(tmp_path_factory.mktemp("eventful") / "home", START)


@pytest.fixture(scope="module")
def datasette(home: Home) -> Iterator[Datasette]:
    with served(home) as there:
        yield there


def day(number: int) -> str:
    return stamp(START + timedelta(days=number))


def told(datasette: Datasette, query: str) -> list[tuple[str, str]]:
    rows = get(datasette, f"/changes.json?{query}").json()["events"]
    return [(row["kind"], row["key"].rpartition("-")[2]) for row in rows]


@every_row(("query", "events"), [
    ("kind=edited", [("edited", f"{EDITED}")]),
    ("kind=removed&kind=restricted", [("restricted", f"{RESTRICTED}"), ("removed", f"{BACK}"), ("removed", f"{GONE}")]),
    ("kind=restricted&source=newsroom", [("restricted", f"{RESTRICTED}")]),
    ("source=elsewhere", []),
    (f"kind=removed&until={day(1)}", []),
    (f"kind=removed&since={day(2)}&until={day(2)}", [("removed", f"{BACK}"), ("removed", f"{GONE}")]),
    (f"kind=removed&since={day(3)}", []),
    ("until=2019-03-01&all=1", []),
    ("until=2019-03-02&all=1", [("new", "7")]),  # imported: seen at 16:00 of Beijing
    ("since=2019-03-02&until=2019-03-02&all=1", [("new", "7")]),
])  # fmt: skip
def test_changes_are_filtered(datasette: Datasette, query: str, events: list[tuple[str, str]]) -> None:
    assert sorted(told(datasette, query)) == sorted(events)


@every_row("query", ["kind=nonsense", "since=bogus", "until=2024-13-01", "since=0001-01-01", "kind=gap"])
def test_the_removed_list_refuses_an_invalid_filter(datasette: Datasette, query: str) -> None:
    answer = get(datasette, f"/removed.json?{query}")
    assert (answer.status_code, query.partition("=")[2] in answer.json()["error"]) == (400, True)


def test_the_changes_page_shows_the_chosen_filters(datasette: Datasette) -> None:
    page = get(datasette, "/changes?kind=edited&source=newsroom&since=2024-01-01&ui=en").text
    assert re.findall(r'aria-current="true">([^<]*)<', page) == ["Edited"]
    assert 'value="newsroom" selected' in page
    assert '<input type="date" name="since" value="2024-01-01">' in page
    assert "Clear the filters" in page
    assert re.findall(r'aria-current="true">([^<]*)<', get(datasette, "/changes?ui=en").text) == [
        "All but new articles"
    ]
    assert "No entries match these filters." in text(get(datasette, "/changes?kind=edited&since=2099-01-01&ui=en"))


def test_a_gone_article_is_listed_by_its_last_judgement_with_its_probes(datasette: Datasette) -> None:
    rows = get(datasette, "/removed.json").json()["articles"]
    assert [(row["key"], row["kind"], row["at"]) for row in rows] == [
        (f"newsroom-{RESTRICTED}", "restricted", day(3)), (f"newsroom-{GONE}", "removed", day(2)),
    ]  # fmt: skip
    assert [(probe["at"], probe["outcome"]) for probe in rows[1]["absence"]["probes"]] == [
        (day(1), "gone"), (day(2), "gone"),
    ]  # fmt: skip
    captures = [probe["capture"] for row in rows for probe in row["absence"]["probes"]]
    page = get(datasette, "/removed").text
    assert [each for each in captures if f'href="/capture/{each}"' not in page] == []


def test_the_removed_list_skips_restored_articles_and_limits_judgements_per_page(
    datasette: Datasette, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("archive.publish.lists.removed_page.MAX_JUDGEMENTS_READ", 1)
    found, place, pages = [], "", 0
    while place is not None:
        page = get(datasette, "/removed.json", params={"before": place} if place else {}).json()
        found += [row["key"] for row in page["articles"]]
        place, pages = page["older"], pages + 1
    assert (found, pages) == ([f"newsroom-{RESTRICTED}", f"newsroom-{GONE}"], 5)  # four judgements, and the end


@every_row("chosen", [
    EventFilter(EVENT_KINDS), EventFilter(EVENT_KINDS[:-1]), EventFilter(EVENT_KINDS, ("newsroom",)),
    EventFilter(DISAPPEARED), EventFilter(DISAPPEARED, ("newsroom", "elsewhere")),
    EventFilter(("new",), ("newsroom",), since="2024-01-01", until="2024-02-01", before="2024-01-20T00:00:00Z,7"),
])  # fmt: skip
def test_every_list_looks_into_an_index_alone(home: Home, chosen: EventFilter) -> None:
    with closing(sqlite3.connect(home.database)) as conn:
        values = chosen.bounds | {"limit": 50}
        plan = [row[3] for row in conn.execute(f"explain query plan {chosen.ids()}", values)]
    looks = [step for step in plan if "events" in step]
    of_each = len(chosen.kinds) * max(1, len(chosen.sources))
    assert len(looks) == (of_each if chosen.sources or set(chosen.kinds) != set(EVENT_KINDS) else 1)
    assert [step for step in looks if not re.match(r"SEARCH events USING (COVERING )?INDEX events_", step)] == []
    assert [step for step in plan if "TEMP B-TREE" in step] == []


def test_the_place_and_the_end_meet() -> None:
    chosen = EventFilter(EVENT_KINDS, until="2024-02-01", before="2024-03-01T00:00:00Z,7")
    assert (chosen.bounds["at"], chosen.bounds["id"]) == ("2024-02-01T16:00:00Z", 0)
    earlier = replace(chosen, before="2024-01-20T00:00:00Z,7").bounds
    assert (earlier["at"], earlier["id"]) == ("2024-01-20T00:00:00Z", 7)


def test_a_feed_shows_each_place_that_changed_with_its_neighbours() -> None:
    long = "这一段没有改动。" * 20
    shown = excerpt("body_text", f"甲。{long}乙。{long}丙", f"子。{long}丑。{long}寅", wide=True)
    assert "".join(f"[{s.op[0]}{s.text}]" if s.op != "equal" else s.text for s in shown) == (
        f"[d甲][i子]。{long[:19]}…{long[-20:]}[d乙][i丑]。{long[:19]}…{long[-20:]}[d丙][i寅]"
    )
    assert excerpt("date_published", "2024-04-13", "2024-04-14", wide=False) == (
        Segment("delete", "2024-04-13"), Segment("insert", "2024-04-14"),
    )  # fmt: skip
    assert sum(len(each.text) for each in cut([Segment("insert", "长" * 9_000), Segment("delete", "短")])) == 3_002


@pytest.mark.parametrize("path", ["/changes.json", "/.json", "/changes.atom"])
def test_changes_without_moved_text_mention_no_move(datasette: Datasette, path: str) -> None:
    told = get(datasette, path).text
    assert "一体化" in told
    assert '"move"' not in told
