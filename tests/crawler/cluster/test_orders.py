"""Orders on a real server: each goes to one worker at a time, and none is lost with a worker or with the server."""

import json
import time
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from uuid import uuid4

import pytest
from support.cut_answers import CutAnswers
from support.redis_server import RedisServer

from crawler.cluster.order import Order, OrderError, order_of
from crawler.frontier import ClusterState, Leased, Orders, Server, ServerError, Wanted
from crawler.frontier.redis.orders import MAX_LEASES

ONE, OTHER = "0" * 12, "1" * 12
LONG, SHORT = 60.0, 0.05
MANY = 100


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RedisServer]:
    with RedisServer(tmp_path_factory.mktemp("redis")) as found:
        yield found


@pytest.fixture
def orders(server: RedisServer, request: pytest.FixtureRequest) -> Iterator[Orders]:
    """The orders of an archive that nobody else uses."""
    made = Orders(Server(server.url, f"test-{abs(hash(request.node.name))}", 5.0))
    yield made
    made.close()


def _put(orders: Orders, *names: str, host: str = "a.example", delay: float = 0.0, urgent: bool = False) -> int:
    return orders.put("town", [Wanted(name, host, delay, f"ask {name}\nin two lines", urgent) for name in names])


def _leased(orders: Orders, worker: str = ONE, n: int = 16, seconds: float = LONG) -> list[Leased]:
    return orders.lease(worker, n, seconds, MANY) or []


def _tokens(leased: list[Leased]) -> list[tuple[str, str]]:
    return [(each.id, each.token) for each in leased]


def test_the_same_order_put_twice_is_one_and_urgent_ones_come_first(orders: Orders) -> None:
    assert (_put(orders, "1", "2"), _put(orders, "2", "3"), _put(orders, "4", urgent=True)) == (2, 1, 1)
    leased = _leased(orders)
    assert [(each.id, each.payload) for each in leased] == [(name, f"ask {name}\nin two lines") for name in "4123"]
    assert (_leased(orders), _leased(orders, OTHER)) == ([], [])


def test_the_crawls_of_one_host_do_not_overtake_each_other(server: RedisServer) -> None:
    prefix = uuid4().hex
    with closing(Orders(Server(server.url, prefix))) as one, closing(Orders(Server(server.url, prefix))) as other:
        _put(one, "1", "2")
        time.sleep(1.1)  # of two orders in one second, either may be the first
        _put(other, "3")
        assert [each.id for each in _leased(one)] == ["1", "2", "3"]


def test_a_host_with_a_delay_has_one_order_at_a_time_and_other_hosts_do_not_wait(orders: Orders) -> None:
    _put(orders, "1", "2", host="slow.example", delay=LONG)
    _put(orders, "3", "4", host="less-slow.example", delay=SHORT)
    _put(orders, "5", "6", host="quick.example")
    assert sorted(each.id for each in _leased(orders)) == ["1", "3", "5", "6"]
    time.sleep(2 * SHORT)
    assert [each.id for each in _leased(orders, OTHER)] == ["4"]
    assert _leased(orders, OTHER) == []


def test_a_lease_that_ended_goes_to_another_worker_and_its_token_is_refused(orders: Orders) -> None:
    _put(orders, "1")
    late = _leased(orders, seconds=SHORT)
    time.sleep(2 * SHORT)
    again = _leased(orders, OTHER)
    assert [each.id for each in again] == ["1"]
    assert orders.renew(_tokens(late), LONG) == {"1"}
    assert orders.acknowledge("town/late", "town", _tokens(late)) == {"1"}
    assert orders.acknowledge("town/good", "town", _tokens(again)) == set()
    assert orders.arrived("town") == ["town/late", "town/good"]
    assert orders.arrived("town") == []


def test_a_lease_ends_when_its_worker_said_last(orders: Orders) -> None:
    _put(orders, "1")
    held = _leased(orders)
    assert orders.renew(_tokens(held), LONG) == set()
    assert orders.renew(_tokens(held), 0.001) == set()
    time.sleep(SHORT)
    assert [each.id for each in _leased(orders, OTHER)] == ["1"]


