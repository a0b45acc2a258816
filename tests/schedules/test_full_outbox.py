"""A disk that is nearly full: what cannot be noted is not sent, however much of it is free."""

import os
from collections import Counter
from contextlib import closing, suppress
from pathlib import Path
from shutil import copytree, rmtree

import pytest
from support.journeys import asked
from support.small_disks import filled, mounted
from support.watched import article, hooked, hours_ago, plant

from archive import open_archive
from archive.files.home import Home
from schedules.notifier import Notifier

NEW = {number: article(number, f"第{number}篇") for number in range(10, 13)}


@pytest.mark.slow
@pytest.mark.root
def test_no_message_is_sent_again_while_the_disk_fills(tmp_path: Path) -> None:
    with mounted(tmp_path / "disk", "-t", "tmpfs", "-o", "size=6m", "tmpfs") as disk, hooked() as hook:
        home, ballast = disk / "home", disk / "ballast"
        notifier = Notifier(Home(home), "https://archive.example")
        with closing(open_archive(home)) as archive:
            plant(archive, hours_ago(9), {1: article(1, "一篇")})
            assert asked(home, "watch", "add", "all", "--to", hook.url)[0] == 0
            plant(archive, hours_ago(8), NEW)
        before = copytree(home, tmp_path / "before")
        for free in range(0, 200_000, 8_192):
            ballast.unlink(missing_ok=True)
            rmtree(home)
            copytree(before, home)
            filled(disk)
            os.truncate(ballast, ballast.stat().st_size - free)
            hook.got.clear()
            for _ in range(3):
                with suppress(Exception):
                    notifier.once()
            ballast.unlink()
            assert asked(home, "watch", "run", "--once")[0] == 0
            assert Counter(said["events"][0]["key"] for _, said in hook.got) == {
                f"newsroom-{each}": 1 for each in NEW
            }, free
