"""WeChat articles that an earlier rule of urlkeys filed are found under those of today, without a rebuild."""

from datetime import timedelta
from pathlib import Path

import pytest
from support.archiving import NOON, dump, fetched, page, rows

from archive import open_archive
from archive.judging.crawl_ingest import CrawlIngest
from archive.judging.reading.fetched import Fetched
from archive.replaying.proof import prove
from archive.replaying.rebuild import rebuild_database
from archive.settings.source_record import SourceRecord

WEIXIN = SourceRecord("weixin", homepage="https://mp.weixin.qq.com")
LONG = "https://mp.weixin.qq.com/s?__biz=MzI2MzEwNTY3OQ==&mid=2648978231&idx=1&sn=dd09"
SHORT = "https://mp.weixin.qq.com/s/Ab3dEf-hIjKlMnOpQrStUv"
BROUGHT = ("&chksm=f25&scene=27", "?poc_token=abc&scene=1")
# The keys as the rule before gave them: all that readers bring along, sorted.
EARLIER = {
    LONG + BROUGHT[0]: "com,qq,weixin,mp)/s?__biz=MzI2MzEwNTY3OQ==&chksm=f25&idx=1&mid=2648978231&scene=27&sn=dd09",
    SHORT + BROUGHT[1]: "com,qq,weixin,mp)/s/Ab3dEf-hIjKlMnOpQrStUv?poc_token=abc&scene=1",
}
DAY = timedelta(days=1)


def crawl(home: Path, at, answers: dict[str, bytes]) -> None:
    archive = open_archive(home)
    with CrawlIngest(archive, WEIXIN, clock=lambda: at) as ingest:
        ingest.begin_crawl(at)
        for url, payload in answers.items():
            like = fetched(1, payload, at)
            ingest.add(Fetched(url, like.status, like.headers, payload, at))
        ingest.finish("finished", len(answers), 0, at)
    archive.close()


@pytest.fixture
def home(tmp_path: Path) -> Path:
    """Two articles, filed as the version before filed them."""
    place = tmp_path / "home"
    crawl(place, NOON, {url: page(number) for number, url in enumerate(EARLIER, start=1)})
    archive = open_archive(place)
    for url, key in EARLIER.items():
        for table in ("captures", "addresses"):
            assert archive.conn.execute(f"update {table} set urlkey = ? where url = ?", (key, url)).rowcount == 1
    archive.conn.execute("update rules set number = 1 where name = 'identity'")
    archive.conn.commit()
    archive.close()
    return place


def test_an_archive_of_the_version_before_is_as_a_rebuild_makes_it(home: Path, tmp_path: Path):
    archive = open_archive(home)
    assert prove(archive, tmp_path) == ()
    before = dump(archive)
    archive.close()
    rebuild_database(home, NOON + DAY)
    again = open_archive(home)
    assert dump(again) == before
    again.close()


def test_a_known_article_is_recognised_despite_other_tracking_parameters(home: Path):
    crawl(home, NOON + DAY, {LONG + "&scene=90#rd": page(1, note="later"), SHORT: page(2, note="later")})
    archive = open_archive(home)
    assert rows(archive, "select kind, count(*) from events group by 1") == [("new", 2)]
    assert rows(archive, "select count(*) from addresses") == [(2,)]
    archive.close()


def test_two_addresses_that_are_one_by_todays_rule_keep_the_article_that_was_seen_first(home: Path, tmp_path: Path):
    crawl(home, NOON + DAY, {LONG: page(1)})
    archive = open_archive(home)
    (first,) = rows(archive, "select id from articles where key = (select min(key) from articles)")[0]
    archive.conn.execute("update addresses set urlkey = urlkey || '&old=1', first_seen_at = '2020-01-01T00:00:00Z'")
    archive.conn.execute(
        "insert into addresses select source,"
        " 'com,qq,weixin,mp)/s?__biz=MzI2MzEwNTY3OQ==&idx=1&mid=2648978231&sn=dd09', ?,"
        " url, '2030-01-01T00:00:00Z', '2030-01-02T00:00:00Z', key_number from addresses"
        " where url like '%mid=2648978231%'",
        (first,),
    )
    archive.conn.execute("update rules set number = 1 where name = 'identity'")
    archive.conn.commit()
    archive.close()
    again = open_archive(home)
    told = rows(again, "select first_seen_at, last_seen_at from addresses where url like '%mid=2648978231%'")
    assert told == [("2026-11-25T12:00:00Z", "2026-11-26T12:00:00Z")]  # as captures show, whatever the rows said
    assert prove(again, tmp_path) == ()
    again.close()
