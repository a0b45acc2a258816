"""The notifier: each event is sent once to each watch that asks for it, with the same id however often it is tried."""

import json
import os
import random
import shutil
import signal
import sys
from collections import Counter
from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from threading import Timer
from types import FrameType

import pytest
from support.archiving import SOURCE
from support.journeys import asked
from support.tables import every_row
from support.watched import HOUR, Hook, article, hooked, hours_ago, import_texts, plant

from archive import open_archive
from archive.files.clock import instant, stamp
from archive.files.home import Home
from archive.judging.runs.slots import record_missed
from archive.watches.book import open_book
from archive.watches.filling import fill
from archive.watches.outbox import due_at, message_id, next_message, refuse
from schedules.health.rules import HealthRule, store
from schedules.notifier import Notifier, Sendings

TAX, CITY = article(1, "谈税收", "税收的事。"), article(2, "谈城市", "城市的事。")
TAXED = replace(TAX, paragraphs=("房地产税的事。",))
SITE = "https://archive.example"


@pytest.fixture
def hook() -> Iterator[Hook]:
    with hooked() as found:
        yield found


@pytest.fixture(scope="module")
def planted(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A home with two articles, nine hours old."""
    home = tmp_path_factory.mktemp("planted") / "home"
    with closing(open_archive(home)) as archive:
        plant(archive, hours_ago(9), {1: TAX, 2: CITY})
    return home


@pytest.fixture
def home(tmp_path: Path, planted: Path) -> Path:
    return Path(shutil.copytree(planted, tmp_path / "home"))


def watched(home: Path, name: str, to: str, *given: str) -> None:
    assert asked(home, "watch", "add", name, "--to", to, "--lang", "en", *given)[0] == 0


def sent(home: Path) -> Sendings:
    return Notifier(Home(home), SITE).once()


def edited(home: Path) -> None:
    with closing(open_archive(home)) as archive:
        plant(archive, hours_ago(8), {1: TAXED, 2: CITY})


def set_all(home: Path, sql: str) -> None:
    with open_book(Home(home)) as book:
        book.execute(sql)


def test_new_events_are_looked_at_again_when_the_time_of_sending_is_over(home: Path, hook: Hook) -> None:
    watched(home, "all", hook.url)
    edited(home)
    assert Notifier(Home(home), SITE).look(-1) == Sendings(is_cut=True)
    assert sent(home) == Sendings(sent=1)


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
        ([410], ["refused"], ("failing", "HTTP 410")),
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
        assert ("failing" if watch[0] else "active", watch[1] and watch[1][:8]) == state
        assert len({each for each, _ in hook.got}) == 1
        if "429" in (watch[1] or ""):
            wait = instant(watch[2]) - instant(watch[0])
            assert wait == 2 * HOUR
        if answers == [410]:
            hook.answers[:] = [200]
            assert asked(home, "watch", "resume", "all") == (0, "", "resumed: all; to be sent: 1 message\n")
            assert sent(home) == Sendings(sent=1)


def test_a_channel_that_asks_for_no_pause_gets_one_message_at_a_time(home: Path, hook: Hook) -> None:
    watched(home, "all", hook.url)
    with closing(open_archive(home)) as archive:
        plant(archive, hours_ago(8), {3: article(3, "第三篇"), 4: article(4, "第四篇")})
    hook.answers[:] = [(503, {"Retry-After": "0"})]
    assert (sent(home), sent(home)) == (Sendings(put_off=1), Sendings())


def test_a_watch_may_be_removed_while_its_message_is_under_way(
    home: Path, hook: Hook, monkeypatch: pytest.MonkeyPatch
) -> None:
    def removes() -> tuple[int, dict[str, str]]:
        assert asked(home, "watch", "remove", "all")[0] == 0
        return 500, {}

    watched(home, "all", hook.url)
    edited(home)
    monkeypatch.setattr(hook, "answer", removes)
    assert (sent(home), sent(home)) == (Sendings(put_off=1), Sendings())


def test_a_watch_that_this_version_cannot_read_is_named_in_one_line(home: Path, hook: Hook) -> None:
    watched(home, "all", hook.url)
    set_all(home, """update watches set definition = '{"to": "hunter2"}'""")
    code, out, err = asked(home, "watch", "list")
    assert (code, out) == (1, "")
    assert "the watch 'all' is of another version, or damaged" in err
    assert "hunter2" not in err
    assert "the watch 'all' is of another version, or damaged" in asked(home, "status")[1]


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


def test_a_message_that_waits_keeps_its_pace(home: Path, hook: Hook) -> None:
    settings = f'[watch.a]\nto = "{hook.url}"\nlang = "en"\n'
    (home / "thinker.toml").write_text(f'{settings}every = "weekly"\n', encoding="utf-8")
    assert sent(home) == Sendings()
    edited(home)
    assert sent(home) == Sendings()
    (home / "thinker.toml").write_text(settings, encoding="utf-8")
    set_all(home, "update messages set due_at = '2026-01-01T00:00:00Z'")
    assert sent(home) == Sendings(sent=1)
    ((_, told),) = hook.got
    assert (told["subject"], told["every"]) == ("a: 1 entry of the week", "weekly")


def test_a_day_that_was_sent_is_over_also_if_the_clock_goes_back(home: Path, hook: Hook) -> None:
    watched(home, "day", hook.url, "--every", "daily")
    for hours, shown in ((8, TAXED), (7, TAX)):
        with closing(open_archive(home)) as archive, open_book(Home(home)) as book:
            plant(archive, hours_ago(hours), {1: shown, 2: CITY})
            fill(archive, book, instant("2026-01-01T12:00:00Z"))
        assert sent(home) == Sendings(sent=1)
    assert [len(said["events"]) for _, said in hook.got] == [1, 1]
    assert len({each for each, _ in hook.got}) == 2


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


def test_receivers_of_a_mail_that_others_refused_learn_that_its_article_was_withdrawn(home: Path, hook: Hook) -> None:
    watched(home, "all", hook.url)
    edited(home)
    hook.answers[:] = [500]
    assert sent(home) == Sendings(put_off=1)
    with open_book(Home(home)) as book:
        set_all(home, "update watches set next_try_at = null")
        message = next_message(book, [], datetime.now(UTC))
        assert message is not None
        refuse(book, message, "some receivers have the message, others do not", datetime.now(UTC), partly=True)
    assert asked(home, "takedown", "newsroom-1", "--hide", "--reason", "request", "--yes")[0] == 0
    hook.answers[:] = [200]
    hook.got.clear()
    assert sent(home) == Sendings(sent=1)
    assert [subject for _, subject in hook.subjects()] == ["Withdrawn: newsroom-1"]


@pytest.mark.parametrize(
    ("pace", "due"),
    [("now", "2026-12-01T07:00:00Z"), ("daily", "2026-12-02T00:00:00Z"), ("weekly", "2026-12-07T00:00:00Z")],
)
def test_a_message_is_due_at_the_end_of_its_day_or_week(pace: str, due: str) -> None:
    assert stamp(due_at(pace, instant("2026-12-01T07:00:00Z"))) == due  # type: ignore[arg-type]


def test_a_rule_that_breaks_and_holds_again_is_sent_each_time(home: Path, hook: Hook) -> None:
    def judged(ok: bool, moment: str) -> None:
        with closing(open_archive(home)) as archive:
            store(archive.conn, [HealthRule("lists", ok, "a <list> fails", "列表无法读取")], instant(moment))

    judged(True, "2026-11-25T12:00:00Z")
    watched(home, "ops", hook.url, "--on", "health", "--query", "税")
    for moment, ok in enumerate((False, False, True), 1):
        judged(ok, f"2026-11-25T12:0{moment}:00Z")
        sent(home)
    assert hook.subjects() == [("ops", "Needs attention: Lists"), ("ops", "In order again: Lists")]
    assert "a <list> fails" in hook.got[0][1]["text"]
    assert hook.got[0][1]["events"][0]["detail"] == {"rule": "lists", "ok": False, "text": "a <list> fails"}


def test_a_gap_is_sent_with_any_query(home: Path, hook: Hook) -> None:
    watched(home, "gaps", hook.url, "--on", "gap", "--query", "税")
    watched(home, "elsewhere", hook.url, "--on", "gap", "--source", "shangguan")
    edited(home)
    with closing(open_archive(home)) as archive:
        record_missed(archive, "newsroom", [stamp(hours_ago(7.5))], hours_ago(7.4))
        plant(archive, hours_ago(7), {1: TAXED, 2: CITY})
    assert sent(home) == Sendings(sent=1)
    assert hook.subjects() == [("gaps", "Gap: newsroom")]


def test_a_text_that_came_late_is_sent_only_if_asked_for_and_says_so(home: Path, hook: Hook) -> None:
    watched(home, "prompt", hook.url)
    watched(home, "late", hook.url, "--late")
    with closing(open_archive(home)) as archive:
        plant(archive, hours_ago(30), {3: article(3, "迟到的一篇")}, late=29 * HOUR)
    assert sent(home) == Sendings(sent=1)
    ((_, told),) = hook.got
    assert told["watch"] == "late"
    assert told["subject"].startswith("New: 迟到的一篇 (recorded late, at ")
    assert told["events"][0]["late"] is True


def test_nothing_from_before_a_watch_is_sent_after_a_rebuild(home: Path, hook: Hook) -> None:
    with closing(open_archive(home)) as archive:
        plant(archive, hours_ago(5), {1: TAX, 2: replace(CITY, paragraphs=("城市，的新事。",))})
        plant(archive, hours_ago(4), {2: replace(CITY, paragraphs=("城市,的新事。",))})
        import_texts(archive, hours_ago(7), {1: TAXED})  # so that the last event is that of five hours ago
    watched(home, "all", hook.url)
    watched(home, "form", hook.url, "--significance", "cosmetic")
    assert asked(home, "rebuild")[0] == 0
    assert sent(home) == Sendings()


def test_an_event_that_an_import_makes_of_an_earlier_visit_is_late(home: Path, hook: Hook) -> None:
    with closing(open_archive(home)) as archive:
        plant(archive, hours_ago(5), {1: TAX})
        watched(home, "prompt", hook.url)
        watched(home, "late", hook.url, "--late")
        import_texts(archive, hours_ago(7), {1: TAXED})
    assert sent(home) == Sendings(sent=2)
    assert [(said["watch"], said["events"][0]["late"]) for _, said in hook.got] == [("late", True)] * 2


def test_a_clock_that_was_ahead_holds_back_no_event_of_others(home: Path, hook: Hook) -> None:
    with closing(open_archive(home)) as archive:
        plant(archive, hours_ago(8), {3: article(3, "第三篇")}, late=56 * HOUR)
        watched(home, "all", hook.url)
        plant(archive, hours_ago(-0.05), {4: article(4, "第四篇")}, source=replace(SOURCE, name="bureau"))
    assert sent(home) == Sendings(sent=1)


def test_an_article_that_is_shown_again_is_no_new_event(home: Path, hook: Hook) -> None:
    act = json.loads(asked(home, "takedown", "newsroom-1", "--hide", "--reason", "request", "--yes", "--json")[1])[
        "act"
    ]
    watched(home, "all", hook.url)
    assert asked(home, "undo", act, "--reason", "request")[0] == 0
    assert sent(home) == Sendings()


@pytest.mark.parametrize("act", [("takedown", "newsroom-2", "--hide", "--yes"), ("merge", "newsroom-1", "newsroom-2")])
def test_an_act_that_is_undone_makes_no_old_event_a_new_one(home: Path, hook: Hook, act: tuple[str, ...]) -> None:
    watched(home, "all", hook.url)
    digest = json.loads(asked(home, *act, "--reason", "request", "--json")[1])["act"]
    assert sent(home) == Sendings()
    assert asked(home, "undo", digest, "--reason", "request")[0] == 0
    assert sent(home) == Sendings()


def test_an_edit_of_form_alone_is_not_sent_again_when_its_article_has_another_key(home: Path, hook: Hook) -> None:
    with closing(open_archive(home)) as archive:
        plant(archive, hours_ago(8), {2: replace(CITY, paragraphs=("城市，的事。",))})
        watched(home, "form", hook.url, "--significance", "cosmetic")
        plant(archive, hours_ago(7), {2: replace(CITY, paragraphs=("城市,的事。",))})
    assert sent(home) == Sendings(sent=1)
    assert asked(home, "merge", "newsroom-1", "newsroom-2", "--reason", "request")[0] == 0
    assert asked(home, "rebuild")[0] == 0
    assert sent(home) == Sendings()


KILLED_AT = ("begin_try", "sent", "sent", "enter", "set_place")


@pytest.mark.parametrize("rounds", [6, pytest.param(50, marks=pytest.mark.slow)])
def test_a_notifier_that_is_killed_loses_nothing(home: Path, hook: Hook, rounds: int) -> None:
    watched(home, "all", hook.url)
    watched(home, "tax", hook.url, "--query", "第")
    chance = random.Random(rounds)
    planted = {1: TAX, 2: CITY}
    for number in range(rounds):
        planted[10 + number] = article(10 + number, f"第{number}篇")
        with closing(open_archive(home)) as archive:
            plant(archive, hours_ago(8 - number / 50), {10 + number: planted[10 + number]})
        _killed_in(home, chance.choice(KILLED_AT), chance.randrange(1, 3))
    sent(home)
    ids = Counter(each for each, _ in hook.got)

    assert len(ids) == 2 * rounds
    assert sum(ids.values()) <= 3 * rounds  # at most one repeat a kill
    assert {(said["watch"], said["events"][0]["key"]) for _, said in hook.got} == {
        (watch, f"newsroom-{10 + number}") for watch in ("all", "tax") for number in range(rounds)
    }
    assert sent(home) == Sendings()


def test_a_subscriber_whose_sender_was_killed_learns_that_an_article_was_withdrawn(home: Path, hook: Hook) -> None:
    watched(home, "all", hook.url)
    edited(home)
    _killed_in(home, "sent", 1)
    assert len(hook.got) == 1
    assert asked(home, "takedown", "newsroom-1", "--hide", "--reason", "request", "--yes")[0] == 0
    assert (sent(home), sent(home)) == (Sendings(dropped=1), Sendings(sent=1))
    assert [subject for _, subject in hook.subjects()] == ["Edited: 谈税收", "Withdrawn: newsroom-1"]


def _killed_in(home: Path, function: str, call: int) -> None:
    """Look once in a child process that kills itself when it is about to call a function for that time."""
    child = os.fork()
    if child:
        os.waitpid(child, 0)
        return
    left = [call]

    def trace(frame: FrameType, event: str, _: object) -> None:
        if event == "call" and frame.f_code.co_name == function and "watches" in frame.f_code.co_filename:
            left[0] -= 1
            if not left[0]:
                os.kill(os.getpid(), signal.SIGKILL)

    try:
        sys.setprofile(trace)
        sent(home)
    finally:
        os._exit(0)


def test_an_edit_of_form_alone_is_sent_to_the_watches_that_ask_for_it(home: Path, hook: Hook) -> None:
    with closing(open_archive(home)) as archive:
        plant(archive, hours_ago(8), {1: TAX, 2: replace(CITY, paragraphs=("城市，的事。",))})
    watched(home, "form", hook.url, "--significance", "cosmetic")
    watched(home, "text", hook.url)
    with closing(open_archive(home)) as archive:
        plant(archive, hours_ago(7), {1: TAX, 2: replace(CITY, paragraphs=("城市,的事。",))})
    assert (sent(home), sent(home)) == (Sendings(sent=1), Sendings())
    assert asked(home, "rebuild")[0] == 0
    assert sent(home) == Sendings()
    ((_, said),) = hook.got
    (event,) = said["events"]
    assert (said["watch"], event["significance"], event["kind"]) == ("form", "cosmetic", "edited")
    assert event["permalink"] == f"{SITE}/a/newsroom-2/v/{event['content_digest'][7:19]}"
    assert "Body: 城市⟦deleted: ，⟧⟦inserted: ,⟧的事。" in said["text"]


def test_a_watch_of_thinker_toml_follows_the_file_while_messages_are_sent(home: Path, hook: Hook) -> None:
    def settings(text: str) -> None:
        (home / "thinker.toml").write_text(text, encoding="utf-8")

    settings(f'[watch.a]\nto = "{hook.url}"\nlang = "en"\nquery = "税"\n')
    assert sent(home) == Sendings()
    edited(home)
    settings("[watch.a")  # as in an editor
    assert sent(home) == Sendings(sent=1)
    settings(f'[watch.a]\nto = "{hook.url}"\nquery = "税"\n[watch.b]\nto = "{hook.url}"\n')
    assert sent(home) == Sendings()
    with closing(open_archive(home)) as archive:
        plant(archive, hours_ago(7), {1: TAX, 2: CITY})
    assert sent(home) == Sendings(sent=2)
    assert hook.subjects() == [("a", "Edited: 谈税收"), ("b", "修改：谈税收"), ("a", "修改：谈税收")]
    with closing(open_archive(home)) as archive:
        plant(archive, hours_ago(6), {1: TAXED, 2: CITY})
    settings(f'[watch.a]\nto = "{hook.url}"\nquery = "收"\n[watch.b]\nto = "{hook.url}"\n')
    assert sent(home) == Sendings(sent=1)  # a asks for other events than before, so it begins again
    assert hook.subjects()[3:] == [("b", "修改：谈税收")]


def test_a_file_that_is_being_written_removes_no_watch(home: Path, hook: Hook) -> None:
    file, text = home / "thinker.toml", f'[watch.a]\nto = "{hook.url}"\n'
    file.write_text(text, encoding="utf-8")
    assert sent(home) == Sendings()
    edited(home)
    file.write_text("", encoding="utf-8")
    writer = Timer(0.2, file.write_text, [text])
    writer.start()
    assert sent(home) == Sendings(sent=1)
    writer.join()


def test_watches_take_turns(home: Path, hook: Hook) -> None:
    for name in ("a", "b"):
        watched(home, name, hook.url)
    with closing(open_archive(home)) as archive:
        plant(archive, hours_ago(7), {number: article(number, f"第{number}篇") for number in range(3, 6)})
    set_all(home, "update watches set last_sent_at = '2026-01-01T00:00:00Z' where name = 'a'")
    assert sent(home) == Sendings(sent=6)
    assert [name for name, _ in hook.subjects()][:2] == ["b", "a"]


def test_a_message_shows_the_version_of_its_event_also_after_a_later_edit(home: Path, hook: Hook) -> None:
    watched(home, "all", hook.url)
    with closing(open_archive(home)) as archive:
        plant(archive, hours_ago(7), {3: article(3, "先前的题目", "先前的正文。")})
        plant(archive, hours_ago(6), {3: article(3, "后来的题目", "后来的正文。")})
    assert sent(home) == Sendings(sent=2)
    assert [subject for _, subject in hook.subjects()] == ["New: 先前的题目", "Edited: 后来的题目"]
    assert "> 先前的正文。" in hook.got[0][1]["text"]


def test_a_message_that_cannot_be_written_holds_up_no_other(home: Path, hook: Hook) -> None:
    watched(home, "all", hook.url, "--on", "gap,edited")
    with closing(open_archive(home)) as archive:
        record_missed(archive, "newsroom", [stamp(hours_ago(8.5))], hours_ago(8.4))
        plant(archive, hours_ago(8), {1: TAXED, 2: CITY})
        archive.conn.execute("update events set detail = '{}' where kind = 'gap'")
    assert (sent(home), sent(home)) == (Sendings(sent=1, refused=1), Sendings())
    (state,) = json.loads(asked(home, "watch", "list", "--json")[1])
    assert (state["state"], state["refusal"]) == ("failing", "it cannot be written: KeyError")
