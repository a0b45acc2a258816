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

    Raises SettingsError without [cluster] or the package redis, SpoolBusy, DepotError and OSError.
    """
    server = Server.of(settings.cluster)
    depot, book = depot_of(settings.cluster, home), RedisHostBook(server)
    return Work(settings, Spool(spool), Orders(server), depot, book, once, quiet)
