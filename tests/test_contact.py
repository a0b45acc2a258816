"""Nothing public is asked while nobody can be reached: `contact` in thinker.toml, and where a new home leads to it."""

import re
import sqlite3
import tomllib
from contextlib import closing
from pathlib import Path

import pytest
from support.journeys import Thinker, asked

from archive.settings.settings import Settings, load_settings
from cli.program.starter import starter
from crawler.sources import NoContact, all_sources, source_named
from newsroom.process import running
from schedules.slots.schedule import schedules_of

TOWN = '[sources.town]\nfeeds = ["https://news.example/rss"]\n'
REMEDY = 'is on the public web: add contact = "you@example.org" to thinker.toml, so that its publisher can reach you\n'


@pytest.mark.parametrize(
    ("arguments", "name"),
    [
        ("crawl town", "town"),
        ("crawl town --dry-run", "town"),
        ("crawl town newsroom", "town"),
        ("crawl newsroom town", "town"),
        ("crawl", "town"),
        ("fetch https://news.example/1", "town"),
        ("fetch https://other.example/1", "fetched"),
    ],
)
def test_a_public_site_is_not_asked_without_a_contact(tmp_path: Path, arguments: str, name: str) -> None:
    (tmp_path / "thinker.toml").write_text(TOWN)
    assert asked(tmp_path, *arguments.split()) == (2, "", f"thinker: source {name!r} {REMEDY}")
    assert not (tmp_path / "captures").exists()


@pytest.mark.parametrize(
    ("keys", "local"),
    [
        ('feeds = ["http://127.0.0.1:8765/rss"]', True),
        ('feeds = ["http://127.0.0.2/rss"]', True),
        ('feeds = ["http://[::1]:8080/rss"]', True),
        ('feeds = ["http://localhost/rss"]', True),
        ('feeds = ["http://news.localhost./rss"]', True),
        ('feeds = ["http://127.0.0.1/rss"]\nhosts = ["localhost:80"]', True),
        ('feeds = ["http://127.0.0.1/rss"]\nhosts = ["127.0.0.1", "news.example"]', False),
        ('homepage = "http://127.0.0.1"\nfeeds = ["https://news.example/rss"]', False),
        ('homepage = "https://news.example"\nfeeds = ["http://127.0.0.1/rss"]', False),
        ('feeds = ["http://127.0.0.1.news.example/rss"]', False),
        ('feeds = ["http://localhost.example/rss"]', False),
        ('feeds = ["http://10.0.0.5/rss"]\nallow = ["10.0.0.5:80"]', False),
        ('feeds = ["https://news.example/rss"]\nallow = ["127.0.0.1:8765"]', False),
        ('feeds = ["http://127.1/rss"]', False),
        ('feeds = ["http://0.0.0.0/rss"]', False),
    ],
)
def test_only_a_source_on_this_machine_needs_no_contact(tmp_path: Path, keys: str, local: bool) -> None:
    (tmp_path / "thinker.toml").write_text(f"[sources.town]\n{keys}\n")
    town = source_named("town", load_settings(tmp_path))
    assert town.is_local is local
    town.require_contact("you@example.org")
    if not local:
        with pytest.raises(NoContact):
            town.require_contact(None)


def test_the_built_in_sources_but_ours_are_public() -> None:
    assert [source.name for source in all_sources().values() if source.is_local] == ["newsroom"]


@pytest.mark.slow
def test_a_schedule_skips_a_source_that_needs_a_contact_with_one_line(tmp_path: Path) -> None:
    with running(articles=20) as site:
        home = tmp_path / "home"
        thinker = Thinker(home, site)
        home.mkdir()
        (home / "thinker.toml").write_text(f'{TOWN}schedule = "every 1s"\n[sources.newsroom]\nschedule = "every 1s"\n')
        process = thinker.start("schedule", "run")
        while not _crawled(home / "archive.db"):
            assert process.poll() is None
        process.terminate()
        _, err = process.communicate(timeout=60)
    assert [line for line in err.splitlines() if "town" in line] == [
        f"thinker: not crawled: source 'town' {REMEDY}"[:-1]
    ]
    with closing(sqlite3.connect(home / "archive.db")) as conn:
        assert conn.execute("select distinct source from coverage").fetchall() == [("newsroom",)]


def _crawled(database: Path) -> bool:
    if not database.exists():
        return False
    with closing(sqlite3.connect(database)) as conn:
        try:
            return bool(conn.execute("select count(*) from coverage where outcome = 'done'").fetchone()[0] >= 2)
        except sqlite3.OperationalError:  # its tables are being made
            return False


