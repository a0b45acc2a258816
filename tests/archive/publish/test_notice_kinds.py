"""The message of each kind of event, as a whole in both languages, and as its schema says."""

import json
import re
from collections.abc import Iterator, Mapping
from contextlib import closing
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from jsonschema import Draft202012Validator
from support.archiving import SOURCE, url
from support.checkout import ROOT
from support.tables import every_row
from support.watched import article
from support.written_archive import Known

from archive import Archive, open_archive
from archive.decisions import Drift, Gap, Stores
from archive.files.clock import stamp
from archive.judging.crawl_ingest import CrawlIngest
from archive.judging.presence.lists import Listing
from archive.judging.reading.fetched import Fetched
from archive.publish.notices.letter import Letter, letter_of
from archive.rules.urlkeys import key_of
from archive.watches.definition import made
from archive.watches.filling import would_send
from archive.watches.outbox import Notice, single
from archive.watches.stream import KINDS
from archive.watches.verdicts import HEALTH
from archive.watches.withdrawals import WITHDRAWN
from parsers import Article

START, HOUR = datetime(2026, 11, 20, 12, tzinfo=UTC), timedelta(hours=1)
AT = stamp(START + 5 * HOUR)
LIST, FRONT = "http://example.com/list", "http://example.com/"
# Article 1 is edited, and 2 leaves its list. 3 is gone and comes back, 4 and 5 are gone, and 6 moves to the place of 7.
TEXTS = {number: article(number, f"第{number}篇", f"第{number}篇的正文。") for number in range(1, 6)}
TEXTS[6] = article(6, "搬家的一篇", *(f"第{number}段说明城市里的第{number}件事情。" for number in range(40)))
LATER = TEXTS | {1: article(1, "第1篇", "第1篇改过的正文。"), 7: replace(TEXTS[6], identity="7")}
LOST = {3: 404, 4: 401, 5: 302, 6: 404}
SITE_EVENTS = (
    Gap(at=AT, source="newsroom", since="2026-11-20T16:00:00Z", until=AT, slots=3, missed=2, failed=1, last_slot=AT),
    Drift(at=AT, source="newsroom", crawl="1", pages=9, other_layout=7, waiting=2),
)
NOTICES = (
    Notice(HEALTH, AT, AT, None, "lists", detail={"ok": False, "detail": "a list fails", "detail_zh": "列表无法读取"}),
    Notice(WITHDRAWN, AT, AT, "newsroom", "newsroom-9"),
)
ALL = "new,edited,removed,restored,moved,gap,drift,health"
FOOT = {
    "zh": "\n-- \n由关注 all 发送：全部文章 · {}\n暂停：thinker watch pause all ；删除：thinker watch remove all\n",
    "en": "\n-- \nSent by the watch all: every text · {}\n"
          "To stop it: thinker watch pause all , or for good: thinker watch remove all\n",
}  # fmt: skip
RECORD = "urn:uuid:[0-9a-f-]{36}"
SCHEMA = json.loads((ROOT / "docs" / "webhook.schema.json").read_text("utf-8"))
KIND = SCHEMA["$defs"]["event"]["properties"]["kind"]


def crawl(archive: Archive, at: datetime, shown: Mapping[int, Article], lost: Mapping[int, int], listed: str) -> None:
    """Crawl once: the list names some articles, some show their text, and others answer with a status."""
    known = Known({url(number): said for number, said in shown.items()})
    with CrawlIngest(archive, SOURCE, known, clock=lambda: at) as ingest:
        ingest.begin_crawl(at)
        kept = ingest.add(Fetched(LIST, 200, (), f"{listed} {at}".encode(), at, "list"))
        ingest.lists.note(Listing(LIST, ((str(kept.record_id), tuple(key_of(url(int(number))) for number in listed)),)))
        for number, said in shown.items():
            ingest.add(Fetched(url(number), 200, (("Content-Type", "text/html"),), repr(said).encode(), at))
        for number, status in lost.items():
            ingest.add(Fetched(url(number), status, (("Location", FRONT),) if status == 302 else (), b"", at))
        ingest.finish("finished", len(shown), 0, at)


@pytest.fixture(scope="module")
def letters(tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict[tuple[str, str], Letter]]:
    """By language and kind: the message of its last event."""
    with closing(open_archive(tmp_path_factory.mktemp("kinds"))) as archive:
        crawl(archive, START, TEXTS, {}, "123")
        for hour in (1, 2):
            crawl(archive, START + hour * HOUR, {number: LATER[number] for number in (1, 2, 7)}, LOST, "13")
        crawl(archive, START + 3 * HOUR, {number: LATER[number] for number in (1, 3)}, {}, "13")
        stores = Stores(archive, "newsroom", lambda: START + 5 * HOUR)
        for decision in SITE_EVENTS:
            stores.tell(decision)
        stores.commit()
        stores.close()
        found = {}
        for lang in FOOT:
            watch = made("all", {"to": "env:HOOK", "lang": lang, "on": ALL})
            for notice in (*would_send(archive, watch.asked, stamp(START)), *NOTICES):
                letter, _ = letter_of(archive.conn, watch, single("all", notice), "https://archive.example")
                assert letter is not None
                found[lang, notice.kind] = letter
        yield found


