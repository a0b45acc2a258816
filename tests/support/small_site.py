"""The small archive as a site, and the text of a page without its markup."""

import asyncio
import hashlib
import re
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import httpx
from datasette.app import Datasette
from support.small_archive import build
from support.stranger import close

from archive.publish.serving import site


@contextmanager
def small_site(folder: Path) -> Iterator[Datasette]:
    with served(build(folder)) as there:
        yield there


@contextmanager
def served(home: Path) -> Iterator[Datasette]:
    """Yield the site of an archive, started; it is closed afterwards."""
    there = site(home, hosts=["archive.example"], sql=True)
    try:
        asyncio.run(there.invoke_startup())
        yield there
    finally:
        close(there)


def get(datasette: Datasette, path: str, method: str = "get", **options: object) -> httpx.Response:
    response: httpx.Response = asyncio.run(getattr(datasette.client, method)(path, **options))
    return response


def text(response: httpx.Response) -> str:
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", response.text)).strip()


def bytes_of(folder: Path) -> dict[str, str]:
    """The SHA-256 of every file that is not empty, by path; not of SQLite's -shm files, which readers write to."""
    return {
        str(path.relative_to(folder)): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in folder.rglob("*")
        if path.is_file() and path.stat().st_size and not path.name.endswith("-shm")
    }
