"""Events of a source: the page and the feed say the same of them, in either language."""

import re
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest
from datasette.app import Datasette
from support.archiving import NOON
from support.busy_archive import busy_archive
from support.small_site import get, served
from support.tables import every_row

from archive.decisions import Clock, Drift, Gap, Loss, Stores
from archive.files.clock import stamp
from archive.files.home import Home

AT = stamp(NOON)
BEFELL = (
    Gap(at=AT, source="newsroom", since="2026-11-20T16:00:00Z", until=AT, slots=3, missed=2, failed=1, last_slot=AT),
    Gap(at=AT, source="newsroom", since="2026-11-20T16:00:05Z", until="2026-11-20T16:00:40Z", slots=1, missed=1,
        failed=0, last_slot=AT),
    Drift(at=AT, source="newsroom", crawl="1", pages=1200, other_layout=1200, waiting=0),
    Drift(at=AT, source="newsroom", crawl="1", pages=9, other_layout=7, waiting=2),
    Loss(at=AT, source="newsroom", file="newsroom.jsonl\u202e", first_byte=1, bytes=4096, how="missing"),
    Clock(at=AT, source="newsroom", said="2026-11-01T00:00:00Z"),
)  # fmt: skip


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Datasette]:
    home: Path = tmp_path_factory.mktemp("home")
    with closing(busy_archive(home)) as archive:
        stores = Stores(archive, "newsroom", lambda: NOON)
        for decision in BEFELL:
            stores.tell(decision)
        stores.commit()
        stores.close()
    with served(Home(home)) as there:
        yield there


@every_row(("ui", "said"), [
    ("zh", [
        "newsroom.jsonl[U+202E]：缺失或被改动 4,096 字节，管理员已确认。",
        "7 页换了版式，其中 2 页正文有出入，暂不计为新版本。", "1,200 页换了版式，内容仍能正常读取，不计为新版本。",
        "3 个时段没有采集成功：2026-11-21 00:00 – ",
        "1 个时段没有采集成功：2026-11-21 00:00:05 – 2026-11-21 00:00:40",
    ]),
    ("en", [
        "newsroom.jsonl[U+202E]: 4,096 bytes missing or altered; the operator accepted this.",
        "7 pages have a new layout; 2 of them differ in text and are not counted as versions yet.",
        "1,200 pages have a new layout and still read the same: no new version.",
        "No successful crawl in 3 slots: 2026-11-21 00:00 – ",
        "No successful crawl in 1 slot: 2026-11-21 00:00:05 – 2026-11-21 00:00:40",
    ]),
])  # fmt: skip
def test_the_page_and_the_feed_say_the_same(site: Datasette, ui: str, said: list[str]) -> None:
    kinds = "&".join(f"kind={kind}" for kind in ("gap", "drift", "loss", "clock"))
    page = get(site, f"/changes?{kinds}&ui={ui}").text
    feed = get(site, f"/changes.feed.json?{kinds}&ui={ui}").json()["items"]
    assert len(feed) == len(BEFELL)
    told = " ".join(item["content_html"] for item in feed)
    assert [line for line in said if line not in told] == []
    assert [line for line in said if line not in re.sub("</?time[^>]*>", "", page)] == []
