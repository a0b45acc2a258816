"""Two frontiers, one in archive.db and one on Redis, are asked the same things at random and give the same answers."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import ClassVar, TypeVar
from uuid import uuid4

import pytest
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule, run_state_machine_as_test
from support.frontiers import OpenOf, on_redis, on_sqlite
from support.redis_server import RedisServer

from archive.rows.frontier import GivenUp
from crawler.frontier import NEVER, Frontier, Lease, Visit, Waiting, Which

pytestmark = pytest.mark.redis

NOON = datetime(2024, 4, 13, 12, tzinfo=UTC)
HOUR = timedelta(hours=1)
KEYS = [f"example,a)/{n}" for n in range(4)]
WHICH: list[Which] = ["all", "unseen", "seen"]
WHY: list[GivenUp | None] = [None, "failed", "refused", "moved"]

T = TypeVar("T")

dates = st.one_of(st.none(), st.integers(-9, 9).map(lambda n: NOON + n * 24 * HOUR))
links = st.builds(
    lambda n, scheme, date, section: Waiting(f"{scheme}a.example/{n}", KEYS[n], date, section=section),
    st.integers(0, len(KEYS) - 1),
    st.sampled_from(["https://", "http://", "https://www."]),
    dates,
    st.sampled_from([None, "观点", "要闻"]),
)


class Engines(RuleBasedStateMachine):
    """The clock never goes back, as in a crawl: an untried url is due from when a list named it."""

    engines: ClassVar[list[OpenOf]]

    def __init__(self) -> None:
        super().__init__()
        source = uuid4().hex
        self.both = [engine(source, "me") for engine in self.engines]
        self.now = NOON
        self.held: list[list[Lease]] = []  # of each lease what the engines gave

    def same(self, ask: Callable[[Frontier], T]) -> T:
        """The answer of one engine, if the other says the same."""
        one, other = map(ask, self.both)
        assert one == other
        return one

    def noted(self, found: list[list[Lease]]) -> None:
        """Both engines gave the same leases, but for the tokens."""
        one, other = ([replace(lease, token="") for lease in leases] for leases in found)
        assert one == other
        self.held += map(list, zip(*found, strict=True))

    @rule(hours=st.integers(1, 400))
    def time_passes(self, hours: int) -> None:
        self.now += hours * HOUR

    @rule(named=st.lists(links, min_size=1, max_size=4))
    def add(self, named: list[Waiting]) -> None:
        self.same(lambda frontier: frontier.add(named, self.now))

    @rule(n=st.integers(1, 3), since=dates, which=st.sampled_from(WHICH), hours=st.integers(1, 9))
    def lease(self, n: int, since: datetime | None, which: Which, hours: int) -> None:
        self.noted([each.lease(n, self.now, hours * 3600, since, which) for each in self.both])

    @rule(key=st.sampled_from(KEYS), due=st.booleans())
    def take(self, key: str, due: bool) -> None:
        taken = [each.take(key, self.now, 7200, due=due) for each in self.both]
        self.noted([[lease] if lease else [] for lease in taken])

    @rule(
        data=st.data(),
        hours=st.integers(0, 99),
        status=st.sampled_from([200, 304, 404, None]),
        why=st.sampled_from(WHY),
    )
    def give_back(self, data: st.DataObject, hours: int, status: int | None, why: GivenUp | None) -> None:
        if not self.held:
            return
        leases = self.held[data.draw(st.integers(0, len(self.held) - 1))]
        due = NEVER if why else self.now + hours * HOUR
        etag = data.draw(st.sampled_from([None, "a"]))
        url = data.draw(st.sampled_from([None, leases[0].url.replace("https:", "http:")]))
        visit = Visit(self.now, due, status, etag, None, why, url)
        how = data.draw(st.sampled_from(["ack", "nack", "release", "forget"]))
        told = [visit] if how in ("ack", "nack") else []
        one, other = (getattr(each, how)(lease, *told) for each, lease in zip(self.both, leases, strict=True))
        assert one == other

    @rule(hours=st.integers(0, 9))
    def renew(self, hours: int) -> None:
        held = [
            each.renew([leases[at] for leases in self.held], hours * 3600, self.now)
            for at, each in enumerate(self.both)
        ]
        one, other = ([leases[at].token in held[at] for leases in self.held] for at in (0, 1))
        assert one == other

    @rule(keys=st.lists(st.sampled_from(KEYS)), only_moved=st.booleans(), leave=st.booleans())
    def hasten_or_leave(self, keys: list[str], only_moved: bool, leave: bool) -> None:
        for each in self.both:
            if leave:
                each.leave(keys, self.now)
            else:
                each.hasten(keys, self.now, only_moved=only_moved)

    @rule(holder=st.sampled_from([None, "me", "another"]))
    def reclaim(self, holder: str | None) -> None:
        self.same(lambda frontier: frontier.reclaim(self.now, holder))

    @rule()
    def recall(self) -> None:
        self.same(lambda frontier: frontier.recall(self.now))

    @rule()
    def revive(self) -> None:
        self.same(lambda frontier: frontier.revive(self.now))

    @rule(since=dates, which=st.sampled_from(WHICH), every=st.booleans())
    def look(self, since: datetime | None, which: Which, every: bool) -> None:
        self.same(lambda frontier: frontier.due_count(self.now, since, which))
        self.same(lambda frontier: frontier.overdue(3, self.now, 50 * HOUR, since, every=every))
        self.same(lambda frontier: list(frontier.dead_letters()))

    @invariant()
    def they_know_the_same(self) -> None:
        self.same(lambda frontier: sorted(frontier.known(), key=lambda known: known.urlkey))


@pytest.fixture(scope="module", autouse=True)
def engines(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    folder = tmp_path_factory.mktemp("engines")
    with (
        RedisServer(folder, "--appendfsync", "no") as running,
        on_redis(running.url) as redis,
        on_sqlite(folder / "archive.db") as sqlite,
    ):
        Engines.engines = [sqlite, redis]
        yield


def tried(examples: int, steps: int) -> None:
    told = settings(
        max_examples=examples,
        stateful_step_count=steps,
        deadline=None,
        suppress_health_check=list(HealthCheck),
        phases=[Phase.generate],  # making a failure smaller takes minutes
    )
    run_state_machine_as_test(Engines, settings=told)


def test_both_engines_give_the_same_answers() -> None:
    tried(15, 20)


@pytest.mark.slow
def test_both_engines_give_the_same_answers_to_many_more_questions() -> None:
    tried(60, 50)
