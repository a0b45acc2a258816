"""A newsroom of thirty articles, crawls of it as processes, and what their database holds."""

import json
import os
import signal
import sqlite3
import subprocess
from contextlib import closing
from pathlib import Path
from typing import Any

from support.checkout import ROOT, SUPPORT
from support.loaded import Loaded

from newsroom.process import Site

CRAWLING = SUPPORT / "crawling.py"
ARTICLES = 30


def start(site: Site, home: Path, **options: Any) -> subprocess.Popen[str]:
    environment = {**os.environ, "THINKER_NEWSROOM": site.address, "PYTHONPATH": str(ROOT)}
    return Loaded([str(CRAWLING), str(home), json.dumps(options)], environment)


def crawl(site: Site, home: Path, **options: Any) -> Any:
    process = start(site, home, **options)
    try:
        out, err = process.communicate(timeout=90)
    except subprocess.TimeoutExpired:
        os.killpg(process.pid, signal.SIGKILL)
        raise
    assert process.returncode == 0, err
    return json.loads(out)


def figures(summary: dict[str, Any], *names: str) -> list[Any]:
    return [summary[name] for name in names]


def rows(home: Path, query: str) -> list[tuple[Any, ...]]:
    with closing(sqlite3.connect(home / "archive.db")) as database:
        return database.execute(query).fetchall()