def without_digests(text: str) -> str:
    """The text with RECORD, DIGEST and V in the places of what differs from run to run."""
    return re.sub("(?<=[/.])[0-9a-f]{12}", "V", re.sub("sha256:[0-9a-f]{64}", "DIGEST", re.sub(RECORD, "RECORD", text)))


@every_row(
    ("kind", "zh", "en"),
    [
        ("new", [
            "新增：搬家的一篇", "2026-11-20 20:00（北京时间） · newsroom", "> 第0段说明城市里的第0件事情。",
            "依据：2026-11-20T12:00:00Z 的快照 RECORD，账本行 DIGEST", "版本摘要：DIGEST",
            "https://archive.example/a/newsroom-6/v/V",
        ], [
            "New: 搬家的一篇", "2026-11-20 20:00 (Beijing time) · newsroom", "> 第0段说明城市里的第0件事情。",
            "Evidence: capture RECORD of 2026-11-20T12:00:00Z, ledger line DIGEST", "Version digest: DIGEST",
            "https://archive.example/a/newsroom-6/v/V",
        ]),
        ("edited", [
            "修改：第1篇", "2026-11-20 21:00（北京时间） · newsroom", "正文：第1篇⟦增：改过⟧的正文。",
            "依据：2026-11-20T13:00:00Z 的快照 RECORD，账本行 DIGEST", "版本摘要：DIGEST",
            "https://archive.example/a/newsroom-1/diff/V..V",
        ], [
            "Edited: 第1篇", "2026-11-20 21:00 (Beijing time) · newsroom", "Body: 第1篇⟦inserted: 改过⟧的正文。",
            "Evidence: capture RECORD of 2026-11-20T13:00:00Z, ledger line DIGEST", "Version digest: DIGEST",
            "https://archive.example/a/newsroom-1/diff/V..V",
        ]),
        ("removed", [
            "已消失：搬家的一篇", "2026-11-20 22:00（北京时间） · newsroom",
            "最后见于 2026-11-20 20:00，首次缺失 2026-11-20 21:00", "2026-11-20 21:00 页面不存在",
            "2026-11-20 22:00 页面不存在", "依据：账本行 DIGEST", "版本摘要：DIGEST",
            "https://archive.example/a/newsroom-6",
        ], [
            "Removed: 搬家的一篇", "2026-11-20 22:00 (Beijing time) · newsroom",
            "last seen 2026-11-20 20:00, missing since 2026-11-20 21:00", "2026-11-20 21:00 not found",
            "2026-11-20 22:00 not found", "Evidence: ledger line DIGEST", "Version digest: DIGEST",
            "https://archive.example/a/newsroom-6",
        ]),
        ("restricted", [
            "限制访问：第4篇", "2026-11-20 22:00（北京时间） · newsroom",
            "最后见于 2026-11-20 20:00，首次缺失 2026-11-20 21:00", "2026-11-20 21:00 限制访问",
            "2026-11-20 22:00 限制访问", "依据：账本行 DIGEST", "版本摘要：DIGEST",
            "https://archive.example/a/newsroom-4",
        ], [
            "Restricted: 第4篇", "2026-11-20 22:00 (Beijing time) · newsroom",
            "last seen 2026-11-20 20:00, missing since 2026-11-20 21:00", "2026-11-20 21:00 restricted",
            "2026-11-20 22:00 restricted", "Evidence: ledger line DIGEST", "Version digest: DIGEST",
            "https://archive.example/a/newsroom-4",
        ]),
        ("redirected", [
            "已跳转：第5篇", "2026-11-20 22:00（北京时间） · newsroom",
            "最后见于 2026-11-20 20:00，首次缺失 2026-11-20 21:00", "2026-11-20 21:00 跳转到别处",
            "2026-11-20 22:00 跳转到别处", "依据：账本行 DIGEST", "版本摘要：DIGEST",
            "https://archive.example/a/newsroom-5",
        ], [
            "Redirected: 第5篇", "2026-11-20 22:00 (Beijing time) · newsroom",
            "last seen 2026-11-20 20:00, missing since 2026-11-20 21:00", "2026-11-20 21:00 redirected",
            "2026-11-20 22:00 redirected", "Evidence: ledger line DIGEST", "Version digest: DIGEST",
            "https://archive.example/a/newsroom-5",
        ]),
        ("delisted", [
            "已从列表撤下：第2篇", "2026-11-20 22:00（北京时间） · newsroom",
            "最后列出 2026-11-20 20:00，首次未列出 2026-11-20 21:00", "2026-11-20 21:00 列表不再列出",
            "2026-11-20 22:00 列表不再列出", "依据：账本行 DIGEST", "版本摘要：DIGEST",
            "https://archive.example/a/newsroom-2",
        ], [
            "Delisted: 第2篇", "2026-11-20 22:00 (Beijing time) · newsroom",
            "last listed 2026-11-20 20:00, not listed since 2026-11-20 21:00", "2026-11-20 21:00 no longer listed",
            "2026-11-20 22:00 no longer listed", "Evidence: ledger line DIGEST", "Version digest: DIGEST",
            "https://archive.example/a/newsroom-2",
        ]),
        ("restored", [
            "恢复：第3篇", "2026-11-20 23:00（北京时间） · newsroom",
            "此前最后见于 2026-11-20 20:00，首次缺失 2026-11-20 21:00", "2026-11-20 23:00 重新见到",
            "依据：账本行 DIGEST", "版本摘要：DIGEST", "https://archive.example/a/newsroom-3",
        ], [
            "Restored: 第3篇", "2026-11-20 23:00 (Beijing time) · newsroom",
            "Before that, last seen 2026-11-20 20:00, missing since 2026-11-20 21:00",
            "2026-11-20 23:00 found again", "Evidence: ledger line DIGEST", "Version digest: DIGEST",
            "https://archive.example/a/newsroom-3",
        ]),
        ("moved", [
            "网址变更：搬家的一篇", "2026-11-20 22:00（北京时间） · newsroom",
            "原网址 http://example.com/article/6.html ，现网址 http://example.com/article/7.html",
            "依据：账本行 DIGEST", "版本摘要：DIGEST", "https://archive.example/a/newsroom-6",
        ], [
            "Moved: 搬家的一篇", "2026-11-20 22:00 (Beijing time) · newsroom",
            "From http://example.com/article/6.html to http://example.com/article/7.html",
            "Evidence: ledger line DIGEST", "Version digest: DIGEST", "https://archive.example/a/newsroom-6",
        ]),
        ("gap", [
            "采集中断：newsroom", "2026-11-21 01:00（北京时间） · newsroom",
            "3 个时段没有采集成功：2026-11-21 00:00 – 2026-11-21 01:00", "依据：账本行 DIGEST",
            "https://archive.example/status",
        ], [
            "Gap: newsroom", "2026-11-21 01:00 (Beijing time) · newsroom",
            "No successful crawl in 3 slots: 2026-11-21 00:00 – 2026-11-21 01:00", "Evidence: ledger line DIGEST",
            "https://archive.example/status",
        ]),
        ("drift", [
            "页面改版：newsroom", "2026-11-21 01:00（北京时间） · newsroom",
            "7 页换了版式，其中 2 页正文有出入，暂不计为新版本。", "依据：账本行 DIGEST",
            "https://archive.example/status",
        ], [
            "Layout changed: newsroom", "2026-11-21 01:00 (Beijing time) · newsroom",
            "7 pages have a new layout; 2 of them differ in text and are not counted as versions yet.",
            "Evidence: ledger line DIGEST", "https://archive.example/status",
        ]),
        ("health", [
            "需要处理：列表", "2026-11-21 01:00（北京时间）", "列表无法读取", "https://archive.example/status",
        ], [
            "Needs attention: Lists", "2026-11-21 01:00 (Beijing time)", "a list fails",
            "https://archive.example/status",
        ]),
        ("withdrawn", [
            "已停止公开：newsroom-9",
            "曾通知过您的文章 newsroom-9 已于北京时间 2026-11-21 01:00 停止公开，内容不再显示。",
            "https://archive.example/a/newsroom-9",
        ], [
            "Withdrawn: newsroom-9",
            "The article newsroom-9, of which you got a message before, was withdrawn at 2026-11-21 01:00 Beijing "
            "time. Nothing of it is shown any more.",
            "https://archive.example/a/newsroom-9",
        ]),
    ],
)  # fmt: skip
def test_a_message_says_what_happened(
    letters: Mapping[tuple[str, str], Letter], kind: str, zh: list[str], en: list[str]
) -> None:
    asks = ALL.split(",")
    for lang, lines, comma in (("zh", zh, "、"), ("en", en, ", ")):
        expected = "\n\n".join(lines) + "\n" + FOOT[lang].format(comma.join(asks))
        assert without_digests(letters[lang, kind].text) == expected


def test_every_kind_that_is_sent_is_in_the_schema_and_as_it_says(letters: Mapping[tuple[str, str], Letter]) -> None:
    sent = {*KINDS, HEALTH, WITHDRAWN}
    assert {kind for _, kind in letters} == sent
    assert sorted(KIND["description"].partition(".")[0].split(", ")) == sorted(sent)
    schema = Draft202012Validator(SCHEMA)
    assert [error.message for each in letters.values() for error in schema.iter_errors(each.payload)] == []
