"""A crawl commits in groups, and no group keeps other crawls from writing for longer than it must."""

import asyncio

from crawler.session.writer import GROUP_SIZE, Writer


class _Store:
    """Counts the calls of each group that was committed."""

    def __init__(self) -> None:
        self.open, self.groups = 0, list[int]()

    def begin(self) -> bool:
        return not self.open

    def call(self) -> None:
        self.open += 1

    def commit(self) -> None:
        self.groups.append(self.open)
        self.open = 0


def test_a_call_that_comes_alone_is_committed_when_it_returns_and_many_in_groups() -> None:
    async def written() -> list[int]:
        writer, store = Writer(), _Store()
        await writer.write(store, store.call)
        assert store.groups == [1]
        for _ in range(3 * GROUP_SIZE + 1):
            await writer.write(store, store.call)
        while store.open:
            await asyncio.sleep(0.01)  # the last group is committed though no call comes any more
        writer.finish(lambda: None)
        return store.groups

    groups = asyncio.run(written())
    assert sum(groups) == 3 * GROUP_SIZE + 2
    assert max(groups) <= GROUP_SIZE