def test_an_order_that_no_worker_ever_answers_is_lost_and_its_crawl_hears_of_it(orders: Orders) -> None:
    _put(orders, "1")
    for _ in range(MAX_LEASES):
        assert [each.id for each in _leased(orders, seconds=0.001)] == ["1"]
        time.sleep(0.01)
    assert _leased(orders) == []
    asked = [Wanted(name, "a.example", 0.0, "") for name in "12"]
    assert orders.lost("town", asked) == ["1"]
    assert orders.lost("town", asked) == []
    assert orders.state().orders == 0


def test_a_worker_that_starts_again_frees_what_it_held_but_not_what_others_hold(orders: Orders) -> None:
    _put(orders, "1", "2", "3")
    mine, theirs = _leased(orders, n=2), _leased(orders, OTHER, n=1)
    assert orders.reclaim(ONE) == 2
    assert orders.renew(_tokens(mine + theirs), LONG) == {each.id for each in mine}
    assert [each.id for each in _leased(orders, OTHER)] == [each.id for each in mine]
    assert orders.give_back(_tokens(theirs)) == 1
    assert [each.id for each in _leased(orders)] == [theirs[0].id]


def test_a_crawl_that_ends_takes_back_what_no_worker_has(orders: Orders) -> None:
    _put(orders, "1", "2")
    held = _leased(orders, n=1)
    assert orders.withdraw("town") == 1
    assert (orders.state().orders, _leased(orders)) == (1, [])
    assert orders.acknowledge("town/1", "town", _tokens(held)) == set()


def test_workers_take_nothing_while_too_many_segments_wait(orders: Orders) -> None:
    _put(orders, "1")
    orders.acknowledge("town/1", "town", [])
    assert orders.lease(ONE, 1, LONG, 1) is None
    orders.taken_in(["town/1"])
    assert [each.id for each in orders.lease(ONE, 1, LONG, 1) or []] == ["1"]


def test_a_worker_passes_over_the_hosts_that_it_waits_for(orders: Orders) -> None:
    _put(orders, "1", "2", host="slow.example", delay=0.01)
    _put(orders, "3", "4", host="other.example", delay=60)
    assert [each.id for each in _leased(orders, n=1)] == ["1"]
    time.sleep(0.02)  # both hosts have a turn now
    assert [each.id for each in orders.lease(ONE, 1, LONG, MANY, ["slow.example"]) or []] == ["3"]
    assert [each.id for each in _leased(orders, OTHER)] == ["2"]


def test_the_state_says_what_waits_and_who_works(orders: Orders) -> None:
    assert orders.state() == ClusterState(0, 0, 0, 0.0)
    _put(orders, "1", "2")
    _leased(orders, n=1)
    orders.acknowledge("town/1", "town", [])
    orders.beat(ONE, {"fetched": 3})
    orders.attend("town")
    assert (orders.crawls(LONG), orders.crawls(-1.0)) == (1, 0)
    orders.leave("town")
    assert orders.crawls(LONG) == 0
    state = orders.state()
    assert (state.orders, state.leased, state.segments) == (2, 1, 1)
    assert [(each.name, each.said) for each in state.workers] == [(ONE, {"fetched": 3})]
    assert 0 <= state.lag < LONG


WANTED = [Wanted(name, host, 0.0, f"ask {name}") for name, host in (("1", "a.example"), ("2", "b.example"))]


def _all_that_orders_go_through(orders: Orders) -> None:
    """Both are put and leased, one is given back and withdrawn, the other answered."""
    orders.put("town", WANTED)
    one, other = sorted(_tokens(_leased(orders)))
    orders.give_back([one])
    orders.acknowledge("town/1", "town", [other])
    orders.withdraw("town")


def test_a_process_that_dies_between_two_calls_leaves_no_order_behind(server: RedisServer) -> None:
    """It dies after each number of calls, until it ends before it dies."""
    for calls in range(50):
        way, prefix = CutAnswers(server.port), uuid4().hex
        dying = Server(f"redis://127.0.0.1:{way.port}/0", prefix, 0.0)
        dying.now()  # it is connected
        way.cut_all_after(calls)
        with closing(Orders(dying)) as orders:
            try:
                _all_that_orders_go_through(orders)
            except ServerError:
                died = True
            else:
                died = False
        way.close()
        with closing(Orders(Server(server.url, prefix))) as orders:
            answered = {"2"} if orders.arrived("town") else set()
            orders.reclaim(ONE)
            orders.put("town", [each for each in WANTED if each.id not in answered])
            leased = _leased(orders, OTHER)
            assert {each.payload for each in leased} <= {each.payload for each in WANTED}
            assert answered | {each.id for each in leased} == {"1", "2"}
            orders.acknowledge("town/2", "town", _tokens(leased))
            orders.withdraw("town")
            assert (orders.state().orders, orders.state().leased, _leased(orders)) == (0, 0, [])
        if not died:
            assert calls > 9
            return
    pytest.fail("it never ended")


