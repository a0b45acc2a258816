"""The room that all bodies under way share: who may go on, who waits, and who is called when there is room again."""

from crawler.download.bodies import BodyMemory, BodyPlace


class Holder:
    """The owner of a whole body: the body's place is free again once its owner is collected."""


def places(room: BodyMemory, count: int) -> tuple[list[BodyPlace], list[int]]:
    """So many bodies that begin, and the list of those that were called on."""
    called: list[int] = []
    return [room.place(lambda number=number: called.append(number)) for number in range(count)], called  # type: ignore[misc]


def test_small_bodies_never_wait() -> None:
    (first, second), called = places(BodyMemory(10), 2)
    assert [first.grow(5), second.grow(5), called] == [True, True, []]


def test_the_first_body_may_exceed_the_limit_and_others_resume_once_it_is_released() -> None:
    (first, second, third), called = places(BodyMemory(10), 3)
    assert [first.grow(5), second.grow(6), third.grow(1), first.grow(100)] == [True, False, False, True]
    holder = Holder()
    first.end(holder)
    assert called == []  # a body that is read and not recorded is in memory too
    del holder
    assert called == [1, 2]
    assert [third.grow(9), second.grow(100)] == [False, True]


def test_a_body_that_is_given_up_makes_room_for_a_waiting_one() -> None:
    (first, second), called = places(BodyMemory(10), 2)
    assert [first.grow(8), second.grow(8)] == [True, False]
    first.leave()
    first.leave()
    assert called == [1]


def test_a_small_complete_body_does_not_pause_a_large_one() -> None:
    """Its reader may wait for another page: were it in the way of that, both would wait for ever."""
    (first, second), called = places(BodyMemory(10), 2)
    holder = Holder()
    first.grow(3)
    first.end(holder)
    assert [second.grow(50), second.grow(50), called, isinstance(holder, Holder)] == [True, True, [], True]
