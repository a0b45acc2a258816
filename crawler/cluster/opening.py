"""Opens what a worker works with."""

from __future__ import annotations

from pathlib import Path

from archive.settings import Settings, SettingsError
from crawler.cluster.depots import depot_of
from crawler.cluster.work import Work
from crawler.frontier.redis.orders import Orders
from crawler.hosts import SqliteHostBook
from crawler.segments import Spool

NO_CLUSTER = 'no [cluster] in thinker.toml: add url = "redis://HOST:PORT/NUMBER" there, the same for all machines'


def require_cluster(settings: Settings) -> str:
    """The address of the server of an archive's cluster. Raises SettingsError if the archive has none."""
    if settings.cluster.url is None:
        raise SettingsError(NO_CLUSTER)
    return settings.cluster.url


def open_work(settings: Settings, home: Path, spool: Path, once: bool, quiet: bool) -> Work:
    """What a worker with these settings needs; home: the folder of its thinker.toml.

    Raises SettingsError without [cluster], SpoolBusy, ServerGone without the package redis, DepotError and OSError.
    """
    url = require_cluster(settings)
    orders = Orders(url, settings.cluster.prefix)
    depot = depot_of(settings.cluster, home)
    return Work(settings, Spool(spool), orders, depot, SqliteHostBook(home), once, quiet)
