"""The depot of an archive by its settings."""

from __future__ import annotations

from pathlib import Path

from archive.settings import ClusterSettings
from crawler.segments import Depot


def depot_of(cluster: ClusterSettings, home: Path) -> Depot:
    """The depot that `segments` of [cluster] names; a folder without a leading / is one of the home."""
    address = cluster.segments
    here = "://" not in address and not address.startswith("/")
    return Depot(str(home / address) if here else address, home / "inbox")
