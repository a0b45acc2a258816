"""The notifier: each event is sent once to each watch that asks for it, with the same id however often it is tried."""

from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import pytest
from support.journeys import asked
from support.tables import every_row
from support.watched import HOUR, Hook, article, hooked, hours_ago, plant

from archive import open_archive
from archive.files.clock import instant, stamp
from archive.files.home import Home
from archive.watches.book import open_book
from archive.watches.outbox import due_at, message_id
from schedules.notifier import Notifier, Sendings

TAX, CITY = article(1, "谈税收", "税收的事。"), article(2, "谈城市", "城市的事。")
TAXED = replace(TAX, paragraphs=("房地产税的事。",))
SITE = "https://archive.example"


@pytest.fixture
def hook() -> Iterator[Hook]:
    with hooked() as found:
        yield found


@pytest.fixture
def home(tmp_path: Path) -> Path:
    with closing(open_archive(tmp_path / "home")) as archive:
        plant(archive, hours_ago(9), {1: TAX, 2: CITY})
    return tmp_path / "home"


def watched(home: Path, name: str, to: str, *given: str) -> None:
    assert asked(home, "watch", "add", name, "--to", to, "--lang", "en", *given)[0] == 0


def sent(home: Path) -> Sendings:
    return Notifier(Home(home), {}, SITE).once()


def edited(home: Path) -> None:
    with closing(open_archive(home)) as archive:
        plant(archive, hours_ago(8), {1: TAXED, 2: CITY})


def set_all(home: Path, sql: str) -> None:
    with open_book(Home(home)) as book:
        book.execute(sql)


def test_each_event_is_sent_once_to_each_watch_that_asks_for_it(home: Path, hook: Hook) -> None:
    watched(home, "all", hook.url)
    watched(home, "tax", hook.url, "--query", "appears:房地产税")
    watched(home, "city", hook.url, "--query", "城市")
    assert sent(home) == Sendings()
    edited(home)
    assert (sent(home), sent(home)) == (Sendings(sent=2), Sendings())
    assert hook.subjects() == [("all", "Edited: 谈税收"), ("tax", "Edited: 谈税收")]
    (first, told), (second, _) = hook.got
    (event,) = told["events"]
    assert event["changes"][0]["property"] == "body_text"
    assert event["permalink"].startswith(f"{SITE}/a/newsroom-1/diff/")
    ids = [message_id(name, "newsroom-1", "edited", event["content_digest"], event["at"]) for name in ("all", "tax")]
    assert [first, second] == ids
    assert "Body: ⟦deleted: 税收⟧⟦inserted: 房地产税⟧的事。" in told["text"]


@every_row(
    ("answers", "outcomes", "state"),
    [
        ([500, 200], ["put_off", "sent"], ("active", None)),
        ([(429, {"Retry-After": "7200"})], ["put_off"], ("failing", "HTTP 429")),
        ([404], ["refused"], ("failing", "HTTP 404")),
    ],
)
def test_a_message_that_a_channel_does_not_take_is_kept(
    tmp_path_factory: pytest.TempPathFactory, answers: list[int], outcomes: list[str], state: tuple[str, str | None]
) -> None:
    home = tmp_path_factory.mktemp("kept")
    with closing(open_archive(home)) as archive, hooked() as hook:
        plant(archive, hours_ago(9), {1: TAX, 2: CITY})
        hook.answers[:] = answers
        watched(home, "all", hook.url)
        plant(archive, hours_ago(8), {1: TAXED, 2: CITY})
        for outcome in outcomes:
            assert sent(home) == Sendings(**{outcome: 1})
            assert sent(home) == Sendings()  # not before the pause is over
            with open_book(Home(home)) as book:
                (watch,) = book.execute("select failing_since, trouble, next_try_at from watches").fetchall()
                book.execute("update watches set next_try_at = '2026-01-01T00:00:00Z' where next_try_at is not null")
        assert ("failing" if watch[0] else "active", watch[1]) == state
        assert len({each for each, _ in hook.got}) == 1
        if "429" in (watch[1] or ""):
            wait = instant(watch[2]) - instant(watch[0])
            assert wait == 2 * HOUR
        if answers == [404]:
            hook.answers[:] = [200]
            assert asked(home, "watch", "resume", "all") == (0, "", "resumed: all; 1 messages wait\n")
            assert sent(home) == Sendings(sent=1)


def test_a_paused_watch_sends_nothing_of_its_pause(home: Path, hook: Hook) -> None:
    watched(home, "all", hook.url)
    asked(home, "watch", "pause", "all")
    edited(home)
    asked(home, "watch", "resume", "all")
    assert sent(home) == Sendings()


def test_events_with_new_row_ids_are_not_sent_again(home: Path, hook: Hook) -> None:
    watched(home, "all", hook.url)
    edited(home)
    assert sent(home) == Sendings(sent=1)
    assert asked(home, "rebuild")[0] == 0
    with closing(open_archive(home)) as archive:
        plant(archive, hours_ago(7), {1: TAXED, 2: CITY, 3: article(3, "第三篇")})
    assert sent(home) == Sendings(sent=1)
    assert hook.subjects() == [("all", "Edited: 谈税收"), ("all", "New: 第三篇")]


def test_a_day_is_one_message_by_article(home: Path, hook: Hook) -> None:
    watched(home, "day", hook.url, "--every", "daily")
    edited(home)
    with closing(open_archive(home)) as archive:
        plant(archive, hours_ago(7), {1: TAX, 2: CITY, 3: article(3, "第三篇")})
    assert sent(home) == Sendings()
    set_all(home, "update messages set due_at = '2026-01-01T00:00:00Z'")
    assert sent(home) == Sendings(sent=1)
    ((_, told),) = hook.got
    assert told["subject"] == "day: 3 entries of the day"
    assert [(each["kind"], each["key"]) for each in told["events"]] == [
        ("edited", "newsroom-1"), ("edited", "newsroom-1"), ("new", "newsroom-3"),
    ]  # fmt: skip


def test_a_hidden_article_is_not_sent_and_its_subscriber_learns_it_once(home: Path, hook: Hook) -> None:
    watched(home, "all", hook.url)
    watched(home, "day", hook.url, "--every", "daily")
    edited(home)
    assert sent(home) == Sendings(sent=1)
    with closing(open_archive(home)) as archive:
        plant(archive, hours_ago(7), {2: CITY, 3: article(3, "第三篇")})
    hook.answers[:] = [500]
    assert sent(home) == Sendings(put_off=1)
    for key in ("newsroom-1", "newsroom-3"):
        assert asked(home, "takedown", key, "--hide", "--reason", "request", "--yes")[0] == 0
    hook.answers[:] = [200]
    set_all(home, "update watches set next_try_at = null")
    set_all(home, "update messages set due_at = '2026-01-01T00:00:00Z'")
    hook.got.clear()
    assert sent(home) == Sendings(sent=1, dropped=2)
    ((_, told),) = hook.got
    assert told["subject"] == "Withdrawn: newsroom-1"
    assert [word for word in ("第三篇", "税") if word in str(hook.got)] == []
    assert sent(home) == Sendings()


@pytest.mark.parametrize(
    ("pace", "due"),
    [("now", "2026-12-01T07:00:00Z"), ("daily", "2026-12-02T00:00:00Z"), ("weekly", "2026-12-07T00:00:00Z")],
)
def test_a_message_is_due_at_the_end_of_its_day_or_week(pace: str, due: str) -> None:
    assert stamp(due_at(pace, instant("2026-12-01T07:00:00Z"))) == due  # type: ignore[arg-type]
