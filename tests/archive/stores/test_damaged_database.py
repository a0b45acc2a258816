"""Images of damaged databases in place of archive.db: each command ends in one line, and a rebuild mends it."""

import gzip
import sqlite3
from collections.abc import Callable
from contextlib import closing
from datetime import timedelta
from pathlib import Path

import pytest
from support.archiving import NOON, crawl, page
from support.attacks import claims, copied
from support.journeys import SOAK, Thinker, asked

from archive import open_archive
from archive.replaying.rebuild import rebuild_database
from cli.program import common, exit_codes

IMAGES, PROCESSES, SECONDS = 133, 2, 60
EACH = 1 if SOAK else 3  # a command meets each third image, and each image a third of the commands
COMMANDS = {
    name: tuple(name.split())
    for name in ("show newsroom-1", "status", "verify", "verify --deep", "search 发展", "doctor", "migrate", "reindex")
}


@pytest.fixture(scope="module")
def good(tmp_path_factory: pytest.TempPathFactory) -> Path:
    home = tmp_path_factory.mktemp("homes") / "good"
    archive = open_archive(home)
    crawl(archive, NOON, {number: page(number) for number in range(3)})
    archive.close()
    return home


@pytest.fixture(scope="module")
def images(shared: Path) -> list[bytes]:
    raw = shared / "data" / "corpora" / "sqlite-damaged" / "raw"
    return [gzip.decompress(path.read_bytes()) for path in sorted(raw.glob("*.db.gz"))]


def _put(image: bytes, home: Path) -> None:
    for suffix in ("-wal", "-shm", ""):
        (home / f"archive.db{suffix}").unlink(missing_ok=True)
    (home / "archive.db").write_bytes(image)


def _crawled(home: Path) -> int:
    """A crawl as the command does it, without its network: exit code by the same rules."""

    def opened_and_crawled() -> int:
        with closing(open_archive(home)) as archive:
            crawl(archive, NOON + timedelta(days=1), {0: page(0)})
        return exit_codes.OK

    common.Chosen.home = home
    return common.run(opened_and_crawled)


@pytest.mark.soak
@pytest.mark.slow
@pytest.mark.shared
@pytest.mark.parametrize(("turn", "name"), list(enumerate([*COMMANDS, "crawl"])))
def test_a_damaged_database_ends_every_command_in_one_line(
    tmp_path: Path, good: Path, images: list[bytes], turn: int, name: str, capsys: pytest.CaptureFixture[str]
):
    home = copied(good, tmp_path / "home")
    for image in images[turn % EACH :: EACH]:
        _put(image, home)
        if name == "crawl":
            code, err = _crawled(home), capsys.readouterr().err
        else:
            code, _, err = asked(home, *COMMANDS[name])
        assert code == 1
        (line,) = err.splitlines()
        assert line.startswith("thinker: ")
        assert "archive.db: " in line
        assert "run `thinker rebuild`" in line or "run `thinker migrate`" in line
        assert "--debug" not in line, "somebody has thought of it"


@pytest.mark.soak
@pytest.mark.slow
@pytest.mark.shared
def test_a_rebuild_gives_the_archive_back_and_keeps_the_damaged_database(
    tmp_path: Path, good: Path, images: list[bytes]
):
    assert len(images) == IMAGES
    home, whole = copied(good, tmp_path / "home"), claims(good)
    for image in images[::EACH]:
        _put(image, home)
        kept = rebuild_database(home, NOON).kept
        assert kept is not None
        assert (home / kept).read_bytes() == image
        assert claims(home) == whole


@pytest.mark.soak
@pytest.mark.shared
@pytest.mark.slow
def test_command_processes_name_a_damaged_database_and_a_rebuild_restores_it(
    tmp_path: Path, good: Path, images: list[bytes]
):
    for number, image in enumerate(images[:: IMAGES // PROCESSES][:PROCESSES]):
        home = copied(good, tmp_path / f"home-{number}")
        _put(image, home)
        thinker = Thinker(home)
        for command in ("status", "crawl newsroom"):
            said = thinker.run(*command.split(), code=1, seconds=SECONDS)
            assert ("archive.db: " in said, "Traceback" in said) == (True, False)
        thinker.run("rebuild", seconds=SECONDS)
        assert claims(home) == claims(good)


def _page_overwritten(home: Path) -> None:
    """Overwrite a page in the middle of the database; the first ones stay."""
    with closing(sqlite3.connect(home / "archive.db")) as conn:
        size, count = (conn.execute(f"pragma {name}").fetchone()[0] for name in ("page_size", "page_count"))
    with (home / "archive.db").open("r+b") as file:
        file.seek(size * (count // 2))
        file.write(b"\xff" * size)


def _no_database(home: Path) -> None:
    _put(b"no database", home)


def _zeros(home: Path) -> None:
    _put(bytes(8192), home)


Damage = Callable[[Path], object]


@pytest.mark.parametrize("damage", [_page_overwritten, _no_database, _zeros])
def test_a_rebuild_keeps_a_damaged_database_and_discards_a_sound_one(tmp_path: Path, good: Path, damage: Damage):
    home = copied(good, tmp_path / "home")
    assert rebuild_database(home, NOON).kept is None
    for number in range(2):  # in the same second
        damage(home)
        before = (home / "archive.db").read_bytes()
        kept = rebuild_database(home, NOON).kept
        assert kept == f"archive.db.before-20261125T120000Z{'-2' * number}"
        assert (home / kept).read_bytes() == before
    assert claims(home) == claims(good)


def test_another_program_s_database_is_not_made_an_archive(tmp_path: Path):
    with closing(sqlite3.connect(tmp_path / "archive.db")) as conn:
        conn.execute("create table recipes (name text)")
    before = (tmp_path / "archive.db").read_bytes()
    for command in ("status", "migrate", "search 发展"):
        code, _, err = asked(tmp_path, *command.split())
        assert (code, err.startswith("thinker: archive.db: a database of another program: ")) == (1, True)
    assert (tmp_path / "archive.db").read_bytes()[100:] == before[100:]  # but for the header: it was opened to write