# -- the file that `thinker init` writes

STARTER = starter(all_sources())
COMMENTED = [line.removeprefix("# ") for line in STARTER.splitlines() if re.match(r"# [\w.-]+ = ", line)]
PUBLIC = [name for name in all_sources() if name != "newsroom"]


def test_a_new_home_has_one_live_schedule_and_leads_to_contact(tmp_path: Path) -> None:
    code, out, err = asked(tmp_path, "init")
    assert (code, out) == (0, f"archive at {tmp_path.resolve()}\n")
    first, following = err.splitlines()
    assert first.startswith(f"first: set `contact` in {tmp_path}/thinker.toml; ")
    assert following.startswith("next: thinker doctor")
    settings = load_settings(tmp_path)
    assert [each.source for each in schedules_of(settings, all_sources(settings).values())] == ["shangguan"]
    assert asked(tmp_path, "crawl", "shangguan")[0] == 2
    file = tmp_path / "thinker.toml"
    file.write_text(file.read_text().replace("# contact", "contact"))
    source_named("shangguan").require_contact(load_settings(tmp_path).contact)
    assert asked(tmp_path, "init")[2].splitlines() == [following]


def test_a_new_thinker_toml_has_a_schedule_line_for_every_public_source() -> None:
    lines = [line for line in STARTER.splitlines() if ".schedule = " in line]
    assert [re.findall(r"sources\.([\w-]+)\.", line)[0] for line in lines if line.startswith("# ")] == [
        name for name in PUBLIC if name != "shangguan"
    ]
    assert [line.partition(" = ")[0] for line in lines if not line.startswith("# ")] == ["sources.shangguan.schedule"]


@pytest.mark.parametrize("line", COMMENTED)
def test_each_commented_line_of_a_new_thinker_toml_can_be_uncommented(tmp_path: Path, line: str) -> None:
    text = STARTER.replace(f"# {line}", line)
    assert text != STARTER
    (tmp_path / "thinker.toml").write_text(text, encoding="utf-8")
    settings = load_settings(tmp_path)
    schedules_of(settings, all_sources(settings).values())
    key = line.partition(" = ")[0].split(".")
    value: object = settings
    for name in key:
        value = value[name] if isinstance(value, dict) else getattr(value, name)
    found = tomllib.loads(line)
    for name in key:
        found = found[name]
    assert value == (tuple(found) if isinstance(found, list) else found)


def test_all_of_a_new_thinker_toml_can_be_uncommented_at_once(tmp_path: Path) -> None:
    text = re.sub(r"^# (?=[\w.-]+ = |\[)", "", STARTER, flags=re.MULTILINE)
    (tmp_path / "thinker.toml").write_text(text, encoding="utf-8")
    settings = load_settings(tmp_path)
    assert set(settings.sources) == {*PUBLIC, "my-site"}
    assert source_named("my-site", settings).covers("https://example.org/article/1")
    assert settings.contact == "you@example.org"


# -- names that are nearly right


@pytest.mark.parametrize(
    ("table", "line"),
    [
        ('[sources.shanguan]\nschedule = "every 1h"', "did you mean shangguan?"),
        ("[sources.a5qv]\ndelay = 5", "did you mean a5qu?"),
    ],
)
def test_a_table_with_nearly_the_name_of_a_source_and_no_seeds_is_refused(
    tmp_path: Path, table: str, line: str
) -> None:
    (tmp_path / "thinker.toml").write_text(table)
    name = table[9:].partition("]")[0]
    told = (
        f"thinker: {tmp_path / 'thinker.toml'}: no source named {name!r}, and [sources.{name}] has no seeds; {line}\n"
    )
    assert asked(tmp_path, "sources") == (2, "", told)


def test_a_table_with_seeds_or_another_name_is_a_source_of_its_own(tmp_path: Path) -> None:
    (tmp_path / "thinker.toml").write_text(
        '[sources.shanguan]\nfeeds = ["https://news.example/rss"]\n[sources.archive-of-mine]\npublisher = "me"\n'
    )
    assert {"shanguan", "archive-of-mine"} < set(all_sources(load_settings(tmp_path)))


def test_the_sources_command_marks_every_unproven_source(tmp_path: Path) -> None:
    _, out, _ = asked(tmp_path, "sources")
    lines = dict(zip(all_sources(Settings()), out.splitlines(), strict=True))
    assert {name for name, line in lines.items() if "unproven" in line} == {
        name for name, source in all_sources().items() if source.unproven
    }
