"""Turns on a host are one at a time, urgent ones first, and a comer who gave up holds up nobody."""

import asyncio

from crawler.middlewares.turns import Turns


def order(*comers: tuple[str, bool], leaving: str = "") -> list[str]:
    """The order of turns of these (name, urgent), who wait for the first; `leaving` gives up before its turn."""

    async def run() -> list[str]:
        turns, had = Turns(), list[str]()

        async def come(name: str, urgent: bool) -> None:
            await turns.acquire(urgent)
            had.append(name)
            await asyncio.sleep(0)
            turns.release()

        await turns.acquire()
        tasks = {name: asyncio.create_task(come(name, urgent)) for name, urgent in comers}
        await asyncio.sleep(0)
        if leaving:
            tasks[leaving].cancel()
        turns.release()
        await asyncio.wait_for(asyncio.gather(*tasks.values(), return_exceptions=True), 10)
        await asyncio.wait_for(turns.acquire(), 10)  # nobody has it
        return had

    return asyncio.run(run())


def test_turns_are_given_in_order_of_arrival() -> None:
    assert order(("a", False), ("b", False), ("c", False)) == ["a", "b", "c"]


def test_urgent_waiters_go_first_in_their_own_order() -> None:
    assert order(("a", False), ("b", True), ("c", False), ("d", True)) == ["b", "d", "a", "c"]


def test_a_waiter_that_leaves_is_passed_over() -> None:
    assert order(("a", False), ("b", True), ("c", False), leaving="b") == ["a", "c"]


def test_a_waiter_cancelled_just_as_its_turn_comes_gives_it_back() -> None:
    async def run() -> None:
        turns = Turns()
        await turns.acquire()
        task = asyncio.create_task(turns.acquire())
        await asyncio.sleep(0)
        turns.release()
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)
        await asyncio.wait_for(turns.acquire(), 10)

    asyncio.run(run())
