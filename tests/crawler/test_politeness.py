"""The time for which a server asks us to stay away; two sources, or two crawls, are one visitor to a host."""

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from scrapy.http import Response
from support.tables import every_row
from support.towns import crawl, declare, figures, gaps, rows, said

from crawler.middlewares.politeness import patience_asked
from crawler.middlewares.waits import JITTER, MAX_WAIT_SECONDS, backing_off, retry_after
from newsroom.process import Site, running

NOON = datetime(2024, 4, 13, 12, tzinfo=UTC)
SLOW = "Sat, 13 Apr 2024 11:00:00 GMT"  # by a server whose clock is an hour slow


@every_row(
    ("value", "date", "seconds"),
    [
        ("120", None, 120),
        (" 3 ", None, 3),
        ("0", None, 0),
        ("120", SLOW, 120),
        ("Sat, 13 Apr 2024 12:02:00 GMT", None, 120),
        ("Saturday, 13-Apr-24 12:02:00 GMT", None, 120),
        ("Sat Apr 13 12:02:00 2024", None, 120),
        ("Sat, 13 Apr 2024 11:00:00 GMT", None, 0),
        ("Sat, 13 Apr 2024 20:02:00 +0800", None, 120),
        # A date is meant by the server's own clock.
        ("Sat, 13 Apr 2024 11:02:00 GMT", SLOW, 120),
        ("Sat, 13 Apr 2024 12:02:00 GMT", SLOW, 3720),
        ("Sat, 13 Apr 2024 10:59:00 GMT", SLOW, 0),
        ("Sat, 13 Apr 2024 12:02:00 GMT", "yesterday", 120),
        ("-1", None, None),
        ("1.5", None, None),
        ("soon", SLOW, None),
        ("", None, None),
        (None, SLOW, None),
        ("٣", None, None),
        ("1000000000000", None, 1e9),
        ("9" * 400, None, 1e9),
        ("0" * 400 + "5", None, 5),
    ],
)
def test_retry_after_reads_seconds_or_a_date_by_the_servers_clock(
    value: str | None, date: str | None, seconds: float | None
) -> None:
    assert retry_after(value, date, NOON) == seconds


@every_row(
    ("headers", "seconds"),
    [
        ({"Retry-After": "120"}, 120),
        ({"retry-after": "120", "date": SLOW}, 120),
        ({"Retry-After": "Sat, 13 Apr 2024 11:02:00 GMT", "Date": SLOW}, 120),
        ({"Retry-After": "Sat, 13 Apr 2024 12:02:00 GMT"}, 120),
        ({"Date": SLOW}, None),
        ({}, None),
    ],
)
def test_an_answer_asks_for_patience_by_its_servers_clock(headers: dict[str, str], seconds: float | None) -> None:
    assert patience_asked(Response("http://town.example/", status=503, headers=headers), NOON) == seconds


@given(st.text(), st.text())
def test_retry_after_never_raises_and_never_goes_back_in_time(value: str, date: str) -> None:
    seconds = retry_after(value, date, NOON)
    assert seconds is None or seconds >= 0


@every_row(
    ("delay", "setbacks", "shortest"),
    [(0, 0, 0.25), (0, 3, 2), (2, 0, 2), (2, 1, 4), (2, 5, 64), (2, 6, MAX_WAIT_SECONDS), (60, 12, MAX_WAIT_SECONDS)],
)
def test_each_setback_doubles_the_wait_and_no_two_crawls_wait_alike(
    delay: float, setbacks: int, shortest: float
) -> None:
    waits = [backing_off(delay, setbacks) for _ in range(100)]
    assert shortest <= min(waits) <= max(waits) <= min(MAX_WAIT_SECONDS, shortest * JITTER)
    assert len(set(waits)) == (1 if shortest == MAX_WAIT_SECONDS else 100)
    assert shortest == MAX_WAIT_SECONDS or max(waits) > shortest * (1 + JITTER) / 2  # over all of the range


# -- whole crawls ---------------------------------------------------------------------------------------------


@pytest.fixture
def site() -> Iterator[Site]:
    with running(articles=10, also=["localhost"]) as site:
        yield site


