"""The site's words for an article's presence are true: not asked, missed once, gone, and back again."""

from collections.abc import Iterator
from datetime import datetime
from typing import Any

import pytest
from datasette.app import Datasette
from support.eventful import BACK, DAY, GONE, IMPORTED, MISSED, RESTRICTED, STRUCK, eventful, started
from support.small_site import get, served, text
from support.tables import every_row

from archive.files.clock import stamp
from archive.publish.formatting.filters import beijing, coded

START = started()


@pytest.fixture(scope="module")
def datasette(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Datasette]:
    with served(eventful(tmp_path_factory.mktemp("eventful") / "home", START)) as there:
        yield there


def day(number: int) -> str:
    """The moment of that day's crawl, as it is stored."""
    moment: datetime = START + number * DAY
    return stamp(moment)


def shown(number: int) -> str:
    return beijing(day(number))


@every_row("path", ["/", "/?ui=en", "/a/newsroom-1", "/a/newsroom-1?ui=en", "/search?q=一体化"])
def test_a_live_article_has_no_badge(datasette: Datasette, path: str) -> None:
    page = get(datasette, path)
    assert [word for word in ("state-live", ">在线<", ">live<") if word in page.text] == []


@every_row("path", ["/", f"/a/newsroom-{IMPORTED}", "/search?q=第7篇"])
@every_row(("ui", "words"), [("zh", "尚未核对"), ("en", "Not checked")])
def test_an_article_that_was_only_imported_is_marked_not_checked(
    datasette: Datasette, path: str, ui: str, words: str
) -> None:
    page = get(datasette, path, headers={"cookie": f"thinker_ui={ui}"})
    assert page.text.count(f'<span class="state state-unvisited">{words}</span>') == 1


@every_row("path", ["/", "/removed", "/changes"])
@every_row(("ui", "words"), [("zh", "缺失，待确认"), ("en", "Missing, to be confirmed")])
def test_an_article_missed_once_is_listed_apart_from_gone_articles(
    datasette: Datasette, path: str, ui: str, words: str
) -> None:
    page = get(datasette, path, headers={"cookie": f"thinker_ui={ui}"})
    apart = page.text.partition('aria-labelledby="unconfirmed"')[2].partition("</section>")[0]
    assert f'<h2 id="unconfirmed">{words}</h2>' in apart
    assert [number for number in range(1, 9) if f"/a/newsroom-{number}" in apart] == [MISSED]
    others = page.text.replace(apart, "").partition('aria-labelledby="latest"')[0]
    assert f"/a/newsroom-{MISSED}" not in others


def keys(articles: list[dict[str, Any]]) -> list[tuple[str, str]]:
    return [(article["key"], article["state"]) for article in articles]


def test_removed_unconfirmed_and_restored_articles_are_in_their_lists(datasette: Datasette) -> None:
    away = [(f"newsroom-{RESTRICTED}", "restricted"), (f"newsroom-{GONE}", "removed")]
    once = [(f"newsroom-{MISSED}", "soft_gone")]
    removed, front, changes = (get(datasette, path).json() for path in ("/removed.json", "/.json", "/changes.json"))
    assert (keys(removed["articles"]), keys(removed["unconfirmed"])) == (away, once)
    assert (keys(front["departures"]), keys(front["unconfirmed"])) == (away, once)
    assert keys(changes["unconfirmed"]) == once
    assert [(e["kind"], e["key"], e["at"]) for e in changes["events"] if e["kind"] != "edited"] == [
        ("restored", f"newsroom-{STRUCK}", day(4)),
        ("restricted", f"newsroom-{RESTRICTED}", day(3)),
        ("restored", f"newsroom-{BACK}", day(3)),
        ("delisted", f"newsroom-{STRUCK}", day(2)),
        ("removed", f"newsroom-{BACK}", day(2)),
        ("removed", f"newsroom-{GONE}", day(2)),
    ]


def test_only_the_first_page_lists_unconfirmed_articles(datasette: Datasette) -> None:
    pages = [get(datasette, path).text for path in ("/removed", "/removed?before=2100-01-01T00:00:00Z,9")]
    assert ['id="unconfirmed"' in page for page in pages] == [True, False]