def test_an_order_whose_text_is_lost_is_put_anew(orders: Orders, server: RedisServer) -> None:
    _put(orders, "1", "2")
    with closing(Server(server.url)) as other:
        for texts in other.call("KEYS", "*:orders:texts"):
            other.call("HDEL", texts, "1")
    assert [each.id for each in _leased(orders)] == ["2"]
    assert _put(orders, "1") == 1
    assert [each.id for each in _leased(orders)] == ["1"]


@pytest.mark.parametrize(
    "text",
    ["x", "", "town\n0", "town\na.example\nx\n{}", "town\na.example\nnan\n{}", "town\na.example\n-1\n{}",
     "../../evil\na.example\n0\n{}", "\na.example\n0\n{}", "Town\na.example\n0\n{}"],
)  # fmt: skip
def test_a_text_that_is_no_order_counts_as_a_text_that_is_lost(orders: Orders, server: RedisServer, text: str) -> None:
    def write() -> None:
        with closing(Server(server.url)) as other:
            for texts in other.call("KEYS", "*:orders:texts"):
                other.call("HSET", texts, "1", text)

    _put(orders, "1", "2")
    write()
    assert [each.id for each in _leased(orders)] == ["2"]
    assert _put(orders, "1") == 1
    assert [each.id for each in _leased(orders)] == ["1"]
    _put(orders, "1")
    write()
    orders.withdraw("town")
    assert (orders.state().orders, orders.reclaim(ONE)) == (1, 2)
    orders.withdraw("town")
    assert _leased(orders) == []


ASKED: dict[str, object] = {
    "method": "GET",
    "url": "http://a.example/",
    "headers": [["Accept", "*/*"]],
    "body": "",
    "meta": {},
    "claim": None,
}


@pytest.mark.parametrize(
    "change",
    [
        {"meta": {"download_timeout": "x"}}, {"meta": {"download_timeout": -1}}, {"meta": {"download_timeout": 1e999}},
        {"meta": {"most": 1.5}}, {"meta": {"enough": True}}, {"meta": {"most": 10**400}}, {"meta": []},
        {"meta": {"download_fail_on_dataloss": 0}}, {"claim": {"source": 5}},
        {"claim": {"source": "a", "of_host": "9"}},
        {"claim": {"source": "a", "recheck": 1}}, {"claim": {"source": "a", "with_it": None}}, {"claim": [1]},
    ],
)  # fmt: skip
def test_an_order_with_a_value_of_another_type_is_refused(change: dict[str, object]) -> None:
    def read(asked: dict[str, object]) -> Order:
        return order_of(Leased("1", "t", "town", "a.example", 0.0, json.dumps(asked)))

    meta = {"download_timeout": 30, "most": 1, "enough": 1, "download_fail_on_dataloss": False}
    assert read({**ASKED, "meta": {**meta, "depth": "x"}}).request.meta == meta
    with pytest.raises(OrderError, match="an order that this version cannot read"):
        read({**ASKED, **change})


def test_a_server_that_is_killed_has_what_it_acknowledged(tmp_path: Path) -> None:
    with RedisServer(tmp_path) as server:
        orders = Orders(Server(server.url, "kept", 10.0))
        _put(orders, "1", "2")
        held = _leased(orders, n=1)
        server.kill()
        server.start()
        assert orders.acknowledge("town/1", "town", _tokens(held)) == set()
        assert [each.id for each in _leased(orders)] == ["2"]
        server.kill()
        away = Orders(Server(server.url, "kept", 0.2))
        with pytest.raises(ServerError, match="does not answer"):
            away.put("town", [Wanted("3", "a.example", 0.0, "")])
        server.start()
        orders.close()
        away.close()
