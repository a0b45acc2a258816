"""A crawl that a signal ended before it had begun."""


class NeverBegan(Exception):  # noqa: N818 an answer to a signal, not a fault
    """There is nothing to tell of the crawl, for a signal came first."""