def test_the_data_of_a_restored_article_give_its_absence_with_dates_and_probes(datasette: Datasette) -> None:
    article = get(datasette, f"/a/newsroom-{BACK}.json").json()
    (version,) = article["versions"]
    removed, restored = version["absences"]
    records = {capture["captured_at"]: capture["record_id"] for capture in article["captures"]}
    assert (article["state"], removed["kind"], restored["kind"]) == ("live", "removed", "restored")
    assert [(j["at"], j["last_seen_at"], j["first_missed_at"]) for j in (removed, restored)] == [
        (day(2), day(0), day(1)),
        (day(3), day(0), day(1)),
    ]
    assert [(probe["at"], probe["outcome"]) for probe in removed["probes"]] == [(day(1), "gone"), (day(2), "gone")]
    assert restored["probes"] == [{"at": day(3), "outcome": "found", "capture": records[day(3)], "witness": None}]


def test_the_page_of_a_restored_article_explains_its_absence_and_links_the_captures(datasette: Datasette) -> None:
    page = get(datasette, f"/a/newsroom-{BACK}")
    said = text(page)
    notice = f"这篇文章曾一度无法在原网站上读到，后来恢复：最后见于 {shown(0)} ，首次缺失 {shown(1)} ，恢复 {shown(3)}"
    assert notice in said
    assert f"恢复 {shown(3)} 此前最后见于 {shown(0)} ，首次缺失 {shown(1)} {shown(3)} 重新见到 当时的快照" in said
    assert f"已消失 {shown(2)} 最后见于 {shown(0)} ，首次缺失 {shown(1)} {shown(1)} 页面不存在 当时的快照" in said
    assert said.index(f"恢复 {shown(3)} 此前") < said.index(f"已消失 {shown(2)}") < said.index("首次采集")
    article = get(datasette, f"/a/newsroom-{BACK}.json").json()
    probes = [probe for judgement in article["versions"][0]["absences"] for probe in judgement["probes"]]
    for record in filter(None, [probe[name] for probe in probes for name in ("capture", "witness")]):
        assert get(datasette, f"/capture/{record}").status_code == 200
        assert f'href="/capture/{record}"' in page.text
    assert "一度无法" not in get(datasette, f"/a/newsroom-{GONE}").text


def test_the_changes_page_dates_the_absence_of_a_restored_article(datasette: Datasette) -> None:
    items = get(datasette, "/changes?ui=en").text.split("<li>")
    (item,) = [each for each in items if ">Restored<" in each and f"/a/newsroom-{BACK}" in each]
    assert f">{shown(0)}</time>, missing since <time" in item
    assert f">{shown(1)}</time>" in item


def test_a_relisted_article_is_described_as_delisted_and_not_as_absent(datasette: Datasette) -> None:
    said = text(get(datasette, f"/a/newsroom-{STRUCK}"))
    assert f"这篇文章曾从列表撤下，后又重新列出：最后列出 {shown(0)} ，首次未列出 {shown(1)} ，恢复 {shown(4)}" in said
    assert f"恢复 {shown(4)} 此前最后列出 {shown(0)} ，首次未列出 {shown(1)} {shown(4)} 重新列出" in said
    assert (
        f"已从列表撤下 {shown(2)} 最后列出 {shown(0)} ，首次未列出 {shown(1)} {shown(1)} 列表不再列出 当时的快照 "
        f"{shown(2)} 列表不再列出 当时的快照"
    ) in said
    assert [word for word in ("一度无法", "最后见于") if word in said] == []
    (version,) = get(datasette, f"/a/newsroom-{STRUCK}.json").json()["versions"]
    assert [(j["kind"], j.get("ended"), j["at"]) for j in version["absences"]] == [
        ("delisted", None, day(2)),
        ("restored", "delisted", day(4)),
    ]


def test_text_in_backticks_is_marked_as_code() -> None:
    told = "run `thinker verify --deep` <b>, ` and `<i>`"
    marked = 'run <code lang="en">thinker verify --deep</code> &lt;b&gt;, <code lang="en"> and </code>&lt;i&gt;`'
    assert coded(told) == marked
