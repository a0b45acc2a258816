"""The number of pages a crawl expects to keep: a terminal shows `pages of total`."""

import pytest

from archive.files.progress import unheard
from crawler.session import crawl_progress as room
from crawler.session.crawl_progress import CrawlProgress


@pytest.mark.parametrize(
    ("left", "told"),
    [
        ([3, 2, 1, 0], [(1, 4), (2, 4), (3, 4), (4, 4)]),
        ([None, None, 2, 1, 0], [(1, None), (2, None), (3, 5), (4, 5), (5, 5)]),  # its lists are read first
        ([1, 5, 4], [(1, 2), (2, 7), (3, 7)]),  # it grows
        ([0, 0], [(1, 1), (2, 2)]),
    ],
)
def test_the_reported_total_is_pages_kept_plus_pages_known_to_be_ahead(
    monkeypatch: pytest.MonkeyPatch, left: list[int | None], told: list[tuple[int, int | None]]
):
    monkeypatch.setattr(room, "LOOK_EVERY_SECONDS", 0)
    monkeypatch.setattr(room, "MAX_SHARE_OF_TIME", 0)
    heard: list[tuple[int, int | None]] = []
    ahead = CrawlProgress(lambda done, total, /: heard.append((done, total)))
    for each in left:
        ahead.look(lambda each=each: each)
        ahead.count_page()
    assert heard == told


def test_the_total_stays_between_two_looks_but_never_falls_below_pages_done(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(room, "LOOK_EVERY_SECONDS", 1_000)
    heard: list[tuple[int, int | None]] = []
    ahead = CrawlProgress(lambda done, total, /: heard.append((done, total)))
    for left in (1, 50, 50):
        ahead.look(lambda left=left: left)
        ahead.count_page()
    assert heard == [(1, 2), (2, 2), (3, 3)]


def test_pages_ahead_are_not_counted_without_a_listener():
    CrawlProgress(unheard).look(lambda: pytest.fail("it was counted"))
