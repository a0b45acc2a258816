"""A newsroom that the tests only read, and one that each test may change."""

from collections.abc import Iterator

import pytest

from newsroom.process import Site, running


@pytest.fixture(scope="session")
def quiet_site() -> Iterator[Site]:
    """200 articles to which nothing happens."""
    with running() as site:
        yield site


@pytest.fixture
def site() -> Iterator[Site]:
    """40 articles to which a test may do what it likes."""
    with running(articles=40) as site:
        yield site
