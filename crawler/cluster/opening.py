"""Opens what a worker works with."""

from __future__ import annotations

from pathlib import Path

from archive.settings import Settings
from crawler.cluster.depots import depot_of
from crawler.cluster.work import Work
from crawler.frontier import Orders, RedisHostBook, Server
from crawler.segments import Spool


def open_work(settings: Settings, home: Path, spool: Path, once: bool, quiet: bool) -> Work:
    """The means of a worker with these settings; home: the folder of its thinker.toml.

    Raises SettingsError without [cluster] or the package redis, SpoolBusy, SpoolOfAnother, DepotError and OSError.
    """
    cluster = settings.cluster
    orders, book = Orders(Server.of(cluster)), RedisHostBook(Server.of(cluster))
    depot, kept = depot_of(cluster, home), Spool(spool)
    kept.bind_to(f"{cluster.shown} {cluster.prefix}")
    return Work(settings, kept, orders, depot, book, once, quiet)