@pytest.mark.slow
def test_two_sources_on_one_host_keep_one_gap(site: Site, tmp_path: Path) -> None:
    """The longer delay of the two holds for both."""
    home = declare(tmp_path, town=said(site, delay=0.3), village=said(site, delay=0.1))
    assert [figures(told) for told in crawl(home, "town", "village")] == [("finished", 10, 0, 0)] * 2
    assert len(gaps(site)) == 2 * (2 + 10) - 1 + 2  # robots.txt, a sitemap of two files and ten articles each
    assert min(gaps(site)) >= 0.3


@pytest.mark.slow
def test_two_names_of_one_host_keep_one_gap(site: Site, tmp_path: Path) -> None:
    other = site.at("localhost")
    home = declare(
        tmp_path,
        town=said(site, delay=0.2),
        village=said(other, delay=0.2, aliases=["127.0.0.1:" + site.address.rpartition(":")[2]]),
    )
    assert [figures(told) for told in crawl(home, "town", "village")] == [("finished", 10, 0, 0)] * 2
    assert {line["host"] for line in site.log()} == {place.address.removeprefix("http://") for place in (site, other)}
    assert min(gaps(site)) >= 0.2


@pytest.mark.slow
def test_a_host_that_asks_for_an_hour_has_it_from_every_crawl(site: Site, tmp_path: Path) -> None:
    """A wait is no error: the addresses stay as due as they were, without an attempt more."""
    site.event(do="status", article=3, code=429, retry_after=3600)
    home = declare(tmp_path, town=said(site, delay=0.1, expect=0), village=said(site))
    (town,) = crawl(home, "town")
    assert (town["finish_reason"], town["errors"]) == ("finished", 0)
    assert town["new_articles"] + town["waiting"] == 10
    assert town["waiting"] >= 1
    before = len(site.log())
    site.event(do="clear")
    assert [figures(told) for told in crawl(home, "village", "town")] == [("waiting", 0, 1, 0)] * 2
    assert len(site.log()) == before
    assert rows(home, "select count(*) from frontier where attempts > 0 or lease_token is not null") == [(0,)]
    (home / "hosts.db").unlink()
    assert figures(crawl(home, "town")[0]) == ("finished", town["waiting"], 0, 0)


@pytest.mark.slow
@pytest.mark.parametrize(
    ("budget", "asked"),
    [({"budget_pages": 5}, 5), ({"budget_bytes": 1}, 1), ({"budget_seconds": 0.001}, 1)],
)
def test_a_budget_ends_a_crawl_and_the_next_goes_on(
    site: Site, tmp_path: Path, budget: dict[str, float], asked: int
) -> None:
    """Lists and articles count, robots.txt does not; requests under way when bytes or seconds are spent still end."""
    home = declare(tmp_path, town=said(site, **budget))
    (told,) = crawl(home, "town")
    assert (told["finish_reason"], told["errors"]) == ("budget", 0)
    assert len([line for line in site.log() if line["path"] != "/robots.txt"]) == asked
    declare(tmp_path, town=said(site))
    assert figures(crawl(home, "town")[0]) == ("finished", 10 - told["new_articles"], 0, 0)


def test_fifteen_bad_addresses_in_a_row_are_no_outage(tmp_path: Path) -> None:
    with running(articles=40) as site:
        for article in range(26, 41):
            site.event(do="reset", article=article)
        home = declare(tmp_path, town=said(site))
        assert figures(crawl(home, "town")[0]) == ("finished", 25, 0, 15)


def test_a_crawl_ends_as_an_outage_if_no_article_answers(site: Site, tmp_path: Path) -> None:
    for article in range(1, 11):
        site.event(do="reset", article=article)
    assert figures(crawl(declare(tmp_path, town=said(site)), "town")[0]) == ("outage", 0, 0, 10)


@pytest.mark.slow
def test_a_crawl_delay_beyond_the_longest_is_kept_to_as_far_as_the_settings_go(site: Site, tmp_path: Path) -> None:
    site.event(do="robots", text="User-agent: *\nCrawl-delay: 86400\n")
    home = declare(tmp_path, town=said(site))
    with (home / "thinker.toml").open("a") as settings:
        settings.write("\n[crawler]\nlongest_crawl_delay = 1\n")
    assert figures(crawl(home, "town", limit=3)[0]) == ("limit", 3, 0, 0)
    assert len(gaps(site)) == 5  # robots.txt, a sitemap of two files and three articles
    assert min(gaps(site)[1:]) >= 1
