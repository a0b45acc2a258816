"""A trial: planted events over many watches; each is sent once to each watch that asks for it, and nothing else is."""

import random
from collections import Counter
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path

import pytest
from support.journeys import SOAK
from support.watched import article, hooked, hours_ago, plant

from archive import Archive, open_archive
from archive.files.home import Home
from archive.watches.book import add, open_book
from archive.watches.definition import Watch, made
from parsers import Article
from schedules.notifier import Notifier

WORDS = ["养老", "住房", "税收", "教育", "医疗", "就业", "环境", "科技", "农业", "交通"]
SPEAKERS = ("林知远", "阮青", "程一帆")


@dataclass
class Planted:
    """The texts that articles show, and each event with the texts before and after it."""

    chance: random.Random
    shown: dict[int, Article] = field(default_factory=dict)
    gone: set[int] = field(default_factory=set)
    events: list[tuple[str, int, Article | None, Article]] = field(default_factory=list)

    def step(self, archive: Archive, at: int, size: int) -> None:
        """Plant some events of each kind, half an hour after the last ones; a removal takes two crawls."""
        moment = hours_ago(20) + at * timedelta(minutes=2)
        texts = {}
        for number in range(len(self.shown) + 1, len(self.shown) + size + 1):
            texts[number] = self._article(number)
            self.events.append(("new", number, None, texts[number]))
        back = self.chance.sample(sorted(self.gone), min(len(self.gone), size // 4))
        there = sorted(self.shown.keys() - self.gone - {1})  # which shows that the host works
        lost = self.chance.sample(there, min(len(there), size // 4))
        for number in self.chance.sample([n for n in there if n not in lost], min(len(there) - len(lost), size // 2)):
            texts[number] = self._article(number)
            self.events.append(("edited", number, self.shown[number], texts[number]))
        for number in back:
            texts[number] = self.shown[number]
            self.events.append(("restored", number, None, self.shown[number]))
        self.events += [("removed", number, None, self.shown[number]) for number in lost]
        plant(archive, moment, texts, gone=lost)
        self.shown |= texts
        plant(archive, moment + timedelta(seconds=30), {1: self.shown[1]}, gone=lost)
        self.gone = (self.gone | set(lost)) - set(back)

    def _article(self, number: int) -> Article:
        words = self.chance.sample(WORDS, 3)
        paragraphs = (f"这里谈{words[0]}与{words[1]}，第{self.chance.randrange(10**6)}号。", f"也谈{words[2]}。")
        return article(number, f"第{number}篇", *paragraphs, speaker=SPEAKERS[number % 3])


def watches() -> Iterator[tuple[Watch, str]]:
    """Thirty watches, each with the word that an article must have, "" for any; some turn, by kind or by speaker."""
    for number, word in enumerate(WORDS):
        yield made(f"word-{number}", {"to": "env:HOOK", "query": word}), word
        yield made(f"comes-{number}", {"to": "env:HOOK", "query": f"appears:{word}"}), word
        yield made(f"gone-{number}", {"to": "env:HOOK", "query": word, "on": "removed,restored"}), word


def expected(planted: Planted, watch: Watch, word: str) -> Iterator[tuple[str, str, int]]:
    """The events that a watch asks for, by a plain look at the texts."""
    for kind, number, before, after in planted.events:
        had, has = (word in "".join(each.paragraphs) if each else False for each in (before, after))
        counts = [sum(p.count(word) for p in each.paragraphs) if each else 0 for each in (before, after)]
        if watch.name.startswith("comes"):
            fits = kind == "edited" and counts[1] > counts[0]
        else:
            fits = (had or has) and kind in watch.asked.on
        if fits:
            yield watch.name, kind, number


@pytest.mark.parametrize("steps", [2, pytest.param(50 if SOAK else 20, marks=[pytest.mark.slow, pytest.mark.soak])])
def test_each_event_is_sent_once_and_nothing_else(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, steps: int) -> None:
    planted, size = Planted(random.Random(steps)), 12
    with closing(open_archive(tmp_path)) as archive, hooked() as hook:
        monkeypatch.setenv("HOOK", hook.url)
        planted.step(archive, -1, 40)
        planted.events.clear()
        with open_book(Home(tmp_path)) as book:
            for watch, _ in watches():
                add(book, archive, watch, hours_ago(0))
        notifier = Notifier(Home(tmp_path), "https://archive.example")
        for step in range(steps):
            planted.step(archive, step, size)
            if step % 3 == 0:
                notifier.once()
        notifier.once()
        assert notifier.once().sent == 0
    wanted = Counter(each for watch, word in watches() for each in expected(planted, watch, word))
    told = [(said["watch"], each["kind"], int(each["key"].split("-")[1])) for _, said in hook.got
            for each in said["events"]]  # fmt: skip
    assert Counter(told) == wanted
    assert len({each for each, _ in hook.got}) == len(hook.got) == len(told)
    assert len(planted.events) >= steps * 20
    for _, said in hook.got:
        (event,) = said["events"]
        assert f"第{event['key'].split('-')[1]}篇" in said["subject"]
        assert event["content_digest"] in said["text"]
        if event["kind"] == "edited":
            assert "⟦" in said["text"]
